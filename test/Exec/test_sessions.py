"""What stays on the tile from call to call: no weight comes twice, values are those of a new session."""

import json
import re
import subprocess

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper
from places import RNNC
from shrunken_targets import GENERIC, account_problems, changed

STEPS, BATCH, INPUTS = 3, 2, 8


def target(tmp_path, *changes):
    text = GENERIC.read_text()
    for change in changes:
        text = changed(text, *change)
    (tmp_path / "target.yaml").write_text(text)
    return tmp_path / "target.yaml"


def stack(*units, host=False):
    """Layers of LSTM upon another; with `host` a host operator stands between them."""
    rng = np.random.default_rng(3)
    nodes, weights, name, width = [], [], "x", INPUTS
    for k, size in enumerate(units):
        for kind, columns in (("W", width), ("R", size)):
            value = rng.normal(size=(1, 4 * size, columns)).astype(np.float32) * 0.2
            weights.append(numpy_helper.from_array(value, f"{kind}{k}"))
        weights.append(numpy_helper.from_array(rng.normal(size=(1, 8 * size)).astype(np.float32), f"B{k}"))
        node = helper.make_node("LSTM", [name, f"W{k}", f"R{k}", f"B{k}"], [f"y{k}"], name=f"lstm{k}", hidden_size=size)
        squeeze = helper.make_node("Squeeze", [f"y{k}", "one"], [f"z{k}"])
        nodes += [node, squeeze]
        name, width = f"z{k}", size
        if host:
            nodes.append(helper.make_node("Neg", [name], [f"n{k}"]))
            name = f"n{k}"
    weights.append(numpy_helper.from_array(np.array([1]), "one"))
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["T", "B", INPUTS])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["T", "B", width])],
        weights,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8).SerializeToString()


def feed(seed=0, steps=STEPS):
    return {"x": np.random.default_rng(seed).normal(size=(steps, BATCH, INPUTS)).astype(np.float32)}


def run(session, inputs):
    """The only output, and the report of this run alone."""
    session.reset_report()
    (output,) = session.run(inputs).values()
    assert not account_problems(session.report)
    return output, session.report


def keeps(program, prefix="weight"):
    return [
        {each["name"]: each["keeps"] for each in one["buffers"] if each["memory"] == "weight"}
        for one in program.info["programs"]
    ]


@pytest.mark.parametrize("host", [False, True])
def test_later_calls_load_no_weight(host):
    program = rnn_mlir.compile(stack(24, 40, host=host), host_cpu="native")
    assert keeps(program) == [{"weight_0": "session", "weight_1": "session"}] * 2
    session = rnn_mlir.Session(program)
    read = lambda report: sum(layer["bytes"]["dram"]["read"] for layer in report["layers"])  # noqa: E731
    inputs = 4 * STEPS * BATCH * (INPUTS + 24)
    for call in range(4):
        for seed in (call, call + 1):
            output, report = run(session, feed(seed))
            fresh, first = run(rnn_mlir.Session(program), feed(seed))
            assert np.array_equal(output, fresh)
            # Rows of 32 and 96 bytes: bursts are of 64.
            assert read(first) > 4 * (4 * 24 * (INPUTS + 24) + 4 * 40 * (24 + 40))
            later = (call, seed) != (0, 0)
            assert (report["first_runs"], report["later_runs"]) == (not later, later)
            assert report["later_dram_bytes" if later else "first_dram_bytes"] == read(report)
            if later:
                assert read(report) <= 2 * inputs
                assert report["cycles"] < first["cycles"]


def test_a_reset_empties_the_tile():
    session = rnn_mlir.Session(rnn_mlir.compile(stack(24), host_cpu="native"))
    cycles = [run(session, feed())[1]["cycles"] for _ in range(3)]
    session.reset()
    again = [run(session, feed())[1]["cycles"] for _ in range(2)]
    assert cycles == [again[0], again[1], again[1]] and again[0] > again[1]


def test_a_run_that_trapped_leaves_an_empty_tile():
    program = rnn_mlir.compile(stack(24), host_cpu="native")
    session = rnn_mlir.Session(program, max_cycles=run(rnn_mlir.Session(program), feed())[1]["cycles"])
    run(session, feed())
    with pytest.raises(rnn_mlir.RunError, match="cycle limit"):
        session.run(feed(steps=100 * STEPS))
    output, report = run(session, feed())
    assert report["first_runs"] == 1 and np.array_equal(output, run(rnn_mlir.Session(program), feed())[0])


def panels(units, columns):
    return -(-4 * units // 16) * 16 * columns * 4


@pytest.mark.parametrize("missing", [1, 64, 5000, 12288])
def test_programs_that_do_not_fit_together(missing, tmp_path):
    """Every layer fits by itself; the largest weights that leave room for the others stay."""
    sizes = [panels(24, INPUTS), panels(24, 24), panels(40, 24), panels(40, 40)]
    capacity = sum(sizes) - missing
    assert capacity >= sizes[2] + sizes[3]
    where = target(tmp_path, ("weight", "capacity", capacity // 64 * 64, "B"))
    program = rnn_mlir.compile(stack(24, 40), target=where, host_cpu="native")
    kept = [kept for one in keeps(program) for kept in one.values()]
    assert "launch" in kept and "streamed" not in kept
    # What is loaded at a launch has room beside all that stays, of either program.
    stays = sum(size for size, kind in zip(sizes, kept, strict=True) if kind == "session")
    launch = [sum(sizes[2 * k + j] for j in range(2) if kept[2 * k + j] == "launch") for k in range(2)]
    assert stays + max(launch) <= capacity
    # Nothing more would fit.
    for k, kind in enumerate(kept):
        if kind == "launch":
            without = [launch[j] - (sizes[k] if k // 2 == j else 0) for j in range(2)]
            assert stays + sizes[k] + max(without) > capacity // 64 * 64
    assert any(re.search(r"weight memory: weight_\d is loaded at every launch: its \d+ bytes do not fit beside", remark)
               for remark in program.remarks)  # fmt: skip
    session, one = rnn_mlir.Session(program), rnn_mlir.compile(stack(24, 40), host_cpu="native")
    for seed in range(3):
        output, report = run(session, feed(seed))
        assert np.array_equal(output, run(rnn_mlir.Session(one), feed(seed))[0])
    loaded = sum(launch)
    assert loaded <= report["later_dram_bytes"] <= loaded + 4 * STEPS * BATCH * (INPUTS + 24) * 2


def test_runs_of_the_command_line(tmp_path):
    rnn_mlir.compile(stack(24), host_cpu="native").save(tmp_path / "m.rpu")
    np.save(tmp_path / "x.npy", feed()["x"])

    def rnnc(*arguments):
        command = [RNNC, "run", "m.rpu", "--input", "x=x.npy", "--report=r.json", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout, json.loads((tmp_path / "r.json").read_text())

    _, first = rnnc()
    text, report = rnnc("--runs=5")
    assert (report["runs"], report["first_runs"], report["later_runs"]) == (5, 1, 4)
    assert report["first_cycles"] == first["cycles"] == first["first_cycles"]
    assert report["later_cycles"] == 4 * report["later_cycles_per_run"] == report["cycles"] - first["cycles"]
    assert first["later_cycles_per_run"] is None and first["later_cycles"] == 0
    assert report["first_energy"] + report["later_energy"] == pytest.approx(report["energy"], rel=1e-12)
    # What bounds a first run need not be what bounds later ones: the largest sum is at most the sum of the largest.
    assert report["first_bound_cycles"] + report["later_bound_cycles"] >= report["bound_cycles"]
    assert f"a later one: {report['later_cycles_per_run']:.0f} cycles" in text
    for wrong in ("0", "1e3"):
        done = subprocess.run([RNNC, "run", "m.rpu", f"--runs={wrong}"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 2 and "--runs: expected a whole number from 1 to" in done.stderr
