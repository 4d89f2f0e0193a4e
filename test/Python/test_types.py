"""The type stubs: they are what the package is, and a typed script that uses all of it is accepted."""

import inspect
import pathlib
import re
import subprocess
import sys

import pytest
import rnn_mlir

API = pathlib.Path(__file__).parent / "Inputs" / "api.py"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("mypy")


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )


def members(owner):
    return {name for name in vars(owner) if not name.startswith("_")}


def test_a_script_that_uses_all_of_the_package_is_accepted(cache, tmp_path):
    done = run("mypy", "--strict", f"--cache-dir={cache}", str(API), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_script_uses_all_of_the_package():
    text = API.read_text()
    unused = {name for name in rnn_mlir.__all__ if f"rnn_mlir.{name}" not in text}
    for owner in (rnn_mlir.Program, rnn_mlir.Session):
        unused |= {name for name in members(owner) if f".{name}" not in text}
    parameters = {*inspect.signature(rnn_mlir.compile).parameters, *inspect.signature(rnn_mlir.Session).parameters}
    unused |= {name for name in parameters - {"model", "program"} if f"{name}=" not in text}
    assert unused == set()


#: Lines, and what mypy calls the error in each.
WRONG = [
    ("rnn_mlir.compile(3)", "arg-type"),
    ("rnn_mlir.compile('m.onnx', time_tile='2')", "arg-type"),
    ("rnn_mlir.compile('m.onnx', circulant=8)", "arg-type"),
    ("rnn_mlir.compile('m.onnx').nonsense", "attr-defined"),
    ("rnn_mlir.Program.load('m.rpu').save(3)", "arg-type"),
    ("rnn_mlir.Program.load('m.rpu').inputs[0]['nonsense']", "typeddict-item"),
    ("rnn_mlir.Program('m.rpu')", "arg-type"),
    ("rnn_mlir.Session('m.rpu')", "arg-type"),
    ("rnn_mlir.Session(rnn_mlir.Program.load('m.rpu'), 8.0)", "call-arg"),
    ("rnn_mlir.Session(rnn_mlir.Program.load('m.rpu')).run([1.0])", "arg-type"),
    ("x: int = rnn_mlir.targets()", "assignment"),
]


def test_wrong_uses_are_found(cache, tmp_path):
    script = tmp_path / "wrong.py"
    script.write_text("import rnn_mlir\n" + "".join(f"{line}\n" for line, _ in WRONG))
    done = run("mypy", "--strict", f"--cache-dir={cache}", str(script), cwd=tmp_path)
    found = re.findall(r"^wrong\.py:(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.M)
    assert found == [(str(number), error) for number, (_, error) in enumerate(WRONG, 2)], done.stdout


def test_the_stubs_are_those_of_the_package(tmp_path):
    done = run("mypy.stubtest", "rnn_mlir", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
