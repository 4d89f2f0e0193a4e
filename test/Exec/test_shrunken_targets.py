"""Stacks of layers of fixed seeds on machines too small for them: right, and every cycle accounted for, or refused."""

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper
from oracles import rounding, vectorised
from oracles.node import Node
from random_layers import draw, text
from random_models import difference
from shrunken_targets import GENERIC, changed, run

CASES = {"narrow": range(40), "wide": range(16), "panels": range(12)}


@pytest.mark.parametrize("kind, seed", [(kind, seed) for kind, seeds in CASES.items() for seed in seeds])
def test_right_or_refused(kind, seed, tmp_path):
    outcome, wrong = run(kind, seed, tmp_path)
    assert not wrong, "\n".join(wrong)


def test_constants_of_host_code_take_no_dram(tmp_path):
    """A layer of 8 KB of weights on a machine with 64 KiB of DRAM, and 256 KiB of weights on the host behind it."""
    rng = np.random.default_rng(3)
    x, w, r, m = (rng.standard_normal(shape).astype(np.float32) / 4
                  for shape in ((3, 1, 16), (1, 64, 16), (1, 64, 16), (16, 4096)))  # fmt: skip
    graph = helper.make_graph(
        [
            helper.make_node("LSTM", ["x", "w", "r"], ["y"], hidden_size=16),
            helper.make_node("MatMul", ["y", "m"], ["z"]),
        ],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["T", 1, 16])],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in (("w", w), ("r", r), ("m", m))],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    target = tmp_path / "target.yaml"
    target.write_text(changed(GENERIC.read_text(), "dram", "capacity", 65536, "B"))
    session = rnn_mlir.Session(rnn_mlir.compile(model.SerializeToString(), target=target, host_cpu="native"))
    node, changes = Node("LSTM", x, w, r), np.random.default_rng(0)
    y, *_ = vectorised.run(node)
    m = m.astype(np.float64)
    # The product's own 16 roundings beside what those of the layer become.
    moved = [vectorised.run(rounding.changed(node, changes))[0] @ (m * (1 + 2.0**-20)) for _ in range(rounding.CHANGES)]
    assert difference(session.run({"x": x})["z"], y @ m, rounding.tolerance(y @ m, moved, 3)) <= 1
    assert session.report["cycles"] > 0


@pytest.mark.parametrize("seed", range(24))
def test_layers_without_an_operator_are_right_or_refused(seed, tmp_path):
    """SRU, QRNN and LSTM with a projection in a weight memory of a part of what they need: the bits of a large one."""
    case = draw(seed)
    layer = case.layer
    weights = [array for array in (layer.w, layer.r, layer.proj, layer.highway) if array is not None]
    panels = [(-(-rows // 16), 16 * columns * 4) for rows, columns in (array.shape for array in weights)]
    capacity = max(64, int(sum(count * size for count, size in panels) * np.random.default_rng(seed).uniform(0.2, 1)))
    target = tmp_path / "target.yaml"
    target.write_text(changed(GENERIC.read_text(), "weight", "capacity", capacity, "B"))
    module, feed = text([case])
    path = tmp_path / "layer.mlir"
    path.write_text(module)
    want = rnn_mlir.Session(rnn_mlir.compile(path, host_cpu="native")).run(feed)
    for schedule in ("plain", "mwl", "overlap", "auto"):
        try:
            program = rnn_mlir.compile(path, target=target, schedule=schedule, host_cpu="native")
        except rnn_mlir.CompileError as error:
            # Two blocks of each weight do not fit.
            assert capacity < sum(2 * size for _, size in panels), error
            assert "does not fit the weight memory" in str(error)
            continue
        got = rnn_mlir.Session(program).run(feed)
        assert all(got[name].tobytes() == array.tobytes() for name, array in want.items()), schedule
