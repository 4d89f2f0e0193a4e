"""The parts of a report add up to all cycles, for every layer of random models of fixed seeds."""

import numpy as np
import pytest
import rnn_mlir
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
