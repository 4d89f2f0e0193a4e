"""The arithmetic of the machine to the bit, on NumPy arrays, after ``docs/machine-arithmetic.md``.

Numbers that are computed with are float32; float16 is a format of memory. Functions follow the text of
``include/rnn-mlir/Isa/Arithmetic.h``, which the page names as their specification.
"""

from __future__ import annotations

import numpy as np

F32 = np.float32
LN2_HIGH, LN2_LOW = (float.fromhex(text) for text in ("0x1.62e400p-1", "0x1.7f7d1cp-20"))


def constant(text) -> np.float32:
    return F32(float.fromhex(text) if isinstance(text, str) else text)


def fma(a, b, c):
    """a·b + c rounded once: the product is exact in float64, and a sum rounded to odd there rounds right to float32."""
    with np.errstate(all="ignore"):
        product = np.asarray(a, np.float64) * np.asarray(b, np.float64)
        product, c = np.broadcast_arrays(product, np.asarray(c, np.float64))
        total = product + c
        # What the sum lost (Knuth's TwoSum), and whether the last place of the sum can tell it.
        part = total - product
        lost = (product - (total - part)) + (c - part)
        even = (total.view(np.int64) & 1) == 0
        toward = np.where(lost > 0, np.inf, -np.inf)
        odd = np.where(np.isfinite(total) & (lost != 0) & even, np.nextafter(total, toward), total)
        return odd.astype(F32)


def bits(x):
    return np.asarray(x, F32).view(np.int32)


def value(i):
    return np.asarray(i, np.int32).view(F32)


def horner(x, highest_first):
    total = np.broadcast_to(constant(highest_first[0]), x.shape)
    for coefficient in highest_first[1:]:
        total = fma(total, x, constant(coefficient))
    return total


def _reduce(x):
    magic = constant("0x1.8p23")
    shifted = fma(x, constant("0x1.715476p0"), magic)
    n = bits(shifted) - bits(magic)
    k = shifted - magic
    r = fma(k, -constant(LN2_HIGH), x)
    r = fma(k, -constant(LN2_LOW), r)
    q = horner(r, ["0x1.6bebfcp-10", "0x1.12279cp-7", "0x1.555674p-5", "0x1.5554b0p-3", "0x1.fffffep-2"])
    return n, fma(r * r, q, r)


def _power_of_two(n):
    return value((n + np.int32(127)) << 23)


def _clamp(x, low, high):
    x = np.where(x > F32(high), F32(high), x)
    return np.where(F32(low) > x, F32(low), x)


def exp(x):
    n, e = _reduce(_clamp(x, -104, 89))
    half = n >> 1
    return (F32(1) + e) * _power_of_two(half) * _power_of_two(n - half)


def expm1(x):
    n, e = _reduce(_clamp(x, -30, 89))
    a = n >> 1
    b = n - a
    scale, one = _power_of_two(a), _power_of_two(-b)
    p = fma(e, scale, scale - one) * _power_of_two(b)
    return np.where(constant("0x1p-25") > np.abs(x), x, p)


def log1p(x):
    one = F32(1)
    u = one + x
    big = u - one
    c = (one - (u - big)) + (x - big)
    k = (bits(u) - bits(constant("0x1.6a09e6p-1"))) >> 23
    m = value(bits(u) - (k << 23))
    lost = np.where(u > constant("0x1p60"), F32(0), c * _power_of_two(-k))
    f = (m - one) + lost
    q = horner(f, ["0x1.14573ep-4", "-0x1.de3bf8p-4", "0x1.e6f08cp-4", "-0x1.fc220ep-4", "0x1.233766p-3",
                   "-0x1.555c4ep-3", "0x1.99a4b6p-3", "-0x1.000006p-2", "0x1.555548p-2", -0.5])  # fmt: skip
    n = k.astype(F32)
    tail = fma(f * f, q, n * constant(LN2_LOW))
    result = fma(n, constant(LN2_HIGH), f + tail)
    result = np.where(x >= np.inf, F32(np.inf), result)
    result = np.where(constant("0x1p-25") > np.abs(x), x, result)
    return np.where(x > -one, result, np.where(x >= -one, F32(-np.inf), F32(np.nan)))


def sigmoid(x):
    e = exp(-np.abs(x))
    negative = F32(0) > x
    s = np.where(negative, e, F32(1)) / (F32(1) + e)
    return np.where(negative, fma(-e, s, e), s)


def tanh(x):
    a, s = np.abs(x), x * x
    q = horner(s, ["-0x1.75e1a8p-8", "0x1.522692p-6", "-0x1.b83c58p-5", "0x1.110726p-3", "-0x1.555532p-2"])
    small = fma(a * s, q, a)
    large = F32(1) - F32(2) / (F32(1) + exp(a + a))
    return np.copysign(np.where(F32(0.625) > a, small, large), x)


def _ordered(a, b, first, equal):
    picked = np.where(first(b, a), a, np.where(first(a, b), b, value(equal(bits(a), bits(b)))))
    return np.where((a == a) & (b == b), picked, a + b)


def minimum(a, b):
    return _ordered(a, b, np.greater, np.bitwise_or)


def maximum(a, b):
    return _ordered(a, b, np.less, np.bitwise_and)


def product(weight, x, acc, dtype):
    """weight·x + acc, or + 0 without, column by column; sums of float16 are rounded behind each."""
    total = np.zeros(len(weight), F32) if acc is None else acc.astype(F32)
    for column in range(weight.shape[1]):
        total = fma(weight[:, column].astype(F32), F32(x[column]), total)
        if dtype == np.float16:
            total = to_half(total).astype(F32)
    return to_half(total) if dtype == np.float16 else total


def to_half(x):
    """Rounded to nearest, ties to even; too large numbers to infinity."""
    with np.errstate(over="ignore"):
        return x.astype(np.float16)
