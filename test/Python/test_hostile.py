"""Files, names and places that nobody means well: an error, no signal, nothing half-written, bounded memory."""

import contextlib
import json
import os
import pathlib
import pty
import re
import resource
import signal
import struct
import subprocess
import sys
import threading
import time

import numpy as np
import onnx
import pytest
import rnn_mlir
from container import closed, section
from onnx import TensorProto, helper, numpy_helper
from places import BUILD, ROOT
from test_package import BYTES, speech

TOOLS = BUILD / "bin"
DATA = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["T", 1, 4])
MEMORY = 2 << 30
#: A sanitizer's shadow memory is not the program's.
SANITIZED = "asan" in str(pathlib.Path(rnn_mlir.__file__))


def limits():
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def tool(*command, **options):
    name, *arguments = command
    return subprocess.run([TOOLS / name, *map(str, arguments)], capture_output="stdout" not in options, text=True,
                          errors="replace", timeout=120, preexec_fn=limits, **options)  # fmt: skip


def refused(folder, *command, code=1):
    """Runs a command that must fail, and leave the folder as it was. Returns the text of the error."""
    before = {path: path.stat().st_size for path in folder.rglob("*")}
    done = tool(*command)
    assert done.returncode == code, (done.returncode, done.stderr[-2000:])
    assert re.search(r"\berror: \S", done.stderr), done.stderr
    assert {path: path.stat().st_size for path in folder.rglob("*")} == before
    return done.stderr


def behaved(done, errors=(1,)):
    """Success, or an error with a text; never a signal."""
    assert done.returncode in (0, *errors), (done.returncode, done.stderr[-2000:])
    assert done.returncode == 0 or "error: " in done.stderr, done.stderr
    return done.returncode == 0


@pytest.fixture(scope="module")
def device(tmp_path_factory):
    return save(tmp_path_factory, rnn_mlir.compile(BYTES), "device.rpu")


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    return save(tmp_path_factory, rnn_mlir.compile(BYTES, target="cpu"), "host.rpu")


def save(factory, program, name):
    path = factory.mktemp("programs") / name
    program.save(path)
    return path


def broken(data, count, seed):
    """Copies of the bytes cut short, and with bits flipped."""
    rng = np.random.default_rng(seed)
    for size in sorted(set(rng.integers(0, len(data), count // 3).tolist()) | {0, 1, len(data) - 1}):
        yield data[:size]
    for _ in range(count):
        copy = bytearray(data)
        for at in rng.integers(0, len(copy), rng.integers(1, 4)):
            copy[at] ^= 1 << int(rng.integers(0, 8))
        yield bytes(copy)


def save_model(path, nodes, initializers=(), inputs=(DATA,), outputs=("y",)):
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    graph = helper.make_graph(list(nodes), "g", list(inputs), values, list(initializers))
    path.write_bytes(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8).SerializeToString()
    )
    return path


# Files


def test_broken_models(tmp_path):
    for number, data in enumerate(broken(BYTES, 40, 1)):
        model, output = tmp_path / "m.onnx", tmp_path / "m.rpu"
        model.write_bytes(data)
        done = tool("rnnc", "compile", model, "-o", output)
        assert behaved(done) == output.exists(), number
        output.unlink(missing_ok=True)
        assert [path.name for path in tmp_path.iterdir()] == ["m.onnx"]


@pytest.mark.parametrize("target", ["device", "host"])
def test_broken_programs(target, request, tmp_path):
    data = request.getfixturevalue(target).read_bytes()
    np.save(tmp_path / "x.npy", speech(3))
    for copy in broken(data, 60, 2):
        path = tmp_path / "m.rpu"
        path.write_bytes(copy)
        done = tool("rnnc", "run", path, "--input", f"x={tmp_path / 'x.npy'}", "--output", tmp_path / "out")
        assert not behaved(done)
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("target", ["device", "host"])
def test_each_byte_of_a_program_counts(target, request):
    data = request.getfixturevalue(target).read_bytes()
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
        with pytest.raises(rnn_mlir.Error):
            rnn_mlir.Program.from_bytes(changed)
    with pytest.raises(rnn_mlir.Error, match="has 1 bytes behind its last section"):
        rnn_mlir.Program.from_bytes(data + b"\0")


def survives(programs):
    """Whether a process that loads the programs in turn ends by itself, within 20 s, with or without errors of ours."""
    child = os.fork()
    if not child:
        status = 1
        try:
            signal.alarm(20)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            for data in programs:
                with contextlib.suppress(rnn_mlir.Error):
                    rnn_mlir.Session(rnn_mlir.Program.from_bytes(data))
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0


def test_host_code_is_checked_before_it_is_loaded():
    """Each byte of the shared object but those of its machine code, with checksums that fit."""
    data = rnn_mlir.compile(BYTES, target="cpu", host_cpu="native").to_bytes()
    number, _, begin, end = section(data, "HOST:")
    elf = data[begin:end]
    code = []
    for segment in range(struct.unpack_from("<H", elf, 56)[0]):
        kind, flags, offset, _, _, size = struct.unpack_from("<IIQQQQ", elf, 64 + 56 * segment)
        if kind == 1 and flags & 1:
            code.append(range(offset, offset + size))
    assert len(code) == 1

    def changed_at(at, value):
        changed = bytearray(data)
        changed[begin + at] = value
        return closed(changed, number)

    places = sorted(set(range(len(elf))) - set(code[0]))
    crashed = []
    for group in (places[k : k + 64] for k in range(0, len(places), 64)):
        changes = {(at, value): changed_at(at, value)
                   for at in group for value in {elf[at] ^ 1 << at % 8, elf[at] ^ 0xFF, 0xFF}}  # fmt: skip
        if not survives(changes.values()):
            crashed.append([(hex(at), value) for (at, value), each in changes.items() if not survives([each])] or group)
    assert not crashed
    assert survives([data])
    # All chains of the table of symbols lead through symbols 1 and 2: more steps than symbols.
    dynamic = next(
        struct.unpack_from("<IIQQQQ", elf, 64 + 56 * segment)
        for segment in range(struct.unpack_from("<H", elf, 56)[0])
        if struct.unpack_from("<I", elf, 64 + 56 * segment)[0] == 2
    )
    tags = dict(struct.iter_unpack("<QQ", elf[dynamic[2] : dynamic[2] + dynamic[5]]))
    table = begin + tags[4]
    buckets, symbols = struct.unpack_from("<II", data, table)
    assert 2 * buckets > symbols > 2
    changed = bytearray(data)
    struct.pack_into(f"<{buckets}I", changed, table + 8, *[1] * buckets)
    struct.pack_into("<3I", changed, table + 8 + 4 * buckets, 0, 2, 0)
    with pytest.raises(rnn_mlir.Error, match="its table of symbols has a symbol twice"):
        rnn_mlir.Session(rnn_mlir.Program.from_bytes(closed(changed, number)))


@pytest.mark.parametrize(
    "kind, at, value, text",
    [
        (2, 0, 0, "it has no dynamic section"),
        (1, 0, 0, "it has no segment to load"),
        # The size in the file of the first that is loaded, less than the header's.
        (1, 32, 8, "its table of segments lies beyond its first one"),
    ],
)
def test_what_host_code_lacks_is_told(kind, at, value, text):
    data = bytearray(rnn_mlir.compile(BYTES, target="cpu", host_cpu="native").to_bytes())
    number, _, begin, _ = section(data, "HOST:")
    segments = [begin + 64 + 56 * k for k in range(struct.unpack_from("<H", data, begin + 56)[0])]
    chosen = [each for each in segments if struct.unpack_from("<I", data, each)[0] == kind]
    for segment in chosen if at == 0 else chosen[:1]:
        struct.pack_into("<I" if at == 0 else "<Q", data, segment + at, value)
    with pytest.raises(rnn_mlir.Error, match=text):
        rnn_mlir.Session(rnn_mlir.Program.from_bytes(closed(data, number)))


def test_addresses_are_no_negative_numbers():
    program = rnn_mlir.compile(BYTES)
    buffer = next(each for each in program.info["programs"][0]["buffers"] if each["memory"] == "weight")
    record = buffer["name"].encode() + b"\x01" + struct.pack("<Q", buffer["address"])
    data = bytearray(program.to_bytes())
    number, _, begin, end = section(data, "PROG")
    assert data.count(record, begin, end) == 1
    struct.pack_into("<Q", data, data.index(record, begin) + len(record) - 8, 2**64 - 64)
    info = rnn_mlir.Program.from_bytes(closed(data, number)).info
    assert 2**64 - 64 in [each["address"] for each in info["programs"][0]["buffers"]]


@pytest.mark.parametrize("command", ["info", "asm", "dis"])
def test_what_is_no_program_is_not_shown(command, tmp_path):
    path = tmp_path / "m.rpu"
    path.write_bytes(BYTES)
    assert "is no program file" in refused(tmp_path, "rnnc", command, path)
    assert "regular file" in refused(tmp_path, "rnnc", command, tmp_path)
    assert "No such file" in refused(tmp_path, "rnnc", command, tmp_path / "none.rpu")


def npy(header, data=b""):
    text = header.encode().ljust(118)
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY",
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1, 4), }"),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999, 4), }"),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 1, 4), }", b"\0" * 48),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (nan, 1, 4), }", b"\0" * 48),
        npy("{'descr': '|O', 'fortran_order': False, 'shape': (3, 1, 4), }", b"\0" * 48),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': " + "(" * 60, b"\0" * 48),
    ],
)
def test_broken_arrays(content, device, tmp_path):
    path = tmp_path / "x.npy"
    path.write_bytes(content)
    refused(tmp_path, "rnnc", "run", device, "--input", f"x={path}", "--output", tmp_path / "out")


def test_broken_tensors(device, tmp_path):
    good = numpy_helper.from_array(speech(3), "x").SerializeToString()
    huge = TensorProto(dims=[1 << 40, 1 << 40], data_type=TensorProto.FLOAT, raw_data=b"\0" * 16)
    negative = TensorProto(dims=[-3, 1, 4], data_type=TensorProto.FLOAT, raw_data=b"\0" * 48)
    outside = TensorProto(dims=[3, 1, 4], data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
    outside.external_data.add(key="location", value="/etc/passwd")
    path = tmp_path / "x.pb"
    for proto in (huge, negative, outside):
        path.write_bytes(proto.SerializeToString())
        refused(tmp_path, "rnnc", "run", device, "--input", f"x={path}")
    for data in broken(good, 30, 3):
        path.write_bytes(data)
        behaved(tool("rnnc", "run", device, "--input", f"x={path}"))


def test_broken_targets(tmp_path):
    good = (ROOT / "targets" / "generic.yaml").read_bytes()
    (tmp_path / "m.onnx").write_bytes(BYTES)
    target, output = tmp_path / "t.yaml", tmp_path / "m.rpu"
    extremes = [b"[" * 500000, b"{a: " * 100000, b"&a [*a]", good.replace(b"value: 16", b"value: 1e300")]
    for data in [*broken(good, 15, 4), *extremes]:
        target.write_bytes(data)
        done = tool("rnnc", "compile", tmp_path / "m.onnx", "--target", target, "-o", output)
        # 2 where the target is malformed, 1 where the model does not fit it.
        assert behaved(done, errors=(1, 2)) == output.exists()
        output.unlink(missing_ok=True)


# Models


def node(op, inputs, outputs, name="n", **attributes):
    return helper.make_node(op, inputs, outputs, name=name, **attributes)


def float_tensor(shape, name, **fields):
    return TensorProto(dims=shape, data_type=TensorProto.FLOAT, name=name, **fields)


def external(location, *more, **entries):
    tensor = float_tensor([4], "c", data_location=TensorProto.EXTERNAL)
    for key, value in [("location", location), *entries.items(), *more]:
        tensor.external_data.add(key=key, value=str(value))
    return tensor


ADD = [node("Add", ["x", "c"], ["y"])]
MODELS = {
    "cycle": ([node("Relu", ["b"], ["a"], "p"), node("Relu", ["a"], ["b"], "q"), node("Add", ["a", "x"], ["y"])], []),
    "undefined name": ([node("Relu", ["nowhere"], ["y"])], []),
    "duplicate name": ([node("Relu", ["x"], ["y"], "p"), node("Tanh", ["x"], ["y"], "q")], []),
    "input shadowed": ([node("Relu", ["x"], ["x"], "p"), node("Relu", ["x"], ["y"], "q")], []),
    "no output": ([node("Relu", ["x"], ["z"])], []),
    "unknown operator": ([node("Nonsense", ["x"], ["y"])], []),
    "wrong type": (ADD, [numpy_helper.from_array(np.ones(4, np.int64), "c")]),
    "wrong shape": (ADD, [numpy_helper.from_array(np.ones(5, np.float32), "c")]),
    "huge constant": (ADD, [float_tensor([1 << 31, 1 << 31], "c", raw_data=b"\0" * 16)]),
    "negative size": (ADD, [float_tensor([-4], "c", raw_data=b"\0" * 16)]),
    "short constant": (ADD, [float_tensor([4], "c", raw_data=b"\0" * 15)]),
    "no element type": (ADD, [TensorProto(dims=[4], name="c", raw_data=b"\0" * 16)]),
    "huge fill": ([node("ConstantOfShape", ["c"], ["f"], "p"), node("Add", ["x", "f"], ["y"], "q")],
                  [numpy_helper.from_array(np.array([1 << 30, 1 << 30, 4], np.int64), "c")]),
    "huge layer": ([node("LSTM", ["x", "w", "r"], ["y"], hidden_size=1 << 40)],
                   [numpy_helper.from_array(np.ones((1, 4, 4), np.float32), "w"),
                    numpy_helper.from_array(np.ones((1, 4, 1), np.float32), "r")]),
    "external beside": (ADD, [external("../outside.bin", length=16)]),
    "external absolute": (ADD, [external("/etc/passwd", length=16)]),
    "external link": (ADD, [external("link.bin", length=16)]),
    "external folder": (ADD, [external("folder/../../outside.bin", length=16)]),
    "external short": (ADD, [external("data.bin", offset=1 << 40, length=16)]),
    "external missing": (ADD, [external("none.bin", length=16)]),
    "external twice": (ADD, [external("data.bin", ("offset", 4), length=16, offset=0)]),
    "external places": (ADD, [external("data.bin", ("location", "other.bin"), length=16)]),
    "external device": (ADD, [external("zero", length=16)]),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_hostile_models(name, tmp_path):
    (tmp_path / "outside.bin").write_bytes(b"\0" * 64)
    place = tmp_path / "place"
    (place / "folder").mkdir(parents=True)
    (place / "data.bin").write_bytes(b"\0" * 64)
    (place / "link.bin").symlink_to(tmp_path / "outside.bin")
    (place / "zero").symlink_to("/dev/zero")
    nodes, initializers = MODELS[name]
    model = save_model(place / "m.onnx", nodes, initializers)
    text = refused(tmp_path, "rnnc", "compile", model, "-o", place / "m.rpu")
    assert all(line.startswith(str(model)) for line in text.splitlines() if ": error: " in line), text


#: An initializer without a name is one error.
NAMELESS = [numpy_helper.from_array(np.ones(1, np.float32)) for _ in range(120)]


@pytest.mark.parametrize("nodes", [[node("Relu", ["x"], ["y"])], []])
def test_more_errors_than_are_printed(nodes, tmp_path):
    model = save_model(tmp_path / "m.onnx", nodes, NAMELESS)
    text = refused(tmp_path, "rnnc", "compile", model, "-o", tmp_path / "m.rpu")
    assert text.count("an initializer without a name") == 100
    assert text.splitlines()[-1] == f"{model}: error: too many errors, the rest is not printed"


def test_more_errors_than_are_printed_in_a_branch(tmp_path):
    values = [helper.make_tensor_value_info(name, 1, None) for name in "yz"]
    then, other = (helper.make_graph([node("Relu", ["x"], [v.name])], "g", [], [v], tensors)
                   for v, tensors in zip(values, ([], NAMELESS)))  # fmt: skip
    choice = [node("If", ["c"], ["w"], then_branch=then, else_branch=other), node("Nonsense", ["x"], ["y"])]
    condition = helper.make_tensor_value_info("c", TensorProto.BOOL, [])
    model = save_model(tmp_path / "m.onnx", choice, (), (DATA, condition))
    text = refused(tmp_path, "rnnc", "compile", model, "-o", tmp_path / "m.rpu")
    assert "too many errors, the rest is not printed" in text


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("count", [0, 2])
def test_branches_with_other_outputs_than_the_node(known, count, tmp_path):
    values = [helper.make_tensor_value_info(name, 1, None) for name in "abcd"]
    branches = [
        helper.make_graph([node("Relu", ["x"], [v.name]) for v in part], "g", [], part[:count])
        for part in (values[:2], values[2:])
    ]
    choice = node("If", ["c"], ["y"], "choice", then_branch=branches[0], else_branch=branches[1])
    condition = [helper.make_tensor_value_info("c", TensorProto.BOOL, [])]
    constant = [numpy_helper.from_array(np.array(True), "c")]
    model = save_model(tmp_path / "m.onnx", [choice], constant if known else (), [DATA] + ([] if known else condition))
    text = refused(tmp_path, "rnnc", "compile", model, "-o", tmp_path / "m.rpu")
    assert f"choice: error: If expects branches with as many outputs as the node, 1, found {count}" in text


def test_all_that_is_wrong_with_a_choice(tmp_path):
    values = [helper.make_tensor_value_info(name, 1, None) for name in "abc"]
    then = helper.make_graph([node("Relu", ["x"], ["a"])], "g", [], values[:1])
    other = helper.make_graph([node("Nonsense", ["x"], ["b"], "deep"), node("Relu", ["x"], ["c"])], "g", [], values[1:])
    choice = node("If", ["f"], ["y"], "choice", then_branch=then, else_branch=other)
    condition = helper.make_tensor_value_info("f", TensorProto.FLOAT, [])
    model = save_model(tmp_path / "m.onnx", [choice], (), (DATA, condition))
    text = refused(tmp_path, "rnnc", "compile", model, "-o", tmp_path / "m.rpu")
    assert sorted(line.removeprefix(f"{model}:") for line in text.splitlines() if ": error: " in line) == [
        "choice: error: If expects a condition of one bool, found tensor<f32>",
        "choice: error: If expects branches with as many outputs as the node, 1, found 2",
        "deep: error: operator 'Nonsense' is not supported",
    ]


@pytest.mark.parametrize("shape, fits", [([5, 2, 3], False), (["T"], True), ([3], True), ([4], False), (None, True)])
def test_initializers_of_inputs_are_of_their_type(shape, fits, tmp_path):
    given = helper.make_tensor_value_info("c", TensorProto.FLOAT, shape)
    constant = [numpy_helper.from_array(np.ones(3, np.float32), "c")]
    model = save_model(tmp_path / "m.onnx", [node("Relu", ["c"], ["y"])], constant, (DATA, given))
    if fits:
        assert behaved(tool("rnnc", "compile", model, "-o", tmp_path / "m.rpu"))
    else:
        text = refused(tmp_path, "rnnc", "compile", model, "-o", tmp_path / "m.rpu")
        size = "x".join(map(str, shape))
        wanted = (
            f"m.onnx:c: error: expected an initializer of the type of the input, tensor<{size}xf32>, found FLOAT of"
        )
        assert f"{wanted} shape [3]" in text


def test_constants_without_a_name(tmp_path):
    nodes = [node("Constant", [], [""], f"k{i}", value=numpy_helper.from_array(np.ones(2, np.float32))) for i in (0, 1)]
    model = save_model(tmp_path / "m.onnx", [*nodes, node("Relu", ["x"], ["y"])])
    assert behaved(tool("rnnc", "compile", model, "-o", tmp_path / "m.rpu"))


def test_inputs_of_more_dimensions_than_a_program_takes(tmp_path):
    deep = helper.make_tensor_value_info("deep", TensorProto.FLOAT, [1] * 33)
    model = save_model(tmp_path / "m.onnx", [node("Relu", ["deep"], ["y"])], (), (deep,))
    text = refused(tmp_path, "rnnc", "compile", model, "-o", tmp_path / "m.rpu", "--target=cpu")
    assert "m.onnx:deep: error: input 'deep': programs take at most 32 dimensions, found 33" in text


@pytest.mark.parametrize(
    "shape, text",
    [
        (["N", None, 2], "has a type that programs do not take: STRING of shape [N, ?, 2]"),
        ([], "has a type that programs do not take: STRING of shape []"),
        (None, "needs a shape of known rank, found none"),
    ],
)
def test_a_type_that_programs_do_not_take(shape, text, tmp_path):
    value = helper.make_tensor_value_info
    nodes = [node("Relu", ["x"], ["y"])]
    model = save_model(
        tmp_path / "m.onnx", nodes, (), (value("x", TensorProto.FLOAT, [1]), value("s", TensorProto.STRING, shape))
    )
    found = refused(tmp_path, "rnnc", "compile", model, "-o", tmp_path / "m.rpu", "--target=cpu")
    assert f"m.onnx:s: error: input 's' {text}\n" in found


def test_deep_metadata(tmp_path):
    name = "x" * 200_000
    value = helper.make_tensor_value_info(name, TensorProto.FLOAT, [2])
    model = save_model(tmp_path / "m.onnx", [node("Relu", [name], ["y"])], (), (value,))
    assert behaved(tool("rnnc", "compile", model, "--target=cpu", "-o", tmp_path / "m.rpu"))
    data = bytearray((tmp_path / "m.rpu").read_bytes())
    number, _, begin, end = meta = section(data, "META")
    depth = (end - begin) // 2 - 10
    data[begin:end] = (b'{"options":' + b"[" * depth + b"]" * depth + b"}").ljust(end - begin)
    assert depth > 90_000 and len(data) == (tmp_path / "m.rpu").stat().st_size and meta == section(data, "META")
    (tmp_path / "deep.rpu").write_bytes(closed(data, number))
    for command in ("info", "asm", "dis", "run"):
        assert "'META' is no JSON object" in refused(tmp_path, "rnnc", command, tmp_path / "deep.rpu")


def test_deep_nesting_of_graphs(tmp_path):
    inner = helper.make_graph([node("Relu", ["x"], ["z"])], "g", [], [helper.make_tensor_value_info("z", 1, None)])
    for depth in range(20):
        other = helper.make_graph([node("Tanh", ["x"], ["z"])], "g", [], inner.output)
        branch = node("If", ["c"], ["z"], f"if_{depth}", then_branch=inner, else_branch=other)
        inner = helper.make_graph([branch], "g", [], inner.output)
    condition = helper.make_tensor_value_info("c", TensorProto.BOOL, [])
    model = save_model(tmp_path / "m.onnx", inner.node, (), (DATA, condition), ("z",))
    assert behaved(tool("rnnc", "compile", model, "-o", tmp_path / "m.rpu", "--target=cpu"))
    # A message inside a message, far deeper than any parser should follow.
    data = b""
    for _ in range(20000):
        data = b"\x3a" + varint(len(data)) + data
    model.write_bytes(data)
    refused(tmp_path, "rnnc", "compile", model, "-o", tmp_path / "n.rpu")


def varint(number):
    out = b""
    while number >= 128:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def test_a_long_chain_of_nodes(tmp_path):
    nodes = [node("Relu", [f"t{k}" if k else "x"], [f"t{k + 1}"], f"n{k}") for k in range(100)]
    model = save_model(tmp_path / "m.onnx", nodes, outputs=("t100",))
    assert behaved(tool("rnnc", "compile", model, "-o", tmp_path / "m.rpu", "--target=cpu", "--host-cpu=x86-64-v3"))


# Names, shapes and places


@pytest.mark.parametrize(
    "array, text",
    [
        (np.zeros((3, 1, 5), np.float32), "expected shape"),
        (np.zeros((3, 4), np.float32), "expected shape"),
        (np.zeros((3, 1, 4), np.float64), "expected float32"),
        (np.zeros((3, 1, 4), ">f4"), "expected"),
        (np.zeros((), np.float32), "expected shape"),
    ],
)
def test_wrong_inputs(array, text, device, tmp_path):
    np.save(tmp_path / "x.npy", array)
    assert text in refused(tmp_path, "rnnc", "run", device, "--input", f"x={tmp_path / 'x.npy'}")


def test_inputs_given_twice_or_under_a_wrong_name(device, tmp_path):
    np.save(tmp_path / "x.npy", speech(3))
    x = tmp_path / "x.npy"
    assert "no input of the model" in refused(tmp_path, "rnnc", "run", device, "--input", f"nonsense={x}")
    assert "given twice" in refused(tmp_path, "rnnc", "run", device, "--input", f"x={x}", "--input", f"x={x}")
    refused(tmp_path, "rnnc", "run", device, "--nonsense", code=2)
    refused(tmp_path, "rnnc", "run", device, "--memory-limit=nan", "--input", f"x={x}", code=2)


def test_more_than_the_memory_limit(host, device, tmp_path):
    np.save(tmp_path / "x.npy", np.zeros((200000, 1, 4), np.float32))
    for program in (host, device):
        text = refused(tmp_path, "rnnc", "run", program, "--input", f"x={tmp_path / 'x.npy'}", "--memory-limit=0.001")
        assert "memory" in text


FLOATS = numpy_helper.from_array(np.ones(8, np.float32), "c0")
LONGS = numpy_helper.from_array(np.arange(8), "c0")
ADDED = [node("Add", ["big", "x"], ["y"])]


def doubled(count, start=0):
    return [node("Concat", [f"c{i}"] * 2, [f"c{i + 1}"], axis=0) for i in range(start, count)]


def sized(name, *sizes):
    return numpy_helper.from_array(np.array(sizes, np.int64), name)


LARGE = {
    "fill": ([node("ConstantOfShape", ["s"], ["big"]), *ADDED], [sized("s", 1 << 27)]),
    "huge fill": ([node("ConstantOfShape", ["s"], ["big"]), *ADDED], [sized("s", 1 << 16, 1 << 16)]),
    "many fills": ([*(node("ConstantOfShape", ["s"], [f"c{i}"]) for i in range(64)),
                    node("Concat", [f"c{i}" for i in range(64)], ["big"], axis=0), *ADDED], [sized("s", 1 << 20)]),
    "expansion": ([node("Expand", ["k", "s"], ["c"]), node("Tanh", ["c"], ["big"]), *ADDED],
                  [sized("s", 1 << 30), numpy_helper.from_array(np.ones(1, np.float32), "k")]),
    "doubled floats": ([*doubled(36), node("Add", ["c36", "x"], ["y"])], [FLOATS]),
    "doubled integers": ([*doubled(30), node("Gather", ["c30", "at"], ["q"], axis=0),
                          node("Cast", ["q"], ["big"], to=TensorProto.FLOAT), *ADDED], [LONGS, sized("at", 0)]),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_large_values_of_small_models(name, tmp_path):
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    model = save_model(tmp_path / "m.onnx", *LARGE[name], (x,))
    done = tool("rnnc", "compile", model, "-o", tmp_path / "m.rpu", "--target", "cpu")
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "m.rpu").stat().st_size < 20 << 20
    np.save(tmp_path / "x.npy", np.ones(1, np.float32))
    text = refused(
        tmp_path, "rnnc", "run", tmp_path / "m.rpu", "--input", f"x={tmp_path / 'x.npy'}", "--memory-limit=0.1"
    )
    assert "memory" in text


def test_lists_of_sizes_are_tracked_up_to_a_length(tmp_path):
    nodes = [
        node("Shape", ["x"], ["c0"], "shape"),
        *doubled(30),
        node("Gather", ["c30", "at"], ["q"], "pick", axis=0),
        node("Cast", ["q"], ["big"], "cast", to=TensorProto.FLOAT),
        *ADDED,
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N"])
    model = save_model(tmp_path / "m.onnx", nodes, [sized("at", 0)], (x,))
    done = tool("rnnc", "compile", model, "-o", tmp_path / "m.rpu", "--target", "cpu")
    assert done.returncode == 0, done.stderr[-2000:]
    np.save(tmp_path / "x.npy", np.ones(1, np.float32))
    assert "memory" in refused(
        tmp_path, "rnnc", "run", tmp_path / "m.rpu", "--input", f"x={tmp_path / 'x.npy'}", "--memory-limit=0.1"
    )


def test_a_value_of_more_placesthan_can_be_counted(tmp_path):
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    model = save_model(tmp_path / "m.onnx", [*doubled(70), node("Add", ["c70", "x"], ["y"])], [FLOATS], (x,))
    assert "supports tensors of at most 2^46 bytes, found" in refused(
        tmp_path, "rnnc", "compile", model, "-o", tmp_path / "m.rpu", "--target=cpu"
    )


@pytest.mark.parametrize("place", ["node", "input", "output", "attribute", "dimension", "operator"])
def test_names_that_are_not_text(place, tmp_path):
    names = dict.fromkeys(["node", "input", "output", "attribute", "dimension"], "fine")
    names.update(operator="Softmax", input="in", output="out", attribute="axis")
    names[place] = "QQQQ"
    x = helper.make_tensor_value_info(names["input"], TensorProto.FLOAT, [names["dimension"], 4])
    y = helper.make_tensor_value_info(names["output"], TensorProto.FLOAT, None)
    nodes = [node(names["operator"], [names["input"]], [names["output"]], names["node"], **{names["attribute"]: -1})]
    graph = helper.make_graph(nodes, "g", [x], [y])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()
    model = model.replace(b"QQQQ", b"a\xff\xc3(")
    with pytest.raises(rnn_mlir.CompileError, match="error: expected a name in UTF-8"):
        rnn_mlir.compile(model)
    (tmp_path / "m.onnx").write_bytes(model)
    assert "error: expected a name in UTF-8" in refused(
        tmp_path, "rnnc", "compile", tmp_path / "m.onnx", "-o", tmp_path / "m.rpu"
    )


def test_sizes_whose_product_overflows(tmp_path):
    # 2^40 rows of no elements take no room, but a square of as many rows and columns does.
    nodes = [
        node("Shape", ["x"], ["shape"], "a"),
        node("Gather", ["shape", "zero"], ["rows"], "b"),
        node("Concat", ["rows", "rows"], ["square"], "c", axis=0),
        node("ConstantOfShape", ["square"], ["y"], "fill"),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 0])
    zero = numpy_helper.from_array(np.array([0], np.int64), "zero")
    model = save_model(tmp_path / "m.onnx", nodes, [zero], (x,))
    for target in ("cpu", "generic"):
        assert behaved(tool("rnnc", "compile", model, "-o", tmp_path / "m.rpu", "--target", target))
        for rows, text in ((1 << 40, "fill: error: takes an array of more than 2^48 bytes"), (1 << 20, "memory")):
            (tmp_path / "x.npy").write_bytes(npy(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, 0), }}"))
            assert text in refused(tmp_path, "rnnc", "run", tmp_path / "m.rpu", "--input", f"x={tmp_path / 'x.npy'}")


NEAR, FAR = -(1 << 63), (1 << 63) - 1


@pytest.mark.parametrize("attributes", [{"pads": [FAR, FAR]}, {"dilations": [FAR]}, {"dilations": [1 << 62]},
                                        {"strides": [FAR], "auto_pad": "SAME_UPPER"}])  # fmt: skip
def test_windows_whose_extent_overflows(attributes, tmp_path):
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, "L"])
    weights = numpy_helper.from_array(np.ones((1, 1, 5), np.float32), "w")
    model = save_model(tmp_path / "m.onnx", [node("Conv", ["x", "w"], ["y"], **attributes)], [weights], (x,))
    assert "m.onnx:n: error: Conv supports strides, dilations and pads of at most 2^31" in refused(
        tmp_path, "rnnc", "compile", model, "-o", tmp_path / "m.rpu", "--target=cpu"
    )


def test_the_largest_windows_are_checked_when_the_size_is_known(tmp_path):
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, "L"])
    weights = numpy_helper.from_array(np.ones((1, 1, 5), np.float32), "w")
    for attributes, text in (({"dilations": [1 << 31]}, "larger than the padded input"),
                             ({"pads": [1 << 31, 1 << 31]}, "memory")):  # fmt: skip
        wide = node("Conv", ["x", "w"], ["y"], **attributes)
        program = rnn_mlir.compile(save_model(tmp_path / "m.onnx", [wide], [weights], (x,)).read_bytes(), target="cpu")
        program.save(tmp_path / "m.rpu")
        np.save(tmp_path / "x.npy", np.ones((1, 1, 8), np.float32))
        assert text in refused(
            tmp_path, "rnnc", "run", tmp_path / "m.rpu", "--input", f"x={tmp_path / 'x.npy'}", "--memory-limit=0.1"
        )


def test_parts_whose_sum_overflows(tmp_path):
    split = node("Split", ["c", "parts"], ["a", "b", "d", "e"])
    total = node("Concat", ["a", "b", "d", "e"], ["z"], "joined", axis=0)
    nodes = [split, total, node("Cast", ["z"], ["f"], "cast", to=TensorProto.FLOAT), node("Add", ["x", "f"], ["y"])]
    parts = sized("parts", 1 << 62, 1 << 62, 1 << 62, (1 << 62) + 8)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    model = save_model(tmp_path / "m.onnx", nodes, [sized("c", *range(8)), parts], (x,))
    assert "m.onnx:n: error: Split expects parts that add up to 8, found more" in refused(
        tmp_path, "rnnc", "compile", model, "-o", tmp_path / "m.rpu", "--target=cpu"
    )


@pytest.mark.parametrize("size", [5, "N"])
@pytest.mark.parametrize("bounds, wanted", [((0, FAR, FAR), [0]), ((1, FAR, FAR), [1]), ((-1, NEAR, NEAR), [4]),
                                            ((FAR, NEAR, -FAR), [4]), ((NEAR, FAR, 2), [0, 2, 4])])  # fmt: skip
def test_slices_of_extreme_bounds_and_steps(size, bounds, wanted, tmp_path):
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [size])
    lists = [sized(name, value) for name, value in zip("sejt", (*bounds[:2], 0, bounds[2]), strict=True)]
    model = save_model(tmp_path / "m.onnx", [node("Slice", ["x", *"sejt"], ["y"])], lists, (x,))
    session = rnn_mlir.Session(rnn_mlir.compile(model.read_bytes(), target="cpu"))
    assert session.run({"x": np.arange(5, dtype=np.float32)})["y"].tolist() == wanted


def test_shapes_whose_number_of_elements_wraps(tmp_path):
    # 2^32 times 2^32 is 0 in 64 bits, as many elements as an empty tensor has.
    nodes = [
        node("Shape", ["w"], ["shape"], "a"),
        node("Gather", ["shape", "zero"], ["rows"], "b"),
        node("Concat", ["rows", "rows"], ["square"], "c", axis=0),
        node("Reshape", ["x", "square"], ["all"], "it"),
        node("Slice", ["all", "zeros", "ones"], ["y"], "d"),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in (("x", ["M"]), ("w", ["N", 0]))
    ]
    lists = [sized("zero", 0), sized("zeros", 0, 0), sized("ones", 1, 1)]
    model = save_model(tmp_path / "m.onnx", nodes, lists, inputs)
    rnn_mlir.compile(model.read_bytes(), target="cpu").save(tmp_path / "m.rpu")
    for name, shape in (("x", "0,"), ("w", f"{1 << 32}, 0")):
        (tmp_path / f"{name}.npy").write_bytes(npy(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}"))
    given = [option for name in "xw" for option in ("--input", f"{name}={tmp_path / name}.npy")]
    assert "it: error: Reshape expects a shape of at most 2^63 elements" in refused(
        tmp_path, "rnnc", "run", tmp_path / "m.rpu", *given
    )


def test_outputs_that_cannot_be_written(device, tmp_path):
    (tmp_path / "m.onnx").write_bytes(BYTES)
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "full.json").symlink_to("/dev/full")
    (tmp_path / "folder.json").mkdir()
    np.save(tmp_path / "x.npy", speech(3))
    names = ("full.json", "/proc/m.json", "folder.json", "none/m.json", "file/m.json")
    for output in (tmp_path / name for name in names):
        refused(tmp_path, "rnnc", "compile", tmp_path / "m.onnx", "-o", output)
        refused(tmp_path, "rnnc", "asm", device, "-o", output)
        for option in ("--report", "--trace"):
            refused(tmp_path, "rnnc", "run", device, "--input", f"x={tmp_path / 'x.npy'}", option, output)
    for folder in ("/proc/none", tmp_path / "file", tmp_path / "file" / "out"):
        refused(tmp_path, "rnnc", "run", device, "--input", f"x={tmp_path / 'x.npy'}", "--output", folder)
    assert os.path.exists("/dev/full") and not os.path.isfile("/dev/full")


def test_standard_output_is_full(device):
    for command in (["asm", device], ["info", device], ["targets"], ["reproduce", "ese-latency"]):
        with open("/dev/full", "w") as full:
            done = tool("rnnc", *command, stdout=full, stderr=subprocess.PIPE)
        assert done.returncode == 1 and "error: cannot write" in done.stderr


def test_a_disk_that_is_full(device, tmp_path):
    def small():
        limits()
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    (tmp_path / "m.onnx").write_bytes(BYTES)
    np.save(tmp_path / "x.npy", speech(300))
    weights = [numpy_helper.from_array(np.ones((1, 16, 4), np.float32), name) for name in "wr"]
    layer = node("LSTM", ["x", "w", "r"], ["y", "h"], hidden_size=4)
    # The last state fits, all of them do not.
    save_model(tmp_path / "two.onnx", [layer], weights, outputs=("h", "y"))
    assert behaved(tool("rnnc", "compile", tmp_path / "two.onnx", "-o", tmp_path / "two.rpu"))
    (tmp_path / "out").mkdir()
    before = sorted(tmp_path.rglob("*"))
    for command in (
        ["compile", tmp_path / "m.onnx", "-o", tmp_path / "m.rpu"],
        ["asm", device, "-o", tmp_path / "m.s"],
        ["run", device, "--input", f"x={tmp_path / 'x.npy'}", "--trace", tmp_path / "t.json"],
        ["run", device, "--input", f"x={tmp_path / 'x.npy'}", "--report", tmp_path / "r.json"],
        ["run", tmp_path / "two.rpu", "--input", f"x={tmp_path / 'x.npy'}", "--output", tmp_path / "out"],
    ):
        done = subprocess.run([TOOLS / "rnnc", *command], capture_output=True, text=True, preexec_fn=small)
        assert done.returncode == 1 and ": cannot write" in done.stderr, (command, done)
        assert sorted(tmp_path.rglob("*")) == before


def test_inputs_are_not_overwritten(device, tmp_path):
    program, model, x = tmp_path / "m.rpu", tmp_path / "m.onnx", tmp_path / "x.npy"
    program.write_bytes(device.read_bytes())
    model.write_bytes(BYTES)
    np.save(x, speech(3))
    data = tmp_path / "tests" / "one" / "test_data_set_0"
    data.mkdir(parents=True)
    (data.parent / "model.onnx").write_bytes(BYTES)
    (data / "input_0.pb").write_bytes(numpy_helper.from_array(speech(3)).SerializeToString())
    results, linked = tmp_path / "results", tmp_path / "linked"
    results.mkdir()
    linked.mkdir()
    np.save(results / "output_0.npy", speech(3))
    (linked / "output_0.npy").hardlink_to(program)
    weights = tmp_path / "weights.bin"
    onnx.save(onnx.load_from_string(BYTES), tmp_path / "external.onnx", save_as_external_data=True,
              location=weights.name, size_threshold=0)  # fmt: skip
    held = {file: file.read_bytes()
            for file in [*data.iterdir(), data.parent / "model.onnx", weights, results / "output_0.npy"]}  # fmt: skip
    (tmp_path / "link").symlink_to(program)
    (tmp_path / "x.json").symlink_to(x)
    (tmp_path / "data.json").symlink_to(data / "input_0.pb")
    (tmp_path / "model.json").symlink_to(data.parent / "model.onnx")
    for command in (
        ["compile", model, "-o", model],
        ["asm", program, "-o", program],
        ["dis", program, "-o", tmp_path / "link"],
        ["run", program, "--input", f"x={tmp_path / 'x.json'}", "--report", tmp_path / "x.json"],
        ["run", program, "--input", f"x={x}", "--trace", program],
        ["run", program, "--input", f"x={x}", "--trace", tmp_path / "t.json", "--report", tmp_path / "t.json"],
        ["run", program, "--data", data, "--report", tmp_path / "data.json"],
        ["run", program, "--input", f"x={results / 'output_0.npy'}", "--output", results],
        ["run", program, "--input", f"x={x}", "--output", linked],
        ["check", tmp_path / "tests", "--json", tmp_path / "model.json"],
        ["check", tmp_path / "tests", "--json", tmp_path / "data.json"],
    ):
        text = refused(tmp_path, "rnnc", *command, code=2)
        assert "is an input, and would be overwritten" in text or "is the file of two outputs" in text
    text = refused(tmp_path, "rnnc", "compile", tmp_path / "external.onnx", "-o", weights)
    assert "external data 'weights.bin' would be overwritten by the output" in text
    assert program.read_bytes() == device.read_bytes() and model.read_bytes() == BYTES
    assert held == {file: file.read_bytes() for file in held}


def interruptible(command, temporary):
    """`rnnc` with a folder for temporary files, in which signals have their default meaning; a shell's background
    processes, as those of CI, ignore SIGINT and hand that on."""
    return subprocess.Popen([TOOLS / "rnnc", *command], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            env={**os.environ, "TMPDIR": str(temporary)},
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # fmt: skip


@pytest.mark.parametrize("delay", [0.02, 0.1, 0.2, 0.4])
def test_an_interrupt_leaves_nothing_half_written(delay, device, tmp_path):
    rng = np.random.default_rng(0)
    weights = [numpy_helper.from_array(rng.standard_normal(s, np.float32), n)
               for n, s in (("w", (1, 4096, 4)), ("r", (1, 4096, 1024)))]  # fmt: skip
    recurrent = node("LSTM", ["x", "w", "r"], ["l"], hidden_size=1024)
    model = save_model(tmp_path / "m.onnx", [recurrent, node("Relu", ["l"], ["y"], "relu")], weights)
    np.save(tmp_path / "x.npy", speech(30000))
    before = sorted(tmp_path.iterdir())
    temporary = tmp_path.parent / f"{tmp_path.name}-temporary"
    temporary.mkdir()
    for command in (
        ["compile", model, "-o", tmp_path / "m.rpu"],
        ["run", device, "--input", f"x={tmp_path / 'x.npy'}", "--trace", tmp_path / "t.json",
         "--output", tmp_path / "out"],
    ):  # fmt: skip
        process = interruptible(command, temporary)
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        process.wait(60)
        # What was written before the signal came is whole.
        for path in set(tmp_path.rglob("*")) - set(before):
            if path.suffix == ".rpu":
                rnn_mlir.Program.load(path)
            elif path.suffix == ".json":
                json.loads(path.read_text())
            elif path.suffix == ".npy":
                np.load(path)
            else:
                assert path == tmp_path / "out", path
        assert not list(temporary.iterdir())


def long_case(case):
    """A test that takes long to simulate."""
    weights = [numpy_helper.from_array(np.zeros(s, np.float32), n)
               for n, s in (("w", (1, 4096, 4)), ("r", (1, 4096, 1024)))]  # fmt: skip
    (case / "test_data_set_0").mkdir(parents=True)
    save_model(case / "model.onnx", [node("LSTM", ["x", "w", "r"], ["y"], hidden_size=1024)], weights)
    for name, shape in (("input_0.pb", (30000, 1, 4)), ("output_0.pb", (30000, 1, 1, 1024))):
        tensor = numpy_helper.from_array(np.zeros(shape, np.float32))
        (case / "test_data_set_0" / name).write_bytes(tensor.SerializeToString())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_check_leaves_nothing(number, tmp_path):
    case, temporary = tmp_path / "case", tmp_path / "temporary"
    temporary.mkdir()
    long_case(case)
    process = interruptible(["check", case, "--target=generic"], temporary)
    while not list(temporary.rglob("*.rpu")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    assert process.wait(60) == 128 + number
    assert not list(temporary.iterdir())


def children(process):
    """The processes that `process` has started."""
    return [int(pid) for pid in pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def runs(process):
    """Whether a process has not ended; one that nobody has waited for yet has."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_workers_end_with_a_check_that_is_killed(tmp_path):
    long_case(tmp_path / "case")
    process = interruptible(["check", tmp_path / "case", "--target=generic"], tmp_path)
    while not (workers := children(process.pid)):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 100
    while any(runs(pid) for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_reproduce_leaves_nothing(number, tmp_path):
    process = interruptible(["reproduce"], tmp_path)
    while not list(tmp_path.iterdir()):
        assert process.poll() is None
        time.sleep(0.001)
    process.send_signal(number)
    assert process.wait(60) == 128 + number
    assert not list(tmp_path.iterdir())


def test_no_process_outlives_a_check(tmp_path):
    """Where no more files can be open, some tests are under way already."""
    long_case(tmp_path / "case")
    for number in range(19):
        (tmp_path / f"case{number}").symlink_to("case")

    def few_files():
        os.setsid()
        resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))

    with open(tmp_path / "errors", "w") as errors:
        process = subprocess.Popen([TOOLS / "rnnc", "check", tmp_path, "--target=generic", "--jobs=20"],
                                   stdout=subprocess.DEVNULL, stderr=errors, preexec_fn=few_files)  # fmt: skip
        assert process.wait(60) == 1
    assert "cannot start a process: Too many open files" in (tmp_path / "errors").read_text()
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def test_an_interrupted_check_clears_its_progress(tmp_path):
    long_case(tmp_path / "case")
    ours, theirs = pty.openpty()
    process = subprocess.Popen([TOOLS / "rnnc", "check", tmp_path, "--target=generic"],
                               stdout=subprocess.DEVNULL, stderr=theirs,
                               env={**os.environ, "TMPDIR": str(tmp_path)})  # fmt: skip
    os.close(theirs)
    text = b""
    while b"0 of 1" not in text:
        text += os.read(ours, 1000)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    text += os.read(ours, 100000)
    os.close(ours)
    assert text.endswith(b"0 of 1\r\x1b[Krnnc: error: stopped by signal 15\r\n"), text


def test_check_writes_names_that_are_not_utf_8(tmp_path):
    case = os.fsencode(tmp_path) + b"/case\xff"
    os.makedirs(case + b"/test_data_set_0")
    with open(case + b"/model.onnx", "wb") as file:
        file.write(BYTES)
    done = tool("rnnc", "check", tmp_path, "--json", tmp_path / "check.json")
    assert done.returncode == 1 and "0 passed, 1 failed, 0 refused" in done.stdout, done.stderr
    (record,) = json.loads((tmp_path / "check.json").read_text())
    assert record["name"] == "case\ufffd" and record["status"] == "FAIL"


@pytest.mark.parametrize("name", ["rnn-opt", "rnn-translate"])
def test_the_other_tools(name, tmp_path):
    flags = ["--import-onnx"] if name == "rnn-translate" else ["--rnn-compile=target=generic"]
    for number, data in enumerate(broken(BYTES, 9, 5)):
        (tmp_path / "m.onnx").write_bytes(data)
        done = tool(name, tmp_path / "m.onnx", *flags, "-o", tmp_path / "out")
        assert behaved(done) or not (tmp_path / "out").exists(), number
        (tmp_path / "out").unlink(missing_ok=True)
    for path in (tmp_path, tmp_path / "none.onnx", tmp_path / "none.mlir"):
        done = tool(name, path, *flags)
        assert done.returncode == 1 and str(path) in done.stderr, done.stderr
    assert "--nonsense" in tool(name, "--nonsense").stderr


# Sessions


def resident():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.parametrize("target", ["generic", "cpu"])
def test_memory_does_not_grow_with_runs(target):
    code = f"""
import sys; sys.path[:0] = {sys.path!r}
import numpy as np, rnn_mlir
from test_hostile import resident, BYTES
session = rnn_mlir.Session(rnn_mlir.compile(BYTES, target={target!r}))
x = np.ones((20, 1, 4), np.float32)
wrong = np.ones((20, 1, 5), np.float32)
for k in range(2500):
    if k == 500:
        begin = resident()
    session.run({{"x": x}})
    try:
        session.run({{"x": wrong}})
    except rnn_mlir.RunError:
        pass
print(resident() - begin)
"""
    # A sanitizer keeps freed memory for a while, unless it is told not to.
    sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=0:thread_local_quarantine_size_kb=0"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True,
                          env={**os.environ, "ASAN_OPTIONS": sanitizer})  # fmt: skip
    assert int(done.stdout) < 2 << 20


@pytest.mark.parametrize("target", ["generic", "cpu"])
def test_threads_with_inputs_of_their_own_share_a_session(target):
    session = rnn_mlir.Session(rnn_mlir.compile(BYTES, target=target))
    inputs = [speech(5 + 3 * k, seed=k) for k in range(6)]
    wanted = [session.run({"x": x})["y"] for x in inputs]
    wrong = []

    def work(k):
        for _ in range(30):
            if not np.array_equal(session.run({"x": inputs[k]})["y"], wanted[k]):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(len(inputs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert session.report["runs"] == len(inputs) * 31


def test_a_model_in_memory_takes_no_external_data(tmp_path):
    model = save_model(tmp_path / "m.onnx", ADD, [external("data.bin", length=16)])
    (tmp_path / "data.bin").write_bytes(b"\0" * 16)
    assert rnn_mlir.compile(model)
    with pytest.raises(rnn_mlir.CompileError, match="external"):
        rnn_mlir.compile(onnx.load(model, load_external_data=False).SerializeToString())


@pytest.mark.parametrize("op", ["Neg", "Relu", "Abs", "Add", "LeakyRelu", "Not", "Identity"])
def test_strings_are_refused(op):
    value = helper.make_tensor_value_info
    names = ["s"] * (2 if op == "Add" else 1)
    graph = helper.make_graph(
        [helper.make_node(op, names, ["y"], name="it")],
        "g",
        [value("s", TensorProto.STRING, [2])],
        [value("y", TensorProto.STRING, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    with pytest.raises(rnn_mlir.CompileError, match=r"model.onnx:\w+: error: .*(string|STRING of shape \[2\])"):
        rnn_mlir.compile(model.SerializeToString())


def test_a_constant_that_refers_to_a_function_is_refused():
    constant = helper.make_node("Constant", [], ["c"], name="it", value=numpy_helper.from_array(np.float32(1), "c"))
    constant.attribute[0].ref_attr_name = "outer"
    nodes = [constant, helper.make_node("Add", ["x", "c"], ["y"])]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, "g", [value("x", TensorProto.FLOAT, [2])], [value("y", TensorProto.FLOAT, None)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    with pytest.raises(rnn_mlir.CompileError, match="model.onnx:it: error: attribute 'value' refers to an attribute"):
        rnn_mlir.compile(model.SerializeToString())


def test_a_target_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "t.yaml"
    text = (ROOT / "targets" / "generic.yaml").read_bytes()
    path.write_bytes(text.replace(b"summary: f32", b"summary: f\xff2"))
    line = text[: text.index(b"summary: f32")].count(b"\n") + 1
    assert f"t.yaml:{line}:11: error: expected UTF-8" in refused(tmp_path, "rnnc", "targets", path, code=2)
    with pytest.raises(rnn_mlir.CompileError, match=f"t.yaml:{line}:11: error: expected UTF-8"):
        rnn_mlir.compile(BYTES, target=path)


def test_a_link_keeps_its_place(tmp_path):
    (tmp_path / "real").mkdir()
    link = tmp_path / "m.rpu"
    link.symlink_to("real/m.rpu")
    (tmp_path / "real" / "m.rpu").write_bytes(b"old")
    program = rnn_mlir.compile(BYTES)
    program.save(link)
    assert link.is_symlink() and (tmp_path / "real" / "m.rpu").read_bytes() == program.to_bytes()
