"""Oracle 1: whole arrays, all sequences of the batch at once, float64 (or the dtype asked for)."""

from __future__ import annotations

import numpy as np

from .node import GATES, Activation, Node


def _apply(act: Activation, x: np.ndarray, clip: float | None, observe) -> np.ndarray:
    if clip is not None:
        x = np.clip(x, -clip, clip)
    if observe:
        observe(act, x)
    a, b = act.alpha, act.beta
    match act.name:
        case "affine":
            return a * x + b
        case "relu":
            return np.maximum(x, 0)
        case "leakyrelu":
            return np.where(x >= 0, x, a * x)
        case "thresholdedrelu":
            return np.where(x >= a, x, 0)
        case "scaledtanh":
            return a * np.tanh(b * x)
        case "tanh":
            return np.tanh(x)
        case "sigmoid":
            return 0.5 * (1 + np.tanh(0.5 * x))
        case "hardsigmoid":
            return np.clip(a * x + b, 0, 1)
        case "elu":
            return np.where(x >= 0, x, a * np.expm1(np.minimum(x, 0)))
        case "softsign":
            return x / (1 + np.abs(x))
        case "softplus":
            return np.logaddexp(0, x)
    raise ValueError(act.name)


def run(node: Node, dtype=np.float64, observe=None) -> list[np.ndarray]:
    """Evaluates ``node``; returns [Y, Y_h] or, for LSTM, [Y, Y_h, Y_c], in the node's layout.

    ``observe(activation, bounded input)`` is called before each activation.
    """
    cast = lambda v: None if v is None else np.asarray(v, dtype)  # noqa: E731
    x, w, r = cast(node.x), cast(node.w), cast(node.r)
    h0, c0 = cast(node.h0), cast(node.c0)
    if node.layout:
        x = x.swapaxes(0, 1)
        h0 = None if h0 is None else h0.swapaxes(0, 1)
        c0 = None if c0 is None else c0.swapaxes(0, 1)
    steps, batch, _ = x.shape
    gates, hidden = GATES[node.op], r.shape[2]
    directions = len(node.reversed_directions)
    bias = np.zeros((directions, 2 * gates * hidden), dtype) if node.b is None else cast(node.b)
    peephole = np.zeros((directions, 3 * hidden), dtype) if node.p is None else cast(node.p)
    lens = np.full(batch, steps) if node.lens is None else np.asarray(node.lens, np.int64)

    y = np.zeros((steps, directions, batch, hidden), dtype)
    y_h = np.zeros((directions, batch, hidden), dtype)
    y_c = np.zeros((directions, batch, hidden), dtype)
    for d, (backward, acts) in enumerate(zip(node.reversed_directions, node.activation_list())):
        h = np.zeros((batch, hidden), dtype) if h0 is None else h0[d].copy()
        c = np.zeros((batch, hidden), dtype) if c0 is None else c0[d].copy()
        wb, rb = np.split(bias[d], 2)
        pi, po, pf = np.split(peephole[d], 3)

        def f(k, v, acts=acts):
            return _apply(acts[k], v, node.clip, observe)

        for s in range(steps):
            live = np.flatnonzero(s < lens)
            if live.size == 0:
                break
            time = lens[live] - 1 - s if backward else np.full(live.size, s)
            xt, hp, cp = x[time, live], h[live], c[live]
            px, ph = xt @ w[d].T + wb, hp @ r[d].T + rb
            if node.op == "RNN":
                hn, cn = f(0, px + ph), cp
            elif node.op == "GRU":
                (xz, xr, xh), (hz, hr, hh) = np.split(px, 3, 1), np.split(ph, 3, 1)
                z, rt = f(0, xz + hz), f(0, xr + hr)
                if node.linear_before_reset:
                    cand = f(1, xh + rt * hh)
                else:
                    rows = slice(2 * hidden, 3 * hidden)
                    cand = f(1, xh + (rt * hp) @ r[d][rows].T + rb[rows])
                hn, cn = (1 - z) * cand + z * hp, cp
            else:
                gi, go, gf, gc = np.split(px + ph, 4, 1)
                i = f(0, gi + pi * cp)
                forget = 1 - i if node.input_forget else f(0, gf + pf * cp)
                cn = forget * cp + i * f(1, gc)
                hn = f(0, go + po * cn) * f(2, cn)
            h[live], c[live] = hn, cn
            y[time, d, live] = hn
        valid = lens > 0 if node.lens is not None else np.ones(batch, bool)
        y_h[d], y_c[d] = np.where(valid[:, None], h, 0), np.where(valid[:, None], c, 0)
    if node.layout:
        y, y_h, y_c = y.transpose(2, 0, 1, 3), y_h.swapaxes(0, 1), y_c.swapaxes(0, 1)
    return [y, y_h, y_c] if node.op == "LSTM" else [y, y_h]


def threshold_margin(node: Node) -> float:
    """Smallest distance of a value from the jump of a ThresholdedRelu: float32 may fall on the other side of it."""
    margins = [np.inf]

    def observe(act, x):
        if act.name == "thresholdedrelu" and x.size:
            margins.append(float(np.min(np.abs(x - act.alpha))))

    run(node, observe=observe)
    return min(margins)
