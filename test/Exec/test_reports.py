"""The parts of a report add up to all cycles, for every layer of random models of fixed seeds."""

import re

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper
from oracles.node import GATES
from random_models import OPSETS, draw, model
from shrunken_targets import GENERIC, account_problems, changed

PER_MODEL = 12
# What bounds a layer: multipliers, the memory of weights, DRAM, or the chain from state to state.
MACHINES = {
    "generic": [],
    "few multipliers": [("mat", "rows", 1, '"1"'), ("mat", "columns", 1, '"1"')],
    "narrow weight memory": [("weight", "bandwidth", 1, "B/cycle")],
    "slow DRAM": [("dram", "bandwidth", 1, "B/cycle"), ("dram", "latency", 1000, "cycles")],
    "long pipelines": [("mat", "latency", 500, "cycles"), ("vec", "latency", 500, "cycles")],
    "one lane": [("vec", "lanes", 1, '"1"')],
    "slow sequencer": [("sequencer", "issue", 50, "cycles"), ("sequencer", "queue_depth", 1, '"1"')],
    "everything wide": [("mat", "rows", 1024, '"1"'), ("mat", "columns", 1024, '"1"'), ("vec", "lanes", 1024, '"1"'),
                        ("weight", "bandwidth", 65536, "B/cycle"), ("dram", "bandwidth", 4096, "B/cycle"),
                        ("mat", "latency", 0, "cycles"), ("dram", "latency", 0, "cycles")],
}  # fmt: skip


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("first", range(0, 2 * PER_MODEL, PER_MODEL))
def test_parts_add_up(machine, first, tmp_path):
    text = GENERIC.read_text()
    for change in MACHINES[machine]:
        text = changed(text, *change)
    (tmp_path / "target.yaml").write_text(text)
    cases = [draw(seed, OPSETS[first // PER_MODEL % len(OPSETS)]) for seed in range(first, first + PER_MODEL)]
    proto, feed, _ = model(cases)
    session = rnn_mlir.Session(
        rnn_mlir.compile(proto.SerializeToString(), target=tmp_path / "target.yaml", host_cpu="native")
    )
    session.run(feed)
    report = session.report
    assert len(report["layers"]) >= PER_MODEL
    problems = account_problems(report)
    assert not problems, "\n".join(problems)
    assert any(layer["cycles"] for layer in report["layers"])
    assert report["cycles"] == sum(layer["cycles"] for layer in report["layers"])


@pytest.mark.parametrize("hidden", [24, 200])
def test_bounds_are_of_layer_and_target(hidden, tmp_path):
    """They do not depend on the schedule; the dependency is that of the longest sequence, whatever the batch."""
    text = GENERIC.read_text()
    for change in [("weight", "capacity", 1 << 19, "B")]:
        text = changed(text, *change)
    (tmp_path / "target.yaml").write_text(text)
    rng = np.random.default_rng(0)
    weights = {
        "W": rng.normal(size=(1, 4 * hidden, 16)).astype(np.float32) * 0.1,
        "R": rng.normal(size=(1, 4 * hidden, hidden)).astype(np.float32) * 0.1,
    }
    node = helper.make_node("LSTM", ["X", "W", "R", "", "lengths"], ["Y"], name="lstm", hidden_size=hidden)
    graph = helper.make_graph(
        [node],
        "g",
        [
            helper.make_tensor_value_info("X", TensorProto.FLOAT, ["T", "B", 16]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["B"]),
        ],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, ["T", 1, "B", hidden])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)

    def layer(lengths, **options):
        program = rnn_mlir.compile(
            proto.SerializeToString(), target=tmp_path / "target.yaml", host_cpu="native", **options
        )
        session = rnn_mlir.Session(program)
        x = rng.normal(size=(7, len(lengths), 16)).astype(np.float32)
        session.run({"X": x, "lengths": np.array(lengths, np.int32)})
        assert not account_problems(session.report)
        result = session.report["layers"][0]
        assert max(result["bounds"].values()) <= result["cycles"]
        return result["bounds"]

    one, plans = layer([7]), [{"schedule": "plain"}, {"time_tile": 2}, {"time_tile": 5}]
    assert one["dependency"] and [layer([7], **plan) for plan in plans] == [one] * len(plans)
    eight = layer([7, 0, 3, 1, 7, 2, 5, 6])
    assert eight["dependency"] == one["dependency"]
    assert eight["weight"] == one["weight"]
    assert eight["arithmetic"] == -(-31 * 4 * hidden * (16 + hidden) // 256)
    # The input of the first step and the result of the last one have their way, the chain is the same for each step.
    dependency = [layer([steps])["dependency"] for steps in (1, 3, 7)]
    assert 4 * (dependency[1] - dependency[0]) == 2 * (dependency[2] - dependency[1]) > 0
    assert dependency[0] > (dependency[1] - dependency[0]) / 2
    # Of mat, in bytes of weights at 512 a cycle: blocks of 16 x 16, a cycle for each step of a sequence, and for those
    # of the state at least their bytes at each step of the longest.
    rows, columns = -(-4 * hidden // 16), -(-hidden // 16)
    assert one["mat"] == -(-(7 * 16 * hidden * hidden + 7 * rows * 512) // 512)
    assert eight["mat"] == 31 * rows * (columns + 1)
    assert not any(layer([0]).values())
    state, vectors = 16 * hidden * hidden, one["dram"] * 16 - 7 * 4 * (16 + hidden)
    streamed = max(0, state - (1 << 19))
    assert bool(streamed) == (hidden == 200)
    assert vectors >= 256 * hidden + state + 6 * streamed


def target(tmp_path, *changes):
    text = GENERIC.read_text()
    for change in changes:
        text = changed(text, *change)
    (tmp_path / "target.yaml").write_text(text)
    return tmp_path / "target.yaml"


def recurrent(hidden, inputs, *, states=False, lengths=False, op="LSTM"):
    """A layer of one direction; with `states` both go in and come out, with `lengths` the lengths go in."""
    rng = np.random.default_rng(1)
    weights = {
        "W": rng.normal(size=(1, GATES[op] * hidden, inputs)).astype(np.float32) * 0.1,
        "R": rng.normal(size=(1, GATES[op] * hidden, hidden)).astype(np.float32) * 0.1,
    }
    state_inputs = ["h", "c"] if states else []
    outputs = ["Y", "Y_h", "Y_c"] if states else ["Y"]
    node = helper.make_node(
        op, ["X", "W", "R", "", "lengths" if lengths else "", *state_inputs], outputs, name="layer", hidden_size=hidden
    )
    shapes = {"Y": ["T", 1, "B", hidden], "Y_h": [1, "B", hidden], "Y_c": [1, "B", hidden]}
    values = {"X": ["T", "B", inputs], **{name: [1, "B", hidden] for name in state_inputs}}
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in values.items()]
        + [helper.make_tensor_value_info("lengths", TensorProto.INT32, ["B"])] * lengths,
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shapes[name]) for name in outputs],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8).SerializeToString()


def ran(model_bytes, steps, batch, hidden, inputs, states=False, runs=1, **options):
    session = rnn_mlir.Session(rnn_mlir.compile(model_bytes, host_cpu="native", **options))
    feed = {"X": np.zeros((steps, batch, inputs), np.float32)}
    if states:
        feed |= {name: np.zeros((1, batch, hidden), np.float32) for name in "hc"}
    for _ in range(runs):
        session.run(feed)
    assert not account_problems(session.report)
    return session.report


@pytest.mark.parametrize("batch", [1, 3])
def test_weights_that_are_loaded_again_are_reload(batch, tmp_path):
    hidden, inputs, steps, capacity = 64, 32, 6, 16384
    slow = [("dram", "bandwidth", 1, "B/cycle"), ("weight", "capacity", capacity, "B")]
    (layer,) = ran(recurrent(hidden, inputs), steps, batch, hidden, inputs, target=target(tmp_path, *slow),
                   schedule="plain", batch_tile=1)["layers"]  # fmt: skip
    assert layer["account"]["bound"] == "dram"
    # At 1 B a cycle a byte is a cycle. Every step of every sequence reads both weights, but for those panels of the
    # weight of the state that stay beside the rings of two panels of each.
    input_bytes, state_bytes = 16 * hidden * inputs, 16 * hidden * hidden
    input_panel, state_panel = 64 * inputs, 64 * hidden
    stays = (capacity - 2 * input_panel - 2 * state_panel) // state_panel * state_panel
    traffic = batch * steps * (input_bytes + state_bytes) - (batch * steps - 1) * stays
    bound = input_bytes + state_bytes + (steps - 1) * (state_bytes - capacity)
    assert layer["account"]["reload"] == traffic - bound
    assert layer["account"]["excess"] == 0
    # The multipliers wait for them, but for the first time.
    stalls = layer["engines"]["mat"]["stalls"]
    assert stalls["reload"] > (traffic - input_bytes - state_bytes) * 0.9 and stalls["wait_load"] > 0


def test_the_chains_of_a_batch_run_one_after_another(tmp_path):
    hidden, inputs, steps, batch = 16, 4, 200, 3
    alone, less, together = (
        ran(recurrent(hidden, inputs), t, b, hidden, inputs, target="generic")["layers"][0]["account"]
        for t, b in ((steps, 1), (steps - 1, 1), (steps, batch))
    )
    assert alone["bound"] == together["bound"] == "dependency"
    assert alone["bound_cycles"] == together["bound_cycles"]
    # Of a chain what a step more adds.
    step = alone["bound_cycles"] - less["bound_cycles"]
    assert alone["sequences"] == 0 and together["sequences"] == (batch - 1) * steps * step
    assert together["excess"] >= 0


def test_the_weights_of_a_batch_come_again_for_each_sequence(tmp_path):
    """Where mat binds: a step takes 64 blocks of the input and 4 of the state, or 16 cycles for its bytes."""
    hidden, inputs, steps, batch = 16, 256, 200, 3
    wide = target(tmp_path, ("dram", "bandwidth", 4096, "B/cycle"), ("weight", "bandwidth", 256, "B/cycle"))
    alone, together = (
        ran(recurrent(hidden, inputs), steps, b, hidden, inputs, target=wide)["layers"][0]["account"]
        for b in (1, batch)
    )
    assert alone["bound"] == together["bound"] == "mat"
    assert alone["bound_cycles"] == steps * (64 + 16) and alone["sequences"] == 0
    assert together["bound_cycles"] == batch * steps * 64 + steps * 16
    assert together["sequences"] == (batch - 1) * steps * 16 and together["excess"] >= 0


def test_resident_weights_are_not_loaded_again(tmp_path):
    (layer,) = ran(recurrent(64, 32), 6, 3, 64, 32, target=target(tmp_path, ("dram", "bandwidth", 1, "B/cycle")))[
        "layers"
    ]
    assert layer["account"]["bound"] == "dram" and layer["account"]["reload"] == 0
    assert not any(engine["stalls"]["reload"] for engine in layer["engines"].values())


@pytest.mark.parametrize("states", [False, True])
@pytest.mark.parametrize(("steps", "batch"), [(1, 1), (5, 1), (4, 3)])
def test_the_dram_bound_is_the_traffic_of_a_resident_layer(steps, batch, states, tmp_path):
    """Rows are whole bursts, and nothing is read twice: the bound has every byte that the channel is charged."""
    hidden, inputs = 32, 16
    (layer,) = ran(recurrent(hidden, inputs, states=states), steps, batch, hidden, inputs, states,
                   target=target(tmp_path, ("dram", "bandwidth", 1, "B/cycle")))["layers"]  # fmt: skip
    weights, rows, state = 16 * hidden * (inputs + hidden), 4 * steps * (inputs + hidden), 2 * 2 * 4 * hidden
    assert layer["bounds"]["dram"] == weights + batch * (rows + state * states)
    assert layer["bytes"]["dram"]["read"] + layer["bytes"]["dram"]["written"] == layer["bounds"]["dram"]
    assert layer["account"]["bound"] == "dram" and layer["account"]["excess"] == 0


@pytest.mark.parametrize("op", ["LSTM", "GRU"])
def test_the_chain_of_a_step_is_chain(op, tmp_path):
    hidden, inputs = 16, 16

    def layer(steps):
        return ran(recurrent(hidden, inputs, op=op), steps, 1, hidden, inputs)["layers"][0]

    one, two, three = (layer(steps)["engines"] for steps in (10, 20, 30))
    for engine, other in (("mat", "wait_vec"), ("vec", "wait_mat")):
        chain = [each[engine]["stalls"]["chain"] for each in (one, two, three)]
        # So much for each step more.
        assert 0 < chain[0] and chain[2] - chain[1] == chain[1] - chain[0] > 0
        assert one[engine]["stalls"][other] == two[engine]["stalls"][other]


@pytest.mark.parametrize("batch", [1, 4])
def test_a_host_counts_the_steps_of_its_layers(batch):
    report = ran(recurrent(16, 8), 7, batch, 16, 8, target="cpu", runs=2)
    assert report["steps"] == 2 * 7 * batch and report["launches"] == 0
    assert np.isclose(report["host_seconds_per_step"] * report["steps"], report["host_seconds"])
    figures = ("clock", "cycles", "seconds", "energy", "bound_cycles")
    figures += ("cycles_per_step", "seconds_per_step", "energy_per_step")
    assert [report[key] for key in figures] == [None] * 8
    assert report["layers"] == [] and re.search("cpu has no device", report["note"])
    device = ran(recurrent(16, 8), 7, batch, 16, 8, runs=2)
    assert device["steps"] == report["steps"] and device["note"] == ""


def test_steps_past_the_lengths_do_not_count():
    steps = []
    for target_name in ("cpu", "generic"):
        session = rnn_mlir.Session(rnn_mlir.compile(recurrent(16, 8, lengths=True), target=target_name))
        session.run({"X": np.zeros((7, 4, 8), np.float32), "lengths": np.array([7, 0, 2, 4], np.int32)})
        steps.append(session.report["steps"])
    assert steps == [13, 13]


@pytest.mark.parametrize("target_name", ["cpu", "generic"])
def test_the_steps_of_runs_add_up_over_different_layers(target_name):
    """Which of two layers runs is up to an input."""
    rng = np.random.default_rng(5)
    weights = [numpy_helper.from_array(rng.uniform(-1, 1, (1, 16, 4)).astype(np.float32), name) for name in "WR"]

    def branch(name):
        layer = helper.make_node("LSTM", ["X", "W", "R"], [f"Y_{name}"], hidden_size=4, name=name)
        return helper.make_graph(
            [layer], name, [], [helper.make_tensor_value_info(f"Y_{name}", TensorProto.FLOAT, None)]
        )

    choice = helper.make_node("If", ["C"], ["Y"], then_branch=branch("one"), else_branch=branch("other"))
    graph = helper.make_graph(
        [choice],
        "g",
        [
            helper.make_tensor_value_info("C", TensorProto.BOOL, []),
            helper.make_tensor_value_info("X", TensorProto.FLOAT, ["T", 1, 4]),
        ],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8).SerializeToString()
    session = rnn_mlir.Session(rnn_mlir.compile(model, target=target_name, host_cpu="native"))
    for steps, chosen in ((3, True), (5, False), (2, True)):
        session.run({"C": np.array(chosen), "X": np.zeros((steps, 1, 4), np.float32)})
    assert session.report["steps"] == 3 + 5 + 2
    if target_name == "generic":
        assert sorted(layer["steps"] for layer in session.report["layers"]) == [5, 5]
