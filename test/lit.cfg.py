"""How lit runs the tests of rnn-mlir."""

import os
import sys

import lit.formats

config.name = "rnn-mlir"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".td", ".test"]
config.excludes = ["Inputs", "Exec", "Fuzz", "Python", "Unit"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.rnn_binary_root, "test")
config.environment["FILECHECK_OPTS"] = "--enable-var-scope"
config.environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "")  # set by scripts/check.sh

tools = os.path.join(config.rnn_binary_root, "bin")
config.environment["PATH"] = os.pathsep.join([tools, config.llvm_tools_dir, os.environ["PATH"]])

# The environment of build/venv serves the other build folders, too.
python = os.path.join(config.rnn_source_root, "build", "venv", "bin", "python")
corpus = os.environ.get("RNN_MLIR_CORPUS", os.path.join(config.rnn_source_root, os.pardir, "shared", "corpus"))
config.substitutions += [
    ("%python", python if os.path.exists(python) else sys.executable),
    ("%corpus", corpus),
    ("%include", os.path.join(config.rnn_source_root, "include")),
    ("%mlir_include", config.mlir_include_dir),
]
if os.path.isdir(corpus):
    config.available_features.add("corpus")
