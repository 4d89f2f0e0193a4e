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


#: Layers of the format that the key of `quantize` gives.
FORMATS = {"none": "f32", "fp16": "f16"}


@functools.cache
def targets(format):
    """The built-in machines that multiply this format and add up f32, as the generic target does."""
    names = [each["name"] for each in json.loads(rnnc("targets", "--json")) if each["kind"] == "device"]
    machines = {name: json.loads(rnnc("targets", name, "--json"))["mat"] for name in names}
    has = lambda name, key, value: value in machines[name].get(key, {"value": ["f32"]})["value"]  # noqa: E731
    return [name for name in names
            if has(name, "formats", format) and has(name, "accumulators", "f32") and name != "generic"]  # fmt: skip


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


def same_bits(model, feed, folder, quantize="none"):
    def run(target):
        program = rnn_mlir.compile(model, target=target, host_cpu="native", quantize=quantize)
        session = rnn_mlir.Session(program)
        return program, session.run(feed), session.report

    _, want, _ = run("generic")
    roomy = machine(folder, "roomy", dict.fromkeys(MEMORIES, 1 << 24))
    tight = machine(folder, "tight", needs(run(roomy)[0], folder))
    cycles = {}
    for target in [*targets(FORMATS[quantize]), roomy, tight, "cpu"]:
        _, got, report = run(target)
        if target != "cpu":
            cycles[str(target)] = report["cycles"]
        for name, array in want.items():
            assert got[name].tobytes() == array.tobytes(), f"{name} on {target}"
    return cycles


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is absent")
@pytest.mark.parametrize("quantize", FORMATS)
@pytest.mark.parametrize("test", RECURRENT, ids=lambda test: f"{test.parent.name}/{test.name}")
def test_onnx_node_test(test, quantize, tmp_path):
    model = onnx.load(test / "model.onnx")
    data = pathlib.Path(test) / "test_data_set_0"
    feed = {}
    for number, info in enumerate(model.graph.input):
        tensor = onnx.TensorProto()
        tensor.ParseFromString((data / f"input_{number}.pb").read_bytes())
        feed[info.name] = numpy_helper.to_array(tensor)
    same_bits(model.SerializeToString(), feed, tmp_path, quantize)


def test_there_are_machines_of_each_format():
    assert "singlestream" in targets("f32") and "epur" in targets("f16")


@pytest.mark.parametrize("quantize", FORMATS)
@pytest.mark.parametrize("kind, seed", [("narrow", seed) for seed in range(10)] + [("wide", seed) for seed in range(2)])
def test_random_stack(kind, seed, quantize, tmp_path):
    stack = Stack(np.random.default_rng(seed), KINDS[kind])
    cycles = same_bits(stack.model(), stack.feed, tmp_path, quantize)
    # At least each built-in machine, and the odd one, has a time of its own.
    assert len(set(cycles.values())) >= min(len(targets(FORMATS[quantize])), 2) + 1


@pytest.mark.parametrize("first", range(0, 24, 8))
def test_layers_without_an_operator(first, tmp_path):
    """SRU, QRNN and LSTM with a projection."""
    module, feed = text([draw(seed) for seed in range(first, first + 8)])
    path = tmp_path / "layers.mlir"
    path.write_text(module)
    assert len(set(same_bits(path, feed, tmp_path, "none").values())) > 2
