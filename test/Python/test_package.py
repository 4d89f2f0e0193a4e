"""The package rnn_mlir: compile, save, load, run, report, errors."""

import ast
import inspect
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

import lstm
import numpy as np
import onnx
import pytest
import rnn_mlir
from places import RNNC
from shrunken_targets import account_problems

BYTES = lstm.model().SerializeToString()
TARGETS = ["generic", "cpu"]


def speech(steps, seed=3):
    return np.random.default_rng(seed).uniform(-1, 1, (steps, 1, 4)).astype(np.float32)


@pytest.fixture(scope="module", params=TARGETS)
def program(request):
    return rnn_mlir.compile(BYTES, target=request.param)


def test_targets_are_listed():
    assert set(TARGETS) <= set(rnn_mlir.targets())


@pytest.mark.parametrize("steps", [1, 2, 50])
def test_values_are_the_references(program, steps):
    x = speech(steps)
    y = rnn_mlir.Session(program).run({"x": x})["y"]
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, lstm.reference(lstm.model(), x), atol=2e-6)


def test_a_program_survives_a_file(program, tmp_path):
    program.save(tmp_path / "m.rpu")
    again = rnn_mlir.Program.load(tmp_path / "m.rpu")
    assert again.to_bytes() == program.to_bytes()
    assert again.target == program.target
    assert again.inputs == [{"name": "x", "dtype": "float32", "shape": ("T", 1, 4)}]
    x = speech(4)
    np.testing.assert_array_equal(
        rnn_mlir.Session(again).run({"x": x})["y"], rnn_mlir.Session(program).run({"x": x})["y"]
    )


def test_what_becomes_of_the_file_does_not_matter_to_a_program(program, tmp_path):
    program.save(tmp_path / "m.rpu")
    again, x = rnn_mlir.Program.load(tmp_path / "m.rpu"), speech(4)
    os.truncate(tmp_path / "m.rpu", 0)
    assert again.to_bytes() == program.to_bytes()
    assert np.array_equal(rnn_mlir.Session(again).run({"x": x})["y"], rnn_mlir.Session(program).run({"x": x})["y"])


def test_a_path_compiles_like_bytes(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(BYTES)
    x = speech(3)
    first, second = (rnn_mlir.Session(rnn_mlir.compile(model)).run({"x": x})["y"] for model in (path, BYTES))
    np.testing.assert_array_equal(first, second)


def test_layouts_are_taken_as_they_come(program):
    session, x = rnn_mlir.Session(program), speech(6)
    wanted = session.run({"x": x})["y"]
    np.testing.assert_array_equal(session.run({"x": np.asfortranarray(x)})["y"], wanted)
    np.testing.assert_array_equal(session.run({"x": np.repeat(x, 2, axis=0)[::2]})["y"], wanted)
    readonly = x.copy()
    readonly.flags.writeable = False
    np.testing.assert_array_equal(session.run({"x": readonly})["y"], wanted)


def test_outputs_outlive_the_session(program):
    session = rnn_mlir.Session(program)
    y = session.run({"x": speech(2)})["y"]
    before = y.copy()
    session.run({"x": speech(2, seed=4)})
    del session
    np.testing.assert_array_equal(y, before)
    y += 1


def test_the_report_adds_up():
    session = rnn_mlir.Session(rnn_mlir.compile(BYTES, target="generic"))
    session.run({"x": speech(10)})
    report = session.report
    assert report["runs"] == 1 and report["steps"] == 10 and report["cycles"] > 0
    assert not account_problems(report)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "model.onnx:x: error: expected a float32 input"),
        ({"x": np.zeros((1, 1, 4))}, "expected float32, found float64"),
        ({"x": np.zeros((1, 4), np.float32)}, r"expected shape \[T, 1, 4\], found \[1, 4\]"),
        ({"x": speech(1), "z": speech(1)}, "model.onnx:z: error: is no input"),
    ],
)
def test_wrong_inputs_are_errors(program, inputs, message):
    with pytest.raises(rnn_mlir.RunError, match=message):
        rnn_mlir.Session(program).run(inputs)


def test_errors_name_the_file_that_a_program_was_loaded_from(program, tmp_path):
    path = tmp_path / "kept.rpu"
    program.save(path)
    session = rnn_mlir.Session(rnn_mlir.Program.load(path))
    inputs = ({}, {"x": [[[0.0] * 4]]}, {"x": np.zeros((1, 1, 4), "S1")}, {"x": np.ma.zeros((1, 1, 4), np.float32)})
    for each in inputs:
        with pytest.raises(rnn_mlir.RunError, match=re.escape(f"{path}:x: error: expected ")):
            session.run(each)


INTERRUPTED = """
import numpy, sys, rnn_mlir
session = rnn_mlir.Session(rnn_mlir.Program.load(sys.argv[1]))
x = numpy.zeros((int(sys.argv[2]), 1, 4), numpy.float32)
print("running", flush=True)
try:
    session.run({"x": x})
    print("ended")
except KeyboardInterrupt:
    outputs = session.run({"x": x[:3]})
    # Steps of the runs that came to their end: of an interrupt that waited for it, all.
    print("interrupted", outputs["y"].shape[0], session.report["layers"][0]["steps"])
"""


def test_an_interrupt_ends_a_device_program(tmp_path):
    path = tmp_path / "m.rpu"
    program = rnn_mlir.compile(BYTES, target="generic")
    program.save(path)
    # Steps for minutes; memory is taken as they are done.
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, path, "5000000"],
        stdout=subprocess.PIPE,
        text=True,
        # A process in the background of a shell ignores interrupts, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as child:
        assert child.stdout.readline() == "running\n"
        time.sleep(1)
        child.send_signal(signal.SIGINT)
        assert child.stdout.read() == "interrupted 3 3\n"


def test_a_name_is_not_empty():
    with pytest.raises(ValueError, match="^name: expected the name of a file, found ''$"):
        rnn_mlir.compile(BYTES, name="")


def test_a_refused_model_is_a_located_error():
    proto = lstm.model(activations=["Nonsense"] * 3)
    with pytest.raises(rnn_mlir.CompileError, match="somewhere.onnx:lstm_0: error: .*Nonsense"):
        rnn_mlir.compile(proto.SerializeToString(), name="somewhere.onnx")


@pytest.mark.parametrize("data", [b"", b"nonsense", BYTES[: len(BYTES) // 2]])
def test_malformed_models_and_programs_are_errors(data, tmp_path):
    with pytest.raises(rnn_mlir.CompileError):
        rnn_mlir.compile(data)
    with pytest.raises(rnn_mlir.Error):
        rnn_mlir.Program.from_bytes(data)
    with pytest.raises(rnn_mlir.CompileError, match="error"):
        rnn_mlir.compile(tmp_path / "none.onnx")


def test_unknown_options_are_errors():
    with pytest.raises(TypeError):
        rnn_mlir.compile(BYTES, nonsense=8)
    with pytest.raises(rnn_mlir.CompileError, match="not supported yet: circulant, calibrate"):
        rnn_mlir.compile(BYTES, circulant=8, calibrate=".")
    with pytest.raises(rnn_mlir.CompileError, match="nonsense"):
        rnn_mlir.compile(BYTES, target="nonsense")


def test_threads_share_a_session(program):
    session, x = rnn_mlir.Session(program), speech(20)
    wanted, wrong = session.run({"x": x})["y"], []

    def work():
        for _ in range(10):
            if not np.array_equal(session.run({"x": x})["y"], wanted):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_importing_takes_neither_numpy_nor_the_compiler():
    code = """
import sys, rnn_mlir
assert "numpy" not in sys.modules
assert "MLIR.so" not in open("/proc/self/maps").read()
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (b"abc", "|S3"),
        ("a", "<U1"),
        (np.array([None]), "object"),
        (np.zeros((2, 1, 4), ">f4"), ">f4"),
        (np.zeros((2, 1, 4), np.complex64), "complex64"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused(program, value, found):
    with pytest.raises(rnn_mlir.RunError, match=re.escape(f"model.onnx:x: error: expected float32, found {found}")):
        rnn_mlir.Session(program).run({"x": value})


@pytest.mark.parametrize("name", [1, b"x", None])
def test_names_of_inputs_are_text(program, name):
    with pytest.raises(TypeError, match="inputs: expected names as str, found " + re.escape(repr(name))):
        rnn_mlir.Session(program).run({name: speech(2)})


@pytest.mark.parametrize("limit", [-1, 0, float("nan"), float("inf"), 1e7])
def test_a_memory_limit_out_of_range_is_refused(program, limit):
    with pytest.raises(ValueError, match="memory_limit: expected 0.001 to 1048576 GiB, found"):
        rnn_mlir.Session(program, memory_limit=limit)


def test_the_stub_has_the_sessions_defaults():
    source = pathlib.Path(rnn_mlir.__file__).with_suffix(".pyi").read_text()
    session = next(node for node in ast.walk(ast.parse(source)) if getattr(node, "name", "") == "Session")
    init = next(node for node in session.body if node.name == "__init__").args
    values = {each.arg: ast.literal_eval(value) for each, value in zip(init.kwonlyargs, init.kw_defaults, strict=True)}
    parameters = inspect.signature(rnn_mlir.Session.__init__).parameters.values()
    assert values == {each.name: each.default for each in parameters if each.default is not each.empty}


def test_defaults_are_those_of_rnnc(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(BYTES)
    subprocess.run([RNNC, "compile", path, "-o", tmp_path / "m.rpu"], check=True)
    info = json.loads(subprocess.check_output([RNNC, "info", "--json", tmp_path / "m.rpu"]))
    defaults = {name: each.default for name, each in inspect.signature(rnn_mlir.compile).parameters.items()}
    assert info["target"] == defaults["target"]
    taken = {name: value for name, value in defaults.items() if value not in (None, inspect.Parameter.empty)}
    assert info["options"] == {name: value for name, value in taken.items() if name not in ("target", "name")}


def test_a_program_says_what_it_is(program):
    assert repr(program) == f"<rnn_mlir.Program of 'model.onnx' for '{program.target}', inputs x: float32[T, 1, 4]>"


@pytest.mark.parametrize("given", ["m.rpu", pathlib.Path("m.rpu"), None])
def test_a_session_takes_a_program(given):
    message = f"program: expected a Program, from compile(model) or Program.load(path), found {type(given).__name__}"
    with pytest.raises(TypeError, match=re.escape(message)):
        rnn_mlir.Session(given)


@pytest.mark.parametrize("given", [speech(2), [speech(2)], None])
def test_inputs_come_by_name(program, given):
    message = f"inputs: expected a dict of arrays by name, with the names 'x', found {type(given).__name__}"
    with pytest.raises(TypeError, match=re.escape(message)):
        rnn_mlir.Session(program).run(given)


def test_lists_are_not_converted(program):
    message = "model.onnx:x: error: expected float32, found float64 in a list; pass numpy.asarray(…, 'float32')"
    with pytest.raises(rnn_mlir.RunError, match=re.escape(message)):
        rnn_mlir.Session(program).run({"x": speech(2).tolist()})


def test_host_cpus_are_a_list_or_a_text():
    listed, text = (
        rnn_mlir.compile(BYTES, "cpu", host_cpu=cpus) for cpus in (["x86-64-v3", "native"], "x86-64-v3,native")
    )
    assert listed.to_bytes() == text.to_bytes()
    with pytest.raises(rnn_mlir.CompileError, match="^host_cpu: expected x86-64-v3, x86-64-v4 or native, found z80$"):
        rnn_mlir.compile(BYTES, "cpu", host_cpu=["z80"])
    for wrong in (64, ["x86-64-v3", 4], None):
        with pytest.raises(
            TypeError,
            match=re.escape(f"host_cpu: expected names, as a list or comma separated, found {wrong!r}"),
        ):
            rnn_mlir.compile(BYTES, "cpu", host_cpu=wrong)


def test_the_plain_schedule_has_no_tiles():
    with pytest.raises(
        rnn_mlir.CompileError, match="^time_tile: expects 0 or 1 with schedule=plain, which has no tiles, found 3$"
    ):
        rnn_mlir.compile(BYTES, schedule="plain", time_tile=3)
    rnn_mlir.compile(BYTES, schedule="plain", time_tile=1)


def test_info_is_that_of_rnnc(program, tmp_path):
    program.save(tmp_path / "m.rpu")
    info = program.info
    assert info == json.loads(subprocess.check_output([RNNC, "info", "--json", tmp_path / "m.rpu"]))
    assert info["bytes"] == len(program.to_bytes()) and info["target"] == program.target
    assert info["nodes"] == (["lstm_0"] if program.target == "generic" else [])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"target": "none"}, "target: no target is called 'none'"),
        ({"target": "genric"}, "target: no target is called 'genric'; .*; did you mean 'generic'\\?$"),
        ({"schedule": "none"}, "schedule: expected mwl, plain, overlap or auto, found none"),
        ({"schedule": "plain", "time_tile": 3}, "time_tile: expects 0 or 1 with schedule=plain"),
        ({"target": "cpu", "host_cpu": "z80"}, "host_cpu: expected x86-64-v3"),
    ],
)
def test_a_wrong_value_names_its_parameter(parameters, message):
    with pytest.raises(rnn_mlir.CompileError, match=f"^{message}"):
        rnn_mlir.compile(BYTES, **parameters)


def test_remarks_are_those_of_rnnc(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(BYTES)
    verbose = subprocess.run(
        [RNNC, "compile", "-v", path, "-o", tmp_path / "m.rpu"], check=True, capture_output=True, text=True
    )
    program = rnn_mlir.compile(path)
    assert program.remarks == verbose.stderr.splitlines()
    assert any("lstm_0: remark: time tile of" in remark for remark in program.remarks)
    assert rnn_mlir.Program.load(tmp_path / "m.rpu").remarks == []


def test_a_trace_is_that_of_rnnc(tmp_path):
    rnn_mlir.compile(BYTES).save(tmp_path / "m.rpu")
    x = speech(5)
    np.save(tmp_path / "x.npy", x)
    subprocess.run(
        [RNNC, "run", tmp_path / "m.rpu", "--input", f"x={tmp_path / 'x.npy'}", f"--trace={tmp_path / 'rnnc.json'}"],
        check=True,
    )
    session = rnn_mlir.Session(rnn_mlir.Program.load(tmp_path / "m.rpu"))
    wanted = session.run({"x": x})["y"]
    session.reset()
    np.testing.assert_array_equal(session.run({"x": x}, trace=tmp_path / "t.json")["y"], wanted)
    trace = (tmp_path / "t.json").read_bytes()
    assert json.loads(trace) == json.loads((tmp_path / "rnnc.json").read_text())
    session.run({"x": speech(9)})
    assert (tmp_path / "t.json").read_bytes() == trace


def test_a_trace_that_cannot_be_is_an_error(tmp_path):
    with pytest.raises(rnn_mlir.RunError, match=":trace: error: expected device programs, found none"):
        rnn_mlir.Session(rnn_mlir.compile(BYTES, "cpu")).run({"x": speech(2)}, trace=tmp_path / "t.json")
    device = rnn_mlir.Session(rnn_mlir.compile(BYTES), max_cycles=10)
    with pytest.raises(rnn_mlir.RunError, match="more than 10 cycles"):
        device.run({"x": speech(2)}, trace=tmp_path / "t.json")
    assert not list(tmp_path.iterdir())
    with pytest.raises(rnn_mlir.RunError, match="none/t.json: error: there is no folder"):
        device.run({"x": speech(2)}, trace=tmp_path / "none" / "t.json")


def test_a_limit_of_cycles_needs_device_programs():
    with pytest.raises(rnn_mlir.RunError, match=":max_cycles: error: expected device programs, found none"):
        rnn_mlir.Session(rnn_mlir.compile(BYTES, "cpu"), max_cycles=10)


def test_limits_are_named_as_parameters():
    long = {"x": np.zeros((200000, 1, 4), np.float32)}
    device, host = (rnn_mlir.compile(BYTES, target) for target in TARGETS)
    for program, limits, message in (
        (
            device,
            {"max_cycles": 100},
            r"model.onnx:lstm_0: error: .*more than 100 cycles, at instruction.*; max_cycles raises the limit$",
        ),
        (device, {"memory_limit": 0.001}, r"expected to fit into the memory limit of 0.001 GiB \(memory_limit\)"),
        (host, {"memory_limit": 0.001}, r"beyond the memory limit of 0.001 GiB \(memory_limit\)"),
    ):
        with pytest.raises(rnn_mlir.RunError, match=message):
            rnn_mlir.Session(program, **limits).run(long)


def test_a_report_begins_anew(program):
    session, fresh = rnn_mlir.Session(program), rnn_mlir.Session(program)
    session.run({"x": speech(7)})
    session.reset()
    session.reset_report()
    assert session.report == fresh.report
    for each in (session, fresh):
        each.run({"x": speech(3)})
    measured = {"host_seconds", "host_seconds_per_step", "simulation_seconds"}
    one, other = (
        {key: value for key, value in each.report.items() if key not in measured} for each in (session, fresh)
    )
    assert one == other and one["runs"] == 1


def test_a_masked_array_is_refused(program):
    masked = np.ma.masked_array(speech(2), mask=np.zeros((2, 1, 4), bool))
    for value, where in (
        (masked, ""),
        ([masked[0], masked[1]], " in a list"),
        ((speech(2)[0], [masked[1, 0]]), " in a tuple"),
        ([[[1.0, np.ma.masked, 3.0, 4.0]]], " in a list"),
    ):
        found = f"found a masked array{where}; pass what its filled(value) gives"
        message = f"model.onnx:x: error: expected an array, {found}"
        with pytest.raises(rnn_mlir.RunError, match=re.escape(message)):
            rnn_mlir.Session(program).run({"x": value})


def test_a_list_that_holds_itself_ends(program):
    cyclic = []
    cyclic.append(cyclic)
    with pytest.raises((rnn_mlir.RunError, ValueError)):
        rnn_mlir.Session(program).run({"x": cyclic})


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: rnn_mlir.compile(None), TypeError, "model: expected a path as str or os.PathLike, or the bytes"),
        (lambda: rnn_mlir.compile(BYTES, target=3), TypeError, "target: expected a path as str, bytes or os.PathLike"),
        (lambda: rnn_mlir.compile(BYTES, target=""), ValueError, "target: expected a path, found ''"),
        (lambda: rnn_mlir.compile(BYTES, schedule=3), TypeError, "schedule: expected a str, found int"),
        (lambda: rnn_mlir.compile(BYTES, name=None), TypeError, "name: expected a str, found NoneType"),
        (lambda: rnn_mlir.compile(BYTES, name="\udc80"), ValueError, "name: expected text that UTF-8 can hold"),
        (lambda: rnn_mlir.compile(BYTES, time_tile="2"), TypeError, "time_tile: expected an int, found str"),
        (lambda: rnn_mlir.compile(BYTES, time_tile=2.0), TypeError, "time_tile: expected an int, found float"),
        (lambda: rnn_mlir.compile(BYTES, time_tile=True), TypeError, "time_tile: expected an int, found bool"),
        (lambda: rnn_mlir.compile(BYTES, time_tile=-1), ValueError, "time_tile: expected an int from 0 to 1073741824"),
        (lambda: rnn_mlir.compile(BYTES, time_tile=1 << 70), ValueError, "time_tile: expected an int from 0 to"),
        (lambda: rnn_mlir.Program("m.rpu"), TypeError, "a Program comes from compile(model), Program.load(path)"),
        (
            lambda: rnn_mlir.Program.load(3.5),
            TypeError,
            "path: expected a path as str, bytes or os.PathLike, found float",
        ),
        (lambda: rnn_mlir.Program.load("a\0b"), ValueError, "path: expected a path, found 'a\\x00b'"),
        (lambda: rnn_mlir.Program.from_bytes("m"), TypeError, "data: expected the bytes of a program file, found str"),
    ],
)
def test_arguments_of_a_wrong_type_or_value(call, error, message):
    with pytest.raises(error, match=re.escape(message)) as raised:
        call()
    assert "incompatible function arguments" not in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"memory_limit": "8"}, TypeError, "memory_limit: expected a number of GiB, found str"),
        ({"memory_limit": None}, TypeError, "memory_limit: expected a number of GiB, found NoneType"),
        ({"memory_limit": 10**400}, ValueError, "memory_limit: expected 0.001 to 1048576 GiB, found inf"),
        ({"memory_limit": True}, TypeError, "memory_limit: expected a number of GiB, found bool"),
        ({"max_cycles": 1.5}, TypeError, "max_cycles: expected an int, found float"),
        ({"max_cycles": True}, TypeError, "max_cycles: expected an int, found bool"),
        ({"max_cycles": 0}, ValueError, "max_cycles: expected an int from 1 to 18446744073709551615, found 0"),
        ({"max_cycles": 1 << 64}, ValueError, "max_cycles: expected an int from 1 to 18446744073709551615"),
    ],
)
def test_limits_of_a_wrong_type_or_value(program, arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        rnn_mlir.Session(program, **arguments)


def test_wrong_arguments_of_a_run(program):
    session = rnn_mlir.Session(program)
    with pytest.raises(TypeError, match="trace: expected a path as str, bytes or os.PathLike, found int"):
        session.run({"x": speech(2)}, trace=3)
    with pytest.raises(ValueError, match="inputs: expected text that UTF-8 can hold"):
        session.run({"\udc80": speech(2)})


def test_bytes_of_any_kind_are_a_program(program):
    data = program.to_bytes()
    for each in (data, bytearray(data), memoryview(data)):
        assert rnn_mlir.Program.from_bytes(each).to_bytes() == data


def test_every_public_name_has_a_docstring_of_its_own():
    assert rnn_mlir.__doc__
    for name in rnn_mlir.__all__:
        value = getattr(rnn_mlir, name)
        inherited = {base.__doc__ for base in getattr(value, "__mro__", [])[1:]}
        assert value.__doc__ and value.__doc__ not in inherited, name
        assert value.__module__ == "rnn_mlir", name
    for owner in (rnn_mlir.Program, rnn_mlir.Session):
        for name, member in vars(owner).items():
            assert name.startswith("_") or member.__doc__, f"{owner.__name__}.{name}"


def test_the_stub_has_every_public_name():
    source = pathlib.Path(rnn_mlir.__file__).with_suffix(".pyi").read_text()
    classes = {node.name: node for node in ast.parse(source).body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    # The function made from the table of options is annotated where it is.
    assert "from ._options import compile as compile" in source
    assert set(rnn_mlir.__all__) == {"compile", *(name for name in classes if not name.startswith("_"))}
    for owner in (rnn_mlir.Program, rnn_mlir.Session):
        written = {node.name for node in classes[owner.__name__].body if isinstance(node, ast.FunctionDef)}
        assert written - {"__init__"} == {name for name in vars(owner) if not name.startswith("_")}


def add(y_shape, initializers=()):
    """x + w, of which w is an input that may have an initializer."""
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Add", ["x", "w"], ["y"], name="add")],
        "g",
        [value("x", onnx.TensorProto.FLOAT, ["N"]), value("w", onnx.TensorProto.FLOAT, ["M"])],
        [value("y", onnx.TensorProto.FLOAT, y_shape)],
        list(initializers),
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 14)], ir_version=8)


def test_an_input_with_an_initializer_is_a_constant():
    w = onnx.numpy_helper.from_array(np.array([1, 2], np.float32), "w")
    session = rnn_mlir.Session(rnn_mlir.compile(add(None, [w]).SerializeToString()))
    x = np.array([10, 20], np.float32)
    np.testing.assert_array_equal(session.run({"x": x})["y"], [11, 22])
    with pytest.raises(rnn_mlir.RunError, match="model.onnx:w: error: is a constant of the program, as the model has"):
        session.run({"x": x, "w": x})
    with pytest.raises(rnn_mlir.RunError, match="model.onnx:v: error: is no input of the model"):
        session.run({"x": x, "v": x})


@pytest.mark.parametrize("target", TARGETS)
def test_the_spelling_of_a_path_changes_nothing(target, tmp_path, monkeypatch):
    # One is a program of launches, the other has host code with checks at run time, which name their nodes.
    for name, data in (("lstm.onnx", BYTES), ("add.onnx", add(None).SerializeToString())):
        (tmp_path / name).write_bytes(data)
        monkeypatch.chdir(tmp_path)
        spellings = [name, f"./{name}", f"../{tmp_path.name}/{name}", str(tmp_path / name)]
        programs = [rnn_mlir.compile(spelling, target=target) for spelling in spellings]
        assert len({program.to_bytes() for program in programs}) == 1
    session = rnn_mlir.Session(programs[-1])
    with pytest.raises(rnn_mlir.RunError, match="^add.onnx:add: error: Add expects"):
        session.run({"x": np.zeros(2, np.float32), "w": np.zeros(3, np.float32)})


@pytest.mark.parametrize("target", TARGETS)
def test_arrays_without_elements(target):
    model = lstm.model(states=True)
    for tensor in (model.graph.input[0], *model.graph.output):
        batch = tensor.type.tensor_type.shape.dim[-2]
        batch.Clear()
        batch.dim_param = "N"
    session = rnn_mlir.Session(rnn_mlir.compile(model.SerializeToString(), target=target))
    for steps, batch in ((0, 2), (3, 0), (0, 0), (2**40, 0)):
        outputs = session.run({"x": np.zeros((steps, batch, 4), np.float32)})
        assert outputs["y"].shape == (steps, 1, batch, 8)
        # Without a step the state is the initial one.
        np.testing.assert_array_equal(outputs["h"], np.zeros((1, batch, 8)))


def test_an_error_is_whole_where_a_name_holds_a_nul(program):
    with pytest.raises(rnn_mlir.RunError, match=re.escape("model.onnx:x?y: error: is no input of the model")):
        rnn_mlir.Session(program).run({"x\0y": speech(2)})
