"""Arrays that a program must not write to: those that a layer reads later, and those of the caller."""

import subprocess

import numpy as np
import pytest
import rnn_mlir
from places import RNNC

TARGETS = ["generic", "cpu"]
X, W = "tensor<?x?x4xf32>", "tensor<4x4xf32>"
ELMAN = (
    "rnn.elman {0}, %w, %w {1} {{activations = [#rnn.act<tanh>]}} : (tensor<?x?x4xf32>, tensor<4x4xf32>, "
    "tensor<4x4xf32>{2}) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)"
)


def layer(x, init=""):
    return ELMAN.format(x, f"init({init})" if init else "", ", tensor<?x4xf32>" if init else "")


def elman(x, w, h):
    ys = []
    for step in x.astype(np.float64):
        h = np.tanh(step @ w.T + h @ w.T)
        ys.append(h)
    return np.stack(ys), h


def arrays():
    rng = np.random.default_rng(5)
    x = rng.uniform(-1, 1, (3, 2, 4)).astype(np.float32)
    return x, rng.uniform(-0.5, 0.5, (4, 4)).astype(np.float32)


def session(tmp_path, text, target):
    path = tmp_path / "program.mlir"
    path.write_text(text)
    return rnn_mlir.Session(rnn_mlir.compile(path, target=target))


def run(session, inputs):
    """Runs twice: the same values, and the inputs as they were."""
    named = {f"input_{k}": value for k, value in enumerate(inputs)}
    before = [value.copy() for value in inputs]
    first = [value.copy() for value in session.run(named).values()]
    second = list(session.run(named).values())
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    for given, kept in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(given, kept)
    return first


@pytest.mark.parametrize("target", TARGETS)
def test_a_layer_reads_what_another_gave_before_arithmetic_on_it(tmp_path, target):
    text = f"""
func.func @main(%x: {X}, %w: {W}) -> ({X}, {X}) {{
  %y, %h = {layer("%x")}
  %z = arith.mulf %y, %y : {X}
  %y2, %h2 = {layer("%y")}
  return %z, %y2 : {X}, {X}
}}"""
    x, w = arrays()
    y, _ = elman(x, w, np.zeros((2, 4)))
    z, y2 = run(session(tmp_path, text, target), [x, w])
    np.testing.assert_allclose(z, y * y, atol=1e-6)
    np.testing.assert_allclose(y2, elman(y, w, np.zeros((2, 4)))[0], atol=1e-6)


@pytest.mark.parametrize("target", TARGETS)
def test_a_layer_begins_with_the_state_of_another_before_arithmetic_on_it(tmp_path, target):
    text = f"""
func.func @main(%x: {X}, %w: {W}) -> (tensor<?x4xf32>, {X}) {{
  %y, %h = {layer("%x")}
  %z = arith.mulf %h, %h : tensor<?x4xf32>
  %y2, %h2 = {layer("%x", "%h")}
  return %z, %y2 : tensor<?x4xf32>, {X}
}}"""
    x, w = arrays()
    _, h = elman(x, w, np.zeros((2, 4)))
    z, y2 = run(session(tmp_path, text, target), [x, w])
    np.testing.assert_allclose(z, h * h, atol=1e-6)
    np.testing.assert_allclose(y2, elman(x, w, h)[0], atol=1e-6)


@pytest.mark.parametrize("target", TARGETS)
def test_layers_read_what_the_host_computed_before_arithmetic_on_it(tmp_path, target):
    text = f"""
func.func @main(%x: {X}, %w: {W}) -> ({X}, {X}, {X}) {{
  %a = arith.addf %x, %x : {X}
  %y, %h = {layer("%a")}
  %b = arith.mulf %a, %a : {X}
  %y2, %h2 = {layer("%b")}
  %c = arith.negf %b : {X}
  %y3, %h3 = {layer("%a")}
  return %c, %y2, %y3 : {X}, {X}, {X}
}}"""
    x, w = arrays()
    a = 2 * x.astype(np.float64)
    c, y2, y3 = run(session(tmp_path, text, target), [x, w])
    np.testing.assert_allclose(c, -a * a, atol=1e-6)
    np.testing.assert_allclose(y2, elman(a * a, w, np.zeros((2, 4)))[0], atol=1e-6)
    np.testing.assert_allclose(y3, elman(a, w, np.zeros((2, 4)))[0], atol=1e-6)


SQUARE = f"func.func @main(%x: {X}) -> {X} {{\n  %z = arith.mulf %x, %x : {X}\n  return %z : {X}\n}}"
BIASES = f"""
func.func @main(%x: {X}, %w: {W}, %a: tensor<4xf32>, %b: tensor<4xf32>) -> {X} {{
  %y, %h = rnn.elman %x, %w, %w input_bias(%a) recurrent_bias(%b) {{activations = [#rnn.act<tanh>]}}
    : ({X}, {W}, {W}, tensor<4xf32>, tensor<4xf32>) -> ({X}, tensor<?x4xf32>)
  return %y : {X}
}}"""


@pytest.mark.parametrize("target", TARGETS)
def test_inputs_are_not_written(tmp_path, target):
    x, w = arrays()
    np.testing.assert_array_equal(run(session(tmp_path, SQUARE, target), [x])[0], x * x)
    a, b = x[0, 0].copy(), x[1, 0].copy()
    y = run(session(tmp_path, BIASES, target), [x, w, a, b])[0]
    h, expected = np.zeros((2, 4)), []
    for step in x.astype(np.float64):
        h = np.tanh(step @ w.T + h @ w.T + a + b)
        expected.append(h)
    np.testing.assert_allclose(y, np.stack(expected), atol=1e-6)


@pytest.mark.parametrize("target", TARGETS)
def test_arrays_that_cannot_be_written_are_inputs_like_others(tmp_path, target):
    x, _ = arrays()
    x.flags.writeable = False
    np.save(tmp_path / "x.npy", x)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    for given in (x, mapped):
        np.testing.assert_array_equal(run(session(tmp_path, SQUARE, target), [given])[0], x * x)


@pytest.mark.parametrize("target", TARGETS)
def test_the_command_leaves_the_files_of_inputs_as_they_are(tmp_path, target):
    (tmp_path / "program.mlir").write_text(SQUARE)
    np.save(tmp_path / "x.npy", arrays()[0])
    before = (tmp_path / "x.npy").read_bytes()
    command = [RNNC.resolve(), "compile", "program.mlir", f"--target={target}", "-o", "m.rpu"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    command = [RNNC.resolve(), "run", "m.rpu", "--input", "input_0=x.npy", "--output", "out"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "x.npy").read_bytes() == before
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "output_0.npy"), arrays()[0] ** 2)
