"""Random recurrent ONNX models over all attributes of LSTM, GRU and RNN, from a seed.

A case is one node with its own graph inputs; ``model`` joins several cases into one graph, so that a run of thousands
pays for few compilations. ``python random_models.py --count 100000 --seed 1`` runs as many as asked for.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from oracles import rounding, vectorised
from oracles.node import DEFAULT_ACTIVATIONS, GATES, PARAMETERS, Node

#: Each has another version of an operator: GRU of 1, 3 (in 3 and 6), 7, 14 and 22; LSTM and RNN of 1 (below 7), 7, 14
#: and 22.
OPSETS = (1, 3, 6, 7, 14, 22)
INPUTS = {"LSTM": ["x", "w", "r", "b", "lens", "h0", "c0", "p"], "GRU": ["x", "w", "r", "b", "lens", "h0"]}
INPUTS["RNN"] = INPUTS["GRU"]
NAMES = {
    "affine": "Affine",
    "relu": "Relu",
    "leakyrelu": "LeakyRelu",
    "thresholdedrelu": "ThresholdedRelu",
    "scaledtanh": "ScaledTanh",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "hardsigmoid": "HardSigmoid",
    "elu": "Elu",
    "softsign": "Softsign",
    "softplus": "Softplus",
}


@dataclasses.dataclass
class Case:
    """One node, what is constant in it, which outputs it has, and what the specification says they are (float64)."""

    seed: int
    node: Node
    opset: int
    constants: set[str]
    dynamic: set[str]
    outputs: list[bool]
    name_hidden_size: bool
    old_attributes: dict[str, object]
    expected: list[np.ndarray]

    def describe(self) -> str:
        n = self.node
        given = [k for k in INPUTS[n.op] if getattr(n, k) is not None]
        return (
            f"seed {self.seed}: {n.op}-{self.opset} {n.direction} x{list(n.x.shape)} H={n.r.shape[2]} "
            f"layout={n.layout} clip={n.clip} input_forget={n.input_forget} "
            f"linear_before_reset={n.linear_before_reset} activations={n.activations} alpha={n.alpha} "
            f"beta={n.beta} inputs={given} constants={sorted(self.constants)} "
            f"dynamic={sorted(self.dynamic)} lens={None if n.lens is None else n.lens.tolist()} outputs={self.outputs}"
        )


def _activations(rng, op, directions):
    """A list of names in any letter case, and the alphas and betas they consume (given for a prefix at random)."""
    names = [str(rng.choice(list(PARAMETERS))) for _ in DEFAULT_ACTIVATIONS[op] * directions]
    needed = [
        max([i + 1 for i, n in enumerate(takers) if PARAMETERS[n][0] is None], default=0)
        for takers in ([n for n in names if len(PARAMETERS[n]) > 0], [n for n in names if len(PARAMETERS[n]) > 1])
    ]
    values = []
    for parameters, least in zip((1, 2), needed):
        takers = sum(len(PARAMETERS[n]) >= parameters for n in names)
        count = int(rng.integers(least, takers + 1)) if takers else 0
        values.append([float(np.float32(v)) for v in rng.uniform(0.1, 1.2, count)])
    spelled = [rng.choice([NAMES[n], NAMES[n].lower(), NAMES[n].upper()]) for n in names]
    return [str(s) for s in spelled], *values


def draw(seed: int, opset: int) -> Case:
    """The case of ``seed``: redrawn until no value is close to a jump and none explodes."""
    rng = np.random.default_rng(seed)
    while True:
        with np.errstate(over="ignore", invalid="ignore"):
            case = _draw(rng, seed, opset)
        magnitude = max((float(np.max(np.abs(e))) for e in case.expected if e.size), default=0.0)
        if magnitude < 100 and vectorised.threshold_margin(case.node) > 1e-3:
            return case


def _draw(rng, seed, opset) -> Case:
    op = str(rng.choice(["LSTM", "GRU", "RNN"]))
    direction = str(rng.choice(["forward", "reverse", "bidirectional"]))
    directions = 2 if direction == "bidirectional" else 1
    steps = int(rng.choice([0, 1, 2, 3, 5, 9], p=[0.03, 0.17, 0.2, 0.2, 0.2, 0.2]))
    batch = int(rng.choice([0, 1, 2, 3, 5], p=[0.03, 0.37, 0.25, 0.2, 0.15]))
    width = int(rng.choice([1, 2, 3, 7, 16, 19, 33]))
    hidden = int(rng.choice([1, 2, 3, 5, 8, 15, 16, 17, 32, 37]))
    layout = int(rng.random() < 0.3) if opset >= 14 else 0
    rows, some = GATES[op] * hidden, lambda p: rng.random() < p
    real = lambda *shape, scale=0.5: (rng.standard_normal(shape) * scale).astype(np.float32)  # noqa: E731
    state = (batch, directions, hidden) if layout else (directions, batch, hidden)
    node = Node(
        op,
        real(*((batch, steps, width) if layout else (steps, batch, width)), scale=1.0),
        real(directions, rows, width),
        real(directions, rows, hidden, scale=0.7 / np.sqrt(hidden)),
        direction=direction,
        layout=layout,
        b=real(directions, 2 * rows) if some(0.6) else None,
        h0=real(*state) if some(0.5) else None,
    )
    if some(0.4):
        least = 1 if op == "RNN" else 0
        if steps >= least:
            node.lens = rng.integers(least, steps + 1, batch).astype(np.int32)
    if op == "LSTM":
        node.c0 = real(*state) if some(0.5) else None
        node.p = real(directions, 3 * hidden) if some(0.4) else None
        node.input_forget = int(some(0.25))
    if op == "GRU" and opset >= 3:
        node.linear_before_reset = int(some(0.5))
    if some(0.3):
        node.clip = float(np.float32(rng.uniform(0.05, 2.0)))
    if some(0.5):
        node.activations, node.alpha, node.beta = _activations(rng, op, directions)
    outputs = [some(0.7) for _ in range(3 if op == "LSTM" else 2)]
    if not any(outputs):
        outputs[int(rng.integers(len(outputs)))] = True
    constants = {k for k in ("b", "p", "h0", "c0", "lens") if getattr(node, k) is not None and some(0.5)}
    constants |= {k for k, p in (("w", 0.8), ("r", 0.8), ("x", 0.1)) if some(p)}
    dynamic = {k for k in ("steps", "batch") if some(0.5)}
    # Before opset 7 an attribute says whether Y is wanted; the outputs that are named say it too.
    old = {"output_sequence": int(outputs[0])} if opset < 7 and some(0.7) else {}
    if op == "GRU" and opset < 3 and direction == "forward" and some(0.5):
        old["direction"] = "foward"  # so version 1 of GRU spells its default
    return Case(seed, node, opset, constants, dynamic, outputs, some(0.8), old, vectorised.run(node))


def model(
    cases: list[Case],
) -> tuple[onnx.ModelProto, dict[str, np.ndarray], list[tuple[str, int, np.ndarray, float]]]:
    """All ``cases`` (of one opset) as one model; its inputs; in graph order each output's name, case, value and
    tolerance.
    """
    nodes, inputs, outputs, initializers, feed, expected = [], [], [], [], {}, []
    for k, case in enumerate(cases):
        n = case.node
        names = []
        for role in INPUTS[n.op]:
            value = getattr(n, role)
            if value is None:
                names.append("")
                continue
            name = f"{role}_{k}"
            names.append(name)
            if role in case.constants:
                initializers.append(numpy_helper.from_array(value, name))
                continue
            feed[name] = value
            shape = [_dim(case, role, axis, size, k) for axis, size in enumerate(value.shape)]
            inputs.append(helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(value.dtype), shape))
        while names[-1] == "":
            names.pop()
        results = [f"{o}_{k}" if wanted else "" for o, wanted in zip(("y", "yh", "yc"), case.outputs)]
        tolerances = rounding.tolerances(n, case.expected, case.seed)
        for name, wanted, value, tolerance in zip(results, case.outputs, case.expected, tolerances):
            if wanted:
                outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * value.ndim))
                expected.append((name, k, value, tolerance))
        while results[-1] == "":
            results.pop()
        attributes = {
            "direction": n.direction,
            "hidden_size": n.r.shape[2] if case.name_hidden_size else None,
            "layout": n.layout or None,
            "clip": n.clip,
            "input_forget": n.input_forget or None,
            "linear_before_reset": n.linear_before_reset or None,
            "activations": n.activations,
            "activation_alpha": n.alpha or None,
            "activation_beta": n.beta or None,
        }
        attributes = {key: v for key, v in attributes.items() if v is not None} | case.old_attributes
        nodes.append(helper.make_node(n.op, names, results, name=f"case_{case.seed}", **attributes))
    graph = helper.make_graph(nodes, "random", inputs, outputs, initializers)
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", cases[0].opset)], ir_version=8)
    return proto, feed, expected


def _dim(case, role, axis, size, k):
    """A symbolic dim where the case leaves steps or batch open."""
    layout = case.node.layout
    position = {"x": {layout: "steps", 1 - layout: "batch"}, "lens": {0: "batch"}}.get(
        role, {1 - layout: "batch"} if role in ("h0", "c0") else {}
    )
    kind = position.get(axis)
    return f"{kind}_{k}" if kind in case.dynamic else size


def difference(got: np.ndarray, want: np.ndarray, tolerance: float) -> float:
    """Largest difference in units of the tolerance (``oracles.rounding``)."""
    if got.shape != want.shape or not np.all(np.isfinite(got)):
        return float("inf")
    largest = float(np.max(np.abs(got.astype(np.float64) - want), initial=0))
    return largest / tolerance if largest else 0.0


def failures(seeds: list[int], opset: int, target: str) -> list[str]:
    """Runs the cases of ``seeds`` as one model; a line for each output that is wrong."""
    import rnn_mlir

    cases = [draw(seed, opset) for seed in seeds]
    proto, feed, expected = model(cases)
    program = rnn_mlir.compile(proto.SerializeToString(), target=target, host_cpu="native")
    got = rnn_mlir.Session(program).run(feed)
    wrong = []
    for name, k, want, tolerance in expected:
        ratio = difference(got[name], want, tolerance)
        if ratio > 1:
            wrong.append(f"{target}: {name.split('_')[0]} is off by {ratio:.3g} tolerances: {cases[k].describe()}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="number of cases (default 2000)")
    parser.add_argument("--seed", type=int, default=0, help="first seed (default 0)")
    parser.add_argument("--per-model", type=int, default=25, help="cases joined into one model (default 25)")
    parser.add_argument("--target", action="append", help="target, may be repeated (default generic and cpu)")
    arguments = parser.parse_args()
    wrong, begun = [], time.monotonic()
    for first in range(0, arguments.count, arguments.per_model):
        seeds = list(range(arguments.seed + first, arguments.seed + min(first + arguments.per_model, arguments.count)))
        for target in arguments.target or ("generic", "cpu"):
            wrong += failures(seeds, OPSETS[first // arguments.per_model % len(OPSETS)], target)
        print(
            f"\r{seeds[-1] - arguments.seed + 1} cases, {len(wrong)} wrong, {time.monotonic() - begun:.0f} s",
            end="",
            file=sys.stderr,
        )
    print(file=sys.stderr)
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
