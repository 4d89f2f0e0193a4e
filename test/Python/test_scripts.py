"""The scripts have a help, and refuse an argument that they do not know before they do anything."""

import subprocess

import pytest
from places import ROOT


@pytest.mark.parametrize("script", ["setup.sh", "build.sh", "test.sh", "demo.sh", "check.sh"])
def test_help_and_unknown_arguments(script):
    before = set(ROOT.iterdir())

    def run(argument):
        command = [ROOT / "scripts" / script, argument]
        return subprocess.run(command, capture_output=True, text=True, timeout=20)

    for flag in ("-h", "--help"):
        done = run(flag)
        assert done.returncode == 0 and done.stderr == "" and done.stdout.strip() and "#" not in done.stdout
    done = run("relase")
    name = script.removesuffix(".sh")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"{name}: error: expects ") and done.stderr.endswith("found 'relase'\n")
    assert set(ROOT.iterdir()) == before
