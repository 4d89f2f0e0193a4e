"""ONNX's own node tests on the backend: none is wrong, none crashes."""

import collections

import pytest
from node_tests import load, run
from rnn_mlir import backend

#: Every one of so many; `node_tests.py` runs all of them. What is not a layer is the same host code on the device.
SHARE = {"CPU": 4, "generic": 24}


@pytest.mark.parametrize("device", SHARE)
def test_each_node_test_passes_or_is_refused(device):
    names = [case.name for case in load()][:: SHARE[device]]
    found = run(names, device)
    wrong = {name: text for name, (state, text) in found.items() if state == "FAIL"}
    assert not wrong
    counts = collections.Counter(state for state, _ in found.values())
    assert counts["PASS"] >= len(names) // 2
    assert all(text for state, text in found.values() if state == "REFUSED")


def test_devices():
    assert backend.supports_device("CPU") and backend.supports_device("generic")
    assert not backend.supports_device("CUDA:0")
