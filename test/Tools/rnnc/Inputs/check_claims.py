"""Checks the records of `rnnc reproduce --json` against each other and against their arithmetic."""

import json
import sys

KEYS = ["id", "paper", "claim", "published", "unit", "grade", "simulated", "deviation", "status", "how"]
rows = json.load(open(sys.argv[1]))
assert len({row["id"] for row in rows}) == len(rows)
for row in rows:
    assert list(row) == KEYS, row
    assert row["grade"] in "VCD", row
    if row["status"] == "simulated":
        assert abs(row["simulated"] / row["published"] - 1 - row["deviation"]) < 1e-12, row
    else:
        assert row["status"] == "not simulated" and row["simulated"] is row["deviation"] is None, row
        assert row["how"].startswith("not simulated: needs "), row
    if row["grade"] == "C":
        value = float(row["how"].rsplit(" = ", 1)[1].split()[0])
        assert abs(value / row["published"] - 1) <= 0.01, row
