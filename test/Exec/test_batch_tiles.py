"""Sequences in lock-step give the bits of one after another, for every cell, schedule, tile, direction and lengths."""

import itertools
import re

import numpy as np
import pytest
import random_layers
import rnn_mlir
import test_random_projections as projections
import test_random_steps as any_steps
from onnx import TensorProto, helper, numpy_helper
from oracles.node import GATES
from shrunken_targets import GENERIC, account_problems, changed

INPUTS, UNITS = 5, 20
LENGTHS = {op: [3, 0, 7, 1, 6, 7, 0, 2, 5] for op in GATES}
#: ONNX has an RNN of no step refused.
LENGTHS["RNN"] = [3, 1, 7, 1, 6, 7, 4, 2, 5]
#: Tiles of sequences that divide the batch, leave a rest and are larger than it.
TILES = [
    {"schedule": "plain", "batch_tile": 2},
    {"schedule": "mwl", "batch_tile": 3, "time_tile": 1},
    {"schedule": "mwl", "batch_tile": 2, "time_tile": 3},
    {"schedule": "mwl", "batch_tile": 4},
    {"schedule": "overlap", "batch_tile": 3, "time_tile": 2},
    {"schedule": "auto", "batch_tile": 16},
    {},
]


def layer(op, direction, *, lengths, states, inputs=INPUTS, units=UNITS, batch="B", **attributes):
    """A layer whose outputs are all used."""
    rng = np.random.default_rng(5)
    directions, gates = 2 if direction == "bidirectional" else 1, GATES[op]
    shapes = {"W": (gates * units, inputs), "R": (gates * units, units), "Bias": (2 * gates * units,)}
    weights = [
        numpy_helper.from_array((rng.normal(size=(directions, *shape)) * 0.3).astype(np.float32), name)
        for name, shape in shapes.items()
    ]
    outputs = ["Y", "Y_h", "Y_c"] if op == "LSTM" else ["Y", "Y_h"]
    initial = (["h0", "c0"] if op == "LSTM" else ["h0"]) if states else []
    names = ["X", "W", "R", "Bias", "lengths" if lengths else "", *initial]
    if op == "LSTM" and states:
        names += ["P"]
        weights.append(numpy_helper.from_array(rng.normal(size=(directions, 3 * units)).astype(np.float32), "P"))
    node = helper.make_node(op, names, outputs, name="layer", hidden_size=units, direction=direction, **attributes)
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


def session(model, **options):
    return rnn_mlir.Session(rnn_mlir.compile(model, host_cpu="native", **options))


def same_bits(a, b):
    return a.keys() == b.keys() and all(a[name].tobytes() == b[name].tobytes() for name in a)


CASES = list(itertools.product(GATES, ["forward", "reverse", "bidirectional"], [False, True], [False, True]))


@pytest.mark.parametrize(("op", "direction", "lengths", "states"), CASES)
def test_the_same_bits(op, direction, lengths, states):
    kinds = {"op": op, "states": states, "directions": 2 if direction == "bidirectional" else 1}
    attributes = {"linear_before_reset": 1} if op == "GRU" and states else {}
    model = layer(op, direction, lengths=lengths, states=states, **attributes)
    all_lengths = LENGTHS[op] if lengths else None
    batches = {n: feed(7, n, **kinds, lengths=lengths and all_lengths[:n] or None) for n in (1, 2, 5, 9)}
    plain = session(model, batch_tile=1)
    wanted = {batch: plain.run(arrays) for batch, arrays in batches.items()}
    for sequence in range(9):
        of_one = {k: v.take([sequence], axis=0 if k == "lengths" else 1) for k, v in batches[9].items()}
        for name, value in plain.run(of_one).items():
            assert np.array_equal(value, wanted[9][name].take([sequence], axis=2 if name == "Y" else 1)), sequence
    for options in TILES:
        tiled = session(model, **options)
        for batch, arrays in batches.items():
            assert same_bits(tiled.run(arrays), wanted[batch]), (options, batch)
            steps = sum(all_lengths[:batch]) if lengths else 7 * batch
            assert all(one["steps"] == steps for one in tiled.report["layers"])
            assert not account_problems(tiled.report), (options, batch)
            tiled.reset_report()


def test_more_than_one_call_with_states():
    """A sequence that comes in pieces, whose states a session keeps on the host between calls."""
    model = layer("GRU", "forward", lengths=False, states=True)
    arrays = feed(8, 5, op="GRU", states=True)
    whole, tiled = session(model, batch_tile=1).run(arrays), session(model, batch_tile=3, time_tile=2)
    pieces, state = [], arrays["h0"]
    for first in (0, 3, 4):
        last = {0: 3, 3: 4, 4: 8}[first]
        found = tiled.run({"X": arrays["X"][first:last], "h0": state})
        state = found["Y_h"]
        pieces.append(found["Y"])
    assert np.concatenate(pieces).tobytes() == whole["Y"].tobytes() and state.tobytes() == whole["Y_h"].tobytes()


@pytest.mark.parametrize("first", range(0, 45, 15))
def test_random_layers(first, tmp_path):
    """SRU, QRNN with windows and histories, and LSTM with a projection."""
    schedules = [{"schedule": "mwl", "batch_tile": 1}, *TILES]
    wrong = random_layers.failures(list(range(700 + first, 715 + first)), "generic", tmp_path, schedules)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("seed", range(100, 124))
def test_random_projections(seed, tmp_path, monkeypatch):
    """Windows, states of the projection and in the accumulators, values that pass through."""
    monkeypatch.setattr(projections, "BATCH", 5)
    text, _, arrays = projections.recurrence(seed)
    path, found = tmp_path / "recurrence.mlir", []
    for tile in (1, 2, 3, 8):
        path.write_text(re.sub(r"time_tile = \d+ : i64", rf"\g<0>, batch_tile = {tile} : i64", text))
        found.append(session(path).run({f"input_{k}": array for k, array in enumerate(arrays)}))
    assert all(same_bits(found[0], other) for other in found[1:]), text


@pytest.mark.parametrize("seed", range(12))
def test_random_steps(seed, tmp_path):
    """Steps of any form, without and beside the projection of the next tile."""
    built = any_steps.Builder(seed).build()
    rng = np.random.default_rng([seed, 7])
    arrays = {"input_0": rng.uniform(-1, 1, (9, 5, any_steps.INPUTS)).astype(np.float32)}
    for index, size in enumerate(built.states):
        arrays[f"input_{index + 1}"] = rng.uniform(-1, 1, (5, size)).astype(np.float32)
    path, found = tmp_path / "step.mlir", []
    for schedule, time, batch in (
        ("plain", 1, 1),
        ("plain", 1, 2),
        ("mwl", 3, 4),
        ("overlap", 2, 3),
        ("overlap", 1, 5),
    ):
        text = built.text.replace("rnn.recurrence mwl", f"rnn.recurrence {schedule}")
        path.write_text(text.replace("time_tile = 3", f"batch_tile = {batch} : i64, time_tile = {time}"))
        found.append(session(path).run(arrays))
    assert all(same_bits(found[0], other) for other in found[1:]), built.text


def target(folder, *changes):
    text = GENERIC.read_text()
    for change in changes:
        text = changed(text, *change)
    (folder / "target.yaml").write_text(text)
    return folder / "target.yaml"


@pytest.mark.parametrize("lengths", [False, True])
@pytest.mark.parametrize("schedule", ["plain", "mwl"])
@pytest.mark.parametrize("op", GATES)
def test_a_streamed_weight_is_fetched_once_for_all(op, schedule, lengths, tmp_path):
    """The bytes that pass through the weight memory, to which nothing else is written, are those of one sequence; each
    further tile of sequences brings again what does not stay.
    """
    where = target(tmp_path, ("weight", "capacity", 11008 if op == "GRU" else 6144, "B"))
    model = layer(op, "forward", lengths=lengths, states=False, units=40)

    def weights(tile, batch):
        options = {"schedule": schedule, "time_tile": 2 if schedule == "mwl" else 0, "batch_tile": tile}
        tiled = session(model, **options, target=where)
        output = tiled.run(feed(7, batch, units=40, lengths=[7] * batch if lengths else None))
        assert not account_problems(tiled.report)
        return tiled.report["layers"][0]["bytes"]["weight"]["written"], output

    one, (several, output) = weights(1, 1)[0], weights(1, 5)
    assert several > one and (several - one) % 4 == 0
    for tile, tiles in ((2, 3), (3, 2), (5, 1), (8, 1)):
        found, same = weights(tile, 5)
        assert found == one + (tiles - 1) * (several - one) // 4 and same_bits(output, same), tile


def test_a_batch_of_eight_fetches_the_weights_of_one():
    """An LSTM of 512 units, whose weights of 4 MiB do not fit 2 MiB, for 50 steps."""
    model = layer("LSTM", "forward", lengths=False, states=False, inputs=64, units=512)
    for options in ({"schedule": "plain"}, {"schedule": "mwl", "time_tile": 2}, {}):
        tiled, moved, dram = session(model, **options, **({"batch_tile": 8} if options else {})), [], []
        for batch in (1, 8):
            tiled.run(feed(50, batch, inputs=64, units=512))
            (one,) = tiled.report["layers"]
            moved.append(one["bytes"]["weight"]["written"])
            # x, y and both states of each sequence are all else that the channel moves in.
            dram.append(one["bytes"]["dram"]["read"] - batch * 50 * 64 * 4)
            tiled.reset_report()
            tiled.reset()
        assert moved[0] == moved[1] and dram[0] == dram[1], options


def estimates(program):
    found = [re.search(r"(\w+) with a time tile of (\d+)(?: and a batch tile of (\d+))?: (\d+) cycles", each)
             for each in program.remarks]  # fmt: skip
    return next(each.groups() for each in found if each)


@pytest.mark.parametrize("op, units, batch", [("LSTM", 48, 5), ("GRU", 64, 8), ("LSTM", 200, 3), ("RNN", 96, 11)])
def test_the_estimate_is_what_a_batch_takes(op, units, batch):
    model = layer(op, "forward", lengths=False, states=False, inputs=32, units=units, batch=batch)
    program = rnn_mlir.compile(model, schedule="auto", host_cpu="native")
    _, _, tile, told = estimates(program)
    assert int(tile or 1) > 1
    run = rnn_mlir.Session(program)
    run.run(feed(100, batch, op=op, inputs=32, units=units))
    assert run.report["cycles"] == pytest.approx(int(told), rel=0.1)
    alone = session(model, schedule="auto", batch_tile=1)
    alone.run(feed(100, batch, op=op, inputs=32, units=units))
    assert run.report["cycles"] < alone.report["cycles"]


def test_a_batch_that_is_known_has_no_larger_tile():
    def remarks(batch, **options):
        model = layer("LSTM", "forward", lengths=False, states=False, batch=batch)
        return "\n".join(rnn_mlir.compile(model, host_cpu="native", **options).remarks)

    assert "batch tile of 3: up to 3 sequences take their steps together" in remarks(3)
    assert "batch tile of 3:" in remarks(3, batch_tile=8)
    assert "batch tile" not in remarks(1)
    assert "batch tile" not in remarks("B")


def test_a_tile_that_does_not_fit_is_refused(tmp_path):
    where = target(tmp_path, ("acc", "capacity", 4096, "B"))
    model = layer("LSTM", "forward", lengths=False, states=False)
    wanted = r"layer: error: batch-tile: expects at most 12 sequences in lock-step, .*, found 13"
    with pytest.raises(rnn_mlir.CompileError, match=wanted):
        rnn_mlir.compile(model, target=where, batch_tile=13, host_cpu="native")
    # 320 bytes of partial results a sequence and step.
    tiled = session(model, target=where, batch_tile=12)
    arrays = feed(7, 25)
    assert same_bits(tiled.run(arrays), session(model, batch_tile=1).run(arrays))


def test_without_effect_on_the_host():
    model = layer("GRU", "reverse", lengths=True, states=True)
    arrays = feed(7, 9, op="GRU", states=True, lengths=LENGTHS["GRU"])
    one, other = (session(model, target="cpu", batch_tile=tile).run(arrays) for tile in (1, 4))
    assert same_bits(one, other)
