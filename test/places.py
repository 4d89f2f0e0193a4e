"""Where the tests find the project, the build they are run on, and the corpus."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = pathlib.Path(os.environ.get("RNN_MLIR_BUILD", ROOT / "build"))
RNNC = BUILD / "bin" / "rnnc"
CORPUS = pathlib.Path(os.environ.get("RNN_MLIR_CORPUS", ROOT.parent / "shared" / "corpus"))
#: The tests of ONNX for LSTM, GRU and RNN.
RECURRENT = [
    test
    for folder in ("opset7", "opset14", "reverse_bidirectional", "node")
    for test in sorted((CORPUS / "onnx_node_tests" / folder).glob("test_*"))
    if any(op in test.name for op in ("lstm", "gru", "rnn"))
]
