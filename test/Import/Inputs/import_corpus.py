"""Imports every model below a folder: import_corpus.py FOLDER. A refusal for another reason than the type of a graph
input or output, a signal or a time-out is a failure."""

import pathlib
import re
import subprocess
import sys

REFUSAL = re.compile(r": error: ((?:in|out)puts of \w+ are not supported|expected a tensor as input of the graph)$")

imported = refused = failed = 0
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.onnx")):
    run = subprocess.run(
        ["rnn-translate", "--import-onnx", path, "-o", "/dev/null"], stderr=subprocess.PIPE, text=True, timeout=60
    )
    lines = run.stderr.splitlines()
    if run.returncode == 0 and not lines:
        imported += 1
    elif run.returncode == 1 and lines and all(REFUSAL.search(line) for line in lines):
        refused += 1
    else:
        failed += 1
        print(path, run.returncode, run.stderr)
print(f"{imported} imported, {refused} refused, {failed} failed")
