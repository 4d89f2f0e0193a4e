"""Random SRU, QRNN and LSTM layers with a projection, as MLIR, on each target against the float64 oracles."""

import numpy as np
import pytest
from oracles import layer_scalar, layer_vectorised, rounding
from random_layers import difference, draw, failures, schedules

CASES = 100
PER_MODEL = 25


@pytest.mark.parametrize("target", ["generic", "cpu"])
@pytest.mark.parametrize("first", range(0, CASES, PER_MODEL))
def test_random_layers(first, target, tmp_path):
    # `auto` compiles each layer several times: for the first ones.
    compilations = [options for options in schedules() if not first or options["schedule"] != "auto"]
    wrong = failures(list(range(first, first + PER_MODEL)), target, tmp_path, compilations)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_oracles_agree(first):
    for seed in range(first, first + 50):
        case = draw(seed)
        for one, other in zip(case.expected, layer_scalar.run(case.layer), strict=True):
            assert one.shape == other.shape
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12, err_msg=case.describe())


def test_the_tolerance_is_that_of_float32():
    """The oracle in float32 is within it, and weights of half the precision are outside."""
    outside = 0
    for seed in range(60):
        case = draw(seed)
        n = case.layer
        limits = rounding.layer_tolerances(n, case.expected, seed)
        exact = layer_vectorised.run(n, np.float32)
        assert all(difference(*each) <= 1 for each in zip(exact, case.expected, limits)), case.describe()
        weights = n.w
        n.w = weights.astype(np.float16)
        half = layer_vectorised.run(n, np.float32)
        outside += any(difference(*each) > 1 for each in zip(half, case.expected, limits))
    assert outside > 40
