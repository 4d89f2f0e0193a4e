"""All machines of one number format give the same bits: what a machine is decides time and energy, never a value."""

import functools
import json
import pathlib
import subprocess

import numpy as np
import onnx
import pytest
import rnn_mlir
from onnx import numpy_helper
from places import CORPUS, RECURRENT, RNNC
from random_layers import draw, text
from shrunken_targets import KINDS, Stack

#: Shapes that divide nothing: 37 rows, 5 columns, 3 lanes.
ODD = """
name: odd
summary: a made-up machine
base: generic
mat:
  rows: {value: 37, unit: "1", grade: assumed}
  columns: {value: 5, unit: "1", grade: assumed}
  mapping: {value: columns, grade: assumed}
vec:
  lanes: {value: 3, unit: "1", grade: assumed}
  activation:
    units: {value: 2, unit: "1", grade: assumed}
dram:
  burst: {value: 24, unit: B, grade: assumed}
"""
MEMORIES = ("weight", "vector", "acc")


@functools.cache
def targets():
    """The built-in machines of the generic target's format."""
    names = [each["name"] for each in json.loads(rnnc("targets", "--json")) if each["kind"] == "device"]
    formats = {name: json.loads(rnnc("targets", name, "--json"))["mat"].get("formats", {"value": ["f32"]})["value"]
               for name in names}  # fmt: skip
    return [name for name in names if formats[name] == ["f32"] and name != "generic"]


def rnnc(*arguments):
    return subprocess.run([RNNC, *arguments], capture_output=True, text=True, check=True, timeout=120).stdout


def needs(program, folder):
    """The bytes of each of the tile's memories that a plan uses."""
    path = folder / "plan.rpu"
    program.save(path)
    used = dict.fromkeys(MEMORIES, 64)
    for each in json.loads(rnnc("info", path, "--json"))["programs"]:
        for buffer in each["buffers"]:
            if (memory := buffer["memory"]) in used:
                used[memory] = max(used[memory], buffer["address"] + buffer["bytes"])
    return used


def machine(folder, name, capacities):
    """The odd machine with these bytes of each memory."""
    text = ODD.replace("name: odd", f"name: {name}") + "memories:\n"
    for memory, size in capacities.items():
        text += f"  {memory}:\n    capacity: {{value: {size}, unit: B, grade: assumed}}\n"
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return path


def same_bits(model, feed, folder):
    def run(target):
        program = rnn_mlir.compile(model, target=target, host_cpu="native")
        session = rnn_mlir.Session(program)
        return program, session.run(feed), session.report

    _, want, _ = run("generic")
    roomy = machine(folder, "roomy", dict.fromkeys(MEMORIES, 1 << 24))
    tight = machine(folder, "tight", needs(run(roomy)[0], folder))
    cycles = {}
    for target in [*targets(), roomy, tight]:
        _, got, report = run(target)
        cycles[str(target)] = report["cycles"]
        for name, array in want.items():
            assert got[name].tobytes() == array.tobytes(), f"{name} on {target}"
    return cycles


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is absent")
@pytest.mark.parametrize("test", RECURRENT, ids=lambda test: f"{test.parent.name}/{test.name}")
def test_onnx_node_test(test, tmp_path):
    model = onnx.load(test / "model.onnx")
    data = pathlib.Path(test) / "test_data_set_0"
    feed = {}
    for number, info in enumerate(model.graph.input):
        tensor = onnx.TensorProto()
        tensor.ParseFromString((data / f"input_{number}.pb").read_bytes())
        feed[info.name] = numpy_helper.to_array(tensor)
    same_bits(model.SerializeToString(), feed, tmp_path)


@pytest.mark.parametrize("kind, seed", [("narrow", seed) for seed in range(10)] + [("wide", seed) for seed in range(2)])
def test_random_stack(kind, seed, tmp_path):
    stack = Stack(np.random.default_rng(seed), KINDS[kind])
    assert len(set(same_bits(stack.model(), stack.feed, tmp_path).values())) > 2


@pytest.mark.parametrize("first", range(0, 24, 8))
def test_layers_without_an_operator(first, tmp_path):
    """SRU, QRNN and LSTM with a projection."""
    module, feed = text([draw(seed) for seed in range(first, first + 8)])
    path = tmp_path / "layers.mlir"
    path.write_text(module)
    assert len(set(same_bits(path, feed, tmp_path).values())) > 2
