"""The sources are formatted and free of what the linter finds."""

import subprocess
import sys

import pytest
from places import ROOT


@pytest.mark.parametrize("command", [["check", "--quiet"], ["format", "--check"]], ids=lambda command: command[0])
def test_python(command, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, f"--cache-dir={tmp_path}", "."],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_cpp():
    folders = ["include", "lib", "tools", "python", "test", "benchmarks"]
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in (".c", ".cpp", ".h")]
    assert len(files) > 100
    done = subprocess.run(
        ["clang-format-22", "--dry-run", "-Werror", *files], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[:2000]
