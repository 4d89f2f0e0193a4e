"""Makes the oracles, the generators of models and the helpers beside this file importable for all tests."""

import pathlib
import sys

TEST = pathlib.Path(__file__).parent
sys.path[:0] = [
    str(TEST),
    *(str(TEST / name) for name in ("Exec", "Fuzz", "Python", "Regression", "Tools/rnnc/Inputs")),
]
