"""Compares a section of a program file with a file: same_section.py PROGRAM SECTION FILE."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))
from container import section  # noqa: E402

program, name, other = sys.argv[1:]
data = pathlib.Path(program).read_bytes()
_, _, begin, end = section(data, name)
assert data[begin:end] == pathlib.Path(other).read_bytes()
