"""Oracle 2 of the layers without an ONNX operator: one sequence, one unit, one product at a time, on Python floats.

Sources: SRU, Lei et al. 2018, equations 1 to 4; QRNN, Bradbury et al. 2017, equations 2 to 5; LSTM with a projection,
Sak et al. 2014, equations 7 to 13.
"""

from __future__ import annotations

import math

import numpy as np

from .layer import Layer


def _sigmoid(v: float) -> float:
    return 1.0 / (1.0 + math.exp(-v)) if v >= 0 else math.exp(v) / (1.0 + math.exp(v))


_OUTPUT = {"tanh": math.tanh, "relu": lambda v: max(v, 0.0), None: lambda v: v}


def _dot(row, vector) -> float:
    total = 0.0
    for weight, element in zip(row, vector, strict=True):
        total += float(weight) * element
    return total


def _sru(layer: Layer, inputs, states):
    hidden, x, (c,) = layer.hidden, inputs[-1], states
    bias = [0.0] * (2 * hidden) if layer.bias is None else layer.bias
    v = [0.0] * (2 * hidden) if layer.peephole is None else layer.peephole
    h, new = [], []
    for u in range(hidden):
        candidate = _dot(layer.w[u], x)
        forget = _sigmoid(_dot(layer.w[hidden + u], x) + float(v[u]) * c[u] + float(bias[u]))
        reset = _sigmoid(_dot(layer.w[2 * hidden + u], x) + float(v[hidden + u]) * c[u] + float(bias[hidden + u]))
        skip = x[u] if layer.highway is None else _dot(layer.highway[u], x)
        cell = forget * c[u] + (1.0 - forget) * candidate
        new.append(cell)
        h.append(reset * _OUTPUT[layer.output_activation](cell) + (1.0 - reset) * skip)
    return h, [new]


def _qrnn(layer: Layer, inputs, states):
    hidden, (c,), pooling = layer.hidden, states, layer.op.split("_")[1]
    width = len(inputs[0])

    def convolution(row: int) -> float:
        total = 0.0 if layer.bias is None else float(layer.bias[row])
        for place, x in enumerate(inputs):
            total += _dot(layer.w[row][place * width : (place + 1) * width], x)
        return total

    h, new = [], []
    for u in range(hidden):
        z = math.tanh(convolution(u))
        forget = _sigmoid(convolution(hidden + u))
        entering = _sigmoid(convolution(3 * hidden + u)) if pooling == "ifo" else 1.0 - forget
        cell = forget * c[u] + entering * z
        new.append(cell)
        h.append(cell if pooling == "f" else _sigmoid(convolution(2 * hidden + u)) * cell)
    return h, [new]


def _lstm(layer: Layer, inputs, states):
    hidden, x, (h, c) = layer.hidden, inputs[-1], states
    p = [0.0] * (3 * hidden) if layer.peephole is None else layer.peephole

    def bounded(v: float) -> float:
        return v if layer.clip is None else min(max(v, -layer.clip), layer.clip)

    def before(gate: int, u: int) -> float:
        row = gate * hidden + u
        total = 0.0 if layer.bias is None else float(layer.bias[row])
        return total + _dot(layer.w[row], x) + _dot(layer.r[row], h)

    cells, outputs = [], []
    for u in range(hidden):
        enter = _sigmoid(bounded(before(0, u) + float(p[u]) * c[u]))
        forget = 1.0 - enter
        if not layer.input_forget:
            forget = _sigmoid(bounded(before(2, u) + float(p[2 * hidden + u]) * c[u]))
        cell = forget * c[u] + enter * math.tanh(bounded(before(3, u)))
        leave = _sigmoid(bounded(before(1, u) + float(p[hidden + u]) * cell))
        cells.append(cell)
        outputs.append(leave * math.tanh(bounded(cell)))
    if layer.proj is not None:
        outputs = [_dot(row, outputs) for row in layer.proj]
    return outputs, [outputs, cells]


_STEPS = {"sru": _sru, "qrnn_f": _qrnn, "qrnn_fo": _qrnn, "qrnn_ifo": _qrnn, "lstm": _lstm}


def run(layer: Layer) -> list[np.ndarray]:
    """Evaluates ``layer``: y and the final states."""
    steps, batch, width = layer.x.shape
    y = np.zeros((steps, batch, layer.output))
    finals = [np.zeros((batch, size)) for size in layer.state_sizes]
    for b in range(batch):
        length = steps if layer.lens is None else int(layer.lens[b])
        before = [[0.0] * width for _ in range(layer.window - 1)]
        if layer.history is not None:
            before = [[float(v) for v in layer.history[k, b]] for k in range(layer.window - 1)]
        states = [[0.0] * size for size in layer.state_sizes]
        if layer.init is not None:
            states = [[float(v) for v in state[b]] for state in layer.init]
        for t in reversed(range(length)) if layer.reverse else range(length):
            before.append([float(v) for v in layer.x[t, b]])
            h, states = _STEPS[layer.op](layer, before[len(before) - layer.window :], states)
            y[t, b] = h
        if layer.lens is not None and length == 0:
            continue
        for final, state in zip(finals, states, strict=True):
            final[b] = state
    return [y, *finals]
