"""Compares a section of a program file (docs/container.md) with a file: same_section.py PROGRAM SECTION FILE."""

import pathlib
import struct
import sys

program, section, other = sys.argv[1:]
data = pathlib.Path(program).read_bytes()
(count,) = struct.unpack_from("<I", data, 12)
for k in range(count):
    name, offset, size = struct.unpack_from("<32sQQ", data, 16 + 56 * k)
    if name.rstrip(b"\0").decode() == section:
        assert data[offset : offset + size] == pathlib.Path(other).read_bytes()
        break
else:
    raise SystemExit(f"{program} has no section {section}")
