"""Program files with changed sections and renewed checksums: read, run on ordinary inputs, or refused.

The machine code of host code is left as it is: it is a program like any other. No crash, no hang, no input written.

    python test/Fuzz/changed_containers.py --count=100000 --seed=1
"""

import argparse
import json
import mmap
import os
import pathlib
import re
import signal
import struct
import sys
import tempfile
import time
import zlib

import numpy as np
import rnn_mlir

if __name__ == "__main__":
    sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]
from container import ENTRY, HEADER, sections

#: Of the CPU; what waits for ever ends after twenty times as long.
SECONDS = 30
NUMBERS = [0, 1, -1, 2, 3, 7, 16, 64, 255, 256, 65535, 2**31 - 1, 2**31, 2**32, 2**62, 2**63 - 1, 1.5]
LSTM = """
func.func @main(%x: tensor<?x2x4xf32>, %n: tensor<2xi32>, %h0: tensor<2x6xf32>, %c0: tensor<2x6xf32>)
    -> (tensor<?x2x6xf32>, tensor<2x6xf32>, tensor<?x2x6xf32>) {{
  {constants}
  %y, %h, %c = rnn.lstm %x, %w, %r init(%h0, %c0) lengths(%n)
    {{activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>]}}
    : (tensor<?x2x4xf32>, tensor<24x4xf32>, tensor<24x6xf32>, tensor<2x6xf32>, tensor<2x6xf32>, tensor<2xi32>)
    -> (tensor<?x2x6xf32>, tensor<2x6xf32>, tensor<2x6xf32>)
  {host}
  return %y, %h, %z : tensor<?x2x6xf32>, tensor<2x6xf32>, tensor<?x2x6xf32>
}}"""


def seeds():
    """Program files of a device alone, of a device beside host code, and of a host alone."""
    rng = np.random.default_rng(0)
    texts = []
    for name, shape in (("%w", (24, 4)), ("%r", (24, 6))):
        data = rng.uniform(-0.5, 0.5, shape).astype("<f4").tobytes().hex().upper()
        texts.append(f'{name} = arith.constant dense<"0x{data}"> : tensor<{shape[0]}x{shape[1]}xf32>')
    constants = "\n  ".join(texts)
    add = "%z = arith.addf %y, %y : tensor<?x2x6xf32>"
    files = []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "lstm.mlir"
        for target, host in (("generic", None), ("generic", add), ("cpu", add)):
            text = LSTM.format(constants=constants, host=host or "")
            if host is None:
                text = text.replace(", %z", "").replace(", tensor<?x2x6xf32>\n", "\n")
                text = text.replace("tensor<2x6xf32>, tensor<?x2x6xf32>) {", "tensor<2x6xf32>) {")
            path.write_text(text)
            files.append(rnn_mlir.compile(path, target=target, host_cpu="x86-64-v3").to_bytes())
    return files


def rebuilt(parts, begin):
    """A program file of these sections that begins like others, as docs/container.md has it."""
    at = HEADER + ENTRY.size * len(parts) + 8
    table, body = b"", b""
    for name, data in parts:
        gap = -(at + len(body)) % 64
        body += bytes(gap)
        table += ENTRY.pack(name.encode(), at + len(body), len(data), zlib.crc32(data), 0)
        body += data
    head = begin + struct.pack("<I", len(parts)) + table
    return head + struct.pack("<II", zlib.crc32(head), 0) + body


def change_json(value, rng):
    """Changes one thing in a JSON value."""
    if isinstance(value, dict) and value:
        key = list(value)[rng.integers(len(value))]
        if rng.random() < 0.1:
            del value[key]
        else:
            value[key] = change_json(value[key], rng)
        return value
    if isinstance(value, list) and value:
        at = int(rng.integers(len(value)))
        kind = rng.random()
        if kind < 0.1:
            del value[at]
        elif kind < 0.2:
            value.append(value[at])
        else:
            value[at] = change_json(value[at], rng)
        return value
    if isinstance(value, str):
        return str(rng.choice(["", "x", "float64", "int8", "bool", value + "x", "native"]))
    return NUMBERS[rng.integers(len(NUMBERS))]


def change_bytes(data, rng):
    data = bytearray(data)
    for _ in range(rng.integers(1, 5)):
        if not data:
            break
        at, kind = int(rng.integers(len(data))), rng.random()
        if kind < 0.4:
            data[at] ^= 1 << int(rng.integers(8))
        elif kind < 0.6:
            data[at] = int(rng.choice([0, 1, 127, 128, 255]))
        elif kind < 0.8:
            width = int(rng.choice([2, 4, 8]))
            value = int(NUMBERS[rng.integers(len(NUMBERS) - 1)]) % 2 ** (8 * width)
            data[at : at + width] = value.to_bytes(width, "little")[: len(data) - at]
        elif kind < 0.9:
            del data[at : at + int(rng.integers(1, 17))]
        else:
            data[at:at] = data[at : at + int(rng.integers(1, 17))]
    return bytes(data)


def changed(files, seed, number):
    rng = np.random.default_rng([seed, number])
    data = files[rng.integers(len(files))]
    parts = [(one.name, data[one.begin : one.end]) for one in sections(data)]
    open_to_change = [k for k, (name, _) in enumerate(parts) if not name.startswith("HOST:")]
    for _ in range(rng.integers(1, 3)):
        k = int(rng.choice(open_to_change))
        name, content = parts[k]
        kind = rng.random()
        if kind < 0.03:
            content = b""
        elif kind < 0.08:
            content = content[: -int(rng.integers(1, 9))]
        elif name == "META" and kind < 0.9:
            try:
                content = json.dumps(change_json(json.loads(content), rng)).encode()
            except ValueError:
                pass
        elif name == "TARG" and kind < 0.9:
            found = list(re.finditer(rb"\d+(\.\d+)?", content))
            if found:
                one = found[rng.integers(len(found))]
                new = str(NUMBERS[rng.integers(len(NUMBERS))]).encode()
                content = content[: one.start()] + new + content[one.end() :]
        else:
            content = change_bytes(content, rng)
        parts[k] = (name, content)
    if rng.random() < 0.03:
        del parts[int(rng.choice(open_to_change))]
    return rebuilt(parts, data[:12])


def inputs_of(program):
    """Arrays as the program asks for them, small where it leaves sizes open; None where it asks for too much."""
    arrays = {}
    for each in program.inputs:
        shape = tuple(5 if not isinstance(size, int) else size for size in each["shape"])
        if np.prod(shape, dtype=object) > 1 << 16:
            return None
        arrays[each["name"]] = np.ones(shape, each["dtype"])
    return arrays


def use(data):
    """Reads and runs a program file. Returns whether it ran; raises AssertionError where it misbehaves."""
    try:
        program = rnn_mlir.Program.from_bytes(data)
        _ = program.info
        inputs = inputs_of(program)
        if inputs is None:
            return False
        session = rnn_mlir.Session(program, memory_limit=0.25, max_cycles=10**6 if program.info["programs"] else None)
    except rnn_mlir.RunError as error:
        assert str(error)
        return False
    before = {name: value.copy() for name, value in inputs.items()}
    try:
        session.run(inputs)
        ran = True
    except rnn_mlir.RunError as error:
        assert str(error)
        ran = False
    _ = session.report
    assert all(value.tobytes() == before[name].tobytes() for name, value in inputs.items()), "an input was written"
    return ran


def campaign(count, seed, begin=0, together=500, keep=None):
    """Returns how many were used and how many of them ran, and what is wrong with the others."""
    files, wrong = seeds(), []
    progress = mmap.mmap(-1, 16)
    ran, at = 0, begin
    while at < begin + count:
        last = min(at + together, begin + count)
        progress[:16] = struct.pack("<QQ", at, 0)
        child = os.fork()
        if child == 0:
            code = 3
            try:
                ok = 0
                for number in range(at, last):
                    progress[:16] = struct.pack("<QQ", number, ok)
                    signal.setitimer(signal.ITIMER_PROF, SECONDS)
                    signal.alarm(20 * SECONDS)
                    ok += use(changed(files, seed, number))
                progress[:16] = struct.pack("<QQ", last, ok)
                code = 0
            except BaseException as error:
                print(f"container {number}: {type(error).__name__}: {error}", flush=True)
            finally:
                os._exit(code)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        number, ok = struct.unpack("<QQ", progress[:16])
        ran += ok
        at = number
        if status != 0:
            what = {-signal.SIGALRM: "a hang", -signal.SIGPROF: "a hang", 3: "an exception"}.get(
                status, f"signal {-status}"
            )
            wrong.append(f"seed {seed}, container {number}: {what}")
            if keep:
                pathlib.Path(keep, f"{seed}-{number}.rpu").write_bytes(changed(files, seed, number))
            at = number + 1
    return count, ran, wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="begin")
    parser.add_argument("--keep", help="a folder for the files that fail")
    options = parser.parse_args()
    started = time.monotonic()
    used, ran, wrong = campaign(options.count, options.seed, options.begin, keep=options.keep)
    print(*wrong, sep="\n")
    print(f"{used} containers, seed {options.seed}, {time.monotonic() - started:.0f} s: {ran} ran, {len(wrong)} wrong")
    sys.exit(bool(wrong))
