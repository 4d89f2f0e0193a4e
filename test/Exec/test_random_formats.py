"""Random layers of every cell and number format: both targets have the bits of the specification, in every schedule."""

import subprocess

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper
from oracles import machine, recurrences
from places import RNN_OPT
from random_formats import CELLS, NARROW, NARROW_HOST, SCHEDULES, differences, draw, meaning

SEEDS = 4


@pytest.fixture
def narrow(tmp_path):
    """A device and a host that add to sums of f16."""
    paths = tmp_path / "narrow.yaml", tmp_path / "narrow-host.yaml"
    for path, text in zip(paths, (NARROW, NARROW_HOST)):
        path.write_text(text)
    return paths


def some(seed):
    """Two of the schedules, so that each is compiled for every cell."""
    return [SCHEDULES[seed % len(SCHEDULES)], SCHEDULES[(seed + 2) % len(SCHEDULES)]]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("element", ["f32", "f16"])
def test_sums_of_f32(cell, element, tmp_path):
    wrong = []
    for seed in range(SEEDS):
        wrong += differences(draw(seed, element, cell), ("generic", "cpu"), tmp_path, schedules=some(seed))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("cell", CELLS)
def test_sums_of_f16(cell, tmp_path, narrow):
    wrong = []
    for seed in range(100, 100 + SEEDS):
        wrong += differences(draw(seed, "f16", cell), narrow, tmp_path, schedules=some(seed))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("cell", CELLS)
def test_layers_of_f32_in_f16(cell, tmp_path, narrow):
    """``quantize=fp16``: on machines of either kind of sums, with conversions at the layer's borders."""
    wrong = []
    for seed in range(200, 200 + SEEDS // 2):
        case = draw(seed, "f32", cell)
        for targets in (("generic", "cpu"), narrow):
            wrong += differences(case, targets, tmp_path, "fp16", some(seed))
    assert not wrong, "\n".join(wrong)


def test_how_sums_are_rounded_counts(tmp_path, narrow):
    """Else a machine with narrow sums would pass with wide ones."""
    differ = 0
    for seed in range(300, 310):
        case = draw(seed, "f16", "lstm")
        wide, rounded = meaning(case, "generic", tmp_path), meaning(case, narrow[0], tmp_path)
        differ += any(one.tobytes() != other.tobytes() for one, other in zip(wide, rounded, strict=True))
    assert differ > 5


def test_the_model_of_the_functions_is_near_the_functions():
    """Within the errors that the specification states, of float64."""
    x = np.concatenate([np.linspace(-20, 20, 40001), np.logspace(-30, 1.5, 2000)]).astype(np.float32)
    exact = x.astype(np.float64)
    for found, want in (
        (machine.exp(x), np.exp(exact)),
        (machine.expm1(x), np.expm1(exact)),
        (machine.log1p(np.abs(x)), np.log1p(np.abs(exact))),
        (machine.sigmoid(x), 1 / (1 + np.exp(-exact))),
        (machine.tanh(x), np.tanh(exact)),
    ):
        ulp = np.spacing(np.abs(want).astype(np.float32)).astype(np.float64)
        assert np.max(np.abs(found - want) / ulp) < 2


def test_fma_rounds_once():
    """2^-24 is half of the last place of 1: what is beside it decides, also where float64 has no place for it."""
    one, half, last = np.float32(1), np.float32(2**-24), np.float32(2**-23)
    assert machine.fma(one, half, one) == one
    assert machine.fma(one + last, half, one) == one + last
    assert machine.fma(half * (one + last), one - last, one + last) == one + last
    assert machine.fma(half * (one + last), one, one + last) == one + 2 * last


#: A value that is rounded and taken again in the same step, a product of each kind of sums, and a mask that is stored.
MIXED = """
func.func @main(%x: tensor<?x?x17xf16>, %w: tensor<33x17xf16>, %s: tensor<?x33xf32>, %h: tensor<?x33xf16>)
    -> (tensor<?x?x33xf16>, tensor<?x33xf32>, tensor<?x33xf16>) {
  %v = arith.constant dense<0.333> : tensor<33xf16>
  %y, %t, %u = rnn.recurrence mwl %x init(%s, %h) project {
  ^bb0(%a: tensor<17xf16>):
    %p = rnn.product %w, %a : (tensor<33x17xf16>, tensor<17xf16>) -> tensor<33xf32>
    %q = rnn.product %w, %a : (tensor<33x17xf16>, tensor<17xf16>) -> tensor<33xf16>
    rnn.yield %p, %q : tensor<33xf32>, tensor<33xf16>
  } step {
  ^bb0(%p: tensor<33xf32>, %q: tensor<33xf16>, %s0: tensor<33xf32>, %h0: tensor<33xf16>):
    %c = arith.extf %v : tensor<33xf16> to tensor<33xf32>
    %g = arith.extf %h0 : tensor<33xf16> to tensor<33xf32>
    %m = arith.cmpf ogt, %p, %g : tensor<33xf32>
    %a = arith.mulf %p, %c : tensor<33xf32>
    %n = arith.truncf %a : tensor<33xf32> to tensor<33xf16>
    %r = arith.extf %n : tensor<33xf16> to tensor<33xf32>
    %i = tensor.extract_slice %n[3] [17] [1] : tensor<33xf16> to tensor<17xf16>
    %k = rnn.product %w, %i acc(%q) : (tensor<33x17xf16>, tensor<17xf16>, tensor<33xf16>) -> tensor<33xf16>
    %l = arith.extf %k : tensor<33xf16> to tensor<33xf32>
    %z = arith.select %m, %r, %l : tensor<33xi1>, tensor<33xf32>
    %b = arith.addf %z, %s0 : tensor<33xf32>
    %o = arith.truncf %z : tensor<33xf32> to tensor<33xf16>
    rnn.yield %n, %b, %o : tensor<33xf16>, tensor<33xf32>, tensor<33xf16>
  } {time_tile = 2 : i64} : (tensor<?x?x17xf16>, tensor<?x33xf32>, tensor<?x33xf16>)
    -> (tensor<?x?x33xf16>, tensor<?x33xf32>, tensor<?x33xf16>)
  return %y, %t, %u : tensor<?x?x33xf16>, tensor<?x33xf32>, tensor<?x33xf16>
}
"""


def test_values_of_several_types(tmp_path):
    """The text of the steps is their meaning: formats of values, of sums, and where each is rounded."""
    machine_of_both = tmp_path / "both.yaml"
    machine_of_both.write_text(
        "name: both\nsummary: sums of both\nbase: generic\nmat:\n  accumulators: {value: [f32, f16], grade: assumed}\n"
    )
    rng = np.random.default_rng(7)
    shapes = {"x": (5, 2, 17), "w": (33, 17), "s": (2, 33), "h": (2, 33)}
    arrays = [rng.standard_normal(shape).astype(np.float32 if name == "s" else np.float16)
              for name, shape in shapes.items()]  # fmt: skip
    path = tmp_path / "mixed.mlir"
    path.write_text(MIXED)
    printed = subprocess.run([RNN_OPT, path], capture_output=True, text=True, check=True).stdout
    want = recurrences.run(printed, arrays)
    for target in (machine_of_both, "cpu"):
        found = rnn_mlir.Session(rnn_mlir.compile(path, target=target, host_cpu="native")).run(
            {f"input_{index}": array for index, array in enumerate(arrays)}
        )
        for one, other in zip(found.values(), want, strict=True):
            assert one.dtype == other.dtype and one.tobytes() == other.tobytes(), target


def onnx_model(op, element, direction="bidirectional"):
    """A layer of random weights that f16 holds, as tensors of ``element``."""
    rng = np.random.default_rng(0)
    hidden, width, directions = 12, 7, 2 if direction == "bidirectional" else 1
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[op]
    type = {np.float32: TensorProto.FLOAT, np.float16: TensorProto.FLOAT16}[element]
    constants = {
        "w": rng.standard_normal((directions, gates * hidden, width)) / 3,
        "r": rng.standard_normal((directions, gates * hidden, hidden)) / 4,
        "b": rng.standard_normal((directions, 2 * gates * hidden)) / 4,
    }
    node = helper.make_node(op, ["x", *constants], ["y", "h"], name="layer", hidden_size=hidden, direction=direction)
    inputs = [helper.make_tensor_value_info("x", type, ["T", "B", width])]
    wanted = [helper.make_tensor_value_info(name, type, None) for name in ("y", "h")]
    initializers = [numpy_helper.from_array(value.astype(np.float16).astype(element), name)
                    for name, value in constants.items()]  # fmt: skip
    graph = helper.make_graph([node], "g", inputs, wanted, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8).SerializeToString()


@pytest.mark.parametrize("op", ["LSTM", "GRU", "RNN"])
def test_an_onnx_model_of_f16(op):
    """Computed in f32 with its outputs rounded once; with ``fp16`` as a model of f32 whose layers are made f16."""
    x = np.random.default_rng(1).standard_normal((6, 2, 7)).astype(np.float16)

    def run(element, **options):
        program = rnn_mlir.compile(onnx_model(op, element), host_cpu="native", **options)
        return program, rnn_mlir.Session(program).run({"x": x.astype(element)})

    for target in ("generic", "cpu"):
        for quantize in ("none", "fp16"):
            _, wide = run(np.float32, target=target, quantize=quantize)
            program, found = run(np.float16, target=target, quantize=quantize)
            for name, array in found.items():
                assert array.dtype == np.float16
                assert array.tobytes() == wide[name].astype(np.float16).tobytes(), (target, quantize, name)
    # Nothing is lost of the weights.
    assert any("rounded by up to 0.00e+00" in remark for remark in program.remarks)


def test_a_layer_of_a_name(tmp_path):
    """Both directions of a node have its name, and each one of its own."""
    model, x = onnx_model("GRU", np.float32), np.random.default_rng(1).standard_normal((6, 2, 7)).astype(np.float32)

    def run(quantize):
        program = rnn_mlir.compile(model, host_cpu="native", quantize=quantize)
        return rnn_mlir.Session(program).run({"x": x})["y"]

    exact, all_of_it = run("none"), run("fp16")
    assert np.any(exact[:, 0] != all_of_it[:, 0]) and np.any(exact[:, 1] != all_of_it[:, 1])
    np.testing.assert_array_equal(run("layer:fp16"), all_of_it)
    np.testing.assert_array_equal(run("fp16,layer:none"), exact)
    forward = run("layer (forward):fp16")
    np.testing.assert_array_equal(forward[:, 0], all_of_it[:, 0])
    np.testing.assert_array_equal(forward[:, 1], exact[:, 1])
    with pytest.raises(rnn_mlir.CompileError, match="no layer is called 'lair'; there are 'layer'"):
        run("lair:fp16")
    with pytest.raises(rnn_mlir.CompileError, match="quantize: expected none or fp16, found w9a9"):
        run("w9a9")


def test_a_machine_of_f16_refuses_a_layer_of_f32():
    refusal = "layer.*: error: has products of f32: epur takes f16 .*the option quantize chooses the format of a layer"
    with pytest.raises(rnn_mlir.CompileError, match=refusal):
        rnn_mlir.compile(onnx_model("LSTM", np.float32), target="epur")
    rnn_mlir.compile(onnx_model("LSTM", np.float32), target="epur", quantize="fp16")
