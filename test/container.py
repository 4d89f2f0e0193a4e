"""The section table of a program file, see docs/container.md."""

import struct
import zlib
from typing import NamedTuple

HEADER, ENTRY = 16, struct.Struct("<32sQQII")


class Section(NamedTuple):
    """Where the bytes of a section are, and its number in the table."""

    number: int
    name: str
    begin: int
    end: int


def sections(data: bytes) -> list[Section]:
    (count,) = struct.unpack_from("<I", data, 12)
    entries = [ENTRY.unpack_from(data, HEADER + ENTRY.size * k) for k in range(count)]
    return [
        Section(k, name.rstrip(b"\0").decode(), begin, begin + size)
        for k, (name, begin, size, _, _) in enumerate(entries)
    ]


def section(data: bytes, begin: str) -> Section:
    """The first section whose name begins so."""
    return next(one for one in sections(data) if one.name.startswith(begin))


def closed(data: bytes, number: int) -> bytes:
    """The program file with the checksums that its changed section has now."""
    data, table = bytearray(data), sections(data)
    _, _, begin, end = table[number]
    struct.pack_into("<I", data, HEADER + ENTRY.size * number + 48, zlib.crc32(data[begin:end]))
    table_end = HEADER + ENTRY.size * len(table)
    struct.pack_into("<I", data, table_end, zlib.crc32(data[:table_end]))
    return bytes(data)
