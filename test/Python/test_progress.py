"""On a terminal, work of more than a second says what it does; elsewhere nothing is said."""

import os
import pty
import re
import subprocess

import lstm
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from places import RNNC


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A chain of nodes that takes seconds to compile, and a layer with an input that takes seconds to simulate."""
    path = tmp_path_factory.mktemp("progress")
    graph = helper.make_graph(
        [helper.make_node(("Relu", "Exp")[k % 2], [f"x{k}"], [f"x{k + 1}"]) for k in range(400)],
        "chain",
        [helper.make_tensor_value_info("x0", TensorProto.FLOAT, ["N"])],
        [helper.make_tensor_value_info("x400", TensorProto.FLOAT, ["N"])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8), path / "chain.onnx")
    onnx.save(lstm.model(), path / "lstm.onnx")
    subprocess.run([RNNC, "compile", path / "lstm.onnx", "-o", path / "lstm.rpu"], check=True)
    np.save(path / "x.npy", np.zeros((1_500_000, 1, 4), np.float32))
    return path


COMMANDS = {
    "compile": (["compile", "chain.onnx", "--target=cpu", "-o", "chain.rpu"], r"[a-z][a-z -]+"),
    "run": (["run", "lstm.rpu", "--input", "x=x.npy"], "running"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_terminal_sees_the_phase_and_the_seconds(folder, command):
    arguments, phase = COMMANDS[command]
    ours, theirs = pty.openpty()
    process = subprocess.Popen([RNNC, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    text = b""
    while True:
        try:
            data = os.read(ours, 1000)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        text += data
    os.close(ours)
    assert process.wait() == 0
    # Each line replaces the one before, and the last is taken away.
    lines = text.decode().split("\r\x1b[K")
    assert len(lines) > 2 and lines[0] == lines[-1] == "", lines
    for second, line in enumerate(lines[1:-1], start=1):
        assert re.fullmatch(rf"{phase}, {second} s", line), lines


@pytest.mark.parametrize("command", COMMANDS)
def test_elsewhere_nothing_is_said(folder, command):
    done = subprocess.run([RNNC, *COMMANDS[command][0]], cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and done.stderr == ""
