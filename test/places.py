"""Where the tests find the project, the build they are run on, and the corpus."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
#: Absolute, as tests change the folder that they are in.
BUILD = pathlib.Path(os.environ.get("RNN_MLIR_BUILD", ROOT / "build")).resolve()
RNNC = BUILD / "bin" / "rnnc"
RNN_OPT = BUILD / "bin" / "rnn-opt"
CORPUS = pathlib.Path(os.environ.get("RNN_MLIR_CORPUS", ROOT.parent / "shared" / "corpus")).resolve()
#: The tests of ONNX for LSTM, GRU and RNN.
RECURRENT = [
    test
    for folder in ("opset7", "opset14", "reverse_bidirectional", "node")
    for test in sorted((CORPUS / "onnx_node_tests" / folder).glob("test_*"))
    if any(op in test.name for op in ("lstm", "gru", "rnn"))
]
#: What the only error of each test of ort_vectors says whose name begins with EXPECT_FAIL_.
REFUSALS = {
    "EXPECT_FAIL_rnn_RNN_with_invalid_activation_load_failure_1": "attribute activations: unknown function "
    "'Invalid_activation'",
}


def is_refused_as_named(record: dict) -> bool:
    """Whether a record of ``rnnc check`` is of a test in REFUSALS that passes for that reason and no other."""
    reason, errors = REFUSALS.get(record["name"].split("/")[-1]), record.get("errors", [])
    return record["status"] == "PASS" and reason is not None and len(errors) == 1 and f": error: {reason}" in errors[0]
