"""Every wait of a compiled program is needed: without it some launch is a fault, found by order and not by timing."""

import pathlib
import re
import struct
import subprocess
import zlib

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

ROOT = pathlib.Path(__file__).resolve().parents[2]
RNNC = ROOT / "build" / "bin" / "rnnc"
GENERIC = ROOT / "targets" / "generic.yaml"
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
# Times and batches that need every ring and every loop: none, one, a part of a tile of two steps, several tiles.
SIZES = [(0, 3), (1, 1), (1, 3), (2, 2), (3, 3), (4, 2), (5, 3), (9, 3)]


def write_model(path, op, hidden, lengths, state, **attributes):
    rng = np.random.default_rng(3)
    rows = GATES[op] * hidden
    shapes = {"w": (1, rows, 5), "r": (1, rows, hidden), "b": (1, 2 * rows)}
    weights = [numpy_helper.from_array(rng.uniform(-0.3, 0.3, s).astype(np.float32), n) for n, s in shapes.items()]
    value, real = helper.make_tensor_value_info, TensorProto.FLOAT
    inputs = [value("x", real, ["T", "B", 5])]
    inputs += [value("lens", TensorProto.INT32, ["B"])] if lengths else []
    inputs += [value("h0", real, [1, "B", hidden])] if state else []
    outputs = [value("y", real, ["T", 1, "B", hidden]), value("yh", real, [1, "B", hidden])]
    names = ["x", "w", "r", "b", "lens" if lengths else "", "h0" if state else ""]
    node = helper.make_node(op, names, ["y", "yh"], name="layer", hidden_size=hidden, **attributes)
    graph = helper.make_graph([node], "g", inputs, outputs, weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8), path)


def rnnc(*arguments):
    return subprocess.run([RNNC, *map(str, arguments)], capture_output=True, text=True, timeout=120)


def waits(program):
    """Position in the code and slot of every wait."""
    listing = rnnc("dis", program).stdout
    found, head = [], None
    for line in listing.splitlines():
        if instruction := re.match(r" *\d+ +(\d+)  \w+ +.*?\bwait=([\d,]+)", line):
            head = int(instruction[1])
            found += [(head, slot) for slot in range(instruction[2].count(",") + 1)]
    return found


def without(data, word, slot):
    """The program file with a wait taken out of its first program, checksum renewed."""
    data = bytearray(data)
    for entry in range(struct.unpack_from("<I", data, 12)[0]):
        at = 16 + 56 * entry
        if data[at : at + 32].rstrip(b"\0") == b"PROG":
            start, size = struct.unpack_from("<QQ", data, at + 32)
            name = struct.unpack_from("<I", data, start + 12)[0]
            head = start + 12 + 4 + name + 4 + 16 * word + 8
            high = struct.unpack_from("<Q", data, head)[0]
            assert high >> (7 * slot) & 0x40, "no wait there"
            struct.pack_into("<Q", data, head, high & ~(0x7F << (7 * slot)))
            struct.pack_into("<I", data, at + 48, zlib.crc32(data[start : start + size]))
    return bytes(data)


def write_inputs(folder, hidden, lengths, state):
    """The options of ``rnnc run`` for each of the sizes."""
    rng, options = np.random.default_rng(4), []
    for steps, batch in SIZES:
        arrays = {"x": rng.uniform(-1, 1, (steps, batch, 5)).astype(np.float32)}
        if lengths:
            arrays["lens"] = np.array([steps, 0, min(steps, max(steps - 3, 1))][:batch], dtype=np.int32)
        if state:
            arrays["h0"] = rng.uniform(-1, 1, (1, batch, hidden)).astype(np.float32)
        for name, array in arrays.items():
            np.save(folder / f"{name}_{steps}_{batch}.npy", array)
        options.append([f"--input={name}={folder}/{name}_{steps}_{batch}.npy" for name in arrays])
    return options


@pytest.mark.parametrize("weight_memory", [None, 16])
@pytest.mark.parametrize("op, lengths, state, attributes", [
    ("LSTM", False, False, {}),
    ("LSTM", True, True, {"direction": "reverse"}),
    ("GRU", False, True, {"linear_before_reset": 0}),
    ("RNN", False, False, {}),
])  # fmt: skip
def test_every_wait_is_needed(op, lengths, state, attributes, weight_memory, tmp_path):
    hidden, target = 20, "generic"
    if weight_memory:  # KiB: the weights are streamed
        target = tmp_path / "small.yaml"
        text = GENERIC.read_text()
        target.write_text(re.sub(r"(weight:\s+capacity: \{value: )2, unit: MiB", rf"\g<1>{weight_memory}, unit: KiB", text))
        assert target.read_text() != text
        hidden = 56
    model, program = tmp_path / "m.onnx", tmp_path / "m.rpu"
    write_model(model, op, hidden, lengths, state, **attributes)
    compiled = rnnc("compile", model, f"--target={target}", "--time-tile=2", "-o", program)
    assert compiled.returncode == 0, compiled.stderr
    launches = write_inputs(tmp_path, hidden, lengths, state)
    for options in launches:
        done = rnnc("run", program, *options)
        assert done.returncode == 0, done.stderr
    found, data = waits(program), program.read_bytes()
    assert found
    for word, slot in found:
        program.write_bytes(without(data, word, slot))
        errors = [rnnc("run", program, *options).stderr for options in reversed(launches)]
        assert any(errors), f"wait {slot} of the instruction at word {word} is not needed"
