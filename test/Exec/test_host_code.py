"""What no layer makes, on the host and on the machine: states that change places, constant results, failed checks."""

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper

# The two states change places in each step; every y is 1.
EXCHANGE = """
func.func @main(%x: tensor<?x?x17xf32>, %a: tensor<?x17xf32>, %b: tensor<?x17xf32>)
    -> (tensor<?x?x17xf32>, tensor<?x17xf32>, tensor<?x17xf32>) {
  %y, %p, %q = rnn.recurrence mwl %x init(%a, %b) project {
  ^bb0(%v: tensor<17xf32>):
    rnn.yield
  } step {
  ^bb0(%s: tensor<17xf32>, %t: tensor<17xf32>):
    %one = arith.constant dense<1.0> : tensor<17xf32>
    rnn.yield %one, %t, %s : tensor<17xf32>, tensor<17xf32>, tensor<17xf32>
  } {time_tile = 8 : i64} : (tensor<?x?x17xf32>, tensor<?x17xf32>, tensor<?x17xf32>)
    -> (tensor<?x?x17xf32>, tensor<?x17xf32>, tensor<?x17xf32>)
  return %y, %p, %q : tensor<?x?x17xf32>, tensor<?x17xf32>, tensor<?x17xf32>
}
"""


@pytest.fixture(scope="module", params=["generic", "cpu"])
def exchange(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("host") / "exchange.mlir"
    path.write_text(EXCHANGE)
    return rnn_mlir.Session(rnn_mlir.compile(path, target=request.param))


@pytest.mark.parametrize("batch", [0, 1, 3])
@pytest.mark.parametrize("steps", [0, 1, 2, 9, 24])
def test_states_change_places(exchange, steps, batch):
    rng = np.random.default_rng(steps)
    x = np.zeros((steps, batch, 17), np.float32)
    states = [rng.standard_normal((batch, 17)).astype(np.float32) for _ in range(2)]
    y, p, q = exchange.run(dict(zip(("input_0", "input_1", "input_2"), (x, *states)))).values()
    np.testing.assert_array_equal(y, np.ones_like(x))
    np.testing.assert_array_equal(p, states[steps % 2])
    np.testing.assert_array_equal(q, states[1 - steps % 2])


@pytest.mark.parametrize("target", ["generic", "cpu"])
def test_a_failed_check_names_the_node_once(target):
    weights = [("w", (1, 3, 2)), ("r", (1, 3, 3))]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("RNN", ["x", "w", "r", "", "lengths"], ["y"], name="cell", hidden_size=3)],
        "g",
        [value("x", TensorProto.FLOAT, ["T", 2, 2]), value("lengths", TensorProto.INT32, [2])],
        [value("y", TensorProto.FLOAT, ["T", 1, 2, 3])],
        [numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in weights],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    session = rnn_mlir.Session(rnn_mlir.compile(model.SerializeToString(), target=target))
    with pytest.raises(rnn_mlir.RunError) as failure:
        session.run({"x": np.zeros((4, 2, 2), np.float32), "lengths": np.array([4, 5], np.int32)})
    assert str(failure.value).count("error:") == 1
    assert ":cell: error: " in str(failure.value)


@pytest.mark.parametrize("rows", ["N", 5])
def test_many_loops_become_functions(rows):
    """More loops than stay in one function; equal ones share one, those of other constants or shapes do not."""
    nodes, value = [], "x"
    for index in range(48):
        operator, *inputs = [("Relu",), ("Sub", "w"), ("LeakyRelu",), ("MatMul", "m")][index % 4]
        attributes = {"alpha": index / 48} if operator == "LeakyRelu" else {}
        nodes.append(helper.make_node(operator, [value, *inputs], [f"v{index}"], **attributes))
        value = f"v{index}"
    rng = np.random.default_rng(0)
    w, m = rng.standard_normal(7).astype(np.float32), (rng.standard_normal((7, 7)) / 7).astype(np.float32)
    x = rng.standard_normal((5, 7)).astype(np.float32)
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "g",
        [info("x", TensorProto.FLOAT, [rows, 7])],
        [info(value, TensorProto.FLOAT, [rows, 7])],
        [numpy_helper.from_array(w, "w"), numpy_helper.from_array(m, "m")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    session = rnn_mlir.Session(rnn_mlir.compile(model.SerializeToString(), target="cpu"))
    # Each operation hands the error on, as it is or through |m|, and adds its roundings: 7 for a sum of 7 products.
    want, error, rounding = x.astype(np.float64), 0, 2.0**-24
    for index in range(0, 48, 4):
        want = np.maximum(want, 0) - w
        error = error + rounding * np.abs(want)
        want = np.where(want >= 0, want, (index + 2) / 48 * want)
        error = (error + 8 * rounding * np.abs(want)) @ np.abs(m.astype(np.float64))
        want = want @ m
    assert np.max(error) < 1e-5 * np.abs(want).max()
    assert np.all(np.abs(session.run({"x": x})[value] - want) <= error)


def test_an_array_is_freed_behind_its_last_use():
    """A chain takes the memory of a few of its arrays of 4 MB, not of all 40."""
    nodes = [helper.make_node("Neg", [f"v{k}"], [f"v{k + 1}"]) for k in range(40)]
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes, "g", [info("v0", TensorProto.FLOAT, ["N"])], [info("v40", TensorProto.FLOAT, ["N"])]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    program = rnn_mlir.compile(model.SerializeToString(), target="cpu", host_cpu="native")
    x = np.linspace(-1, 1, 1 << 20, dtype=np.float32)
    assert np.array_equal(rnn_mlir.Session(program, memory_limit=16 / 1024).run({"v0": x})["v40"], x)


@pytest.mark.parametrize("operator", ["Sigmoid", "Tanh"])
def test_activations_of_float64_are_float64(operator):
    """A few roundings of float64 beside the exact value, also where the exponential overflows."""
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node(operator, ["x"], ["y"])],
        "g",
        [info("x", TensorProto.DOUBLE, ["N"])],
        [info("y", TensorProto.DOUBLE, ["N"])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    x = np.concatenate([np.random.default_rng(0).uniform(-30, 30, 1000), [-800, 800, -np.inf, np.inf, np.nan, 0.0]])
    wide = x.astype(np.longdouble)
    with np.errstate(all="ignore"):
        want = 1 / (1 + np.exp(-wide)) if operator == "Sigmoid" else np.tanh(wide)
    y = rnn_mlir.Session(rnn_mlir.compile(model.SerializeToString(), target="cpu")).run({"x": x})["y"]
    np.testing.assert_allclose(y, want.astype(np.float64), rtol=1e-15, atol=1e-300)
