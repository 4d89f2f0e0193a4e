"""Random models of the operators beside the recurrent ones, with the values that the specification gives them.

A case is one node with its inputs; ``model`` joins the cases of an operator set into one graph. The expected values are
written here in NumPy, from the text of the specification; where ONNX Runtime runs a case, both must agree.
``python operators.py --count 50 --seed 1`` runs as many cases of each version of each operator as asked for.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import math
import pathlib
import re
import sys
import zlib
from collections.abc import Callable

import numpy as np
import onnx
import onnx.reference
import onnxruntime
import rnn_mlir
from onnx import helper, numpy_helper

RECORDS = pathlib.Path(__file__).resolve().parents[2] / "include/rnn-mlir/Dialect/Onnx/IR/OnnxOperators.td"
NEWEST = int(
    re.search(r"def NewestOpset {\s*int version = (\d+);", RECORDS.with_name("OnnxOperator.td").read_text())[1]
)
PER_MODEL = 25
FLOATS = (np.float32, np.float64)
INTEGERS = (np.int8, np.int16, np.int32, np.int64)
NATURALS = (np.uint8, np.uint16, np.uint32, np.uint64)
WHOLE = INTEGERS + NATURALS
NUMBERS = FLOATS + WHOLE
TYPES = (*NUMBERS, np.bool_)


@dataclasses.dataclass
class Case:
    """One node: its inputs (None where absent), which of them have to be constants, and the outputs it must give."""

    op: str
    inputs: list[np.ndarray | None]
    expected: list[np.ndarray]
    attributes: dict = dataclasses.field(default_factory=dict)
    constants: tuple[int, ...] = ()
    absent_outputs: tuple[int, ...] = ()
    runtime_agrees: bool = True
    # What rounding may change: units in the last place of the result, and multiples of the type's rounding (2^-24 of 1
    # for f32). What is one operation of IEEE 754, or moves values, is exact.
    ulps: float = 0
    roundings: np.ndarray | float = 0
    # Chosen by `place`.
    opset: int = 0
    fixed: frozenset[int] = frozenset()
    symbolic: frozenset[tuple[int, int]] = frozenset()

    def describe(self) -> str:
        given = [None if x is None else f"{x.dtype}{list(x.shape)}" for x in self.inputs]
        small = [x.tolist() for i, x in enumerate(self.inputs) if x is not None and i in self.fixed and x.size < 16]
        fixed, unknown = sorted(self.fixed), sorted(self.symbolic)
        return f"{self.op}-{self.opset} {given} {self.attributes} constants={fixed} {small} unknown={unknown}"


# Values


def values(rng, shape, dtype, low=-4, high=5, special=False):
    """Numbers from low to high; `special` puts infinities, NaN, zeros and a subnormal number, or the extremes of an
    integer, among them."""
    dtype = np.dtype(dtype)
    if dtype == np.bool_:
        return rng.integers(0, 2, shape).astype(bool)
    if dtype.kind in "iu":
        x = rng.integers(max(low, np.iinfo(dtype).min), high, shape).astype(dtype)
        extremes = [np.iinfo(dtype).min, np.iinfo(dtype).max, 0]
    else:
        x = rng.uniform(low, high, shape).astype(dtype)
        extremes = [np.inf, -np.inf, np.nan, 0.0, -0.0, 3 * np.finfo(dtype).smallest_subnormal]
    if special:
        x = np.where(rng.uniform(size=shape) < 0.3, rng.choice(np.array(extremes, dtype), shape), x)
    return np.asarray(x, dtype)


def shape_of(rng, low=0, high=4, empty=True):
    sizes = [1, 2, 3, 4, 5] + ([0] if empty and rng.random() < 0.2 else [])
    return tuple(int(s) for s in rng.choice(sizes, int(rng.integers(low, high + 1))))


def spread(rng, shape):
    """A shape that broadcasts to this one."""
    own = [1 if rng.random() < 0.3 else s for s in shape]
    return tuple(own[int(rng.integers(0, len(own) + 1)) :]) if own and rng.random() < 0.5 else tuple(own)


def ints(*items):
    return np.array(items, np.int64)


def negative(rng, axis, rank, opset, since=11):
    return axis - rank if opset >= since and rng.random() < 0.5 else axis


# Operators

GENERATORS: dict[str, Callable] = {}


def operator(*names):
    def add(function):
        for name in names:
            GENERATORS[name] = lambda rng, opset, name=name: function(rng, opset, name)
        return function

    return add


def quiet(function, *arguments):
    with np.errstate(all="ignore"):
        return function(*arguments)


def divide(a, b):
    if a.dtype.kind == "f":
        return a / b
    modulus = 1 << a.dtype.itemsize * 8

    if a.dtype.kind == "u":
        return a // b

    def one(p, q):
        quotient = abs(int(p)) // abs(int(q)) * (1 if (p < 0) == (q < 0) else -1)
        return (quotient + modulus // 2) % modulus - modulus // 2

    a, b, dtype = *np.broadcast_arrays(a, b), a.dtype
    return np.array([one(p, q) for p, q in zip(a.flat, b.flat, strict=True)], dtype).reshape(a.shape)


BINARY = {
    "Add": (np.add, NUMBERS), "Sub": (np.subtract, NUMBERS), "Mul": (np.multiply, NUMBERS), "Div": (divide, NUMBERS),
    "Equal": (np.equal, TYPES), "Less": (np.less, NUMBERS), "Greater": (np.greater, NUMBERS),
    "And": (np.logical_and, (np.bool_,)), "Or": (np.logical_or, (np.bool_,)), "Xor": (np.logical_xor, (np.bool_,)),
    "LessOrEqual": (np.less_equal, NUMBERS), "GreaterOrEqual": (np.greater_equal, NUMBERS),
    "BitwiseAnd": (np.bitwise_and, WHOLE), "BitwiseOr": (np.bitwise_or, WHOLE), "BitwiseXor": (np.bitwise_xor, WHOLE),
}  # fmt: skip


@operator(*BINARY)
def binary(rng, opset, name):
    function, types = BINARY[name]
    dtype = rng.choice(types)
    shape = shape_of(rng)
    a, b = (values(rng, spread(rng, shape) if opset >= 7 else shape, dtype, special=rng.random() < 0.3) for _ in "ab")
    if name == "Div" and np.dtype(dtype).kind in "iu":
        b = np.where(b == 0, np.array(1, dtype), b).astype(dtype)
    elif rng.random() < 0.5 and a.size and a.shape == b.shape:
        b.flat[0] = a.flat[0]
    extreme = name == "Div" and np.dtype(dtype).kind == "i"
    return Case(name, [a, b], [np.asarray(quiet(function, a, b))], runtime_agrees=not extreme)


@operator("Pow")
def power(rng, opset, name):
    dtype, other = rng.choice(FLOATS), rng.choice(NUMBERS)
    if opset < 12:
        other = dtype
    shape = shape_of(rng)
    x = values(rng, spread(rng, shape) if opset >= 7 else shape, dtype, low=0.1, high=4)
    y = values(rng, spread(rng, shape) if opset >= 7 else shape, other, low=-3, high=4)
    kind = rng.random()
    constants = ()
    if kind < 0.3:
        y, constants = (
            np.full(y.shape, rng.choice([0, 1, 2, 3, 0.5] if np.dtype(other).kind == "f" else [0, 1, 2, 3]), other),
            (1,),
        )
    elif kind < 0.6:
        x = values(rng, x.shape, dtype, special=True)
        y = np.trunc(values(rng, y.shape, other)).astype(other)
    with np.errstate(all="ignore"):
        expected = np.power(x.astype(np.float64), y.astype(np.float64)).astype(dtype)
    # exp(y·log(x)): an error of e ulp in the argument becomes one of |y·log(x)|·e, here of at most 6 times 2.5.
    return Case(name, [x, y], [expected], constants=constants, ulps=18)


ERF = np.frompyfunc(math.erf, 1, 1)
UNARY = {
    "Abs": (np.abs, NUMBERS), "Neg": (np.negative, FLOATS + INTEGERS), "Not": (np.logical_not, (np.bool_,)),
    "Relu": (lambda x: np.maximum(x, x.dtype.type(0)), FLOATS + INTEGERS),
    "Exp": (np.exp, FLOATS), "Log": (np.log, FLOATS),
    "Sqrt": (np.sqrt, FLOATS), "Erf": (lambda x: np.asarray(ERF(x)).astype(x.dtype) if x.size else x, FLOATS),
    "Sigmoid": (lambda x: 1 / (1 + np.exp(-x.astype(np.float64))), FLOATS), "Tanh": (np.tanh, FLOATS),
    "Reciprocal": (lambda x: 1 / x, FLOATS), "Ceil": (np.ceil, FLOATS), "Floor": (np.floor, FLOATS),
    "Round": (np.round, FLOATS), "Sin": (np.sin, FLOATS), "Cos": (np.cos, FLOATS), "Tan": (np.tan, FLOATS),
    "Asin": (np.arcsin, FLOATS), "Acos": (np.arccos, FLOATS), "Atan": (np.arctan, FLOATS), "Sinh": (np.sinh, FLOATS),
    "Cosh": (np.cosh, FLOATS), "Asinh": (np.arcsinh, FLOATS), "Acosh": (np.arccosh, FLOATS),
    "Atanh": (np.arctanh, FLOATS), "Sign": (np.sign, NUMBERS), "BitwiseNot": (np.invert, WHOLE),
    "Softplus": (lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), FLOATS),
    "Softsign": (lambda x: x / (1 + np.abs(x)), FLOATS),
}  # fmt: skip


@operator(*UNARY)
def unary(rng, opset, name):
    function, types = UNARY[name]
    dtype = rng.choice(types)
    x = values(rng, shape_of(rng), dtype, low=-12, high=12, special=rng.random() < 0.4)
    wide = x.astype(np.float64) if x.dtype.kind == "f" and name != "Erf" else x
    expected = quiet(lambda: np.asarray(function(wide)).astype(dtype))
    exact = name in ("Abs", "Neg", "Not", "Relu", "Sqrt", "Reciprocal", "Ceil", "Floor", "Round", "Sign", "BitwiseNot")
    # Those that are steep near some of the values, or infinite: ONNX Runtime's own approximations of them are coarser.
    agrees = name not in ("Tan", "Sinh", "Cosh") and not (name in ("Softplus", "Softsign") and not np.isfinite(x).all())
    return Case(name, [x], [expected], ulps=0 if exact else 4, runtime_agrees=agrees)


@operator("IsNaN", "IsInf")
def is_special(rng, opset, name):
    x = values(rng, shape_of(rng), rng.choice(FLOATS if opset >= 20 else (np.float32,)), special=True)
    if name == "IsNaN":
        return Case(name, [x], [np.asarray(np.isnan(x))])
    attributes = {k: int(rng.integers(0, 2)) for k in ("detect_negative", "detect_positive") if rng.random() < 0.6}
    low, high = (attributes.get(f"detect_{k}", 1) for k in ("negative", "positive"))
    return Case(name, [x], [np.asarray((np.isneginf(x) & bool(low)) | (np.isposinf(x) & bool(high)))], attributes)


def elu(x, alpha, width=1.0):
    return np.where(x > 0, x, alpha * np.expm1(x / width))


# Functions with attributes: their defaults, and the values from x in float64. Attributes are floats of 32 bits.
WITH_ATTRIBUTES = {
    "HardSwish": ({}, lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    "Mish": ({}, lambda x: x * np.tanh(np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))))),
    "Swish": ({"alpha": 1.0}, lambda x, alpha: x / (1 + np.exp(-alpha * x))),
    "Celu": ({"alpha": 1.0}, lambda x, alpha: elu(x, alpha, alpha)),
    "Elu": ({"alpha": 1.0}, elu),
    "Selu": ({"alpha": 1.67326319217681884765625, "gamma": 1.05070102214813232421875},
             lambda x, alpha, gamma: gamma * elu(x, alpha)),
    "HardSigmoid": ({"alpha": 0.2, "beta": 0.5}, lambda x, alpha, beta: np.clip(alpha * x + beta, 0, 1)),
    "ThresholdedRelu": ({"alpha": 1.0}, lambda x, alpha: np.where(x > alpha, x, 0)),
}  # fmt: skip


@operator(*WITH_ATTRIBUTES)
def with_attributes(rng, opset, name):
    defaults, function = WITH_ATTRIBUTES[name]
    if name == "Selu" and opset < 6:
        defaults = {"alpha": 1.6732, "gamma": 1.0507}
    dtype = rng.choice(FLOATS)
    x = values(rng, shape_of(rng), dtype, low=-8, high=8)
    given = {k: float(np.float32(rng.uniform(0.3, 2))) for k in defaults if rng.random() < 0.6}
    wide = {k: float(np.float32(v)) for k, v in (defaults | given).items()}
    y = np.asarray(quiet(lambda: function(x.astype(np.float64), **wide))).astype(dtype)
    # A function of 4 ulp, and a few operations; sums of terms of opposite sign lose against their magnitudes.
    agrees = dtype == np.float32 and name not in ("HardSwish", "HardSigmoid")
    return Case(name, [x], [y], given, ulps=8, roundings=8 * np.abs(x).astype(np.float64) + 2, runtime_agrees=agrees)


@operator("Gelu")
def gelu(rng, opset, name):
    x = values(rng, shape_of(rng), rng.choice(FLOATS), low=-6, high=6)
    attributes = {"approximate": str(rng.choice(["none", "tanh"]))} if rng.random() < 0.7 else {}
    wide = x.astype(np.float64)
    if attributes.get("approximate") == "tanh":
        bent = np.tanh(np.sqrt(2 / np.pi) * (wide + 0.044715 * wide**3))
    else:
        bent = np.asarray(ERF(wide / np.sqrt(2))).astype(np.float64) if x.size else wide
    y = (0.5 * wide * (1 + bent)).astype(x.dtype)
    # 1 + tanh or erf, off by some roundings of 1, times x / 2.
    return Case(name, [x], [y], attributes, ulps=4, roundings=12 * np.abs(wide))


@operator("Shrink")
def shrink(rng, opset, name):
    dtype = rng.choice(FLOATS + INTEGERS)
    x = values(rng, shape_of(rng), dtype)
    attributes = {k: float(rng.choice([0.0, 1.0, 2.0])) for k in ("bias", "lambd") if rng.random() < 0.7}
    bias, lambd = attributes.get("bias", 0.0), attributes.get("lambd", 0.5)
    y = np.where(x < -lambd, x + bias, np.where(x > lambd, x - bias, 0)).astype(dtype)
    return Case(name, [x], [y], attributes)


@operator("PRelu")
def prelu(rng, opset, name):
    dtype = rng.choice(FLOATS if opset < 9 else FLOATS + (np.int32, np.int64))
    shape = shape_of(rng, 1, 4)
    x = values(rng, shape, dtype)
    if opset < 7:
        channels = shape[1] if len(shape) > 2 else shape[-1]
        slope = values(rng, (channels,) if rng.random() < 0.6 else (1,), dtype)
        by = slope.reshape(-1, *[1] * (len(shape) - 2)) if len(shape) > 2 else slope
    else:
        by = slope = values(rng, spread(rng, shape), dtype)
    return Case(name, [x, slope], [np.where(x < 0, x * by, x).astype(dtype)], runtime_agrees=opset >= 7)


@operator("Mod")
def mod(rng, opset, name):
    dtype = rng.choice(NUMBERS)
    shape = shape_of(rng)
    a, b = (values(rng, spread(rng, shape), dtype, low=-9, high=10) for _ in "ab")
    if np.dtype(dtype).kind == "f":
        return Case(name, [a, b], [np.asarray(quiet(np.fmod, a, b))], {"fmod": 1})
    b = np.where(b == 0, np.array(3, dtype), b).astype(dtype)
    if rng.random() < 0.5:
        return Case(name, [a, b], [np.asarray(np.fmod(a, b))], {"fmod": 1})
    return Case(name, [a, b], [np.asarray(np.mod(a, b))])


@operator("BitShift")
def bit_shift(rng, opset, name):
    dtype, direction = rng.choice(NATURALS), str(rng.choice(["LEFT", "RIGHT"]))
    shape = shape_of(rng)
    a = values(rng, spread(rng, shape), dtype, low=0, high=100, special=True)
    b = values(rng, spread(rng, shape), dtype, low=0, high=np.dtype(dtype).itemsize * 8)
    function = np.left_shift if direction == "LEFT" else np.right_shift
    return Case(name, [a, b], [np.asarray(function(a, b))], {"direction": direction})


@operator("Sum", "Mean")
def of_several(rng, opset, name):
    dtype, shape = rng.choice(FLOATS), shape_of(rng)
    inputs = [values(rng, spread(rng, shape) if opset >= 8 else shape, dtype) for _ in range(rng.integers(1, 4))]
    total = magnitude = 0
    for each in inputs:
        total, magnitude = total + each.astype(np.float64), magnitude + np.abs(each).astype(np.float64)
    count = len(inputs) if name == "Mean" else 1
    y = np.asarray(total / count).astype(dtype)
    return Case(name, inputs, [y], roundings=(len(inputs) + 2) * magnitude / count)


@operator("LeakyRelu")
def leaky_relu(rng, opset, name):
    x = values(rng, shape_of(rng), rng.choice(FLOATS))
    alpha = np.float32(rng.choice([0.0, 0.3, -1.5]))
    attributes = {"alpha": float(alpha)} if rng.random() < 0.7 else {}
    slope = np.float32(attributes.get("alpha", 0.01)).astype(x.dtype)
    return Case(name, [x], [np.where(x < 0, slope * x, x).astype(x.dtype)], attributes)


@operator("Clip")
def clip(rng, opset, name):
    dtype = rng.choice(NUMBERS if opset >= 12 else FLOATS)
    x = values(rng, shape_of(rng), dtype, special=rng.random() < 0.3)
    bounds = [
        np.array(b, dtype) if rng.random() < 0.6 else None
        for b in ((-1 if np.dtype(dtype).kind != "u" else 1, 2) if rng.random() < 0.8 else (3, 1))
    ]
    low, high = bounds
    if opset >= 6 and np.dtype(dtype).kind == "f":
        extremes = np.finfo(np.float32 if opset < 11 else dtype)
        low = np.array(extremes.min, dtype) if low is None else low
        high = np.array(extremes.max, dtype) if high is None else high
    y = x if low is None else np.maximum(x, low)
    y = y if high is None else np.minimum(y, high)
    if opset < 11:
        given = {k: float(b) for k, b in zip(("min", "max"), bounds, strict=True) if b is not None}
        return Case(name, [x], [y.astype(dtype)], given, runtime_agrees=opset >= 7 and not np.isnan(x).any())
    while bounds and bounds[-1] is None:
        bounds.pop()
    return Case(name, [x, *bounds], [y.astype(dtype)], runtime_agrees=low is None or high is None or low <= high)


@operator("Min", "Max")
def extremum(rng, opset, name):
    dtype = rng.choice(NUMBERS if opset >= 12 else FLOATS)
    shape = shape_of(rng)
    inputs = [values(rng, spread(rng, shape) if opset >= 8 else shape, dtype) for _ in range(rng.integers(1, 4))]
    function = np.minimum if name == "Min" else np.maximum
    expected = inputs[0]
    for other in inputs[1:]:
        expected = function(expected, other)
    return Case(name, inputs, [np.asarray(expected)])


@operator("Where")
def where(rng, opset, name):
    shape, dtype = shape_of(rng), rng.choice(TYPES)
    inputs = [values(rng, spread(rng, shape), t, special=rng.random() < 0.3) for t in (np.bool_, dtype, dtype)]
    return Case(name, inputs, [np.asarray(np.where(*inputs))])


@operator("Cast")
def cast(rng, opset, name):
    source, to = (rng.choice((*TYPES, np.float16) if opset >= 6 else TYPES) for _ in "ab")
    low = 0 if np.dtype(source).kind == "u" else -100
    x = rng.integers(low, 100, shape_of(rng)).astype(source)
    agrees = True
    if np.dtype(source).kind == "f":
        x = (values(rng, x.shape, source, low=-100, high=100)).astype(source)
        agrees = np.dtype(to).kind != "u" or not (x < 0).any()
        if rng.random() < 0.5:
            limit = 6e4 if source == np.float16 else 1e20
            x, agrees = values(rng, x.shape, source, low=-limit, high=limit, special=True), False
        if rng.random() < 0.3:
            x = np.zeros_like(x)
    elif np.dtype(source) != np.bool_ and rng.random() < 0.5:
        info = np.iinfo(source)
        x = rng.integers(info.min, info.max, x.shape, dtype=source, endpoint=True)
    to = np.dtype(to)
    if x.dtype.kind == "f" and to.kind in "iu":
        info = np.iinfo(to)
        clamp = np.frompyfunc(
            lambda v: 0 if math.isnan(v) else info.max if v >= info.max else info.min if v <= info.min else int(v), 1, 1
        )
        y = np.asarray(clamp(x)).astype(to) if x.size else x.astype(to)
    else:
        y = quiet(lambda: x.astype(to))
    return Case(name, [x], [np.asarray(y)], {"to": int(helper.np_dtype_to_tensor_dtype(to))}, runtime_agrees=agrees)


@operator("CastLike")
def cast_like(rng, opset, name):
    case = cast(rng, opset, name)
    to = case.expected[0].dtype
    return dataclasses.replace(case, inputs=[*case.inputs, np.zeros(shape_of(rng), to)], attributes={})


@operator("BitCast")
def bit_cast(rng, opset, name):
    bits = int(rng.choice([8, 16, 32, 64]))
    kinds = [t for t in (*NUMBERS, np.float16) if np.dtype(t).itemsize * 8 == bits]
    source, to = rng.choice(kinds), np.dtype(rng.choice(kinds))
    x = values(rng, shape_of(rng), source, low=0)
    y = np.frombuffer(x.tobytes(), to).reshape(x.shape)
    return Case(name, [x], [y], {"to": int(helper.np_dtype_to_tensor_dtype(to))})


@operator("Dropout")
def dropout(rng, opset, name):
    x = values(rng, shape_of(rng), rng.choice(FLOATS))
    if opset >= 12:
        more = [[], [np.array(0.3, np.float32)], [None, np.array(False)]][rng.integers(0, 3)]
        constants = (2,) if len(more) == 2 else ()
        outputs = [x, np.ones(x.shape, bool)] if rng.random() < 0.5 else [x]
        return Case(name, [x, *more], outputs, constants=constants)
    return Case(name, [x], [x], {"is_test": 1} if opset < 7 else {"ratio": 0.3} if rng.random() < 0.5 else {})


@operator("MatMul")
def matmul(rng, opset, name):
    dtype = rng.choice((*FLOATS, np.int32, np.int64))
    batch = shape_of(rng, 0, 2)
    m, k, n = (int(v) for v in rng.choice([0, 1, 2, 3, 7, 17], 3, p=[0.05, 0.15, 0.2, 0.2, 0.2, 0.2]))
    a, b = (k,), (k,)
    if rng.random() < 0.8:
        a = (*spread(rng, batch), m, k)
    if rng.random() < 0.8:
        b = (*spread(rng, batch), k, n)
    x, y = values(rng, a, dtype), values(rng, b, dtype)
    expected = np.asarray(
        np.matmul(x.astype(np.float64), y.astype(np.float64)) if x.dtype.kind == "f" else np.matmul(x, y)
    )
    # A sum of k products in any order is off by at most k roundings of the sum of their magnitudes.
    roundings = (k + 1) * np.matmul(np.abs(x).astype(np.float64), np.abs(y).astype(np.float64))
    return Case(name, [x, y], [expected.astype(dtype)], roundings=roundings, runtime_agrees=k > 0)


@operator("Gemm")
def gemm(rng, opset, name):
    dtype = rng.choice(FLOATS)
    m, k, n = (int(v) for v in rng.choice([1, 2, 3, 5, 18], 3))
    attributes = {}
    for key in ("transA", "transB"):
        if rng.random() < 0.6:
            attributes[key] = int(rng.integers(0, 2))
    for key in ("alpha", "beta"):
        if rng.random() < 0.5:
            attributes[key] = float(rng.choice([0.5, -2.0, 0.0, 1.0]))
    a = values(rng, (k, m) if attributes.get("transA") else (m, k), dtype)
    b = values(rng, (n, k) if attributes.get("transB") else (k, n), dtype)
    c = values(rng, spread(rng, (m, n)), dtype)
    if opset < 7:
        c = values(rng, (m, n), dtype)
        if rng.random() < 0.5:
            attributes["broadcast"] = 1
            c = values(rng, (n,), dtype)
    elif opset >= 11 and rng.random() < 0.3:
        c = None
    left = a.T if attributes.get("transA") else a
    right = b.T if attributes.get("transB") else b
    expected = attributes.get("alpha", 1.0) * (left.astype(np.float64) @ right.astype(np.float64))
    magnitude = abs(attributes.get("alpha", 1.0)) * (np.abs(left).astype(np.float64) @ np.abs(right).astype(np.float64))
    if c is not None and attributes.get("beta") == 0:
        c = np.full_like(c, np.nan)
    elif c is not None:
        expected = expected + attributes.get("beta", 1.0) * c.astype(np.float64)
        magnitude = magnitude + np.abs(attributes.get("beta", 1.0) * c.astype(np.float64))
    # k for the sum, and one for each of alpha, beta, the addition and the expected value.
    inputs = [a, b] + ([] if c is None else [c])
    return Case(name, inputs, [expected.astype(dtype)], attributes, roundings=(k + 4) * magnitude)


@operator("Conv")
def conv(rng, opset, name):
    spatial = int(rng.integers(1, 3))
    group, per, out = int(rng.integers(1, 3)), int(rng.integers(1, 3)), int(rng.integers(1, 3))
    size = [int(v) for v in rng.integers(5, 9, spatial)]
    kernel = [int(v) for v in rng.integers(1, 4, spatial)]
    strides = [int(v) for v in rng.integers(1, 4, spatial)] if rng.random() < 0.6 else None
    dilations = [int(v) for v in rng.integers(1, 3, spatial)] if rng.random() < 0.5 else None
    s, d = strides or [1] * spatial, dilations or [1] * spatial
    extent = [(k - 1) * e + 1 for k, e in zip(kernel, d, strict=True)]
    x = values(rng, (int(rng.integers(1, 3)), group * per, *size), np.float32)
    w = values(rng, (group * out, per, *kernel), np.float32)
    b = values(rng, (group * out,), np.float32) if rng.random() < 0.5 else None
    attributes = {"group": group} if group > 1 or rng.random() < 0.5 else {}
    attributes |= {k: v for k, v in (("strides", strides), ("dilations", dilations)) if v}
    mode = rng.choice(["", "pads", "VALID", "SAME_UPPER", "SAME_LOWER"])
    before, after = [0] * spatial, [0] * spatial
    if mode == "pads":
        before, after = ([int(v) for v in rng.integers(0, 3, spatial)] for _ in "ab")
        attributes["pads"] = before + after
    elif mode:
        attributes["auto_pad"] = str(mode)
        if mode != "VALID":
            total = [max(0, (-(-n // t) - 1) * t + e - n) for n, t, e in zip(size, s, extent, strict=True)]
            less, more = [t // 2 for t in total], [t - t // 2 for t in total]
            before, after = (less, more) if mode == "SAME_UPPER" else (more, less)
    if rng.random() < 0.5:
        attributes["kernel_shape"] = kernel
    padded = np.pad(x.astype(np.float64), [(0, 0), (0, 0), *zip(before, after, strict=True)])
    result = [(p - e) // t + 1 for p, e, t in zip(padded.shape[2:], extent, s, strict=True)]
    y, magnitude = np.zeros((2, x.shape[0], group * out, *result))
    for at in np.ndindex(*result):
        window = padded[
            (
                slice(None),
                slice(None),
                *(slice(i * t, i * t + e, q) for i, t, e, q in zip(at, s, extent, d, strict=True)),
            )
        ]
        for m in range(group * out):
            g = m // out
            terms = (window[:, g * per : (g + 1) * per] * w[m]).reshape(x.shape[0], -1)
            y[(slice(None), m, *at)], magnitude[(slice(None), m, *at)] = terms.sum(1), np.abs(terms).sum(1)
    if b is not None:
        y += b.reshape(-1, *[1] * spatial)
        magnitude += np.abs(b).reshape(-1, *[1] * spatial)
    # ONNX Runtime takes no dilations with the automatic pads.
    agrees = not (str(mode).startswith("SAME") and dilations)
    return Case(
        name,
        [x, w] + ([] if b is None else [b]),
        [y.astype(np.float32)],
        attributes,
        constants=(1,),
        roundings=(w[0].size + 2) * magnitude,
        runtime_agrees=agrees,
    )


def sizes_of(x, y):
    """How many elements each element of a reduction is made of."""
    return x.size // max(y.size, 1)


#: What each reduction makes of x in the widest type along axes, and its magnitude against which it may be rounded.
REDUCTIONS = {
    "ReduceSum": (np.sum, lambda x, **k: np.abs(x).sum(**k), NUMBERS),
    "ReduceMean": (np.mean, lambda x, **k: np.abs(x).mean(**k), FLOATS),
    "ReduceProd": (np.prod, lambda x, **k: np.abs(np.prod(x, **k)), NUMBERS),
    "ReduceMax": (np.max, lambda x, **k: 0 * np.max(x, **k), NUMBERS),
    "ReduceMin": (np.min, lambda x, **k: 0 * np.min(x, **k), NUMBERS),
    "ReduceL1": (lambda x, **k: np.abs(x).sum(**k), lambda x, **k: np.abs(x).sum(**k), NUMBERS),
    "ReduceL2": (lambda x, **k: np.sqrt((x * x).sum(**k)), lambda x, **k: np.sqrt((x * x).sum(**k)), FLOATS),
    "ReduceSumSquare": (lambda x, **k: (x * x).sum(**k), lambda x, **k: (x * x).sum(**k), NUMBERS),
    "ReduceLogSum": (lambda x, **k: np.log(np.abs(x).sum(**k)), lambda x, **k: 1 + np.abs(np.log(np.abs(x).sum(**k))),
                     FLOATS),
    "ReduceLogSumExp": (lambda x, **k: np.log(np.exp(x).sum(**k)), lambda x, **k: 1 + np.abs(x).max(**k), FLOATS),
}  # fmt: skip


@operator(*REDUCTIONS)
def reduction(rng, opset, name):
    function, bound, types = REDUCTIONS[name]
    # Axes of their own from this opset on, integers of all sizes as ONNX lists them.
    since = 13 if name == "ReduceSum" else 18
    dtype = np.dtype(rng.choice(types))
    if dtype.kind in "iu" and dtype.itemsize < 4:
        dtype = np.dtype(np.int32)
    x = values(rng, shape_of(rng, 0, 4, empty=False), dtype)
    if name == "ReduceLogSum":
        x = np.abs(x) + x.dtype.type(0.5)
    rank = x.ndim
    axes = (
        None
        if rank == 0 or rng.random() < 0.3
        else sorted(int(v) for v in rng.choice(rank, rng.integers(1, rank + 1), replace=False))
    )
    attributes = {}
    if rng.random() < 0.6:
        attributes["keepdims"] = int(rng.integers(0, 2))
    keep = bool(attributes.get("keepdims", 1))
    named = None if axes is None else [negative(rng, a, rank, opset) for a in axes]
    inputs: list[np.ndarray | None] = [x]
    reduced = tuple(range(rank)) if axes is None else tuple(axes)
    if opset >= since:
        if named is not None:
            inputs.append(ints(*named))
        elif rng.random() < 0.5:
            inputs.append(np.zeros(0, np.int64))
        if rng.random() < 0.5:
            attributes["noop_with_empty_axes"] = int(rng.integers(0, 2))
            if attributes["noop_with_empty_axes"] and axes is None:
                # The others still map each element, which releases of ONNX Runtime do or do not.
                plain = name in ("ReduceSum", "ReduceMean", "ReduceProd", "ReduceMax", "ReduceMin")
                if plain:
                    return Case(name, inputs, [x], attributes, constants=(1,))
                del attributes["noop_with_empty_axes"]
    elif named is not None:
        attributes["axes"] = named
    wide = x.astype(np.float64) if dtype.kind == "f" else x
    with np.errstate(all="ignore"):
        y = np.asarray(function(wide, axis=reduced, keepdims=keep)).astype(dtype)
        magnitude = np.asarray(bound(x.astype(np.float64), axis=reduced, keepdims=keep))
    # A sum of so many, a function and the expected value.
    return Case(name, inputs, [y], attributes, constants=(1,), roundings=(sizes_of(x, y) + 8) * magnitude)


@operator("ArgMax", "ArgMin")
def arg_extremum(rng, opset, name):
    x = values(rng, shape_of(rng, 1, 4, empty=False), rng.choice((*FLOATS, np.int32, np.int8, np.uint8)))
    if rng.random() < 0.5:
        x = np.round(x).astype(x.dtype)
    axis = int(rng.integers(0, x.ndim))
    attributes = {"axis": negative(rng, axis, x.ndim, opset)}
    if rng.random() < 0.6:
        attributes["keepdims"] = int(rng.integers(0, 2))
    function, last = (np.argmax if name == "ArgMax" else np.argmin), False
    if opset >= 12 and rng.random() < 0.6:
        attributes["select_last_index"] = int(rng.integers(0, 2))
        last = bool(attributes["select_last_index"])
    y = x.shape[axis] - 1 - function(np.flip(x, axis), axis) if last else function(x, axis)
    y = np.asarray(np.expand_dims(y, axis) if attributes.get("keepdims", 1) else y, np.int64)
    return Case(name, [x], [y], attributes)


@operator("CumSum", "CumProd")
def cumulative(rng, opset, name):
    x = values(rng, shape_of(rng, 1, 3), rng.choice((*FLOATS, np.int32, np.int64)))
    axis = int(rng.integers(0, x.ndim))
    attributes = {k: int(rng.integers(0, 2)) for k in ("exclusive", "reverse") if rng.random() < 0.6}
    function, neutral = (np.cumsum, 0) if name == "CumSum" else (np.cumprod, 1)

    def run(wide):
        wide = np.flip(wide, axis) if attributes.get("reverse") else wide
        y = function(wide, axis, dtype=wide.dtype)
        if attributes.get("exclusive") and x.shape[axis]:
            y = np.concatenate([np.full_like(np.take(y, [0], axis), neutral), np.delete(y, -1, axis)], axis)
        return np.flip(y, axis) if attributes.get("reverse") else y

    y = run(x.astype(np.float64)).astype(x.dtype) if x.dtype.kind == "f" else run(x)
    roundings = (x.shape[axis] + 1) * np.abs(run(np.abs(x.astype(np.float64))))
    kind = np.int64 if rng.random() < 0.5 else np.int32
    inputs = [x, np.array(axis if rng.random() < 0.5 else axis - x.ndim, kind)]
    return Case(name, inputs, [y], attributes, constants=(1,), roundings=roundings)


@operator("TopK")
def top_k(rng, opset, name):
    x = values(
        rng, shape_of(rng, 1, 3, empty=False), rng.choice((*FLOATS, np.int32, np.uint8) if opset >= 11 else FLOATS)
    )
    if rng.random() < 0.5:
        x = np.round(x).astype(x.dtype)
    axis = int(rng.integers(0, x.ndim))
    k = int(rng.integers(1, x.shape[axis] + 1))
    attributes = {"axis": negative(rng, axis, x.ndim, opset, since=10)}
    largest = True
    if opset >= 11 and rng.random() < 0.6:
        attributes["largest"] = int(rng.integers(0, 2))
        largest = bool(attributes["largest"])
    key = x.astype(np.float64)
    order = np.argsort(-key if largest else key, axis, kind="stable")
    places = np.take(order, range(k), axis)
    expected = [np.take_along_axis(x, places, axis), places.astype(np.int64)]
    if opset < 10:
        return Case(name, [x], expected, attributes | {"k": k})
    return Case(name, [x, ints(k)], expected, attributes)


@operator("Hardmax")
def hardmax(rng, opset, name):
    shape = shape_of(rng, 2, 4, empty=False)
    x = np.round(values(rng, shape, rng.choice(FLOATS), low=-3, high=3))
    axis = int(rng.integers(0, x.ndim))
    flat = x.reshape(int(np.prod(x.shape[:axis])), -1) if opset < 13 else x
    along = 1 if opset < 13 else axis
    best = np.expand_dims(np.argmax(flat, along), along)
    y = np.zeros_like(flat)
    np.put_along_axis(y, best, 1, along)
    return Case(name, [x], [y.reshape(shape)], {"axis": negative(rng, axis, x.ndim, opset)})


@operator("Softmax", "LogSoftmax")
def softmax(rng, opset, name):
    shape = shape_of(rng, 1, 4, empty=False)
    if opset < 13 and len(shape) == 1:
        shape = (2, *shape)
    x = values(rng, shape, rng.choice(FLOATS), low=-30, high=30)
    axis = int(rng.integers(0, x.ndim))
    attributes = {"axis": negative(rng, axis, x.ndim, opset)}
    if rng.random() < 0.3:
        attributes, axis = {}, 1 if opset < 13 else x.ndim - 1
    wide = x.astype(np.float64)
    if opset < 13:
        wide = wide.reshape(int(np.prod(x.shape[:axis])), -1)
    along = 1 if opset < 13 else axis
    below = wide - wide.max(axis=along, keepdims=True)
    e = np.exp(below)
    if name == "LogSoftmax":
        y = (below - np.log(e.sum(axis=along, keepdims=True))).reshape(x.shape)
        # The distance is at most 60, and rounded; the sum is off by that of exp and of its terms.
        return Case(name, [x], [y.astype(x.dtype)], attributes, roundings=60 + 4 + wide.shape[along] + 4 + np.abs(y))
    y = (e / e.sum(axis=along, keepdims=True)).reshape(x.shape)
    # An argument of exp is at most 60, and rounded; exp is off by 4 roundings, and a sum of n and a division follow.
    return Case(name, [x], [y.astype(x.dtype)], attributes, roundings=(60 + 4 + wide.shape[along] + 2) * y)


def reference(name, inputs, attributes, opset, outputs=1):
    """What ONNX's reference evaluator gives, of float64 where the inputs are floats."""
    names = [f"i{k}" if x is not None else "" for k, x in enumerate(inputs)]
    wide = [x.astype(np.float64) if x is not None and x.dtype.kind == "f" else x for x in inputs]
    node = helper.make_node(name, names, [f"o{k}" for k in range(outputs)], **attributes)
    infos = [
        helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)
        for n, x in zip(names, wide, strict=True)
        if x is not None
    ]
    graph = helper.make_graph([node], "g", infos, [onnx.ValueInfoProto(name=n) for n in node.output])
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    feeds = {n: x for n, x in zip(names, wide, strict=True) if x is not None}
    found = onnx.reference.ReferenceEvaluator(proto).run(None, feeds)
    first = next(x for x in inputs if x is not None)
    return [np.asarray(y).astype(first.dtype) if np.asarray(y).dtype == np.float64 else np.asarray(y) for y in found]


def window(rng, spatial, opset, dilation_since=1):
    """A kernel, sizes that hold it, and attributes of a window over them."""
    size, kernel = ([int(v) for v in rng.integers(*r, spatial)] for r in ((6, 9), (1, 4)))
    attributes = {"kernel_shape": kernel}
    if rng.random() < 0.6:
        attributes["strides"] = [int(v) for v in rng.integers(1, 4, spatial)]
    if opset >= dilation_since and rng.random() < 0.4:
        attributes["dilations"] = [int(v) for v in rng.integers(1, 3, spatial)]
    kind = rng.choice(["", "pads", "VALID", "SAME_UPPER", "SAME_LOWER"])
    if kind == "pads":
        attributes["pads"] = [int(rng.integers(0, k)) for k in kernel] + [int(rng.integers(0, k)) for k in kernel]
    elif kind and "dilations" not in attributes:
        attributes["auto_pad"] = str(kind)
    return size, attributes


def pool(x, attributes, function, ceil=False, include=False):
    """`function` of each window's elements, those of its pads left out or zero."""
    kernel, spatial = attributes["kernel_shape"], x.ndim - 2
    stride = attributes.get("strides", [1] * spatial)
    dilation = attributes.get("dilations", [1] * spatial)
    extent = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    pads = attributes.get("pads", [0] * 2 * spatial)
    before, after = pads[:spatial], pads[spatial:]
    if attributes.get("auto_pad", "NOTSET").startswith("SAME"):
        total = [max(0, (-(-n // s) - 1) * s + e - n) for n, s, e in zip(x.shape[2:], stride, extent, strict=True)]
        less, more = [t // 2 for t in total], [t - t // 2 for t in total]
        before, after = (less, more) if attributes["auto_pad"] == "SAME_UPPER" else (more, less)
    counts = []
    for n, b, a, e, s in zip(x.shape[2:], before, after, extent, stride, strict=True):
        count = (-(-(n + b + a - e) // s) if ceil else (n + b + a - e) // s) + 1
        counts.append(count - 1 if ceil and (count - 1) * s >= n + b else count)
    y = np.zeros((*x.shape[:2], *counts))
    for at in np.ndindex(*counts):
        places = [
            [p for p in range(i * s - b, i * s - b + e, d) if (-b <= p < n + a if include else 0 <= p < n)]
            for i, s, b, e, d, n, a in zip(at, stride, before, extent, dilation, x.shape[2:], after, strict=True)
        ]
        inside = [[p for p in own if 0 <= p < n] for own, n in zip(places, x.shape[2:], strict=True)]
        part = x[(slice(None), slice(None), *np.ix_(*inside))].reshape(*x.shape[:2], -1).astype(np.float64)
        y[(slice(None), slice(None), *at)] = function(part, math.prod(len(own) for own in places))
    return y


@operator("MaxPool", "AveragePool", "LpPool")
def pools(rng, opset, name):
    size, attributes = window(
        rng, int(rng.integers(1, 3)), opset, {"MaxPool": 10, "AveragePool": 19, "LpPool": 18}[name]
    )
    small = name == "MaxPool" and opset >= 12 and rng.random() < 0.3
    x = values(rng, (int(rng.integers(1, 3)), 2, *size), np.int8 if small else np.float32)
    ceil = opset >= {"MaxPool": 10, "AveragePool": 10, "LpPool": 18}[name] and rng.random() < 0.3
    include = name == "AveragePool" and opset >= 7 and rng.random() < 0.5
    if ceil and "auto_pad" in attributes:
        ceil = False
    p = int(rng.integers(1, 4))
    function = {
        "MaxPool": lambda part, count: part.max(-1),
        "AveragePool": lambda part, count: part.sum(-1) / count,
        "LpPool": lambda part, count: (np.abs(part) ** p).sum(-1) ** (1 / p),
    }[name]
    y = pool(x, attributes, function, ceil, include).astype(x.dtype)
    more = ({"ceil_mode": 1} if ceil else {}) | ({"count_include_pad": 1} if include else {})
    more |= {"p": p} if name == "LpPool" else {}
    # A sum of at most 9 elements of at most 5, a function and a division.
    roundings = 0 if name == "MaxPool" else 60
    # ONNX Runtime counts what windows that reach over the end have in another way.
    return Case(name, [x], [y], attributes | more, roundings=roundings, runtime_agrees=not ceil)


@operator("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")
def global_pools(rng, opset, name):
    x = values(rng, (2, 3, *(int(v) for v in rng.integers(1, 5, rng.integers(1, 4)))), rng.choice(FLOATS))
    flat, p = x.reshape(2, 3, -1).astype(np.float64), 2
    attributes = {}
    if name == "GlobalLpPool" and rng.random() < 0.6:
        p = attributes["p"] = int(rng.integers(1, 4))
    y = {
        "GlobalAveragePool": lambda: flat.mean(-1),
        "GlobalMaxPool": lambda: flat.max(-1),
        "GlobalLpPool": lambda: (np.abs(flat) ** p).sum(-1) ** (1 / p),
    }[name]()
    y = y.reshape(2, 3, *[1] * (x.ndim - 2)).astype(x.dtype)
    roundings = 0 if name == "GlobalMaxPool" else (flat.shape[-1] + 8) * np.abs(x).max()
    return Case(name, [x], [y], attributes, roundings=roundings)


@operator("ConvTranspose")
def conv_transpose(rng, opset, name):
    spatial = int(rng.integers(1, 3))
    group, per, out = (int(v) for v in rng.integers(1, 3, 3))
    size, kernel = ([int(v) for v in rng.integers(*r, spatial)] for r in ((2, 6), (1, 4)))
    stride, dilation = ([int(v) for v in rng.integers(1, 3, spatial)] for _ in "ab")
    x = values(rng, (2, group * per, *size), np.float32)
    w = values(rng, (group * per, out, *kernel), np.float32)
    b = values(rng, (group * out,), np.float32) if rng.random() < 0.5 else None
    attributes = {"group": group, "strides": stride, "dilations": dilation}
    extent = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    behind = [int(rng.integers(0, s)) for s in stride] if rng.random() < 0.4 else [0] * spatial
    if any(behind):
        attributes["output_padding"] = behind
    full = [(n - 1) * s + e + o for n, s, e, o in zip(size, stride, extent, behind, strict=True)]
    pads = [int(rng.integers(0, min(e, 2))) for e in extent] + [int(rng.integers(0, min(e, 2))) for e in extent]
    pads = pads if all(f - a - c > 0 for f, a, c in zip(full, pads[:spatial], pads[spatial:], strict=True)) else []
    if pads and rng.random() < 0.6:
        attributes["pads"] = pads
    else:
        pads = [0] * 2 * spatial
    y, magnitude = np.zeros((2, 2, group * out, *full))
    for at in np.ndindex(*size):
        for k in np.ndindex(*kernel):
            to = tuple(i * s + j * d for i, s, j, d in zip(at, stride, k, dilation, strict=True))
            for g in range(group):
                own = slice(g * per, (g + 1) * per)
                a, c = x[(slice(None), own, *at)].astype(np.float64), w[(own, slice(None), *k)].astype(np.float64)
                filters = slice(g * out, (g + 1) * out)
                y[(slice(None), filters, *to)] += a @ c
                magnitude[(slice(None), filters, *to)] += np.abs(a) @ np.abs(c)
    cut = (
        slice(None),
        slice(None),
        *(slice(p, f - q) for p, q, f in zip(pads[:spatial], pads[spatial:], full, strict=True)),
    )
    y, magnitude = y[cut], magnitude[cut]
    if b is not None:
        y, magnitude = (v + f(b).reshape(-1, *[1] * spatial) for v, f in ((y, np.asarray), (magnitude, np.abs)))
    inputs = [x, w] + ([] if b is None else [b])
    roundings = (per * math.prod(kernel) + 2) * magnitude
    return Case(name, inputs, [y.astype(np.float32)], attributes, constants=(1,), roundings=roundings)


EQUATIONS = [
    ("ij,jk->ik", 2), ("bij,bjk->bik", 2), ("ij,kj", 2), ("i,i", 2), ("ii->i", 1), ("...ij->...ji", 1), ("ij->", 1),
    ("bhwc,hkc->bhwk", 2), ("...ij,...jk->...ik", 2), ("a,b,c->abc", 3), ("abc->cb", 1), ("ij,ij->i", 2),
]  # fmt: skip


@operator("Einsum")
def einsum(rng, opset, name):
    equation, count = EQUATIONS[int(rng.integers(0, len(EQUATIONS)))]
    sizes = {letter: int(rng.integers(1, 5)) for letter in "abchijkw"}
    batch = tuple(int(v) for v in rng.integers(1, 4, rng.integers(0, 3)))
    terms = equation.partition("->")[0].split(",")
    dtype = rng.choice((*FLOATS, np.int32))
    inputs = []
    for term in terms:
        shape = tuple(sizes[c] for c in term.replace("...", ""))
        inputs.append(values(rng, (*batch, *shape) if "..." in term else shape, dtype))
    assert len(inputs) == count
    wide = [x.astype(np.float64) for x in inputs] if np.dtype(dtype).kind == "f" else inputs
    y = np.asarray(np.einsum(equation, *wide)).astype(dtype)
    magnitude = np.einsum(equation, *(np.abs(x).astype(np.float64) for x in inputs))
    return Case(name, inputs, [y], {"equation": equation}, roundings=(math.prod(sizes.values()) + 2) * magnitude)


@operator("MatMulInteger")
def matmul_integer(rng, opset, name):
    m, k, n = (int(v) for v in rng.integers(1, 7, 3))
    kinds = [rng.choice([np.int8, np.uint8]) for _ in "ab"]
    a, b = (rng.integers(np.iinfo(t).min, np.iinfo(t).max, s, dtype=t, endpoint=True)
            for t, s in zip(kinds, ((m, k), (k, n)), strict=True))  # fmt: skip
    points = [rng.integers(0, 100, () if rng.random() < 0.6 else (c,)).astype(t) if rng.random() < 0.6 else None
              for t, c in zip(kinds, (m, n), strict=True)]  # fmt: skip
    wide = [v.astype(np.int32) for v in (a, b)]
    if points[0] is not None:
        wide[0] = wide[0] - points[0].astype(np.int32).reshape(-1, 1)
    if points[1] is not None:
        wide[1] = wide[1] - points[1].astype(np.int32)
    while points and points[-1] is None:
        points.pop()
    single = all(p is None or p.ndim == 0 for p in points[:1])
    return Case(name, [a, b, *points], [wide[0] @ wide[1]], constants=(2, 3), runtime_agrees=single)


def normal(x, axes, epsilon):
    wide = x.astype(np.float64)
    mean = wide.mean(axes, keepdims=True)
    inverse = 1 / np.sqrt(((wide - mean) ** 2).mean(axes, keepdims=True) + epsilon)
    return (wide - mean) * inverse, mean, inverse


def column(x, rank):
    return x.astype(np.float64).reshape(-1, *[1] * (rank - 2))


@operator("BatchNormalization", "InstanceNormalization")
def channel_normalization(rng, opset, name):
    x = values(rng, (int(rng.integers(1, 3)), 3, *(int(v) for v in rng.integers(2, 5, rng.integers(1, 3)))), np.float32)
    scale, bias, mean = (values(rng, (3,), np.float32) for _ in "abc")
    attributes = {"epsilon": float(np.float32(0.01))} if rng.random() < 0.6 else {}
    epsilon = float(np.float32(attributes.get("epsilon", 1e-5)))
    if name == "InstanceNormalization":
        y = normal(x, tuple(range(2, x.ndim)), epsilon)[0] * column(scale, x.ndim) + column(bias, x.ndim)
        # Deviations are multiplied by at most 1 / sqrt(epsilon) of what rounding leaves of them, in float64.
        return Case(name, [x, scale, bias], [y.astype(np.float32)], attributes, roundings=4 * np.abs(y) + 16)
    variance = values(rng, (3,), np.float32, low=0.1, high=3)
    if opset < 7:
        attributes["is_test"] = 1
    if opset < 6:
        attributes["consumed_inputs"] = [0, 0, 0, 1, 1]
    factor = column(scale, x.ndim) / np.sqrt(column(variance, x.ndim) + epsilon)
    y = (x - column(mean, x.ndim)) * factor + column(bias, x.ndim)
    bound = 4 * (np.abs(x) + np.abs(column(mean, x.ndim))) * np.abs(factor) + np.abs(column(bias, x.ndim))
    return Case(name, [x, scale, bias, mean, variance], [y.astype(np.float32)], attributes, roundings=bound)


@operator("GroupNormalization", "LayerNormalization", "RMSNormalization")
def wide_normalization(rng, opset, name):
    dtype = rng.choice(FLOATS) if name != "GroupNormalization" else np.float32
    attributes = {"epsilon": float(np.float32(0.01))} if rng.random() < 0.6 else {}
    epsilon = float(np.float32(attributes.get("epsilon", 1e-5)))
    if name == "GroupNormalization":
        x = values(rng, (2, 4, *(int(v) for v in rng.integers(1, 4, rng.integers(1, 3)))), dtype)
        scale, bias = (values(rng, (4 if opset >= 21 else 2,), dtype) for _ in "ab")
        parts = x.reshape(2, 2, 2, *x.shape[2:])
        y = normal(parts, tuple(range(2, parts.ndim)), epsilon)[0]
        by = [v.astype(np.float64).reshape(2, -1, *[1] * (x.ndim - 2)) for v in (scale, bias)]
        y = (y * by[0] + by[1]).reshape(x.shape).astype(dtype)
        return Case(name, [x, scale, bias], [y], attributes | {"num_groups": 2}, roundings=4 * np.abs(y) + 16)
    x = values(rng, shape_of(rng, 1, 4, empty=False), dtype)
    axis = int(rng.integers(0, x.ndim))
    attributes["axis"] = negative(rng, axis, x.ndim, 99)
    axes = tuple(range(axis, x.ndim))
    scale = values(rng, x.shape[axis:], dtype)
    if name == "RMSNormalization":
        y = x / np.sqrt((x.astype(np.float64) ** 2).mean(axes, keepdims=True) + epsilon) * scale
        return Case(name, [x, scale], [y.astype(dtype)], attributes, roundings=8 * np.abs(y) + 1)
    bias = values(rng, x.shape[axis:], dtype) if rng.random() < 0.6 else None
    y, mean, inverse = normal(x, axes, epsilon)
    y = y * scale + (0 if bias is None else bias.astype(np.float64))
    inputs = [x, scale] + ([] if bias is None else [bias])
    expected = [y.astype(dtype)]
    if dtype == np.float32 and rng.random() < 0.4:
        expected += [mean.astype(dtype), inverse.astype(dtype)]
    # Small deviations, of which rounding leaves less than 1 / sqrt(epsilon) times as much, in float64.
    return Case(name, inputs, expected, attributes, ulps=64, roundings=128.0)


@operator("MeanVarianceNormalization")
def mean_variance(rng, opset, name):
    x = values(rng, (2, 3, 4, 5), np.float32)
    axes = (0, 2, 3)
    attributes = {}
    if rng.random() < 0.5:
        axes = (0, 1) if rng.random() < 0.5 else (1, 2, 3)
        attributes["axes"] = list(axes)
    wide = x.astype(np.float64)
    distance = wide - wide.mean(axes, keepdims=True)
    y = distance / (np.sqrt((distance**2).mean(axes, keepdims=True)) + 1e-9)
    return Case(name, [x], [y.astype(np.float32)], attributes, roundings=32.0, runtime_agrees=len(axes) == 3)


@operator("LpNormalization")
def lp_normalization(rng, opset, name):
    x = values(rng, shape_of(rng, 1, 3, empty=False), rng.choice(FLOATS))
    axis, p = int(rng.integers(0, x.ndim)), int(rng.integers(1, 3))
    attributes = {"axis": negative(rng, axis, x.ndim, 99), "p": p}
    wide = x.astype(np.float64)
    norm = (np.abs(wide) ** p).sum(axis, keepdims=True) ** (1 / p)
    return Case(name, [x], [(wide / norm).astype(x.dtype)], attributes, roundings=8.0)


@operator("LRN")
def lrn(rng, opset, name):
    x = values(rng, (2, int(rng.integers(2, 6)), 3, 2), np.float32)
    size = int(rng.choice([1, 3, 5]))
    given = {k: float(np.float32(rng.uniform(0.3, 1))) for k in ("alpha", "beta", "bias") if rng.random() < 0.6}
    alpha, beta, bias = (
        given.get(k, float(np.float32(v))) for k, v in (("alpha", 1e-4), ("beta", 0.75), ("bias", 1.0))
    )
    squares = np.pad(x.astype(np.float64) ** 2, [(0, 0), ((size - 1) // 2, size // 2), (0, 0), (0, 0)])
    sums = sum(squares[:, k : k + x.shape[1]] for k in range(size))
    y = x / (bias + alpha / size * sums) ** beta
    return Case(name, [x], [y.astype(np.float32)], given | {"size": size}, roundings=8 * np.abs(y))


def quantized(x, scale, point, dtype):
    info = np.iinfo(dtype)
    return np.clip(np.round(x / scale) + point, info.min, info.max).astype(dtype)


@operator("QuantizeLinear", "DequantizeLinear")
def quantize(rng, opset, name):
    dtype = rng.choice([np.int8, np.uint8])
    shape = shape_of(rng, 1, 3, empty=False)
    axis = int(rng.integers(0, len(shape)))
    kind = rng.choice(["whole", "axis"] if opset >= 13 else ["whole"])
    if opset >= 21 and rng.random() < 0.3:
        kind = "block"
    attributes, own = {}, ()
    if kind == "axis":
        own, attributes["axis"] = (shape[axis],), negative(rng, axis, len(shape), opset)
    if kind == "block":
        own = tuple(-(-n // 2) if d == axis else n for d, n in enumerate(shape))
        attributes |= {"axis": axis, "block_size": 2}
    # Powers of two, so that nothing lies between two integers by rounding alone.
    scale = np.asarray(2.0 ** rng.integers(-4, 2, own), np.float32)
    point = rng.integers(0, 100, own).astype(dtype) if rng.random() < 0.7 or dtype == np.int8 else None
    by, zero = scale, np.zeros(own, dtype) if point is None else point
    if kind == "axis":
        by, zero = (v.reshape(-1, *[1] * (len(shape) - axis - 1)) for v in (by, zero))
    if kind == "block":
        by, zero = (np.take(np.repeat(v, 2, axis), range(shape[axis]), axis) for v in (by, zero))
    inputs = [scale] + ([] if point is None else [point])
    if name == "QuantizeLinear":
        x = values(rng, shape, np.float32, low=-20, high=20)
        y = quantized(x.astype(np.float64), by, zero.astype(np.float64), dtype)
        return Case(name, [x, *inputs], [y], attributes)
    x = values(rng, shape, dtype, low=-100, high=100)
    y = ((x.astype(np.int32) - zero.astype(np.int32)) * by).astype(np.float32)
    return Case(name, [x, *inputs], [y], attributes)


@operator("DynamicQuantizeLinear")
def dynamic_quantize(rng, opset, name):
    x = values(rng, shape_of(rng, 1, 3, empty=False), np.float32)
    low, high = np.float32(min(x.min(), 0)), np.float32(max(x.max(), 0))
    scale = np.float32((high - low) / np.float32(255))
    if scale == 0:
        x, low, scale = x + np.float32(1), np.float32(0), np.float32((x.max() + np.float32(1)) / np.float32(255))
    point = np.uint8(np.clip(np.round((np.float32(0) - low) / scale), 0, 255))
    y = np.clip(np.round(x / scale) + np.float32(point), 0, 255).astype(np.uint8)
    return Case(name, [x], [y, np.asarray(scale), np.asarray(point)])


@operator("QLinearMatMul")
def qlinear_matmul(rng, opset, name):
    kinds = [rng.choice([np.int8, np.uint8]) for _ in "aby"]
    a, b = (values(rng, s, t, low=-50, high=50) for t, s in zip(kinds, ((3, 4), (4, 5)), strict=False))
    points = [np.array(rng.integers(0, 20), t) for t in kinds]
    scales = [np.array(2.0 ** rng.integers(-5, 0), np.float32) for _ in "aby"]
    product = (a.astype(np.int32) - points[0].astype(np.int32)) @ (b.astype(np.int32) - points[1].astype(np.int32))
    y = quantized(product * (float(scales[0]) * float(scales[1])), float(scales[2]), float(points[2]), kinds[2])
    inputs = [a, scales[0], points[0], b, scales[1], points[1], scales[2], points[2]]
    return Case(name, inputs, [y], runtime_agrees=kinds[0] == kinds[2])


@operator("Tile")
def tile(rng, opset, name):
    x = values(rng, shape_of(rng, 1, 3), rng.choice(TYPES))
    repeats = [int(v) for v in rng.integers(0, 4, x.ndim)]
    if opset < 6:
        axis = int(rng.integers(0, x.ndim))
        only = [repeats[axis] if d == axis else 1 for d in range(x.ndim)]
        inputs = [x, ints(repeats[axis])[0:1].reshape(()), ints(axis).reshape(())]
        return Case(name, inputs, [np.tile(x, only)], constants=(2,), runtime_agrees=False)
    return Case(name, [x, ints(*repeats)], [np.tile(x, repeats)])


@operator("Range")
def range_(rng, opset, name):
    dtype = rng.choice([np.float32, np.float64, np.int16, np.int32, np.int64])
    start, limit = (dtype(v) for v in rng.integers(-9, 10, 2))
    delta = dtype(rng.choice([-3, -1, 1, 2]))
    y = np.arange(start, limit, delta, dtype)
    return Case(name, [np.array(v, dtype) for v in (start, limit, delta)], [y])


@operator("OneHot")
def one_hot(rng, opset, name):
    indices = rng.integers(-6, 7, shape_of(rng, 1, 3)).astype(rng.choice([np.int32, np.int64, np.float32]))
    depth, both = int(rng.integers(1, 6)), values(rng, (2,), rng.choice([np.float32, np.int64, np.int32]))
    axis = int(rng.integers(0, indices.ndim + 1))
    place = np.where(indices < 0, indices + depth, indices)
    at = np.arange(depth).reshape(-1, *[1] * (indices.ndim - axis))
    y = np.where(np.expand_dims(place, axis) == at, both[1], both[0]).astype(both.dtype)
    attributes = {"axis": axis - indices.ndim - 1 if rng.random() < 0.5 else axis}
    # ONNX Runtime takes few combinations of types.
    return Case(name, [indices, ints(depth), both], [y], attributes)


@operator("Trilu")
def trilu(rng, opset, name):
    x = values(rng, shape_of(rng, 2, 4), rng.choice(TYPES))
    k, upper = int(rng.integers(-3, 4)), int(rng.integers(0, 2))
    given = rng.random() < 0.6
    y = (np.triu if upper else np.tril)(x, k if given else 0)
    attributes = {"upper": upper} if upper == 0 or rng.random() < 0.5 else {}
    return Case(name, [x, ints(k)[0:1].reshape(())] if given else [x], [y], attributes)


@operator("EyeLike")
def eye_like(rng, opset, name):
    x = values(rng, tuple(int(v) for v in rng.integers(1, 6, 2)), np.float32)
    k, dtype = int(rng.integers(-3, 4)), np.dtype(rng.choice([np.float32, np.int64, np.float64, np.uint8]))
    attributes = {"k": k, "dtype": int(helper.np_dtype_to_tensor_dtype(dtype))}
    if rng.random() < 0.3:
        attributes, k, dtype = {}, 0, x.dtype
    return Case(name, [x], [np.eye(*x.shape, k=k, dtype=dtype)], attributes)


@operator("NonZero")
def non_zero(rng, opset, name):
    x = np.round(values(rng, shape_of(rng, 1, 3), rng.choice([np.float32, np.int32, np.int64, np.bool_]), -1, 2))
    return Case(name, [x], [np.array(np.nonzero(x), np.int64).reshape(x.ndim, -1)])


@operator("Compress")
def compress(rng, opset, name):
    x = values(rng, shape_of(rng, 1, 3, empty=False), rng.choice(TYPES))
    axis = int(rng.integers(0, x.ndim))
    flat = rng.random() < 0.4
    length = x.size if flat else x.shape[axis]
    condition = rng.integers(0, 2, int(rng.integers(1, length + 1))).astype(bool)
    y = np.compress(condition, x.reshape(-1)) if flat else np.compress(condition, x, axis)
    return Case(name, [x, condition], [y], {} if flat else {"axis": negative(rng, axis, x.ndim, opset)})


@operator("GatherElements", "ScatterElements", "Scatter")
def along_axis(rng, opset, name):
    x = values(rng, shape_of(rng, 1, 3, empty=False), rng.choice(FLOATS + INTEGERS))
    axis = int(rng.integers(0, x.ndim))
    shape = [int(rng.integers(1, n + 1)) for n in x.shape]
    attributes = {"axis": negative(rng, axis, x.ndim, opset)}
    kind = rng.choice([np.int32, np.int64])
    if name == "GatherElements":
        shape[axis] = int(rng.integers(1, 5))
        at = rng.integers(-x.shape[axis], x.shape[axis], shape).astype(kind)
        part = x[tuple(slice(n) if d != axis else slice(None) for d, n in enumerate(shape))]
        return Case(name, [x, at], [np.take_along_axis(part, at % x.shape[axis], axis)], attributes)
    modes = ["none"] + (["add", "mul"] if opset >= 16 else []) + (["max", "min"] if opset >= 18 else [])
    mode = str(rng.choice(modes)) if name == "ScatterElements" else "none"
    # Each place once, so that the order is of no importance.
    at = np.apply_along_axis(lambda row: rng.permutation(x.shape[axis])[: len(row)], axis, np.zeros(shape)).astype(kind)
    updates = values(rng, tuple(shape), x.dtype)
    y = x.copy()
    function = {"none": lambda a, b: b, "add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum}[mode]
    for index in np.ndindex(*shape):
        to = tuple(int(at[index]) if d == axis else i for d, i in enumerate(index))
        y[to] = function(y[to], updates[index])
    if mode != "none":
        attributes["reduction"] = mode
    negatives = np.where(rng.random(at.shape) < 0.3, at - x.shape[axis], at).astype(kind) if opset >= 11 else at
    return Case(name, [x, negatives, updates], [y], attributes, runtime_agrees=x.dtype.itemsize >= 4 or mode == "none")


@operator("GatherND", "ScatterND")
def by_tuples(rng, opset, name):
    x = values(rng, shape_of(rng, 1, 4, empty=False), rng.choice(FLOATS + INTEGERS))
    batch = int(rng.integers(0, x.ndim)) if name == "GatherND" and opset >= 12 and rng.random() < 0.4 else 0
    length = int(rng.integers(1, x.ndim - batch + 1))
    outer = (*x.shape[:batch], *(int(v) for v in rng.integers(1, 4, rng.integers(0 if batch else 1, 3))))
    bounds = x.shape[batch : batch + length]
    at = rng.integers([-n for n in bounds], bounds, (*outer, length)).astype(np.int64)
    if name == "GatherND":
        y = np.zeros((*outer, *x.shape[batch + length :]), x.dtype)
        for index in np.ndindex(*outer):
            y[index] = x[(*index[:batch], *(int(v) for v in at[index]))]
        return Case(name, [x, at], [y], {"batch_dims": batch} if batch else {}, constants=())
    modes = ["none"] + (["add", "mul"] if opset >= 16 else []) + (["max", "min"] if opset >= 18 else [])
    mode = str(rng.choice(modes))
    count = min(math.prod(bounds), 3)
    chosen = rng.permutation(math.prod(bounds))[:count]
    at = np.stack(np.unravel_index(chosen, bounds), -1).astype(np.int64)
    updates = values(rng, (count, *x.shape[length:]), x.dtype)
    function = {"none": lambda a, b: b, "add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum}[mode]
    y = x.copy()
    for k in range(count):
        to = tuple(int(v) for v in at[k])
        y[to] = function(y[to], updates[k])
    agrees = x.dtype.itemsize >= 4 or mode == "none"
    return Case(name, [x, at, updates], [y], {"reduction": mode} if mode != "none" else {}, runtime_agrees=agrees)


@operator("ReverseSequence")
def reverse_sequence(rng, opset, name):
    x = values(rng, shape_of(rng, 2, 4, empty=False), rng.choice(TYPES))
    batch = int(rng.integers(0, 2))
    lengths = rng.integers(1, x.shape[1 - batch] + 1, x.shape[batch]).astype(np.int64)
    y = x.copy()
    for b, n in enumerate(lengths):
        if batch:
            y[:n, b] = x[:n, b][::-1]
        else:
            y[b, :n] = x[b, :n][::-1]
    attributes = {"batch_axis": batch, "time_axis": 1 - batch} if batch == 0 or rng.random() < 0.5 else {}
    return Case(name, [x, lengths], [y], attributes)


@operator("DepthToSpace", "SpaceToDepth")
def depth_and_space(rng, opset, name):
    block, depth, (n, h, w) = 2, int(rng.integers(1, 4)), (int(v) for v in rng.integers(1, 4, 3))
    mode = str(rng.choice(["DCR", "CRD"])) if opset >= (11 if name == "DepthToSpace" else 28) else "DCR"
    small = values(rng, (n, depth * block * block, h, w), np.float32)
    if mode == "DCR":
        large = small.reshape(n, block, block, depth, h, w).transpose(0, 3, 4, 1, 5, 2)
    else:
        large = small.reshape(n, depth, block, block, h, w).transpose(0, 1, 4, 2, 5, 3)
    large = large.reshape(n, depth, h * block, w * block).copy()
    x, y = (small, large) if name == "DepthToSpace" else (large, small)
    attributes = {"blocksize": block} | ({"mode": mode} if mode != "DCR" else {})
    return Case(name, [x], [y], attributes)


@operator("Resize")
def resize(rng, opset, name):
    x = values(rng, (1, 2, *(int(v) for v in rng.integers(1, 6, 2))), np.float32)
    scales = np.array([1, 1, *rng.choice([0.5, 1, 2, 3], 2)], np.float32)
    if any(int(n * s) == 0 for n, s in zip(x.shape, scales, strict=True)):
        scales = np.array([1, 1, 2, 2], np.float32)
    if opset < 11:
        attributes = {"mode": "nearest"}
        y = x
        for d, s in enumerate(scales):
            places = np.floor(np.arange(int(x.shape[d] * s)) / float(s)).astype(int)
            y = np.take(y, np.minimum(places, x.shape[d] - 1), d)
        return Case(name, [x, scales], [y], attributes, constants=(1,))
    attributes = {"mode": str(rng.choice(["nearest", "linear", "cubic"]))}
    attributes["coordinate_transformation_mode"] = str(
        rng.choice(["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"])
    )
    if attributes["coordinate_transformation_mode"] in ("align_corners", "pytorch_half_pixel"):
        # The resized length of these is a whole number in the text and in ONNX Runtime; that of onnx's reference is
        # what the scale makes of the old one.
        scales = np.where(
            [float(n * s).is_integer() for n, s in zip(x.shape, scales, strict=True)], scales, np.float32(2)
        )
    if attributes["mode"] == "nearest" and rng.random() < 0.6:
        attributes["nearest_mode"] = str(rng.choice(["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]))
    inputs = [x, np.zeros(0, np.float32), scales] if opset < 13 else [x, None, scales]
    y = reference(name, inputs, attributes, max(opset, 13))[0]
    # Two weighted sums of at most four elements of at most 5. Places between two of the nearest are left to tests of
    # their own: ONNX Runtime computes them in float32.
    roundings = 0 if attributes["mode"] == "nearest" else 128
    return Case(name, inputs, [y], attributes, constants=(1, 2), roundings=roundings, runtime_agrees=False)


@operator("Concat")
def concat(rng, opset, name):
    shape = shape_of(rng, 2 if opset < 4 else 1, 4)
    axis = int(rng.integers(0, len(shape)))
    attributes = {"axis": negative(rng, axis, len(shape), opset)}
    if opset < 4 and rng.random() < 0.5:
        attributes, axis = {}, 1
    dtype = rng.choice(TYPES)
    parts = []
    # More than 16 are joined in groups.
    for _ in range(rng.integers(1, 4) if rng.random() < 0.8 else rng.integers(17, 40)):
        own = list(shape)
        own[axis] = int(rng.integers(0, 4))
        parts.append(values(rng, tuple(own), dtype))
    return Case(name, parts, [np.concatenate(parts, axis)], attributes)


@operator("ConstantOfShape")
def constant_of_shape(rng, opset, name):
    shape = shape_of(rng)
    value = values(rng, (1,), rng.choice(TYPES))
    attributes = {"value": numpy_helper.from_array(value)} if rng.random() < 0.8 else {}
    fill = value[0] if attributes else np.float32(0)
    return Case(name, [ints(*shape)], [np.full(shape, fill)], attributes)


@operator("Expand")
def expand(rng, opset, name):
    shape = shape_of(rng)
    x = values(rng, spread(rng, shape), rng.choice(TYPES))
    wanted = [1 if rng.random() < 0.3 and i >= len(shape) - x.ndim else s for i, s in enumerate(shape)]
    if len(wanted) and rng.random() < 0.3 and x.ndim == len(wanted):
        wanted = wanted[1:]
    full = np.broadcast_shapes(x.shape, tuple(wanted))
    return Case(name, [x, ints(*wanted)], [np.broadcast_to(x, full).copy()])


@operator("Flatten")
def flatten(rng, opset, name):
    x = values(rng, shape_of(rng, 1 if opset < 9 else 0, 4), rng.choice(TYPES))
    axis = int(rng.integers(0, x.ndim + 1))
    attributes = {"axis": negative(rng, axis, x.ndim, opset) if axis < x.ndim else axis}
    if rng.random() < 0.3 and x.ndim >= 1:
        attributes, axis = {}, 1
    rows = int(np.prod(x.shape[:axis]))
    return Case(name, [x], [x.reshape(rows, int(np.prod(x.shape[axis:])))], attributes)


@operator("Gather")
def gather(rng, opset, name):
    x = values(rng, shape_of(rng, 1, 4, empty=False), rng.choice(TYPES))
    axis = int(rng.integers(0, x.ndim))
    n = x.shape[axis]
    indices = rng.integers(-n if opset >= 11 else 0, n, shape_of(rng, 0, 2)).astype(rng.choice([np.int32, np.int64]))
    attributes = {"axis": negative(rng, axis, x.ndim, opset)}
    if rng.random() < 0.3:
        attributes, axis = {}, 0
        indices = indices % x.shape[0]
    return Case(name, [x, indices], [np.take(x, indices, axis)], attributes)


@operator("Identity")
def identity(rng, opset, name):
    x = values(rng, shape_of(rng), rng.choice((*TYPES, np.uint8)), low=0)
    return Case(name, [x], [x])


@operator("Pad")
def pad(rng, opset, name):
    mode = str(rng.choice(["constant", "reflect", "edge"]))
    x = values(rng, shape_of(rng, 1, 4, empty=mode == "constant"), rng.choice(NUMBERS if opset >= 11 else FLOATS))
    rank = x.ndim
    cuts = rng.random() < 0.4
    axes = None
    if opset >= 18 and rng.random() < 0.5:
        axes = [int(v) for v in rng.choice(rank, rng.integers(1, rank + 1), replace=False)]
    before, after = [0] * rank, [0] * rank
    for d in axes if axes is not None else range(rank):
        room = x.shape[d]
        low = -min(room // 2, 2) if cuts and (mode == "constant" or room > 2) else 0
        b, a = (int(v) for v in rng.integers(low, 3, 2))
        left = room + min(b, 0) + min(a, 0)
        if mode == "reflect":
            b, a = (min(v, max(left - 1, 0)) for v in (b, a))
        before[d], after[d] = b, a
    cut = x[tuple(slice(max(-b, 0), n - max(-a, 0)) for b, a, n in zip(before, after, x.shape, strict=True))]
    wide = [(max(b, 0), max(a, 0)) for b, a in zip(before, after, strict=True)]
    value = values(rng, (), x.dtype) if mode == "constant" and rng.random() < 0.6 else None
    if value is not None and opset < 11:
        value = value.astype(np.float32).astype(x.dtype)
    keywords = {"constant_values": value if value is not None else 0} if mode == "constant" else {}
    y = np.pad(cut, wide, mode=mode, **keywords)
    attributes = {"mode": mode} if mode != "constant" or rng.random() < 0.5 else {}
    agrees = not cuts
    if opset < 11:
        attributes["pads"] = before + after
        if value is not None:
            attributes["value"] = float(value)
        return Case(name, [x], [y.astype(x.dtype)], attributes, runtime_agrees=agrees)
    order = axes if axes is not None else range(rank)
    pads = ints(*[before[d] for d in order], *[after[d] for d in order])
    inputs = [x, pads]
    if value is not None or axes is not None:
        inputs.append(value)
    if axes is not None:
        inputs.append(ints(*[negative(rng, a, rank, opset) for a in axes]))
    return Case(name, inputs, [y.astype(x.dtype)], attributes, constants=(3,), runtime_agrees=agrees)


@operator("Reshape")
def reshape(rng, opset, name):
    shape = shape_of(rng, 0, 4)
    x = values(rng, shape, rng.choice(TYPES))
    flat = list(shape)
    rng.shuffle(flat)
    flat.insert(int(rng.integers(0, len(flat) + 1)), 1)
    if len(flat) > 1 and rng.random() < 0.5:
        flat = [flat[0] * flat[1], *flat[2:]]
    wanted = [int(v) for v in flat]
    attributes = {}
    allow = opset >= 14 and rng.random() < 0.4
    if allow:
        attributes["allowzero"] = 1
    else:
        for i, v in enumerate(wanted):
            if i < len(shape) and shape[i] == v and rng.random() < 0.5:
                wanted[i] = 0
        if x.size == 0 and any(v == 0 and (i >= len(shape) or shape[i] != 0) for i, v in enumerate(wanted)):
            flat = wanted = [int(v) for v in shape]
    rest = [v for i, v in enumerate(flat)]
    if wanted and x.size and rng.random() < 0.5:
        wanted[int(rng.integers(0, len(wanted)))] = -1
    y = x.reshape(rest)
    if opset < 5:
        return Case(name, [x], [y], {"shape": wanted})
    return Case(name, [x, ints(*wanted)], [y], attributes)


@operator("Shape")
def shape(rng, opset, name):
    x = values(rng, shape_of(rng), rng.choice((*TYPES, np.uint8)), low=0)
    attributes = {}
    if opset >= 15:
        attributes = {k: int(rng.integers(-5, 6)) for k in ("start", "end") if rng.random() < 0.6}
    start, end = attributes.get("start", 0), attributes.get("end", x.ndim)
    start, end = (min(max(v + x.ndim if v < 0 else v, 0), x.ndim) for v in (start, end))
    return Case(name, [x], [np.array(x.shape[start:end], np.int64)], attributes)


@operator("Size")
def size(rng, opset, name):
    x = values(rng, shape_of(rng), rng.choice((*TYPES, np.uint8)), low=0)
    return Case(name, [x], [np.array(x.size, np.int64)])


@operator("Slice")
def slice_(rng, opset, name):
    x = values(rng, shape_of(rng, 1, 4), rng.choice(TYPES))
    count = int(rng.integers(1, x.ndim + 1))
    axes = [int(v) for v in rng.choice(x.ndim, count, replace=False)]
    named = rng.random() < 0.7
    if not named:
        axes = list(range(count))
    far = [2**31 - 1, -(2**31), 2**63 - 1, -(2**63)]
    starts, ends, steps, window = [], [], [], [slice(None)] * x.ndim
    stepped = opset >= 10 and named and rng.random() < 0.6
    for axis in axes:
        n = x.shape[axis]
        start, end = (int(v) for v in rng.integers(-n - 2, n + 3, 2))
        if rng.random() < 0.3:
            end = int(rng.choice(far))
        step = int(rng.choice([-3, -2, -1, 1, 2, 3])) if stepped else 1
        starts.append(start), ends.append(end), steps.append(step)
        low, high = (0, n) if step > 0 else (-1, n - 1)
        first = min(max(start + n if start < 0 else start, 0), n if step > 0 else n - 1)
        last = min(max(end + n if end < 0 else end, low), high)
        window[axis] = np.arange(first, last, step, dtype=np.int64) if n else np.zeros(0, np.int64)
    y = x
    for axis in axes:
        y = np.take(y, window[axis], axis)
    given = [negative(rng, a, x.ndim, opset) for a in axes]
    if opset < 10:
        return Case(name, [x], [y], {"starts": starts, "ends": ends} | ({"axes": given} if named else {}))
    kind = rng.choice([np.int32, np.int64]) if all(abs(v) < 2**31 for v in starts + ends) else np.int64
    inputs = [x, np.array(starts, kind), np.array(ends, kind)]
    if named:
        inputs.append(np.array(given, kind))
    if stepped:
        inputs.append(np.array(steps, kind))
    return Case(name, inputs, [y], constants=(3, 4))


@operator("Split")
def split(rng, opset, name):
    shape = list(shape_of(rng, 1, 4, empty=False))
    axis = int(rng.integers(0, len(shape)))
    count = int(rng.integers(1, 4))
    parts = [int(v) for v in rng.integers(0 if opset >= 11 else 1, 4, count)]
    attributes = {"axis": negative(rng, axis, len(shape), opset)} if axis or rng.random() < 0.5 else {}
    even = rng.random() < 0.5
    inputs = []
    if even and opset >= 18:
        total = int(rng.integers(count * (count - 1), 12))
        each = -(-total // count)
        parts = [each] * (count - 1) + [total - each * (count - 1)]
        attributes["num_outputs"] = count
    elif even:
        parts = [int(rng.integers(1, 4))] * count
    elif opset < 13:
        attributes["split"] = parts
    else:
        inputs = [ints(*parts)]
    shape[axis] = sum(parts)
    x = values(rng, tuple(shape), rng.choice(TYPES))
    expected = np.split(x, np.cumsum(parts)[:-1], axis)
    return Case(name, [x, *inputs], expected, attributes, constants=(1,))


@operator("Squeeze")
def squeeze(rng, opset, name):
    shape = [1 if rng.random() < 0.5 else s for s in shape_of(rng, 0, 4)]
    x = values(rng, tuple(shape), rng.choice(TYPES))
    ones = [i for i, s in enumerate(shape) if s == 1]
    axes = [i for i in ones if rng.random() < 0.7]
    if rng.random() < 0.4 or not axes:
        return Case(name, [x], [np.asarray(np.squeeze(x))], constants=(0,))
    named = [negative(rng, a, x.ndim, opset) for a in axes]
    expected = [np.asarray(np.squeeze(x, tuple(axes)))]
    if opset < 13:
        return Case(name, [x], expected, {"axes": named})
    return Case(name, [x, ints(*named)], expected, constants=(1,))


@operator("Transpose")
def transpose(rng, opset, name):
    x = values(rng, shape_of(rng), rng.choice(TYPES))
    perm = [int(v) for v in rng.permutation(x.ndim)]
    if x.ndim == 0 or rng.random() < 0.2:
        return Case(name, [x], [x.T.copy()])
    return Case(name, [x], [x.transpose(perm).copy()], {"perm": perm})


@operator("Unsqueeze")
def unsqueeze(rng, opset, name):
    x = values(rng, shape_of(rng, 0, 3), rng.choice(TYPES))
    count = int(rng.integers(1, 3))
    axes = sorted(int(v) for v in rng.choice(x.ndim + count, count, replace=False))
    named = [negative(rng, a, x.ndim + count, opset) for a in axes]
    expected = [np.expand_dims(x, tuple(axes))]
    if opset < 13:
        return Case(name, [x], expected, {"axes": named})
    if rng.random() < 0.5:
        named.reverse()
    return Case(name, [x, ints(*named)], expected, constants=(1,))


# Models


def place(rng, case: Case, opset: int) -> Case:
    """Chooses which inputs are constants and which sizes are unknown."""
    case.opset = opset
    required = {i for i in case.constants if i < len(case.inputs)}
    if rng.random() < 0.4:
        required |= {i for i in range(1, len(case.inputs)) if rng.random() < 0.5}
    if rng.random() < 0.1:
        required |= set(range(len(case.inputs)))
    if case.op == "Squeeze" and len(case.inputs) == 1 and "axes" not in case.attributes:
        required -= {0}
        case.fixed = frozenset(required)
        return case
    case.fixed = frozenset(i for i in required if case.inputs[i] is not None and case.inputs[i].dtype.kind != "u")
    # The length of a list of sizes is the rank of something.
    lists = {
        "ConstantOfShape": (0,), "Expand": (1,), "Reshape": (1,), "Slice": (1, 2), "Pad": (1,), "Tile": (1,),
        "Range": (0, 1, 2), "TopK": (1,), "OneHot": (1,), "QLinearMatMul": (1, 2, 4, 5, 6, 7),
        "MatMulInteger": (2, 3),
    }.get(case.op, ())  # fmt: skip
    if case.op in ("QuantizeLinear", "DequantizeLinear") and case.inputs[1].ndim == 0:
        lists = (1, 2)
    channels = {"Conv": {(0, 1)} | {(2, 0)}, "ConvTranspose": {(0, 1)} | {(2, 0)}, "GroupNormalization": {(0, 1)}}.get(
        case.op, set()
    )
    if case.op in ("GatherND", "ScatterND"):
        channels = {(1, case.inputs[1].ndim - 1)}
    share = rng.choice([0.0, 0.4, 1.0])
    case.symbolic = frozenset(
        (i, d)
        for i, x in enumerate(case.inputs)
        if x is not None and i not in case.fixed and i not in lists
        for d in range(x.ndim)
        if (i, d) not in channels and rng.random() < share and not (case.op == "Clip" and i > 0)
    )
    return case


def cases(op: str, opset: int, count: int, seed: int = 0) -> list[Case]:
    rng = np.random.default_rng([zlib.crc32(op.encode()), opset, seed])
    return [place(rng, GENERATORS[op](rng, opset), opset) for _ in range(count)]


def versions() -> dict[str, list[int]]:
    """The versions of each operator, from its record."""
    text = RECORDS.read_text()
    # Versions stand at the operator, or at the class of those that have the same ones.
    classes = dict(re.findall(r"^class (\w+)<string name> : \w+<name, \[([\d, ]+)\]", text, re.MULTILINE))
    found = re.findall(r'^def (\w+) : (\w+)<"\w+"(?:, \[([\d, ]+)\])?', text, re.MULTILINE)
    known = {op: own or classes.get(kind) for op, kind, own in found}
    return {op: [int(v) for v in text.split(",")] for op, text in known.items() if text}


def model(
    group: list[Case], opset: int
) -> tuple[onnx.ModelProto, dict[str, np.ndarray], dict[str, tuple[Case, np.ndarray]]]:
    """One graph of all cases, its inputs, and what each output has to be."""
    nodes, graph_inputs, graph_outputs, initializers, feeds, wanted = [], [], [], [], {}, {}
    for number, case in enumerate(group):
        names = []
        for i, x in enumerate(case.inputs):
            if x is None:
                names.append("")
                continue
            name = f"c{number}_i{i}"
            names.append(name)
            if i in case.fixed:
                initializers.append(numpy_helper.from_array(np.ascontiguousarray(x).reshape(x.shape), name))
                continue
            dims = [f"c{number}_{i}_{d}" if (i, d) in case.symbolic else s for d, s in enumerate(x.shape)]
            graph_inputs.append(helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(x.dtype), dims))
            feeds[name] = x
        outputs = []
        for k, y in enumerate(case.expected):
            name = f"c{number}_o{k}"
            outputs.append(name)
            graph_outputs.append(helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(y.dtype), None))
            wanted[name] = (case, y)
        nodes.append(helper.make_node(case.op, names, outputs, name=f"node{number}", **case.attributes))
    graph = helper.make_graph(nodes, "g", graph_inputs, graph_outputs, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10), feeds, wanted


def difference(case: Case, found: np.ndarray, wanted: np.ndarray, rtol: float = 0, atol: float = 0) -> str:
    """What is wrong with an output, or nothing; `rtol` and `atol` add to what rounding may change."""
    if found.dtype != wanted.dtype or found.shape != wanted.shape:
        return f"expected {wanted.dtype}{list(wanted.shape)}, found {found.dtype}{list(found.shape)}"
    if wanted.dtype.kind != "f":
        return "" if np.array_equal(found, wanted) else f"expected {wanted.tolist()}, found {found.tolist()}"
    spacing = float(np.finfo(wanted.dtype).eps)
    # The expected values are computed in float64 and are themselves rounded there.
    unit = spacing / 2 if wanted.dtype == np.float32 else spacing
    with np.errstate(all="ignore"):
        magnitude = np.abs(wanted.astype(np.float64))
        bound = case.ulps * spacing * magnitude + case.roundings * unit + rtol * magnitude + atol
        close = np.abs(found.astype(np.float64) - wanted) <= bound
    if np.all(close | (found == wanted) | (np.isnan(found) & np.isnan(wanted))):
        return ""
    return f"expected {wanted.tolist()}, found {found.tolist()}"


@functools.cache
def newest_of_runtime() -> int:
    """The newest operator set that ONNX Runtime takes."""
    for opset in range(NEWEST, 0, -1):
        case = Case("Identity", [np.zeros(1, np.float32)], [np.zeros(1, np.float32)], opset=opset)
        if runtime(case) is not None:
            return opset
    raise AssertionError("ONNX Runtime takes no operator set")


def for_runtime(case: Case) -> Case | None:
    """The case at an operator set that ONNX Runtime takes, in which its operator is the same one; None without any."""
    opset = min(case.opset, newest_of_runtime())
    changes = versions()[case.op]
    same = max(v for v in changes if v <= case.opset) <= opset
    return dataclasses.replace(case, opset=opset) if same else None


def runtime(case: Case) -> list[np.ndarray] | None:
    """What ONNX Runtime computes, None where it does not take the case."""
    proto, feeds, _ = model([case], case.opset)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
        return session.run(None, feeds)
    except Exception:  # each refusal of ONNX Runtime has its own type
        return None


def failures(group: list[Case]) -> list[str]:
    """What is wrong with the cases of one operator set; a model that does not run is taken apart."""
    if len(group) > PER_MODEL:
        return failures(group[:PER_MODEL]) + failures(group[PER_MODEL:])
    proto, feeds, wanted = model(group, group[0].opset)
    try:
        program = rnn_mlir.compile(proto.SerializeToString(), target="cpu", host_cpu="native")
        found = rnn_mlir.Session(program).run(feeds)
    except rnn_mlir.Error as error:
        if len(group) == 1:
            return [f"{group[0].describe()}: {error}"]
        half = len(group) // 2
        return failures(group[:half]) + failures(group[half:])
    texts = ((case, difference(case, found[name], expected)) for name, (case, expected) in wanted.items())
    return [f"{case.describe()}: {text}" for case, text in texts if text]


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs random models of the operators beside the recurrent ones.")
    parser.add_argument("--count", type=int, default=20, help="cases of each version of each operator (default 20)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the cases (default 0)")
    options = parser.parse_args()
    ran, wrong = 0, 0
    for op in GENERATORS:
        for opset in versions()[op]:
            group = cases(op, opset, options.count, options.seed)
            texts = failures(group)
            ran, wrong = ran + len(group), wrong + len(texts)
            print(*texts, sep="\n", end="\n" if texts else "", flush=True)
    print(f"{ran} cases, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
