"""Claims of the papers that take less than a second are reproduced; what cannot be run says why."""

import json
import pathlib
import re
import subprocess

import pytest
from places import BUILD, RNNC, ROOT

CLAIMS = ROOT / "benchmarks" / "claims"


def ids():
    return [
        each for path in sorted(CLAIMS.glob("*.yaml")) for each in re.findall(r"^- id: (\S+)$", path.read_text(), re.M)
    ]


def quick():
    """The claims that take less than a second, as their files say."""
    return [
        claim
        for path in sorted(CLAIMS.glob("*.yaml"))
        for claim, seconds in re.findall(r"^- id: (\S+)$(?:\n  .*)*?\n  seconds: (\S+)$", path.read_text(), re.M)
        if float(seconds) < 1
    ]


def reproduce(claim, folder: pathlib.Path):
    path = folder / "claim.json"
    done = subprocess.run([RNNC, "reproduce", claim, f"--json={path}"], capture_output=True, text=True, timeout=600)
    (row,) = json.loads(path.read_text())
    return done, row


@pytest.mark.parametrize("claim", quick())
def test_a_claim_is_reproduced(claim, tmp_path):
    done, row = reproduce(claim, tmp_path)
    assert done.returncode == 0 and row["status"] == "reproduced", done.stdout
    assert abs(row["simulated"] / row["published"] - 1) <= row["tolerance"]


def test_there_are_claims_that_take_less_than_a_second():
    assert {"chipmunk-efficiency", "epur-mwl-weight-reads", "muntaniala-throughput"} < set(quick()) < set(ids())


def test_chipmunk_is_96_units_at_20_megahertz_and_1_24_milliwatt(tmp_path):
    _, row = reproduce("chipmunk-efficiency", tmp_path)
    assert abs(row["simulated"] / (96 * 2 * 20e6 / 1.24e-3 / 1e12) - 1) < 1e-3
    assert row["calibrated"], "the energy that was fitted is named"


def test_mwl_reads_the_input_weights_once(tmp_path):
    _, row = reproduce("epur-mwl-weight-reads", tmp_path)
    for case in row["cases"]:
        steps = int(re.fullmatch(r"T = (\d+)", case["case"])[1])
        assert abs(case["simulated"] - (1 / steps + 1) / 2) < 1e-9


def test_every_claim_has_a_row_on_the_page():
    page = (BUILD / "docs" / "claims.md").read_text()
    assert re.findall(r"^\| `([^`]+)`", page, re.M) == ids()
    for line in page.splitlines():
        if line.startswith("| `"):
            assert re.search(r"\| Not run: \S|\| Within [0-9.]+ %: `", line), line
