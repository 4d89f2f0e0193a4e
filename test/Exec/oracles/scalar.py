"""Oracle 2: one sequence, one unit, one product at a time, on Python floats."""

from __future__ import annotations

import math

import numpy as np

from .node import Node

#: For each operator, the functions of one direction in the order f, g, h.
_CELL_FUNCTIONS = {"RNN": "Tanh", "GRU": "Sigmoid Tanh", "LSTM": "Sigmoid Tanh Tanh"}


def _parameters(name, alpha, beta):
    """Takes the parameters of a function from the iterators, or the defaults of the ONNX operator of its name."""
    match name:
        case "leakyrelu":
            return next(alpha, 0.01), None
        case "thresholdedrelu" | "elu":
            return next(alpha, 1.0), None
        case "hardsigmoid":
            return next(alpha, 0.2), next(beta, 0.5)
        case "affine" | "scaledtanh":
            return next(alpha), next(beta)
    return None, None


def _functions(node, directions):
    """A list of functions for each direction. The names are one list over both, and so are alphas and betas."""
    names = node.activations
    if not names:
        names = " ".join([_CELL_FUNCTIONS[node.op]] * directions).split()
    alpha, beta = iter(node.alpha), iter(node.beta)
    resolved = [_function(n.lower(), *_parameters(n.lower(), alpha, beta), node.clip) for n in names]
    each = len(resolved) // directions
    return [resolved[start : start + each] for start in range(0, len(resolved), each)]


def _function(name, a, b, clip):
    def sigmoid(v):
        return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))

    table = {
        "affine": lambda v: a * v + b,
        "relu": lambda v: v if v > 0 else 0.0,
        "leakyrelu": lambda v: v if v >= 0 else a * v,
        "thresholdedrelu": lambda v: v if v >= a else 0.0,
        "scaledtanh": lambda v: a * math.tanh(b * v),
        "tanh": math.tanh,
        "sigmoid": sigmoid,
        "hardsigmoid": lambda v: max(0.0, min(1.0, a * v + b)),
        "elu": lambda v: v if v >= 0 else a * (math.exp(v) - 1),
        "softsign": lambda v: v / (1 + abs(v)),
        "softplus": lambda v: max(v, 0.0) + math.log1p(math.exp(-abs(v))),
    }
    inner = table[name]
    return inner if clip is None else lambda v: inner(min(max(v, -clip), clip))


def _dot(row, vector):
    total = 0.0
    for weight, value in zip(row, vector):
        total += weight * value
    return total


def _step_rnn(hidden, x, h, c, w, r, wb, rb, p, fs, node):
    f = fs[0]
    return [f(_dot(w[n], x) + _dot(r[n], h) + wb[n] + rb[n]) for n in range(hidden)], c


def _step_gru(hidden, x, h, c, w, r, wb, rb, p, fs, node):
    f, g = fs

    def gate(k, n):
        row = k * hidden + n
        return f(_dot(w[row], x) + _dot(r[row], h) + wb[row] + rb[row])

    z = [gate(0, n) for n in range(hidden)]
    reset = [gate(1, n) for n in range(hidden)]
    gated = [a * b for a, b in zip(reset, h)]
    out = []
    for n in range(hidden):
        k = 2 * hidden + n
        if node.linear_before_reset:
            value = _dot(w[k], x) + wb[k] + reset[n] * (_dot(r[k], h) + rb[k])
        else:
            value = _dot(w[k], x) + wb[k] + _dot(r[k], gated) + rb[k]
        out.append((1 - z[n]) * g(value) + z[n] * h[n])
    return out, c


def _step_lstm(hidden, x, h, c, w, r, wb, rb, p, fs, node):
    f, g, hh = fs
    pre = [_dot(w[k], x) + _dot(r[k], h) + wb[k] + rb[k] for k in range(4 * hidden)]
    new_h, new_c = [], []
    for n in range(hidden):
        i = f(pre[n] + p[n] * c[n])
        forget = 1 - i if node.input_forget else f(pre[2 * hidden + n] + p[2 * hidden + n] * c[n])
        cell = forget * c[n] + i * g(pre[3 * hidden + n])
        new_c.append(cell)
        new_h.append(f(pre[hidden + n] + p[hidden + n] * cell) * hh(cell))
    return new_h, new_c


_STEPS = {"RNN": _step_rnn, "GRU": _step_gru, "LSTM": _step_lstm}


def run(node: Node) -> list[np.ndarray]:
    """Evaluates ``node``; returns [Y, Y_h] or, for LSTM, [Y, Y_h, Y_c], in the node's layout."""
    batch_first = bool(node.layout)
    steps, batch = (node.x.shape[1], node.x.shape[0]) if batch_first else node.x.shape[:2]
    directions, _, hidden = node.r.shape
    all_functions = _functions(node, directions)
    rows = node.w.shape[1]
    y = np.zeros((batch, steps, directions, hidden) if batch_first else (steps, directions, batch, hidden))
    finals = [np.zeros((batch, directions, hidden) if batch_first else (directions, batch, hidden)) for _ in range(2)]

    def state(array, d, b):
        if array is None:
            return [0.0] * hidden
        return [float(v) for v in (array[b, d] if batch_first else array[d, b])]

    for d in range(directions):
        w = [[float(v) for v in row] for row in node.w[d]]
        r = [[float(v) for v in row] for row in node.r[d]]
        both = [0.0] * (2 * rows) if node.b is None else [float(v) for v in node.b[d]]
        wb, rb = both[:rows], both[rows:]
        p = [0.0] * (3 * hidden) if node.p is None else [float(v) for v in node.p[d]]
        functions = all_functions[d]
        for b in range(batch):
            length = steps if node.lens is None else int(node.lens[b])
            h, c = state(node.h0, d, b), state(node.c0, d, b)
            backward = node.direction == "reverse" or (node.direction == "bidirectional" and d == 1)
            order = reversed(range(length)) if backward else range(length)
            for t in order:
                x = [float(v) for v in (node.x[b, t] if batch_first else node.x[t, b])]
                h, c = _STEPS[node.op](hidden, x, h, c, w, r, wb, rb, p, functions, node)
                if batch_first:
                    y[b, t, d] = h
                else:
                    y[t, d, b] = h
            if node.lens is not None and length == 0:
                h, c = [0.0] * hidden, [0.0] * hidden
            where = (b, d) if batch_first else (d, b)
            finals[0][where], finals[1][where] = h, c
    return [y, *finals] if node.op == "LSTM" else [y, finals[0]]
