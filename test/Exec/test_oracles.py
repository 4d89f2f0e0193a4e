"""The two float64 oracles agree with each other, and with ONNX Runtime where it implements what the node asks for."""

import dataclasses

import numpy as np
import onnxruntime
import pytest
from oracles import rounding, scalar, vectorised
from random_models import OPSETS, difference, draw, model


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_oracles_agree(first):
    for seed in range(first, first + 50):
        case = draw(seed, OPSETS[seed % len(OPSETS)])
        for one, other in zip(case.expected, scalar.run(case.node)):
            assert one.shape == other.shape
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12, err_msg=case.describe())


def known_to_differ(case):
    """Where ONNX Runtime departs from the specification (or refuses it), by its own documentation and tests."""
    node = case.node
    empty = node.x.size == 0
    return node.layout == 1 or empty or node.clip is not None or node.activations or node.lens is not None


def test_onnx_runtime_is_a_witness():
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    witnessed = 0
    for seed in range(200):
        case = draw(seed, 14)
        if known_to_differ(case):
            continue
        case.name_hidden_size = True  # which ONNX Runtime asks for
        proto, feed, expected = model([case])
        session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
        for got, (_, _, want, tolerance) in zip(session.run(None, feed), expected):
            # Its functions are less exact than ours: sigmoid and tanh by up to some 10 roundings.
            assert difference(got, want, 4 * tolerance) <= 1, case.describe()
        witnessed += 1
    assert witnessed >= 20


def test_difference_sees_a_wrong_value():
    want = np.linspace(-1, 1, 7)
    assert difference(want.astype(np.float32), want, 1e-6) < 1
    assert difference(want + 2e-6, want, 1e-6) > 1
    assert difference(want[:3], want, 1e-6) == difference(want * np.nan, want, 1e-6) == float("inf")


def test_the_tolerance_is_that_of_float32():
    """The oracle in float32 is within it, and it is not far above: a product of half the precision is outside."""
    outside = 0
    for seed in range(60):
        case = draw(seed, 14)
        n = case.node
        halves = dataclasses.replace(n, w=n.w.astype(np.float16), r=n.r.astype(np.float16))
        exact, half = (vectorised.run(each, np.float32) for each in (n, halves))
        limits = rounding.tolerances(n, case.expected, seed)
        assert all(difference(*each) <= 1 for each in zip(exact, case.expected, limits)), case.describe()
        outside += any(difference(*each) > 1 for each in zip(half, case.expected, limits))
    assert outside > 40
