"""The parts of a report add up to all cycles, for every layer of random models of fixed seeds."""

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper
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
    assert np.isclose(report["cycles"], sum(layer["cycles"] for layer in report["layers"]))


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
    assert layer([3])["dependency"] * 7 == one["dependency"] * 3
    assert not any(layer([0]).values())
    state, vectors = 16 * hidden * hidden, one["dram"] * 16 - 7 * 4 * (16 + hidden)
    streamed = max(0, state - (1 << 19))
    assert bool(streamed) == (hidden == 200)
    assert vectors >= 256 * hidden + state + 6 * streamed
