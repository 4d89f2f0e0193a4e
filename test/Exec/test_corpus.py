"""Tests and models that others wrote, run by ``rnnc check`` where the corpus is present."""

import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RNNC = ROOT / "build" / "bin" / "rnnc"
CORPUS = pathlib.Path(os.environ.get("RNN_MLIR_CORPUS", ROOT.parent / "shared" / "corpus"))
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is absent")

RECURRENT = [
    f"{folder}/{test.name}"
    for folder in ("opset7", "opset14", "reverse_bidirectional", "node", "pytorch_operator_opset6")
    for test in sorted((CORPUS / "onnx_node_tests" / folder).glob("test_*"))
    if any(op in test.name for op in ("lstm", "gru", "rnn"))
]


def check(path: pathlib.Path, tmp_path: pathlib.Path, *options: str) -> list[dict]:
    """The records of ``rnnc check``; fails with its output unless every test passed."""
    report = tmp_path / "check.json"
    done = subprocess.run(
        [RNNC, "check", path, "--target=generic", "--target=cpu", f"--json={report}", *options],
        capture_output=True, text=True, timeout=600)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(report.read_text())


@pytest.mark.parametrize("test", RECURRENT)
def test_onnx_node_test(test, tmp_path):
    check(CORPUS / "onnx_node_tests" / test, tmp_path)


def test_onnx_runtime_vectors(tmp_path):
    check(CORPUS / "ort_vectors", tmp_path)
