"""Models that are recurrent layers and nothing else: no host code in the program file, the same bits as with it."""

import json
import subprocess

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper
from places import RNNC

FLOAT = TensorProto.FLOAT


def weights(**shapes):
    rng = np.random.default_rng(5)
    return [numpy_helper.from_array(rng.uniform(-0.4, 0.4, s).astype(np.float32), n) for n, s in shapes.items()]


def model(nodes, inputs, outputs, initializers, host):
    """The model; with `host`, another output needs host code."""
    value = helper.make_tensor_value_info
    values = [value(name, FLOAT, shape) for name, shape in inputs.items()]
    results = [value(name, FLOAT, None) for name in outputs]
    if host:
        nodes = [*nodes, helper.make_node("Relu", [next(iter(inputs))], ["host"])]
        results.append(value("host", FLOAT, None))
    graph = helper.make_graph(nodes, "layers", values, results, initializers)
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    return proto.SerializeToString()


def lstm(batch, host, outputs=("y", "yh", "yc")):
    names = ["y", "yh", "yc"]
    node = helper.make_node(
        "LSTM", ["x", "w", "r", "b"], [n if n in outputs else "" for n in names], name="lstm", hidden_size=8
    )
    return model([node], {"x": ["T", batch, 4]}, outputs, weights(w=(1, 32, 4), r=(1, 32, 8), b=(1, 64)), host)


def reverse_gru(batch, host):
    node = helper.make_node(
        "GRU", ["x", "w", "r", "", "", "h"], ["y", "yh"], name="gru", hidden_size=6, direction="reverse"
    )
    inputs = {"x": ["T", batch, 4], "h": [1, batch, 6]}
    return model([node], inputs, ("y", "yh"), weights(w=(1, 18, 4), r=(1, 18, 6)), host)


def stack(batch, host):
    nodes = [
        helper.make_node("LSTM", ["x", "w", "r", "", "", "h", "c"], ["y", "yh", "yc"], name="first", hidden_size=8),
        helper.make_node("Squeeze", ["y", "axis"], ["s"], name="squeeze"),
        helper.make_node("GRU", ["s", "w2", "r2"], ["z", "zh"], name="second", hidden_size=6),
    ]
    inputs = {"x": ["T", batch, 4], "h": [1, batch, 8], "c": [1, batch, 8]}
    constants = weights(w=(1, 32, 4), r=(1, 32, 8), w2=(1, 18, 8), r2=(1, 18, 6))
    constants.append(numpy_helper.from_array(np.array([1], np.int64), "axis"))
    return model(nodes, inputs, ("z", "yc", "zh"), constants, host)


def sections(program, path):
    program.save(path)
    text = subprocess.run([RNNC, "info", "--json", path], capture_output=True, text=True, check=True).stdout
    return [section["name"] for section in json.loads(text)["sections"]]


@pytest.mark.parametrize("make", [lstm, reverse_gru, stack])
@pytest.mark.parametrize("batch", [1, 3, "B"])
def test_there_is_no_host_code_and_the_bits_are_the_same(make, batch, tmp_path):
    alone, with_host = (rnn_mlir.compile(make(batch, host)) for host in (False, True))
    assert not [name for name in sections(alone, tmp_path / "m.rpu") if name.startswith("HOST")]
    assert [name for name in sections(with_host, tmp_path / "m.rpu") if name.startswith("HOST")]
    device, both = rnn_mlir.Session(alone), rnn_mlir.Session(with_host)
    assert device.host_cpu == "" != both.host_cpu
    rng = np.random.default_rng(7)
    for steps in (0, 1, 2, 40):
        for size in (0, 1, 2, 5) if batch == "B" else (batch,):
            sizes = {"T": steps, "B": size}
            x = {
                each["name"]: rng.uniform(-1, 1, [sizes.get(n, n) for n in each["shape"]]).astype(np.float32)
                for each in alone.inputs
            }
            got, wanted = device.run(x), both.run(x)
            assert list(got) == [name for name in wanted if name != "host"]
            for name, array in got.items():
                assert array.shape == wanted[name].shape
                np.testing.assert_array_equal(array.view(np.uint32), wanted[name].view(np.uint32), err_msg=name)
    ours, theirs = device.report, both.report
    assert ours["cycles"] == theirs["cycles"] and ours["steps"] == theirs["steps"]


def test_only_a_final_state_is_wanted(tmp_path):
    program = rnn_mlir.compile(lstm("B", False, ("yc",)))
    assert "HOST:x86-64-v3" not in sections(program, tmp_path / "m.rpu")
    assert rnn_mlir.Session(program).run({"x": np.ones((3, 2, 4), np.float32)})["yc"].shape == (1, 2, 8)


def test_sizes_of_one_name_must_agree():
    session = rnn_mlir.Session(rnn_mlir.compile(reverse_gru("B", False)))
    with pytest.raises(rnn_mlir.RunError, match="dimension 'B'"):
        session.run({"x": np.zeros((3, 2, 4), np.float32), "h": np.zeros((1, 4, 6), np.float32)})


def test_the_memory_limit_holds():
    session = rnn_mlir.Session(rnn_mlir.compile(lstm(1, False)), memory_limit=1e-3)
    with pytest.raises(rnn_mlir.RunError, match="memory limit"):
        session.run({"x": np.zeros((100000, 1, 4), np.float32)})
    assert session.run({"x": np.zeros((10, 1, 4), np.float32)})["y"].shape == (10, 1, 1, 8)


@pytest.mark.parametrize("direction, layout", [("bidirectional", 0), ("forward", 1)])
def test_other_orders_of_elements_take_host_code(direction, layout, tmp_path):
    d = 2 if direction == "bidirectional" else 1
    node = helper.make_node(
        "LSTM", ["x", "w", "r"], ["y"], name="lstm", hidden_size=8, direction=direction, layout=layout
    )
    proto = model([node], {"x": [2, "T", 4]}, ("y",), weights(w=(d, 32, 4), r=(d, 32, 8)), False)
    assert "HOST:x86-64-v3" in sections(rnn_mlir.compile(proto), tmp_path / "m.rpu")
