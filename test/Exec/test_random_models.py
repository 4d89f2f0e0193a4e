"""2,000 random recurrent models of fixed seeds on each target against the float64 oracle."""

import pytest
from random_models import OPSETS, failures

CASES = 2000
PER_MODEL = 25


@pytest.mark.parametrize("target", ["generic", "cpu"])
@pytest.mark.parametrize("first", range(0, CASES, PER_MODEL))
def test_random_models(first, target):
    opset = OPSETS[first // PER_MODEL % len(OPSETS)]
    wrong = failures(list(range(first, first + PER_MODEL)), opset, target)
    assert not wrong, "\n".join(wrong)
