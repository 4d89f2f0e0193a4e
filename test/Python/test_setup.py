"""scripts/setup.sh with apt-get, dpkg-query and Python that only write down how they are called."""

import os
import shutil
import subprocess

import pytest
from places import ROOT

#: What stands in for each program; $CALLS takes a line a call, $BROKEN is the call that fails.
FAKES = {
    "dpkg-query": """[ -e "$ROOT/installed" ] && printf installed || exit 1""",
    "apt-get": """echo "apt-get $1" >>"$CALLS"
        if [ "$BROKEN" = "apt-get $1" ]; then echo "E: no $1 today"; exit 100; fi
        [ "$1" = update ] || touch "$ROOT/installed" """,
    "sudo": """exec "$@" """,
    "python3": """echo "python3 $2" >>"$CALLS"
        [ "$BROKEN" != "python3 $2" ] || exit 1
        mkdir -p "$3/bin" && cp "$ROOT/bin/pip" "$3/bin/python" """,
    "pip": """case "$*" in *--no-deps*) call="pip --no-deps" ;; *) call=pip ;; esac
        echo "$call" >>"$CALLS"
        [ "$BROKEN" != "$call" ] || { echo "ERROR: no matching distribution" >&2; exit 1; }""",
}
ALL = ["apt-get update", "apt-get install", "python3 venv", "pip", "pip --no-deps"]


@pytest.fixture
def setup(tmp_path):
    """Runs the script with `broken` failing; returns its end and the calls that it made."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "setup.sh", tmp_path / "scripts")
    (tmp_path / "bin").mkdir()
    for name, text in FAKES.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    calls = tmp_path / "calls"

    def run(broken=""):
        calls.write_text("")
        environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "ROOT": str(tmp_path),
                       "CALLS": str(calls), "BROKEN": broken}  # fmt: skip
        command = [tmp_path / "scripts" / "setup.sh"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        return done, calls.read_text().splitlines()

    return run


def test_the_second_call_does_nothing(setup):
    done, calls = setup()
    assert done.returncode == 0 and done.stderr == "" and calls == ALL
    assert done.stdout.startswith("setup: installing alsa-utils ") and "into build/venv: " in done.stdout
    done, calls = setup()
    assert (done.returncode, done.stdout, done.stderr, calls) == (0, "", "", [])


@pytest.mark.parametrize(
    "broken, theirs, ours",
    [
        ("apt-get update", "E: no update today\n", "apt-get update failed\n"),
        ("apt-get install", "E: no install today\n", "apt-get could not install alsa-utils "),
        ("python3 venv", "", "python3 -m venv failed\n"),
        ("pip", "ERROR: no matching distribution\n", "pip could not install lit==18.* "),
        ("pip --no-deps", "ERROR: no matching distribution\n", "pip could not install silero-vad=="),
    ],
)
def test_what_fails_is_named_and_done_again(setup, broken, theirs, ours):
    done, calls = setup(broken)
    assert done.returncode == 1 and calls[-1] == broken
    assert done.stderr.startswith(f"{theirs}setup: error: {ours}"), done.stderr
    done, calls = setup()
    assert done.returncode == 0 and ALL[-1] in calls
