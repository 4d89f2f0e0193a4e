"""Makes the oracles, the generator of random models and ``places`` importable for all tests."""

import pathlib
import sys

TEST = pathlib.Path(__file__).parent
sys.path[:0] = [str(TEST), str(TEST / "Exec")]
