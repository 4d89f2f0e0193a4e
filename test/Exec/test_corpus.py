"""Tests and models that others wrote, run by ``rnnc check`` where the corpus is present."""

import json
import pathlib
import subprocess

import onnx
import pytest
from places import CORPUS, RECURRENT, REFUSALS, RNNC, is_refused_as_named

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is absent")

# Models whose operators are all supported, each with the outputs of an independent float64 interpreter.
MODELS = [
    "dtln/dtln_model_1",
    "dtln/dtln_model_2",
    "nnsplit/nnsplit_en",
    "silero_vad_v5/silero_vad_v5",
    *(
        f"silero_vad_v6/silero_vad{name}"
        for name in ("", "_16k_op15", "_16k_sequence", "_8k", "_op18_ifless", "_openvino_16k")
    ),
    *(
        f"fsdd_kws/fsdd_{name}"
        for name in (
            "bilstm",
            "bilstm_dynbatch",
            "gru",
            "gru_delta",
            "gru_dynbatch",
            "gru_stream",
            "lstm",
            "lstm_circ8",
            "lstm_dynamo",
        )
    ),
]


def check(path: pathlib.Path, tmp_path: pathlib.Path, *options: str) -> list[dict]:
    """The records of ``rnnc check``, one for each model and target. Fails with its output where it reports a failure,
    and where its exit code is not 0.
    """
    report = tmp_path / "check.json"
    done = subprocess.run(
        [RNNC, "check", path, "--target=generic", "--target=cpu", f"--json={report}", *options],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert report.exists(), done.stdout + done.stderr
    records = json.loads(report.read_text())
    statuses = {record["status"] for record in records}
    assert "FAIL" not in statuses and done.returncode == 0, done.stdout + done.stderr
    models = len(list(path.rglob("*.onnx")))
    assert [record["target"] for record in records].count("generic") == models > 0
    assert [record["target"] for record in records].count("cpu") == models
    return records


def refused(records: list[dict]) -> list[dict]:
    return [record for record in records if record["status"] != "PASS"]


def test_the_corpus_has_the_recurrent_tests():
    # What ONNX generates for its node tests of LSTM, GRU and RNN of three versions.
    assert len(RECURRENT) == 39


@pytest.mark.parametrize("test", RECURRENT, ids=lambda test: f"{test.parent.name}/{test.name}")
def test_onnx_node_test(test, tmp_path):
    assert not refused(check(test, tmp_path))


def test_models_of_cntk(tmp_path):
    assert not refused(check(CORPUS / "ort_graphs" / "CNTK", tmp_path))


def test_operators_that_onnx_removed(tmp_path):
    # Exports of 2018 that use ConstantFill, an experimental operator that no opset of ONNX has.
    folder = CORPUS / "onnx_node_tests" / "pytorch_operator_opset6"
    using = {
        path.parent.name
        for path in folder.rglob("*.onnx")
        if any(node.op_type == "ConstantFill" for node in onnx.load(path).graph.node)
    }
    assert using
    found = refused(check(folder, tmp_path))
    assert sorted(record["name"] for record in found) == sorted([*using, *using])
    for record in found:
        assert "operator 'ConstantFill' is not supported" in record["detail"], record


def test_onnx_runtime_vectors(tmp_path):
    # A test whose name begins with EXPECT_FAIL_ passes where its model is refused, and says so; others have numbers.
    records = check(CORPUS / "ort_vectors", tmp_path)
    assert not refused(records)
    wrong = [record["name"] for record in records if record["detail"].startswith("refused: ")]
    named = [path.name for path in (CORPUS / "ort_vectors").glob("EXPECT_FAIL_*")]
    assert sorted(named) == sorted(REFUSALS)
    assert sorted(wrong) == sorted([*named, *named])
    for record in records:
        assert is_refused_as_named(record) == (record["name"] in REFUSALS), record
    assert sum("largest_absolute" in record for record in records) == len(records) - len(wrong)


@pytest.mark.parametrize("model", MODELS)
def test_model_golden(model, tmp_path):
    """The largest error is at most 1e-4 of the output's largest magnitude."""
    family, name = model.split("/")
    for link in (f"{name}.onnx", f"golden/{name}"):
        (tmp_path / link).parent.mkdir(exist_ok=True)
        (tmp_path / link).symlink_to(CORPUS / "models" / family / link)
    records = check(tmp_path, tmp_path)
    assert not refused(records)
    for record in records:
        assert record["largest_relative"] <= 1e-4, record
