"""The scripts have a help, and refuse an argument that they do not know before they do anything."""

import importlib.util
import subprocess
import sys

import pytest
from places import REFUSALS, ROOT


@pytest.mark.parametrize("script", ["setup.sh", "build.sh", "build-to-log.sh", "test.sh", "demo.sh", "check.sh"])
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


@pytest.fixture
def figures():
    specification = importlib.util.spec_from_file_location("figures", ROOT / "benchmarks" / "figures.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("reached", [True, False])
def test_a_missed_figure_fails(reached, figures, monkeypatch, capsys):
    rows = [figures.Row("free", "1 s"), figures.Row("bound", "2 s", goal="<= 2 s", reached=reached)]
    monkeypatch.setattr(figures, "FIGURES", {"start": lambda: rows})
    monkeypatch.setattr(sys, "argv", ["figures.py"])
    assert figures.main() == (not reached)
    printed = capsys.readouterr()
    assert printed.out.endswith("| free | 1 s | - | - | - |\n| bound | 2 s | - | - | <= 2 s |\n")
    assert ("missed: bound" in printed.err) == (not reached)


def test_a_refusal_counts_for_the_reason_that_is_known(figures):
    [(name, reason)] = REFUSALS.items()
    right = [f"model.onnx:node: error: {reason}, expected others"]
    for errors, reached in ((right, True), (["model.onnx:node: error: another"], False), (right * 2, False)):
        records = [{"name": name, "status": "PASS", "target": target, "errors": errors} for target in figures.TARGETS]
        assert [row.reached for row in figures.counted("tests", records, "all")] == [reached, reached]


def test_mutants_of_the_list_can_be_planted():
    """All of them: what a change of the code makes stale is mended with that change."""
    done = subprocess.run([ROOT / "scripts" / "mutants.sh", "--list"], capture_output=True, text=True, check=False)
    stale = [line for line in done.stderr.splitlines() if ": error: " in line]
    total = sum(line.startswith("mutant ") for line in (ROOT / "test" / "mutants.txt").read_text().splitlines())
    assert done.returncode == 0 and not stale, done.stderr
    assert total >= 60 and len(done.stdout.splitlines()) == total
