"""Stacks of layers of fixed seeds on machines too small for them: right, and every cycle accounted for, or refused."""

import pytest
from shrunken_targets import run

CASES = {"narrow": range(40), "wide": range(16), "panels": range(12)}


@pytest.mark.parametrize("kind, seed", [(kind, seed) for kind, seeds in CASES.items() for seed in seeds])
def test_right_or_refused(kind, seed, tmp_path):
    outcome, wrong = run(kind, seed, tmp_path)
    assert not wrong, "\n".join(wrong)
