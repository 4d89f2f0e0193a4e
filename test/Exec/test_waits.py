"""Every wait of a compiled program is needed: without it some launch is a fault, found by order and not by timing.

So no wait is redundant, and none that is missing would go unnoticed. On a machine that issues an instruction long after
the one before is finished, the fault is always a race: the bytes have been written, in time but not in order. On one
that issues at once the read may come first; then there is no write yet to race with, and the fault is a read of bytes
that were never written.
"""

import re
import struct
import subprocess

import numpy as np
import onnx
import pytest
import rnn_mlir
from container import closed, section
from onnx import TensorProto, helper, numpy_helper
from oracles.node import GATES
from places import RNNC
from shrunken_targets import GENERIC, changed

# Times and batches that need every ring and every loop: none, one, a part of a tile of two steps, several tiles.
# And several tiles of eight sequences, which the compiler takes together where weights are streamed.
SIZES = [(9, 3), (5, 3), (4, 2), (3, 3), (2, 2), (1, 3), (1, 1), (0, 3), (3, 9), (4, 17), (1, 17)]
# Further lengths. One sequence takes three tiles of steps at once. Sequences that all differ in length end one in each
# segment of their tile, the last one too: nothing is between its end and the next tile.
LENGTHS = [[8], [1, 2, 3, 4, 5, 6, 7, 8, 1], [8, 7, 6, 5, 4, 3, 2, 1, 0]]
FAULT = re.compile(r"error: (race|uninitialised read): ")


def write_model(path, op, hidden, lengths, state, **attributes):
    rng = np.random.default_rng(3)
    rows, directions = GATES[op] * hidden, 2 if attributes.get("direction") == "bidirectional" else 1
    shapes = {"w": (directions, rows, 5), "r": (directions, rows, hidden), "b": (directions, 2 * rows)}
    weights = [numpy_helper.from_array(rng.uniform(-0.3, 0.3, s).astype(np.float32), n) for n, s in shapes.items()]
    value, real = helper.make_tensor_value_info, TensorProto.FLOAT
    inputs = [value("x", real, ["T", "B", 5])]
    inputs += [value("lens", TensorProto.INT32, ["B"])] if lengths else []
    inputs += [value("h0", real, [directions, "B", hidden])] if state else []
    outputs = [value("y", real, ["T", directions, "B", hidden]), value("yh", real, [directions, "B", hidden])]
    names = ["x", "w", "r", "b", "lens" if lengths else "", "h0" if state else ""]
    node = helper.make_node(op, names, ["y", "yh"], name="layer", hidden_size=hidden, **attributes)
    graph = helper.make_graph([node], "g", inputs, outputs, weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8), path)
    return directions


def programs(path):
    """The words of each device program in a file, as (low, high), and of each wait its word and slot."""
    listing = subprocess.run([RNNC, "dis", path], capture_output=True, text=True, timeout=120).stdout
    found = []
    for line in listing.splitlines():
        if line.startswith("program "):
            found.append(([], []))
        elif word := re.match(r" +; ([0-9a-f]{16}) ([0-9a-f]{16})$", line):
            found[-1][0].append((int(word[2], 16), int(word[1], 16)))
        elif instruction := re.match(r" *\d+ +(\d+)  \w+ +.*?\bwait=([\d,]+)", line):
            found[-1][1].extend((int(instruction[1]), slot) for slot in range(instruction[2].count(",") + 1))
    return found


def without(data, words, word, slot):
    """The program file with a wait taken out of the device program that consists of `words`, checksums renewed."""
    data = bytearray(data)
    code = b"".join(struct.pack("<QQ", *pair) for pair in words)
    number, _, begin, end = section(data, "PROG")
    assert data.count(code, begin, end) == 1
    position = data.index(code, begin, end) + 16 * word + 8
    high = struct.unpack_from("<Q", data, position)[0]
    slots = [high >> (7 * k) & 0x7F for k in range(4)]
    assert slots.pop(slot) & 0x40, "no wait there"
    high = high >> 28 << 28 | sum(value << (7 * k) for k, value in enumerate(slots))
    struct.pack_into("<Q", data, position, high)
    return closed(data, number)


def feeds(hidden, directions, lengths, state):
    """The inputs of a launch for each of the sizes, and the lengths if there are any."""
    rng = np.random.default_rng(4)
    launches = [
        (steps, np.resize([steps, 0, min(steps, max(steps - 3, 1))], batch).astype(np.int32)) for steps, batch in SIZES
    ]
    launches += [(max(own), np.array(own, dtype=np.int32)) for own in LENGTHS] if lengths else []
    for steps, own in launches:
        feed = {"x": rng.uniform(-1, 1, (steps, len(own), 5)).astype(np.float32)}
        if lengths:
            feed["lens"] = own
        if state:
            feed["h0"] = rng.uniform(-1, 1, (directions, len(own), hidden)).astype(np.float32)
        yield feed


def fault(data, launches):
    """Why the first launch of a program file that faults does so. None if all run."""
    session = rnn_mlir.Session(rnn_mlir.Program.from_bytes(data))
    for feed in launches:
        try:
            session.run(feed)
        except rnn_mlir.RunError as error:
            cause = FAULT.search(str(error))
            assert cause, f"neither a race nor a read before the write: {error}"
            return cause[1]
    return None


@pytest.mark.parametrize("issue", [1, 100000])
@pytest.mark.parametrize("tile, weight_memory", [(2, None), (1, None), (2, 16384), (3, 15000)])
@pytest.mark.parametrize("op, lengths, state, attributes", [
    ("LSTM", False, False, {}),
    ("LSTM", True, True, {"direction": "reverse"}),
    ("LSTM", True, False, {"direction": "bidirectional", "clip": 0.5}),
    ("GRU", False, True, {"linear_before_reset": 0}),
    ("GRU", True, False, {"linear_before_reset": 1}),
    ("RNN", False, False, {}),
    ("RNN", False, True, {"direction": "bidirectional"}),
])  # fmt: skip
def test_every_wait_is_needed(op, lengths, state, attributes, tile, weight_memory, issue, tmp_path):
    hidden, text = 20, changed(GENERIC.read_text(), "sequencer", "issue", issue, "cycles")
    if weight_memory:  # The weights are streamed.
        hidden, text = 56, changed(text, "weight", "capacity", weight_memory, "B")
    (tmp_path / "target.yaml").write_text(text)
    directions = write_model(tmp_path / "m.onnx", op, hidden, lengths, state, **attributes)
    rnn_mlir.compile(tmp_path / "m.onnx", target=tmp_path / "target.yaml", time_tile=tile).save(tmp_path / "m.rpu")
    data, launches = (tmp_path / "m.rpu").read_bytes(), list(feeds(hidden, directions, lengths, state))
    assert fault(data, launches) is None
    found = programs(tmp_path / "m.rpu")
    assert len(found) == directions and all(waits for _, waits in found)
    for words, waits in found:
        for word, slot in waits:
            cause = fault(without(data, words, word, slot), launches)
            assert cause, f"wait {slot} of the instruction at word {word} is not needed"
            assert cause == "race" or issue == 1, f"wait {slot} of the instruction at word {word}: {cause}"


def test_the_assembly_of_streamed_weights_gives_the_program_again(tmp_path):
    (tmp_path / "target.yaml").write_text(changed(GENERIC.read_text(), "weight", "capacity", 15000, "B"))
    write_model(tmp_path / "m.onnx", "LSTM", 56, False, False)
    rnn_mlir.compile(tmp_path / "m.onnx", target=tmp_path / "target.yaml").save(tmp_path / "m.rpu")
    subprocess.run([RNNC, "asm", tmp_path / "m.rpu", "-o", tmp_path / "m.s"], check=True)
    assert (tmp_path / "m.s").read_text().count('.buffer {"name":"weight_') == 4
    command = [RNNC.with_name("rnn-translate"), "--asm-to-binary", tmp_path / "m.s", "-o", tmp_path / "m.bin"]
    subprocess.run(command, check=True)
    data = (tmp_path / "m.rpu").read_bytes()
    _, _, begin, end = section(data, "PROG")
    assert (tmp_path / "m.bin").read_bytes() == data[begin:end]
