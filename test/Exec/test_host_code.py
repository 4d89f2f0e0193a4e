"""What no layer makes, on the host and on the machine: states that change places, constant results, failed checks."""

import subprocess

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper
from places import BUILD

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


def elementwise_chain(value, count, prefix, weights):
    """``count`` nodes one behind the other, the name of the last result, and what they do to an array of float32."""
    nodes = []
    for index in range(count):
        operator, weight = ("Add", "Mul", "Sub", "Div")[index % 4], f"w{index % len(weights)}"
        nodes.append(helper.make_node(operator, [value, weight], [f"{prefix}{index}"], name=f"{prefix}{index}"))
        value = f"{prefix}{index}"

    def compute(array):
        for index in range(count):
            function = (np.add, np.multiply, np.subtract, np.divide)[index % 4]
            array = function(array, weights[index % len(weights)])
        return array

    return nodes, value, compute


@pytest.mark.parametrize("chosen", [True, False])
def test_a_long_graph_becomes_several_functions(chosen, tmp_path):
    """With a branch that is long itself, an output in the middle, and an early value that the last node uses."""
    rng = np.random.default_rng(0)
    # An odd number, so that each operator meets each weight; products and quotients stay near what they are of.
    weights = (1 + rng.standard_normal((5, 7)) / 100).astype(np.float32)
    first, early, compute_first = elementwise_chain("x", 8, "a", weights)
    middle, output, compute_middle = elementwise_chain(early, 120, "b", weights)
    branch, inner, compute_branch = elementwise_chain(output, 120, "c", weights)
    last, late, compute_last = elementwise_chain("merged", 120, "d", weights)
    info = helper.make_tensor_value_info
    then = helper.make_graph(branch, "then", [], [info(inner, TensorProto.FLOAT, ["N", 7])])
    other = helper.make_graph(
        [helper.make_node("Neg", [early], ["negative"])], "else", [], [info("negative", TensorProto.FLOAT, ["N", 7])]
    )
    join = helper.make_node("If", ["which"], ["merged"], then_branch=then, else_branch=other)
    end = helper.make_node("Add", [late, early], ["y"])
    graph = helper.make_graph(
        [*first, *middle, join, *last, end],
        "g",
        [info("x", TensorProto.FLOAT, ["N", 7]), info("which", TensorProto.BOOL, [])],
        [info("y", TensorProto.FLOAT, ["N", 7]), info(output, TensorProto.FLOAT, ["N", 7])],
        [numpy_helper.from_array(weight, f"w{index}") for index, weight in enumerate(weights)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    rnn_opt = BUILD / "bin" / "rnn-opt"
    layers = subprocess.run([rnn_opt, path, "--rnn-compile=target=cpu"], check=True, capture_output=True).stdout
    code = subprocess.run([rnn_opt, "--rnn-host-to-llvm"], input=layers, check=True, capture_output=True).stdout
    assert code.count(b"llvm.func internal @rnn_segment_") >= 4

    x = rng.standard_normal((5, 7)).astype(np.float32)
    start = compute_first(x)
    between = compute_middle(start)
    want = compute_last(compute_branch(between) if chosen else -start) + start
    for target in ("generic", "cpu"):
        session = rnn_mlir.Session(rnn_mlir.compile(str(path), target=target))
        got = session.run({"x": x, "which": np.array(chosen)})
        # Each node rounds once, as NumPy does.
        np.testing.assert_array_equal(got[output], between)
        np.testing.assert_array_equal(got["y"], want)


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
