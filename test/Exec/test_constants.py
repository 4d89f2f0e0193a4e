"""Constants of a model: shared, computed from others, and as the input of a layer."""

import container
import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper

FLOAT = TensorProto.FLOAT


def compiled(nodes, inputs, outputs, constants, target="generic"):
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info(name, FLOAT, dims) for name, dims in inputs.items()],
        [helper.make_tensor_value_info(name, FLOAT, None) for name in outputs],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return rnn_mlir.compile(proto.SerializeToString(), target=target, host_cpu="native")


def sections(program) -> dict[str, int]:
    """Sizes of the sections of a program file."""
    return {one.name: one.end - one.begin for one in container.sections(program.to_bytes())}


def lstm(hidden, names=("x", "w", "r"), output="y"):
    return helper.make_node("LSTM", list(names), [output], name=output, hidden_size=hidden)


def weights(rng, hidden, columns):
    return {
        "w": rng.normal(size=(1, 4 * hidden, columns)).astype(np.float32) * 0.3,
        "r": rng.normal(size=(1, 4 * hidden, hidden)).astype(np.float32) * 0.3,
    }


def test_layers_with_equal_weights_share_them():
    """In one initializer, or in two that are equal."""
    rng = np.random.default_rng(0)
    constants = weights(rng, 24, 16)
    x = {"x": rng.normal(size=(3, 2, 16)).astype(np.float32)}
    inputs = {"x": ["T", "B", 16]}
    one = compiled([lstm(24)], inputs, ["y"], constants)
    wanted = rnn_mlir.Session(one).run(x)["y"]
    copies = constants | {"w2": constants["w"].copy(), "r2": constants["r"].copy()}
    for second in [("x", "w", "r"), ("x", "w2", "r2")]:
        two = compiled([lstm(24), lstm(24, second, "z")], inputs, ["y", "z"], copies)
        # 96 rows are six whole panels: the section holds the weights and nothing else.
        assert sections(two)["CNST"] == sections(one)["CNST"] == 4 * 96 * (16 + 24)
        found = rnn_mlir.Session(two).run(x)
        assert np.array_equal(found["y"], wanted) and np.array_equal(found["z"], wanted)


@pytest.mark.parametrize("target", ["cpu", "generic"])
def test_the_input_of_a_layer_may_be_a_constant(target):
    """Its values and lower bounds are those of the same array as an input of the model."""
    rng = np.random.default_rng(1)
    constants = weights(rng, 4, 3)
    x = rng.normal(size=(5, 2, 3)).astype(np.float32)
    given = rnn_mlir.Session(compiled([lstm(4)], {"x": ["T", "B", 3]}, ["y"], constants, target))
    known = rnn_mlir.Session(compiled([lstm(4)], {}, ["y"], constants | {"x": x}, target))
    assert np.array_equal(known.run({})["y"], given.run({"x": x})["y"])
    if target == "generic":
        bounds = [session.report["layers"][0]["bounds"] for session in (known, given)]
        assert bounds[0] == bounds[1] and bounds[0]["dependency"] > 0


def test_a_large_computed_weight_is_a_constant():
    """134 MB of weights, transposed, joined and cut by the model: what runs is the device program alone."""
    hidden = columns = 2048
    pattern = np.linspace(-1, 1, 4 * hidden + 1, dtype=np.float32)[:-1] / hidden
    w = np.stack([np.roll(pattern, 7 * k) for k in range(columns)], axis=1)
    r = np.stack([np.roll(pattern, -5 * k) for k in range(hidden)], axis=1)
    parts = np.ascontiguousarray(w.T)
    constants = {
        "left": parts[:, : 2 * hidden].copy(),
        "right": parts[:, 2 * hidden :].copy(),
        "long": np.concatenate([r, r[:1]])[None],
        "axis": np.array([0]),
        "begin": np.array([0]),
        "end": np.array([4 * hidden]),
        "one": np.array([1]),
    }
    nodes = [
        helper.make_node("Concat", ["left", "right"], ["joined"], axis=1),
        helper.make_node("Transpose", ["joined"], ["turned"], perm=[1, 0]),
        helper.make_node("Unsqueeze", ["turned", "axis"], ["w"]),
        helper.make_node("Slice", ["long", "begin", "end", "one"], ["r"]),
        lstm(hidden),
    ]
    program = compiled(nodes, {"x": [2, 1, columns]}, ["y"], constants)
    assert sections(program).keys() == {"META", "CNST", "PROG", "TARG"}
    assert sections(program)["CNST"] == w.nbytes + r.nbytes
    x = np.zeros((2, 1, columns), np.float32)
    x[0, 0, 3] = x[1, 0, 2000] = 100.0
    found = rnn_mlir.Session(program).run({"x": x})["y"]
    h = c = np.zeros(hidden)
    for t in range(2):
        gates, before = w.astype(np.float64) @ x[t, 0] + r.astype(np.float64) @ h, h
        i, o, f, g = np.split(gates, 4)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        h = np.tanh(c) / (1 + np.exp(-o))
        # A gate is a sum of 2048 products of the state and of one of the input. The functions' slopes are at most 1.
        rounded = (hidden * np.abs(r) @ np.abs(before) + 3 * np.abs(w) @ np.abs(x[t, 0])).max() * 2.0**-24
        assert np.allclose(found[t, 0, 0], h, rtol=0, atol=4 * rounded + 16 * 2.0**-24)
    assert np.abs(h).max() > 1e-3


@pytest.mark.parametrize("axes, steps", [([1], [-1]), ([1], [-2]), ([0, 1], [1, -1]), ([0, 1], [-1, 1])])
def test_a_part_of_a_constant_has_its_order(axes, steps):
    """Whole rows are cut out of the constant, all else is gathered."""
    whole = np.arange(12, dtype=np.float32).reshape(3, 4)
    starts = [0 if step > 0 else -1 for step in steps]
    ends = [np.iinfo(np.int64).max if step > 0 else np.iinfo(np.int64).min for step in steps]
    lists = {"starts": starts, "ends": ends, "axes": axes, "steps": steps}
    constants = {"whole": whole} | {name: np.array(value) for name, value in lists.items()}
    nodes = [helper.make_node("Slice", ["whole", *lists], ["part"]), helper.make_node("Add", ["part", "x"], ["y"])]
    index = [slice(None)] * 2
    for axis, step in zip(axes, steps):
        index[axis] = slice(None, None, step)
    program = compiled(nodes, {"x": [1]}, ["y"], constants, "cpu")
    found = rnn_mlir.Session(program).run({"x": np.ones(1, np.float32)})["y"]
    assert np.array_equal(found, whole[tuple(index)] + 1)


def test_beyond_the_budget_a_weight_is_computed_at_run_time():
    """The budget is 16 MiB and 16 bytes for a byte of the constants; here each Transpose takes the bytes of R."""
    rng = np.random.default_rng(2)
    hidden = 224
    constants = weights(rng, hidden, 1)
    x = {"x": rng.normal(size=(3, 1, 1)).astype(np.float32)}
    wanted = rnn_mlir.Session(compiled([lstm(hidden)], {"x": [3, 1, 1]}, ["y"], constants)).run(x)["y"]
    budget = (16 << 20) + 16 * sum(value.nbytes for value in constants.values())
    # An even number of them gives R again.
    most = budget // constants["r"].nbytes // 2 * 2
    for count, at_run_time in [(most, False), (most + 2, True)]:
        names = ["r"] + [f"r{k}" for k in range(count)]
        nodes = [helper.make_node("Transpose", [names[k]], [names[k + 1]], perm=[0, 2, 1]) for k in range(count)]
        program = compiled([*nodes, lstm(hidden, ("x", "w", names[-1]))], {"x": [3, 1, 1]}, ["y"], constants)
        assert any(name.startswith("HOST:") for name in sections(program)) == at_run_time
        assert np.array_equal(rnn_mlir.Session(program).run(x)["y"], wanted)
