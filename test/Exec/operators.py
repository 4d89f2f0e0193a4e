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
NUMBERS = FLOATS + INTEGERS
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
        x = rng.integers(low, high, shape).astype(dtype)
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

    def one(p, q):
        quotient = abs(int(p)) // abs(int(q)) * (1 if (p < 0) == (q < 0) else -1)
        return (quotient + modulus // 2) % modulus - modulus // 2

    a, b, dtype = *np.broadcast_arrays(a, b), a.dtype
    return np.array([one(p, q) for p, q in zip(a.flat, b.flat, strict=True)], dtype).reshape(a.shape)


BINARY = {
    "Add": (np.add, NUMBERS), "Sub": (np.subtract, NUMBERS), "Mul": (np.multiply, NUMBERS), "Div": (divide, NUMBERS),
    "Equal": (np.equal, TYPES), "Less": (np.less, NUMBERS), "Greater": (np.greater, NUMBERS),
    "And": (np.logical_and, (np.bool_,)), "Or": (np.logical_or, (np.bool_,)),
}  # fmt: skip


@operator(*BINARY)
def binary(rng, opset, name):
    function, types = BINARY[name]
    dtype = rng.choice(types)
    shape = shape_of(rng)
    a, b = (values(rng, spread(rng, shape) if opset >= 7 else shape, dtype, special=rng.random() < 0.3) for _ in "ab")
    if name == "Div" and np.dtype(dtype).kind == "i":
        b = np.where(b == 0, np.array(-1, dtype), b).astype(dtype)
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
    "Abs": (np.abs, NUMBERS), "Neg": (np.negative, NUMBERS), "Not": (np.logical_not, (np.bool_,)),
    "Relu": (lambda x: np.maximum(x, x.dtype.type(0)), NUMBERS), "Exp": (np.exp, FLOATS), "Log": (np.log, FLOATS),
    "Sqrt": (np.sqrt, FLOATS), "Erf": (lambda x: np.asarray(ERF(x)).astype(x.dtype) if x.size else x, FLOATS),
    "Sigmoid": (lambda x: 1 / (1 + np.exp(-x.astype(np.float64))), FLOATS), "Tanh": (np.tanh, FLOATS),
}  # fmt: skip


@operator(*UNARY)
def unary(rng, opset, name):
    function, types = UNARY[name]
    dtype = rng.choice(types)
    x = values(rng, shape_of(rng), dtype, low=-12, high=12, special=rng.random() < 0.4)
    wide = x.astype(np.float64) if x.dtype.kind == "f" and name != "Erf" else x
    expected = np.asarray(quiet(function, wide)).astype(dtype)
    exact = name in ("Abs", "Neg", "Not", "Relu", "Sqrt")
    return Case(name, [x], [expected], ulps=0 if exact else 4)


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
    bounds = [np.array(b, dtype) if rng.random() < 0.6 else None for b in ((-1, 2) if rng.random() < 0.8 else (3, 1))]
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
    source, to = rng.choice((*TYPES, np.uint8, np.uint16, np.uint32)), rng.choice(TYPES)
    low = 0 if np.dtype(source).kind == "u" else -100
    x = rng.integers(low, 100, shape_of(rng)).astype(source)
    agrees = True
    if np.dtype(source).kind == "f":
        x = (values(rng, x.shape, source, low=-100, high=100)).astype(source)
        if rng.random() < 0.5:
            x, agrees = values(rng, x.shape, source, low=-1e20, high=1e20, special=True), False
        if rng.random() < 0.3:
            x = np.zeros_like(x)
    elif np.dtype(source) != np.bool_ and rng.random() < 0.5:
        info = np.iinfo(source)
        x = rng.integers(info.min, info.max, x.shape, dtype=source, endpoint=True)
    to = np.dtype(to)
    if x.dtype.kind == "f" and to.kind == "i":
        info = np.iinfo(to)
        clamp = np.frompyfunc(
            lambda v: 0 if math.isnan(v) else info.max if v >= info.max else info.min if v <= info.min else int(v), 1, 1
        )
        y = np.asarray(clamp(x)).astype(to) if x.size else x.astype(to)
    else:
        y = quiet(lambda: x.astype(to))
    return Case(name, [x], [np.asarray(y)], {"to": int(helper.np_dtype_to_tensor_dtype(to))}, runtime_agrees=agrees)


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


@operator("ReduceMean")
def reduce_mean(rng, opset, name):
    x = values(rng, shape_of(rng, 0, 4, empty=False), rng.choice(FLOATS))
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
    if opset >= 18:
        if named is not None:
            inputs.append(ints(*named))
        elif rng.random() < 0.5:
            inputs.append(np.zeros(0, np.int64))
        if rng.random() < 0.5:
            attributes["noop_with_empty_axes"] = int(rng.integers(0, 2))
            if attributes["noop_with_empty_axes"] and axes is None:
                return Case(name, inputs, [x], attributes, constants=(1,))
    elif named is not None:
        attributes["axes"] = named
    y = np.asarray(x.astype(np.float64).mean(axis=reduced, keepdims=keep), x.dtype)
    # A sum of so many, a division and the expected value.
    count = x.size // max(y.size, 1)
    roundings = (count + 2) * np.abs(x).astype(np.float64).mean(axis=reduced, keepdims=keep)
    return Case(name, inputs, [y], attributes, constants=(1,), roundings=roundings)


@operator("Softmax")
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
    e = np.exp(wide - wide.max(axis=along, keepdims=True))
    y = (e / e.sum(axis=along, keepdims=True)).reshape(x.shape)
    # An argument of exp is at most 60, and rounded; exp is off by 4 roundings, and a sum of n and a division follow.
    return Case(name, [x], [y.astype(x.dtype)], attributes, roundings=(60 + 4 + wide.shape[along] + 2) * y)


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
    lists = {"ConstantOfShape": (0,), "Expand": (1,), "Reshape": (1,), "Slice": (1, 2), "Pad": (1,)}.get(case.op, ())
    channels = {"Conv": {(0, 1)} | {(2, 0)}}.get(case.op, set())
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
    found = re.findall(r'^def (\w+) : \w+<"\w+", \[([\d, ]+)\]', RECORDS.read_text(), re.MULTILINE)
    return {op: [int(v) for v in text.split(",")] for op, text in found}


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
