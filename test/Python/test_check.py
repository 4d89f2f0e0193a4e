"""A wrong setting of ``rnnc check`` is an error of the command line: exit code 2, and no test runs."""

import subprocess
import sys

import pytest
from places import RNNC, ROOT

sys.path.insert(0, str(ROOT / "test" / "Tools" / "rnnc" / "Inputs"))
import lstm  # noqa: E402


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "model.onnx").write_bytes(lstm.model().SerializeToString())
    (tmp_path / "malformed.yaml").write_text("nonsense: 1\n")
    (tmp_path / "folder.yaml").mkdir()
    return tmp_path


NUMBERS = "expected a finite number of at least 0, found "


@pytest.mark.parametrize(
    ("option", "message"),
    [
        *(
            (f"--{kind}={text}", f"rnnc: error: --{kind}: {NUMBERS}{text}")
            for kind in ("rtol", "atol")
            for text in ("nan", "inf", "-1", "1e400")
        ),
        ("--target=generic,nonsense", "rnnc: error: no target is called 'nonsense'; there are cpu, generic"),
        ("--target=malformed.yaml", "malformed.yaml:1:1: error: unknown key 'nonsense'"),
        ("--target=none.yaml", "none.yaml: error: cannot read: No such file or directory"),
        ("--target=folder.yaml", "folder.yaml: error: cannot read: Is a directory"),
        ("--host-cpu=z80", "rnnc: error: --host-cpu: expected x86-64-v3, x86-64-v4 or native, found z80"),
        ("--schedule=none", "rnnc: error: --schedule: expected mwl or plain, found none"),
    ],
)
def test_wrong_settings_are_refused_before_anything_runs(folder, option, message):
    ran = subprocess.run([RNNC, "check", ".", option], cwd=folder, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 2 and ran.stdout == "" and message in ran.stderr
