"""Checks the records of `rnnc reproduce --json` against each other and against their arithmetic."""

import json
import sys

rows = json.load(open(sys.argv[1]))
assert len({row["id"] for row in rows}) == len(rows)
for row in rows:
    assert row["grade"] in "VCD", row
    if row["status"] == "not simulated":
        assert row["simulated"] is row["deviation"] is row["tolerance"] is None, row
        assert row["how"].startswith("not simulated: "), row
    else:
        for each in [row, *row["cases"]]:
            assert abs(each["simulated"] / each["published"] - 1 - each["deviation"]) < 1e-12, row
            # The claim's own figures are those of the case that is farthest off.
            assert abs(each["deviation"]) <= abs(row["deviation"]), row
        assert (row["status"] == "reproduced") == (abs(row["deviation"]) <= row["tolerance"]), row
    if row["computed"] is not None:
        assert abs(row["computed"] / row["published"] - 1) <= 0.02, row
