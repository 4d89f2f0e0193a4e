"""Where the tests find the project, the build they are run on, and the corpus."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = pathlib.Path(os.environ.get("RNN_MLIR_BUILD", ROOT / "build"))
RNNC = BUILD / "bin" / "rnnc"
CORPUS = pathlib.Path(os.environ.get("RNN_MLIR_CORPUS", ROOT.parent / "shared" / "corpus"))
