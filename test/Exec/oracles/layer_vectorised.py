"""Oracle 1 of the layers without an ONNX operator: all sequences of the batch at once, in float64 or another dtype.

Projections of a whole sequence are one matrix product, as the equations of SRU and QRNN allow.
"""

from __future__ import annotations

import numpy as np

from .layer import GATES, Layer


def _sigmoid(v):
    return 0.5 * (1 + np.tanh(0.5 * v))


def _windows(layer: Layer, x, cast):
    """[S, B, K*I]: what each step of the walk sees; steps past a sequence's length see something."""
    steps, batch, _ = x.shape
    lens = np.full(batch, steps) if layer.lens is None else np.asarray(layer.lens, np.int64)
    walk = np.arange(steps)[:, None]
    times = (lens[None, :] - 1 - walk) % max(steps, 1) if layer.reverse else np.broadcast_to(walk, (steps, batch))
    ordered = np.take_along_axis(x, times[:, :, None], 0) if steps else x
    before = np.zeros((layer.window - 1, *x.shape[1:]), x.dtype) if layer.history is None else cast(layer.history)
    padded = np.concatenate([before, ordered])
    return np.concatenate([padded[k : k + steps] for k in range(layer.window)], 2), times, lens


def _cells(layer: Layer, seen, x, cast):
    """The function of one step: (index of the step, live sequences, states) to (output, states)."""
    hidden = layer.hidden
    pre = seen @ cast(layer.w).T
    if layer.op == "sru":
        bias = np.zeros(2 * hidden, pre.dtype) if layer.bias is None else cast(layer.bias)
        v = np.zeros(2 * hidden, pre.dtype) if layer.peephole is None else cast(layer.peephole)
        skip = x if layer.highway is None else x @ cast(layer.highway).T
        g = {"tanh": np.tanh, "relu": lambda v: np.maximum(v, 0), None: lambda v: v}[layer.output_activation]

        def step(s, live, states):
            (c,) = states
            candidate, rest = pre[s, live, :hidden], pre[s, live, hidden:]
            f, r = np.split(_sigmoid(rest + v * np.tile(c, 2) + bias), 2, 1)
            new = candidate + f * (c - candidate)
            return r * g(new) + (1 - r) * skip[s, live], [new]

    elif layer.op == "lstm":
        if layer.bias is not None:
            pre = pre + cast(layer.bias)
        p = np.zeros(3 * hidden, pre.dtype) if layer.peephole is None else cast(layer.peephole)
        pi, po, pf = np.split(p, 3)
        r, proj = cast(layer.r), None if layer.proj is None else cast(layer.proj)
        bound = np.inf if layer.clip is None else layer.clip

        def step(s, live, states):
            h, c = states
            gi, go, gf, gc = np.split(pre[s, live] + h @ r.T, 4, 1)
            i = _sigmoid(np.clip(gi + pi * c, -bound, bound))
            f = 1 - i if layer.input_forget else _sigmoid(np.clip(gf + pf * c, -bound, bound))
            new = f * c + i * np.tanh(np.clip(gc, -bound, bound))
            out = _sigmoid(np.clip(go + po * new, -bound, bound)) * np.tanh(np.clip(new, -bound, bound))
            out = out if proj is None else out @ proj.T
            return out, [out, new]

    else:
        pooling = layer.op.removeprefix("qrnn_")
        if layer.bias is not None:
            pre = pre + cast(layer.bias)
        gates = np.split(pre, GATES[layer.op], 2)
        z, f = np.tanh(gates[0]), _sigmoid(gates[1])
        entering = _sigmoid(gates[3]) if pooling == "ifo" else 1 - f
        leaving = np.ones_like(f) if pooling == "f" else _sigmoid(gates[2])

        def step(s, live, states):
            new = f[s, live] * states[0] + (entering * z)[s, live]
            return leaving[s, live] * new, [new]

    return step


def run(layer: Layer, dtype=np.float64) -> list[np.ndarray]:
    """Evaluates ``layer``: y and the final states."""
    cast = lambda v: np.asarray(v, dtype)  # noqa: E731
    x = cast(layer.x)
    steps, batch, width = x.shape
    seen, times, lens = _windows(layer, x, cast)
    step = _cells(layer, seen, seen[:, :, -width:], cast)
    states = [np.zeros((batch, size), dtype) for size in layer.state_sizes]
    if layer.init is not None:
        states = [cast(state).copy() for state in layer.init]
    y = np.zeros((steps, batch, layer.output), dtype)
    for s in range(steps):
        live = np.flatnonzero(s < lens)
        y[times[s, live], live], new = step(s, live, [state[live] for state in states])
        for state, value in zip(states, new, strict=True):
            state[live] = value
    if layer.lens is not None:
        states = [np.where(lens[:, None] > 0, state, 0) for state in states]
    return [y, *states]
