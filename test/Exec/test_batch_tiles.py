"""Sequences in lock-step give the bits of one after another, for every cell, tile, direction and set of lengths."""

import itertools

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper
from oracles.node import GATES
from shrunken_targets import GENERIC, account_problems, changed

INPUTS, UNITS = 5, 20
LENGTHS = [3, 0, 7, 1, 6, 7, 0, 2, 5]


def layer(op, direction, *, lengths, states, inputs=INPUTS, units=UNITS, batch="B", **attributes):
    """A layer whose outputs are all used."""
    rng = np.random.default_rng(5)
    directions = 2 if direction == "bidirectional" else 1
    gates = GATES[op]
    shapes = {"W": (gates * units, inputs), "R": (gates * units, units), "Bias": (2 * gates * units,)}
    weights = [
        numpy_helper.from_array((rng.normal(size=(directions, *shape)) * 0.3).astype(np.float32), name)
        for name, shape in shapes.items()
    ]
    outputs = ["Y", "Y_h", "Y_c"] if op == "LSTM" else ["Y", "Y_h"]
    initial = (["h0", "c0"] if op == "LSTM" else ["h0"]) if states else []
    node = helper.make_node(
        op,
        ["X", "W", "R", "Bias", "lengths" if lengths else "", *initial],
        outputs,
        name="layer",
        hidden_size=units,
        direction=direction,
        **attributes,
    )
    state = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [directions, batch, units])  # noqa: E731
    ins = [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["T", batch, inputs])]
    if lengths:
        ins.append(helper.make_tensor_value_info("lengths", TensorProto.INT32, [batch]))
    ins += [state(name) for name in initial]
    outs = [helper.make_tensor_value_info("Y", TensorProto.FLOAT, ["T", directions, batch, units])]
    outs += [state(name) for name in outputs[1:]]
    graph = helper.make_graph([node], "g", ins, outs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8).SerializeToString()


def feed(steps, batch, *, op="LSTM", lengths=None, states=False, directions=1, inputs=INPUTS, units=UNITS):
    rng = np.random.default_rng(batch)
    result = {"X": rng.normal(size=(steps, batch, inputs)).astype(np.float32)}
    if lengths is not None:
        result["lengths"] = np.array(lengths, np.int32)
    for name in (["h0", "c0"] if op == "LSTM" else ["h0"]) if states else []:
        result[name] = rng.normal(size=(directions, batch, units)).astype(np.float32)
    return result


def part(arrays, sequence):
    """The inputs of one sequence of a batch."""
    axes = {"lengths": 0}
    return {name: value.take([sequence], axis=axes.get(name, 1)) for name, value in arrays.items()}


CASES = list(itertools.product(GATES, ["forward", "reverse", "bidirectional"], [False, True], [False, True]))


@pytest.mark.parametrize(("op", "direction", "lengths", "states"), CASES)
def test_the_same_bits(op, direction, lengths, states):
    directions = 2 if direction == "bidirectional" else 1
    attributes = {"linear_before_reset": 1} if op == "GRU" and states else {}
    model = layer(op, direction, lengths=lengths, states=states, **attributes)
    kinds = {"op": op, "states": states, "directions": directions}
    batches = {batch: feed(7, batch, **kinds, lengths=LENGTHS[:batch] if lengths else None) for batch in (1, 2, 5, 9)}
    plain = rnn_mlir.Session(rnn_mlir.compile(model, batch_tile=1, host_cpu="native"))
    wanted = {batch: plain.run(arrays) for batch, arrays in batches.items()}
    for sequence in range(9):
        alone = plain.run(part(batches[9], sequence))
        for name, value in alone.items():
            axis = 2 if name == "Y" else 1
            assert np.array_equal(value, wanted[9][name].take([sequence], axis=axis)), (name, sequence)
    for options in ({"batch_tile": 2}, {"batch_tile": 4, "time_tile": 3}, {"batch_tile": 8, "schedule": "plain"}, {}):
        session = rnn_mlir.Session(rnn_mlir.compile(model, **options, host_cpu="native"))
        for batch, arrays in batches.items():
            for name, value in session.run(arrays).items():
                assert np.array_equal(value, wanted[batch][name]), (options, batch, name)
            steps = (7 * batch if not lengths else sum(LENGTHS[:batch])) * 1
            assert all(one["steps"] == steps for one in session.report["layers"])
            assert not account_problems(session.report)
            session.reset_report()


def target(tmp_path, *changes):
    text = GENERIC.read_text()
    for change in changes:
        text = changed(text, *change)
    (tmp_path / "target.yaml").write_text(text)
    return tmp_path / "target.yaml"


@pytest.mark.parametrize("lengths", [False, True])
@pytest.mark.parametrize("op", GATES)
def test_a_streamed_weight_is_fetched_once_for_all(op, lengths, tmp_path):
    """Plain, every weight comes at every step: once for the batch."""
    where = target(tmp_path, ("weight", "capacity", 4096, "B"))
    model = layer(op, "forward", lengths=lengths, states=False)

    def weights(tile, batch):
        options = {"schedule": "plain", "batch_tile": tile, "target": where, "host_cpu": "native"}
        program = rnn_mlir.compile(model, **options)
        kinds = {each["keeps"] for each in program.info["programs"][0]["buffers"] if each["memory"] == "weight"}
        session = rnn_mlir.Session(program)
        output = session.run(feed(7, batch, lengths=LENGTHS[2:][:batch] if lengths else None))
        assert not account_problems(session.report)
        (one,) = session.report["layers"]
        # What passes through the weight memory; nothing else is written to it.
        return kinds, one["bytes"]["weight"]["written"], output

    kinds, one, _ = weights(1, 1)
    assert kinds == {"streamed"}
    assert weights(8, 5)[1] == one
    assert weights(2, 5)[1] <= 3 * one
    assert weights(1, 5)[1] > 2 * one
    assert all(np.array_equal(a, b) for a, b in zip(weights(8, 5)[2].values(), weights(1, 5)[2].values(), strict=True))


def test_a_batch_that_is_known_has_no_larger_tile():
    program = rnn_mlir.compile(layer("LSTM", "forward", lengths=False, states=False, batch=3), host_cpu="native")
    assert any("batch tile of 3" in remark for remark in program.remarks), program.remarks
    one = rnn_mlir.compile(layer("LSTM", "forward", lengths=False, states=False, batch=1), host_cpu="native")
    assert not any("batch tile" in remark for remark in one.remarks), one.remarks
