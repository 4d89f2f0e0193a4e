"""Loop, Scan and functions of a model against ONNX Runtime: loops stay loops, whatever their trip counts."""

import numpy as np
import onnx
import onnxruntime
import pytest
import rnn_mlir
from onnx import parser

HEAD = '<ir_version: 8, opset_import: ["" : 17]>\n'
X = np.arange(1, 4, dtype=np.float32) / 4
SEQUENCE = np.random.default_rng(0).uniform(-1, 1, (5, 2, 3)).astype(np.float32)

COUNTED = """
g (float[N] x, int64 m) => (float[N] y, float[T, N] ys) {
  c = Constant <value = bool {1}> ()
  y, ys = Loop (m, c, x) <body = b (int64 i, bool ci, float[N] s) => (bool co, float[N] t, float[N] o) {
    co = Identity (ci)
    f = Cast <to = 1> (i)
    t = Add (s, f)
    o = Mul (t, x)
  }>
}"""
# Ends when the sum is large enough; the number of outputs is known then only.
EARLY = """
g (float[N] x, int64 m) => (float[N] y, float[T, N] ys) {
  c = Constant <value = bool {1}> ()
  y, ys = Loop (m, c, x) <body = b (int64 i, bool ci, float[N] s) => (bool co, float[N] t, float[N] o) {
    t = Add (s, x)
    total = ReduceSum <keepdims = 0> (t)
    limit = Constant <value = float {6.0}> ()
    co = Less (total, limit)
    o = Identity (t)
  }>
}"""
WHILE = """
g (float[N] x, bool start) => (int64 n) {
  none = Constant <value = int64 {0}> ()
  n = Loop (, start, none) <body = b (int64 i, bool ci, int64 s) => (bool co, int64 t) {
    one = Constant <value = int64 {1}> ()
    t = Add (s, one)
    limit = Constant <value = int64 {7}> ()
    co = Less (t, limit)
  }>
}"""
# The state grows with each iteration.
GROWING = """
g (float[N] x, int64 m) => (float[M] y) {
  c = Constant <value = bool {1}> ()
  y = Loop (m, c, x) <body = b (int64 i, bool ci, float[K] s) => (bool co, float[L] t) {
    co = Identity (ci)
    t = Concat <axis = 0> (s, x)
  }>
}"""
NESTED = """
g (float[N] x, int64 m) => (float[N] y, float[T, S, N] ys) {
  c = Constant <value = bool {1}> ()
  y, ys = Loop (m, c, x) <body = b (int64 i, bool ci, float[N] s) => (bool co, float[N] t, float[S, N] o) {
    co = Identity (ci)
    three = Constant <value = int64 {3}> ()
    t, o = Loop (three, ci, s) <body = d (int64 j, bool cj, float[N] u) => (bool ck, float[N] v, float[N] w) {
      ck = Identity (cj)
      f = Cast <to = 1> (i)
      g = Cast <to = 1> (j)
      h = Add (f, g)
      v = Add (u, h)
      w = Mul (v, x)
    }>
  }>
}"""
# An Elman cell: states of a batch that is known at run time only, outputs in the other order and along axis 1.
SCAN = """
g (float[B, 3] h, float[T, B, 3] x) => (float[B, 3] last, float[B, T, 3] ys) {
  last, ys = Scan <num_scan_inputs = 1, scan_output_axes = [1], scan_input_directions = [1],
                   scan_output_directions = [1],
    body = b (float[B, 3] s, float[B, 3] e) => (float[B, 3] t, float[B, 3] o) {
      a = Add (s, e)
      t = Tanh (a)
      o = Identity (t)
    }> (h, x)
}"""
AXES = """
g (float[2, 5, 3] x) => (float[5, 2] ys) {
  ys = Scan <num_scan_inputs = 1, scan_input_axes = [1], body = b (float[2, 3] e) => (float[2] o) {
    axes = Constant <value = int64[1] {1}> ()
    o = ReduceSum <keepdims = 0> (e, axes)
  }> (x)
}"""
BRANCH = """
g (float[N] x, int64 m) => (float[N] y) {
  c = Constant <value = bool {1}> ()
  y = Loop (m, c, x) <body = b (int64 i, bool ci, float[N] s) => (bool co, float[N] t) {
    co = Identity (ci)
    two = Constant <value = int64 {2}> ()
    r = Mod (i, two)
    even = Cast <to = 9> (r)
    t = If (even) <then_branch = p () => (float[N] a) { a = Add (s, x) },
                   else_branch = q () => (float[N] b2) { b2 = Mul (s, x) }>
  }>
}"""

CASES = {
    "counted": (COUNTED, [{"x": X, "m": np.int64(m)} for m in (0, 1, 5)]),
    "early": (EARLY, [{"x": X, "m": np.int64(m)} for m in (0, 2, 20, 2**62)]),
    "while": (WHILE, [{"x": X, "start": np.bool_(s)} for s in (False, True)]),
    "growing": (GROWING, [{"x": X, "m": np.int64(m)} for m in (0, 1, 3)]),
    "nested": (NESTED, [{"x": X, "m": np.int64(m)} for m in (0, 2)]),
    "branch": (BRANCH, [{"x": X, "m": np.int64(m)} for m in (0, 3)]),
    "scan": (SCAN, [{"h": SEQUENCE[0], "x": SEQUENCE[:t]} for t in (5, 1)]),
    "axes": (AXES, [{"x": SEQUENCE.transpose(1, 0, 2).copy()}]),
}


def compiled(model, target):
    return rnn_mlir.Session(rnn_mlir.compile(model.SerializeToString(), target=target, host_cpu="native"))


@pytest.mark.parametrize("target", ["cpu", "generic"])
@pytest.mark.parametrize("name", CASES)
def test_loops(name, target):
    text, sets = CASES[name]
    model = parser.parse_model(HEAD + text)
    made = compiled(model, target)
    runtime = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    for feeds in sets:
        feeds = {k: np.asarray(v) for k, v in feeds.items()}
        wanted = runtime.run(None, feeds)
        found = made.run(feeds)
        for each, expected in zip(runtime.get_outputs(), wanted, strict=True):
            actual = found[each.name]
            assert actual.shape == expected.shape and actual.dtype == expected.dtype, (feeds, each.name)
            # Sums of a few elements, each rounded once; tanh is off by less than 1e-6.
            np.testing.assert_allclose(actual, expected, rtol=1e-6, atol=2e-6)


def test_the_code_does_not_depend_on_the_trip_count():
    sizes = []
    for count in (3, 100000):
        fixed = COUNTED.replace(", int64 m)", ")").replace(
            "c = Constant", f"m = Constant <value = int64 {{{count}}}> ()\n  c = Constant", 1
        )
        model = parser.parse_model(HEAD + fixed)
        sizes.append(len(rnn_mlir.compile(model.SerializeToString(), target="cpu", host_cpu="native").to_bytes()))
    assert abs(sizes[0] - sizes[1]) < 1000


SCAN_8 = """
<ir_version: 4, opset_import: ["" : 8]>
g (float[B, 3] h, float[B, T, 3] x) => (float[B, 3] last, float[B, T, 3] ys) {
  last, ys = Scan <num_scan_inputs = 1, directions = [D],
    body = b (float[3] s, float[3] e) => (float[3] t, float[3] o) {
      t = Add (s, e)
      o = Identity (t)
    }> (LENGTHS, h, x)
}"""


@pytest.mark.parametrize("direction", [0, 1])
@pytest.mark.parametrize("lengths", [None, [5, 2]])
def test_scan_of_opset_8_runs_each_sequence_of_a_batch(direction, lengths):
    text = SCAN_8.replace("[D]", f"[{direction}]").replace("LENGTHS", "n" if lengths else "")
    text = text.replace("(float[B, 3] h,", "(int64[B] n, float[B, 3] h,", 1) if lengths else text
    made = compiled(parser.parse_model(text), "cpu")
    x, h = SEQUENCE.transpose(1, 0, 2).copy(), np.ones((2, 3), np.float32)
    feeds = {"h": h, "x": x} | ({"n": np.array(lengths)} if lengths else {})
    found = made.run(feeds)
    last, ys = h.copy(), np.zeros_like(x)
    for b, count in enumerate(lengths or [5, 5]):
        for t in range(count):
            last[b] = last[b] + x[b, count - 1 - t if direction else t]
            ys[b, t] = last[b]
    assert (found["last"] == last).all() and (found["ys"] == ys).all()


FUNCTIONS = """
<ir_version: 9, opset_import: ["" : 17, "f" : 1]>
g (float[N] x) => (float[N] y) {
  a = f.scaled <factor = 3.0> (x)
  y = f.twice (a)
}
<domain: "f", opset_import: ["" : 17, "f" : 1]>
scaled <factor> (x) => (y) {
  by = Constant <value_float: float = @factor> ()
  y = Mul (x, by)
}
<domain: "f", opset_import: ["" : 17, "f" : 1]>
twice (x) => (y) {
  x2 = f.scaled <factor = 2.0> (x)
  y = Identity (x2)
}
"""


def test_functions_of_the_model_are_inlined():
    model = parser.parse_model(FUNCTIONS)
    found = compiled(model, "cpu").run({"x": X})["y"]
    assert (found == 6 * X).all()


def test_a_function_that_calls_itself_is_refused():
    model = parser.parse_model(FUNCTIONS.replace("y = Mul (x, by)", "y = f.twice (x)"))
    with pytest.raises(rnn_mlir.CompileError) as failure:
        compiled(model, "cpu")
    assert "function 'twice' calls itself" in str(failure.value) or "function 'scaled' calls itself" in str(
        failure.value
    )


def test_a_loop_without_an_end_is_refused():
    model = parser.parse_model(HEAD + COUNTED.replace("Loop (m, c, x)", "Loop (, c, x)"))
    onnx.checker.check_model(model)
    with pytest.raises(rnn_mlir.CompileError, match="Loop supports loops with an end"):
        compiled(model, "cpu")
