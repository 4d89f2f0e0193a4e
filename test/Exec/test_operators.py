"""Every operator at every version against the specification: random attributes, types, shapes and constants."""

import functools

import numpy as np
import onnxruntime
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper
from operators import GENERATORS, NEWEST, cases, difference, failures, for_runtime, runtime, versions

NOT_HERE = {"LSTM", "GRU", "RNN", "Constant", "If", "Loop", "Scan"}
PER_VERSION = 5
# ONNX Runtime 1.31 refuses models of a newer operator set.
RUNTIMES_NEWEST = 26


@functools.cache
def group(opset: int) -> list:
    """Cases of the operators that change at this version; of all operators at the newest."""
    return [
        case
        for op, changes in versions().items()
        if op in GENERATORS and (opset in changes or opset == NEWEST)
        for case in cases(op, opset, PER_VERSION)
    ]


OPSETS = sorted({v for op, changes in versions().items() if op in GENERATORS for v in changes} | {NEWEST})


def test_every_operator_has_a_generator():
    assert set(versions()) - NOT_HERE == set(GENERATORS)


@pytest.mark.parametrize("opset", OPSETS)
def test_values(opset):
    wrong = failures(group(opset))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("opset", OPSETS)
def test_the_oracle_agrees_with_onnx_runtime(opset):
    compared, wrong = 0, []
    for case in group(opset):
        other = for_runtime(case) if case.runtime_agrees else None
        found = runtime(other) if other else None
        if found is None:
            continue
        compared += 1
        for expected, actual in zip(case.expected, found, strict=True):
            # Its functions are less exact than ours; another meaning of an operator shows as more.
            if text := difference(case, np.asarray(actual), expected, rtol=1e-5, atol=1e-6):
                wrong.append(f"{case.describe()}: {text}")
    assert not wrong, "\n".join(wrong)
    # Below opset 7 it has some of the operators alone, of one type alone many at 22.
    assert compared >= len(group(opset)) * (0.3 if opset < 7 else 0.5 if opset <= RUNTIMES_NEWEST else 0)


def serialized(nodes, inputs, outputs, opset=13, constants=()):
    """A model of a graph: inputs and outputs as (name, type, dims)."""
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info(*one) for one in inputs],
        [helper.make_tensor_value_info(*one) for one in outputs],
        [numpy_helper.from_array(np.asarray(x), name) for name, x in constants],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    return proto.SerializeToString()


def session(nodes, inputs, outputs, opset=13, constants=(), target="cpu"):
    """A session of such a model."""
    proto = serialized(nodes, inputs, outputs, opset, constants)
    return rnn_mlir.Session(rnn_mlir.compile(proto, target=target, host_cpu="native"))


def refused(made, feeds, text):
    """The run ends in one error, at the node `it`."""
    with pytest.raises(rnn_mlir.RunError) as failure:
        made.run(feeds)
    assert str(failure.value).count("error:") == 1
    assert ":it: error: " in str(failure.value) and text in str(failure.value)


FLOAT, INT64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
ROW = np.arange(6, dtype=np.float32)


@pytest.fixture(scope="module")
def divide():
    node = helper.make_node("Div", ["a", "b"], ["c"], name="it")
    return session([node], [("a", INT64, ["N"]), ("b", INT64, ["N"])], [("c", INT64, None)])


def test_a_division_by_zero_names_the_node(divide):
    refused(divide, {"a": np.array([4, 4]), "b": np.array([2, 0])}, "Div expects divisors that are not zero")


def test_the_quotient_that_does_not_fit_wraps(divide):
    low = np.iinfo(np.int64).min
    assert divide.run({"a": np.array([low, low]), "b": np.array([-1, 1])})["c"].tolist() == [low, low]


# Shapes of a and b as declared, and as given.
BROADCASTS = [
    (["N", 3], [1, 3], [((n, 3), (1, 3)) for n in (0, 1, 2)]),
    (["N", 3], [], [((n, 3), ()) for n in (0, 1, 2)]),
    ([3], ["N", 3], [((3,), (n, 3)) for n in (0, 1, 2)]),
    (["N", 3], [4, 3], [((n, 3), (4, 3)) for n in (1, 4)]),
    (["N", "M"], ["K"], [((2, m), (k,)) for m, k in ((3, 3), (3, 1), (1, 3), (1, 1), (1, 0), (0, 1), (0, 0))]),
    (["N", 1], [1, "M"], [((n, 1), (1, m)) for n in (0, 1, 2) for m in (0, 1, 3)]),
]


@pytest.mark.parametrize(("a", "b", "shapes"), BROADCASTS)
def test_sizes_known_at_run_time_broadcast(a, b, shapes):
    # Each operand is used again beside a value of its own size and one of the joint size.
    nodes = [
        helper.make_node("Sub", ["a", "b"], ["c"]),
        helper.make_node("Neg", ["a"], ["d"]),
        helper.make_node("Mul", ["d", "a"], ["e"]),
        helper.make_node("Add", ["e", "c"], ["y"]),
    ]
    made = session(nodes, [("a", FLOAT, a), ("b", FLOAT, b)], [("y", FLOAT, None)])
    for first, second in shapes:
        x = np.arange(1, 1 + np.prod(first), dtype=np.float32).reshape(first)
        z = 10 * np.arange(1, 1 + np.prod(second), dtype=np.float32).reshape(second)
        found, wanted = made.run({"a": x, "b": z})["y"], -x * x + (x - z)
        assert found.shape == wanted.shape and (found == wanted).all(), (first, second)


@pytest.mark.parametrize(
    ("a", "b", "shapes"),
    [
        (["N", 3], [4, 3], [((n, 3), (4, 3)) for n in (0, 2, 5)]),
        (["N", 3], ["M", 3], [((n, 3), (m, 3)) for n, m in ((2, 3), (0, 2), (2, 0))]),
    ],
)
def test_sizes_that_differ_at_run_time_are_refused(a, b, shapes):
    made = session(
        [helper.make_node("Add", ["a", "b"], ["y"], name="it")],
        [("a", FLOAT, a), ("b", FLOAT, b)],
        [("y", FLOAT, None)],
    )
    for first, second in shapes:
        feeds = {"a": np.ones(first, np.float32), "b": np.ones(second, np.float32)}
        refused(made, feeds, "Add expects operands whose shapes broadcast")


@pytest.mark.parametrize("index", [3, -4, 2**40, -(2**63)])
def test_an_index_out_of_range_names_the_node(index):
    node = helper.make_node("Gather", ["x", "i"], ["y"], name="it")
    made = session([node], [("x", FLOAT, ["N", 2]), ("i", INT64, [1])], [("y", FLOAT, None)])
    refused(made, {"x": ROW.reshape(3, 2), "i": np.array([index])}, "Gather expects indices in range")


HUGE = [2**31 - 1, 2**32, 2**62, 2**63 - 1]


@pytest.mark.parametrize("op", ["Expand", "ConstantOfShape"])
def test_sizes_are_checked_before_memory_is_taken(op):
    inputs = ["x", "shape"] if op == "Expand" else ["shape"]
    made = session(
        [helper.make_node(op, inputs, ["y"], name="it")],
        [("x", FLOAT, [1, 1, 1]), ("shape", INT64, [3])],
        [("y", FLOAT, None)],
    )
    x = np.ones((1, 1, 1), np.float32)
    for sizes in ([2, 3, 4], [0, 3, 4], [2**20, 0, 2**20]):
        assert made.run({"x": x, "shape": np.array(sizes)})["y"].shape == tuple(sizes)
    wrong = [
        [-1, 1, 1],
        [-2, -2, 2],
        *([2, size, 1] for size in HUGE),
        [2**22, 2**21, 2**21],
        [2**32] * 3,
        [2**31, 2**31, 4],
    ]
    for sizes in wrong:
        refused(
            made,
            {"x": x, "shape": np.array(sizes)},
            f"{op} expects sizes that are not negative and a result of at most 2 GiB",
        )


def test_a_shape_given_at_run_time():
    made = session(
        [helper.make_node("Reshape", ["x", "shape"], ["y"], name="it")],
        [("x", FLOAT, ["N", "M"]), ("shape", INT64, [3])],
        [("y", FLOAT, None)],
    )
    x = ROW.reshape(2, 3)
    for sizes in ([1, 2, 3], [-1, 2, 3], [0, -1, 1], [0, 0, 1], [2, 1, -1], [3, 2, 1]):
        wanted = x.reshape([x.shape[i] if s == 0 else s for i, s in enumerate(sizes)])
        np.testing.assert_array_equal(made.run({"x": x, "shape": np.array(sizes)})["y"], wanted)
    wrong = [
        [-1, -1, 6],
        [-2, -3, 1],
        [0, 0, 0],
        [7, 1, 1],
        [-1, 4, 1],
        [2**62, 4, 6],
        *([size, 1, 1] for size in HUGE),
    ]
    for sizes in [*wrong, [2**32, 2**32, 1], [-(2**63), 1, 1], [-1, 2**40, 2**40], [6, -(2**63), -(2**63)]]:
        refused(
            made, {"x": x, "shape": np.array(sizes)}, "Reshape expects a shape of as many elements as the input has"
        )
    empty = np.zeros((2, 0), np.float32)
    assert made.run({"x": empty, "shape": np.array([5, 0, 4])})["y"].shape == (5, 0, 4)
    refused(made, {"x": empty, "shape": np.array([-1, 0, 4])}, "Reshape expects a shape")


@pytest.mark.parametrize("mode", ["constant", "edge", "reflect"])
def test_pads_given_at_run_time(mode):
    made = session(
        [helper.make_node("Pad", ["x", "pads"], ["y"], name="it", mode=mode)],
        [("x", FLOAT, ["N"]), ("pads", INT64, [2])],
        [("y", FLOAT, None)],
    )
    for pads in ([0, 0], [2, 3], [5, 0], [-2, 1], [1, -4]):
        cut = ROW[max(-pads[0], 0) : 6 + min(pads[1], 0)]
        wanted = (
            np.pad(cut, [max(p, 0) for p in pads], mode=mode) if len(cut) > max(pads) or mode != "reflect" else None
        )
        if wanted is not None:
            np.testing.assert_array_equal(made.run({"x": ROW, "pads": np.array(pads)})["y"], wanted)
    for pads in ([-4, -3], [2**30, 2**30], *([size, size] for size in HUGE), [-(2**63), 2**63 - 1], [2**63 - 1, 1]):
        refused(made, {"x": ROW, "pads": np.array(pads)}, "Pad ")
    if mode != "constant":
        refused(made, {"x": ROW[:0], "pads": np.array([1, 0])}, "Pad ")


@pytest.mark.parametrize("axes", [None, [1]])
@pytest.mark.parametrize("mode", ["constant", "edge", "reflect"])
def test_an_empty_dimension_without_pads(mode, axes):
    """Only a dimension that is padded has to have elements; NumPy agrees."""
    named = [] if axes is None else ["axes"]
    made = session(
        [helper.make_node("Pad", ["x", "pads", "", *named][: 4 if named else 2], ["y"], name="it", mode=mode)],
        [("x", FLOAT, ["N", "M"]), ("pads", INT64, [2 if named else 4])],
        [("y", FLOAT, None)], opset=18, constants=[("axes", np.array([1]))] if named else [],
    )  # fmt: skip

    def feeds(x, before, after):
        return {"x": x, "pads": np.array([before, after] if named else [0, before, 0, after])}

    for shape in ([0, 3], [2, 3], [2, 0], [0, 0]):
        x = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
        for before, after in ([0, 0], [1, 1], [0, 2], [2, 0]):
            if shape[1] or mode == "constant" or before == after == 0:
                wanted = np.pad(x, [(0, 0), (before, after)], mode=mode)
                np.testing.assert_array_equal(made.run(feeds(x, before, after))["y"], wanted)
            else:
                refused(made, feeds(x, before, after), "in dimension 1")


CONV_OF_NOTHING = {
    "pads": ([0, 6, 16], [2, 6, 3], {"pads": [0, 2]}),
    "pads, groups": ([0, 6, 16], [4, 3, 3], {"pads": [1, 2], "group": 2}),
    "pads, strides": ([0, 6, 16], [2, 6, 3], {"pads": [1, 1], "strides": [2]}),
    "pads, 2-D": ([0, 6, 8, 9], [2, 6, 3, 3], {"pads": [1, 0, 2, 1]}),
    "SAME_UPPER": ([0, 6, 16], [2, 6, 4], {"auto_pad": "SAME_UPPER", "strides": [3]}),
    "SAME_LOWER, 2-D": ([0, 6, 8, 9], [4, 3, 2, 3], {"auto_pad": "SAME_LOWER", "group": 2}),
    "all": ([0, 6, 16], [2, 6, 3], {}),
}


@pytest.mark.parametrize("static", [True, False])
@pytest.mark.parametrize("name", CONV_OF_NOTHING)
def test_a_convolution_of_no_samples(name, static):
    shape, kernel, attributes = CONV_OF_NOTHING[name]
    node = helper.make_node("Conv", ["x", "w", "b"], ["y"], **attributes)
    constants = [("w", np.ones(kernel, np.float32)), ("b", np.ones(kernel[0], np.float32))]
    x = np.zeros(shape, np.float32)
    inputs, outputs = [("x", FLOAT, shape if static else ["N", *shape[1:]])], [("y", FLOAT, None)]
    wanted = onnxruntime.InferenceSession(serialized([node], inputs, outputs, constants=constants)).run(None, {"x": x})
    found = session([node], inputs, outputs, constants=constants).run({"x": x})
    assert found["y"].shape == wanted[0].shape and found["y"].shape[:2] == (0, kernel[0])


def test_a_convolution_of_pads_alone():
    """The input has no elements, its pads make one window."""
    node = helper.make_node("Conv", ["x", "w", "b"], ["y"], pads=[2, 1])
    constants = [("w", np.ones([2, 6, 3], np.float32)), ("b", np.array([1, 2], np.float32))]
    for pads in ([2, 1], [3, 0], [0, 3]):
        node.attribute[0].ints[:] = pads
        made = session([node], [("x", FLOAT, [1, 6, 0])], [("y", FLOAT, None)], constants=constants)
        assert made.run({"x": np.zeros((1, 6, 0), np.float32)})["y"].tolist() == [[[1], [2]]]


def test_a_bias_of_a_length_known_at_run_time():
    node = helper.make_node("Conv", ["x", "w", "b"], ["y"], name="it")
    w = np.arange(12, dtype=np.float32).reshape(2, 6, 1)
    inputs = [("x", FLOAT, ["N", 6, 4]), ("b", FLOAT, ["K"])]
    made = session([node], inputs, [("y", FLOAT, None)], constants=[("w", w)])
    x, b = np.arange(48, dtype=np.float32).reshape(2, 6, 4), np.array([100, 200], np.float32)
    # Sums of integers below 2^24 are exact.
    wanted = np.einsum("mc,ncs->nms", w[:, :, 0], x) + b[:, None]
    np.testing.assert_array_equal(made.run({"x": x, "b": b})["y"], wanted)
    for size in (0, 1, 3):
        refused(made, {"x": x, "b": np.ones(size, np.float32)}, "Conv expects filters and elements of B to be equal")


def test_bounds_given_at_run_time():
    node = helper.make_node("Slice", ["x", "s", "e", "axes", "steps"], ["y"], name="it")
    made = session(
        [node], [("x", FLOAT, ["N", 2]), ("s", INT64, [2]), ("e", INT64, [2])], [("y", FLOAT, None)],
        constants=[("axes", np.array([0, 1])), ("steps", np.array([2, -1]))],
    )  # fmt: skip
    x = ROW.reshape(3, 2)
    bounds = [0, 1, -1, 3, -3, 7, -7, 2**62, -(2**62), 2**63 - 1, -(2**63)]
    for s in bounds:
        for e in bounds:
            # Unlike NumPy, ONNX moves a start before the first element to it in either direction.
            wanted = x[s:e:2, max(s, -2) : e : -1]
            np.testing.assert_array_equal(made.run({"x": x, "s": np.array([s, s]), "e": np.array([e, e])})["y"], wanted)


def test_a_product_of_sizes_beyond_all_memory_is_refused():
    """2^22 elements in each of three dimensions: the number of bytes is 0 modulo 2^64."""
    node = helper.make_node("Where", ["c", "a", "b"], ["y"], name="it")
    inputs = [("c", BOOL, ["C", 1, 1]), ("a", FLOAT, [1, "A", 1]), ("b", FLOAT, [1, 1, "B"])]
    made = session([node], inputs, [("y", FLOAT, None)])

    def feeds(n):
        return {"c": np.ones((n, 1, 1), bool), "a": np.ones((1, n, 1), np.float32), "b": np.ones((1, 1, n), np.float32)}

    assert made.run(feeds(3))["y"].shape == (3, 3, 3)
    refused(made, feeds(2**22), "more than 2^48 bytes")


def test_squeeze_without_axes_of_unknown_sizes():
    node = helper.make_node("Squeeze", ["x"], ["y"], name="it")
    made = session([node], [("x", FLOAT, ["N", 1])], [("y", FLOAT, None)])
    np.testing.assert_array_equal(made.run({"x": ROW.reshape(6, 1)})["y"], ROW)
    refused(made, {"x": ROW[:1].reshape(1, 1)}, "Squeeze without axes expects a size other than 1 in dimension 0")
    made = session([node], [("x", FLOAT, ["N", 1, 6])], [("y", FLOAT, [6])])
    np.testing.assert_array_equal(made.run({"x": ROW.reshape(1, 1, 6)})["y"], ROW)
    refused(made, {"x": np.zeros((2, 1, 6), np.float32)}, "Squeeze expects size 1 in dimension 0")


def branch(op, inputs):
    return helper.make_graph(
        [helper.make_node(op, inputs, ["r"])], op, [], [helper.make_tensor_value_info("r", FLOAT, None)]
    )


# As exporters write a squeeze of a size that they do not know.
SQUEEZE_OR_NOT = helper.make_node(
    "If", ["c"], ["z"], name="it",
    then_branch=branch("Squeeze", ["x", "axis"]), else_branch=branch("Identity", ["x"]),
)  # fmt: skip


@pytest.mark.parametrize("target", ["cpu", "generic"])
def test_the_branch_whose_rank_fits_is_taken(target):
    use = helper.make_node("Gemm", ["z", "w"], ["y"], name="use")
    made = session(
        [SQUEEZE_OR_NOT, use], [("c", BOOL, []), ("x", FLOAT, ["N", 3, 1])], [("y", FLOAT, None)],
        constants=[("axis", np.array([2])), ("w", np.ones((3, 1), np.float32))], target=target,
    )  # fmt: skip
    x = ROW.reshape(2, 3, 1)
    assert made.run({"c": np.array(True), "x": x})["y"].tolist() == [[3.0], [12.0]]
    refused(made, {"c": np.array(False), "x": x}, "If expects its condition to be true")


def test_branches_that_both_fit_are_refused():
    inputs = [("c", BOOL, []), ("x", FLOAT, ["N", 3, 1])]
    use = helper.make_node("Relu", ["z"], ["y"], name="use")
    with pytest.raises(rnn_mlir.CompileError, match=":it: error: If supports branches decided at run time of one rank"):
        session([SQUEEZE_OR_NOT, use], inputs, [("y", FLOAT, None)], constants=[("axis", np.array([2]))])
    # The rank of the output decides.
    made = session([SQUEEZE_OR_NOT, use], inputs, [("y", FLOAT, ["N", 3])], constants=[("axis", np.array([2]))])
    assert made.run({"c": np.array(True), "x": ROW.reshape(2, 3, 1)})["y"].shape == (2, 3)
    refused(made, {"c": np.array(False), "x": ROW.reshape(2, 3, 1)}, "If expects its condition to be true")


@pytest.mark.parametrize("target", ["cpu", "generic"])
@pytest.mark.parametrize("shape", [["k"], ["k", 1], ["k", "n"]])
def test_a_condition_has_one_element(target, shape):
    node = helper.make_node(
        "If", ["c"], ["y"], name="it", then_branch=branch("Neg", ["x"]), else_branch=branch("Abs", ["x"])
    )
    made = session([node], [("c", BOOL, shape), ("x", FLOAT, ["N"])], [("y", FLOAT, None)], target=target)
    x, ones = np.array([1.0, -2.0], np.float32), [1] * len(shape)
    for taken, y in ((True, [-1.0, 2.0]), (False, [1.0, 2.0])):
        assert made.run({"c": np.full(ones, taken), "x": x})["y"].tolist() == y
    for size in (0, 2):
        wrong = {"c": np.ones([size, *ones[1:]], bool), "x": x}
        refused(made, wrong, "If expects a condition of one element, size 1 in dimension 0")
    if shape[-1] == "n":
        wrong = {"c": np.ones([1, 3], bool), "x": x}
        refused(made, wrong, "If expects a condition of one element, size 1 in dimension 1")


@pytest.mark.parametrize("target", ["cpu", "generic"])
def test_one_value_under_two_names(target):
    """Of a recurrent layer, of a host operator, and of an input that is an output itself."""
    nodes = [
        helper.make_node("RNN", ["x", "w", "r"], ["h"], hidden_size=1),
        helper.make_node("Neg", ["x"], ["n"]),
        helper.make_node("Identity", ["h"], ["h2"]),
        helper.make_node("Identity", ["n"], ["n2"]),
        helper.make_node("Identity", ["x"], ["x2"]),
    ]
    weights = [("w", np.ones((1, 1, 1), np.float32)), ("r", np.zeros((1, 1, 1), np.float32))]
    names = ["h", "n", "x", "h2", "n2", "x2"]
    made = session(
        nodes, [("x", FLOAT, ["T", "B", 1])], [(name, FLOAT, None) for name in names], constants=weights, target=target
    )
    x = ROW.reshape(3, 2, 1)
    found = made.run({"x": x})
    assert list(found) == names
    assert np.array_equal(found["x"], x) and np.array_equal(found["n"], -x)
    assert np.allclose(found["h"].ravel(), np.tanh(x).ravel(), rtol=1e-6)
    for name in ["h", "n", "x"]:
        assert np.array_equal(found[name + "2"], found[name])
        assert not np.shares_memory(found[name + "2"], found[name])


@pytest.mark.parametrize("n", [1, 200_000])
def test_the_mean_of_many(n):
    """In f32, adding to a sum of 10^5 rounds each element by up to 2^-8."""
    node = helper.make_node("ReduceMean", ["x"], ["y"], name="it", keepdims=0)
    made = session([node], [("x", FLOAT, ["N"])], [("y", FLOAT, None)])
    x = np.random.default_rng(n).uniform(0.5, 1.5, n).astype(np.float32)
    np.testing.assert_allclose(made.run({"x": x})["y"], x.astype(np.float64).mean(), rtol=2**-23)


def test_the_softmax_of_many():
    """2^24 is where adding 1 stops to change a sum in f32."""
    node = helper.make_node("Softmax", ["x"], ["y"], name="it")
    made = session([node], [("x", FLOAT, ["N"])], [("y", FLOAT, None)])
    n = 2**24 + 2**20
    y = made.run({"x": np.zeros(n, np.float32)})["y"]
    np.testing.assert_allclose(y, np.full(n, 1 / n), rtol=2**-23)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_erf_is_odd_at_zero(dtype):
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    made = session([helper.make_node("Erf", ["x"], ["y"])], [("x", kind, [2])], [("y", kind, None)])
    y = made.run({"x": np.array([0.0, -0.0], dtype)})["y"]
    assert y.tolist() == [0, 0] and np.signbit(y).tolist() == [False, True]
