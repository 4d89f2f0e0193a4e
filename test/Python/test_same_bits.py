"""Host code and the simulated device give the same bits (docs/machine-arithmetic.md): all cells, all activations."""

import numpy as np
import pytest
import rnn_mlir
from onnx import helper
from test_device_only import model, weights

ACTIVATIONS = {
    "Relu": {}, "Tanh": {}, "Sigmoid": {}, "Softsign": {}, "Softplus": {}, "Elu": {}, "LeakyRelu": {},
    "ThresholdedRelu": {}, "HardSigmoid": {}, "Affine": {"activation_alpha": [0.7], "activation_beta": [-0.2]},
    "ScaledTanh": {"activation_alpha": [1.3], "activation_beta": [0.8]},
}  # fmt: skip
#: All magnitudes, the places where formulas change, denormals, the largest numbers, infinities and NaN.
WIDE = np.concatenate([
    np.linspace(-20, 20, 4001), [0.625, 0.34657, 88.7, 89, 104, 1e-40, 1e-30, 3e38, np.inf, np.nan, 0.0, -0.0],
    np.ldexp(np.random.default_rng(1).uniform(-1, 1, 4000), np.random.default_rng(2).integers(-140, 128, 4000)),
]).astype(np.float32)  # fmt: skip


def same_bits(proto, inputs):
    host, device = (rnn_mlir.Session(rnn_mlir.compile(proto, target=t)).run(inputs) for t in ("cpu", "generic"))
    for name, ours in host.items():
        theirs = device[name]
        # The bits of a NaN are left open.
        nan = np.isnan(ours)
        np.testing.assert_array_equal(nan, np.isnan(theirs))
        np.testing.assert_array_equal(ours[~nan].view(np.uint32), theirs[~nan].view(np.uint32))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name):
    # One step for each number: y = f(x), since the weight is one and no state counts.
    node = helper.make_node(
        "RNN", ["x", "w", "r"], ["y"], name="cell", hidden_size=1, activations=[name], **ACTIVATIONS[name]
    )
    constants = weights(w=(1, 1, 1), r=(1, 1, 1))
    for constant, value in zip(constants, (1, 0), strict=True):
        constant.raw_data = np.float32(value).tobytes()
    same_bits(model([node], {"x": [1, "B", 1]}, ["y"], constants, False), {"x": WIDE.reshape(1, -1, 1)})


@pytest.mark.parametrize("op, gates", [("LSTM", 4), ("GRU", 3), ("RNN", 1)])
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
def test_cells(op, gates, direction):
    d = 2 if direction == "bidirectional" else 1
    node = helper.make_node(
        op, ["x", "w", "r", "b"], ["y", "yh"], name="cell", hidden_size=21, direction=direction, clip=3.0
    )
    constants = weights(w=(d, 21 * gates, 7), r=(d, 21 * gates, 21), b=(d, 42 * gates))
    x = np.random.default_rng(3).normal(0, 3, (37, 3, 7)).astype(np.float32)
    same_bits(model([node], {"x": ["T", "B", 7]}, ["y", "yh"], constants, False), {"x": x})
