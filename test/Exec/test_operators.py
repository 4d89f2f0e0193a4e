"""Every operator at every version against the specification: random attributes, types, shapes and constants."""

import functools
import pathlib
import re

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper
from operators import GENERATORS, NEWEST, cases, difference, model, runtime

RECORDS = pathlib.Path(__file__).resolve().parents[2] / "include/rnn-mlir/Dialect/Onnx/IR/OnnxOperators.td"
NOT_HERE = {"LSTM", "GRU", "RNN", "Constant", "If"}
PER_VERSION = 5
PER_MODEL = 25


@functools.cache
def versions() -> dict[str, list[int]]:
    """The versions of each operator, from its record."""
    found = re.findall(r'^def (\w+) : \w+<"\w+", \[([\d, ]+)\]', RECORDS.read_text(), re.MULTILINE)
    return {op: [int(v) for v in text.split(",")] for op, text in found}


@functools.cache
def group(opset: int) -> list:
    """Cases of the operators that change at this version; of all operators at the newest."""
    return [
        case
        for op, changes in versions().items()
        if op in GENERATORS and (opset in changes or opset == NEWEST)
        for case in cases(op, opset, PER_VERSION)
    ]


OPSETS = sorted({v for op, changes in versions().items() if op in GENERATORS for v in changes} | {NEWEST})


def test_every_operator_has_a_generator():
    assert set(versions()) - NOT_HERE == set(GENERATORS)


@pytest.mark.parametrize("opset", OPSETS)
def test_values(opset):
    wrong = []
    for first in range(0, len(group(opset)), PER_MODEL):
        proto, feeds, wanted = model(group(opset)[first : first + PER_MODEL], opset)
        program = rnn_mlir.compile(proto.SerializeToString(), target="cpu", host_cpu="native")
        found = rnn_mlir.Session(program).run(feeds)
        for name, (case, expected) in wanted.items():
            if text := difference(case, found[name], expected):
                wrong.append(f"{name}: {case.describe()}: {text}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("opset", OPSETS)
def test_the_oracle_agrees_with_onnx_runtime(opset):
    compared, wrong = 0, []
    for case in group(opset):
        found = runtime(case) if case.runtime_agrees else None
        if found is None:
            continue
        compared += 1
        for expected, actual in zip(case.expected, found):
            if text := difference(case, np.asarray(actual), expected):
                wrong.append(f"{case.describe()}: {text}")
    assert not wrong, "\n".join(wrong)
    assert compared >= len(group(opset)) // 3 or opset < 7 or opset > 24
