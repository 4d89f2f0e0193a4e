"""Random stacks of layers on machines that are too small for them, so that weights stream and tiles are short.

A case is right against the float64 oracle, or refused with the layer, the need and the capacity; nothing in between.
One whose panels fit is not refused.
``python shrunken_targets.py --count 1000 --seed 1`` runs as many as asked for.
"""

from __future__ import annotations

import argparse
import dataclasses
import pathlib
import re
import sys
import time

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from oracles import rounding, vectorised
from oracles.node import GATES, Node
from random_models import difference

GENERIC = pathlib.Path(__file__).resolve().parents[2] / "targets" / "generic.yaml"
# `model.onnx:layer2: error: …` with the bytes it needs and those there are.
REFUSAL = re.compile(
    r"^model\.onnx:layer\d(?: \((?:forward|reverse)\))?: error: "
    r"does not fit the \w+ memory: .*\b\d+ bytes, the capacity of generic is \d+$",
    re.M,
)


@dataclasses.dataclass
class Kind:
    """What a kind of cases draws from; `room` is the weight memory relative to the weights' bytes."""

    ops: list[str]
    hidden: list[int]
    width: list[int]
    layers: list[int]
    steps: list[int]
    batch: int
    room: tuple[float, float]


KINDS = {
    "narrow": Kind(list(GATES), [1, 2, 15, 16, 17, 31, 33, 48, 64, 65, 80, 97, 129], [1, 3, 16, 17, 40, 65, 130],
                   [1, 1, 2, 3], [1, 2, 3, 4, 5, 7, 9, 13, 20, 33, 64, 65, 70], 5, (0.06, 1.3)),
    "wide": Kind(list(GATES), [129, 200, 257, 300, 401, 512, 513, 600], [5, 65, 260], [1, 1, 2, 3],
                 [1, 2, 3, 4, 5, 7, 9], 3, (0.06, 1.3)),
    # A copy for each panel of many, and lane programs that read parts of what a loop over panels makes.
    "panels": Kind(["GRU"], [513, 530], [260, 400, 500], [1], [1, 2, 3], 2, (0.05, 0.09)),
}  # fmt: skip


def changed(text: str, section: str, key: str, value, unit: str) -> str:
    """A target's text with another value."""
    pattern = rf"(^ *{section}:\n(?: +.*\n)*? +{key}: \{{value: )[^,]*, unit: [^,]*"
    text, count = re.subn(pattern, rf"\g<1>{value}, unit: {unit}", text, count=1, flags=re.M)
    assert count == 1, f"no {section}.{key}"
    return text


def shrunken(rng, weight_bytes: int, room: tuple[float, float]) -> tuple[str, dict[str, int]]:
    """The generic target with other sizes, and the capacities that changed."""
    text, changes = GENERIC.read_text(), {}

    def change(probability, section, key, values, unit):
        nonlocal text
        if rng.random() < probability:
            changes[f"{section}.{key}"] = value = int(values() if callable(values) else rng.choice(values))
            text = changed(text, section, key, value, unit)

    between = lambda low, high: np.exp(rng.uniform(np.log(low), np.log(high)))  # noqa: E731
    change(
        0.8,
        "weight",
        "capacity",
        lambda: max(weight_bytes * between(*room) // 64, 1) * 64 + rng.choice([0, 4, 64]),
        "B",
    )
    change(0.3, "vector", "capacity", lambda: between(4096, 262144), "B")
    change(0.3, "acc", "capacity", lambda: between(4096, 131072), "B")
    change(0.5, "mat", "rows", [1, 4, 16, 33], '"1"')
    change(0.5, "mat", "columns", [1, 8, 64], '"1"')
    change(0.5, "vec", "lanes", [1, 4, 100], '"1"')
    change(0.5, "sequencer", "queue_depth", [1, 2, 3, 16], '"1"')
    change(0.3, "dram", "bandwidth", [1, 256], "B/cycle")
    change(0.3, "dram", "latency", [0, 1000], "cycles")
    return text, changes


class Stack:
    """A model of one to three layers, each reading the one before, with inputs and expected outputs."""

    def __init__(self, rng, kind: Kind):
        self.rng = rng
        self.steps, self.batch = int(rng.choice(kind.steps)), int(rng.integers(1, kind.batch + 1))
        self.nodes, self.initializers, self.inputs, self.outputs = [], [], [], []
        self.feed, self.expected, self.summary = {}, {}, []
        self.weight_bytes = self.panel_bytes = 0
        width = int(rng.choice(kind.width))
        x = self.real(self.steps, self.batch, width, scale=1.0)
        self.give("x", x, ["T", "B", width])
        self.changes, self.moved, self.moved_x = np.random.default_rng(0), {}, [x] * rounding.CHANGES
        ops = [str(rng.choice(kind.ops)) for _ in range(int(rng.choice(kind.layers)))]
        self.lengths = None
        if rng.random() < 0.4:
            self.lengths = rng.integers("RNN" in ops, self.steps + 1, self.batch).astype(np.int32)
            self.give("lens", self.lengths, ["B"])
        for number, op in enumerate(ops):
            x = self.layer(number, op, int(rng.choice(kind.hidden)), x, last=number == len(ops) - 1)

    def real(self, *shape, scale=0.5):
        return (self.rng.standard_normal(shape) * scale).astype(np.float32)

    def give(self, name, array, shape):
        self.feed[name] = array
        self.inputs.append(helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), shape))

    def constant(self, name, array):
        self.initializers.append(numpy_helper.from_array(array, name))

    def layer(self, k, op, hidden, x, last):
        """Appends a layer that reads `x`, and returns what it gives the next one."""
        rng = self.rng
        direction = str(rng.choice(["forward", "reverse", "bidirectional"]))
        directions, gates, width = 1 + (direction == "bidirectional"), GATES[op], x.shape[2]
        w = self.real(directions, gates * hidden, width, scale=0.5 / np.sqrt(width))
        r = self.real(directions, gates * hidden, hidden, scale=0.5 / np.sqrt(hidden))
        node = Node(op, x, w, r, direction=direction)
        attributes = {"direction": direction, "hidden_size": hidden}
        node.lens = self.lengths
        if rng.random() < 0.6:
            node.b = self.real(directions, 2 * gates * hidden)
        if rng.random() < 0.4:
            node.h0 = self.real(directions, self.batch, hidden)
            self.give(f"h{k}", node.h0, [directions, "B", hidden])
        if op == "LSTM":
            node.p = self.real(directions, 3 * hidden) if rng.random() < 0.4 else None
            node.input_forget = attributes["input_forget"] = int(rng.random() < 0.2)
        if op == "GRU":
            node.linear_before_reset = attributes["linear_before_reset"] = int(rng.random() < 0.5)
        if rng.random() < 0.2:
            node.clip = attributes["clip"] = 1.5
        for name, array in (("w", node.w), ("r", node.r), ("b", node.b), ("p", node.p)):
            if array is not None:
                self.constant(f"{name}{k}", array)
        roles = [f"x{k}" if k else "x", f"w{k}", f"r{k}", f"b{k}" if node.b is not None else "",
                 "lens" if self.lengths is not None else "", f"h{k}" if node.h0 is not None else "", "",
                 f"p{k}" if node.p is not None else ""]  # fmt: skip
        while not roles[-1]:
            roles.pop()
        self.nodes.append(helper.make_node(op, roles, [f"y{k}", f"yh{k}"], name=f"layer{k}", **attributes))
        self.summary.append(f"{op} {hidden} {direction}")
        self.weight_bytes = max(self.weight_bytes, gates * -(-hidden // 16) * 16 * (width + hidden) * 4)
        # A GRU's hidden gate may need its own product with the state.
        columns = width + hidden * (1 + (op == "GRU"))
        self.panel_bytes = max(self.panel_bytes, 2 * 16 * 4 * columns)
        y, self.expected[f"yh{k}"], *_ = vectorised.run(node)
        # The next layer rounds what rounding has moved.
        changed = [rounding.changed(dataclasses.replace(node, x=each), self.changes) for each in self.moved_x]
        moved = [vectorised.run(each) for each in changed]
        self.moved[f"yh{k}"] = [each[1] for each in moved]
        self.moved_x = [self.next_input(each[0]) for each in moved]
        if last:
            self.expected[f"y{k}"], self.moved[f"y{k}"] = y, [each[0] for each in moved]
        else:
            self.constant(f"shape{k}", np.array([0, 0, directions * hidden], np.int64))
            self.nodes.append(helper.make_node("Transpose", [f"y{k}"], [f"t{k}"], perm=[0, 2, 1, 3]))
            self.nodes.append(helper.make_node("Reshape", [f"t{k}", f"shape{k}"], [f"x{k + 1}"]))
        return self.next_input(y)

    def next_input(self, y):
        """What the next layer reads: the directions side by side."""
        return y.transpose(0, 2, 1, 3).reshape(self.steps, self.batch, -1)

    def tolerance(self, name):
        """Of an output; the functions of the layers before it are rounded too."""
        return rounding.tolerance(self.expected[name], self.moved[name], len(self.nodes) * self.steps)

    def model(self) -> bytes:
        outputs = [
            helper.make_tensor_value_info(n, TensorProto.FLOAT, [None] * a.ndim) for n, a in self.expected.items()
        ]
        graph = helper.make_graph(self.nodes, "stack", self.inputs, outputs, self.initializers)
        opsets = [helper.make_opsetid("", 14)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()


def must_fit(stack: Stack, changes: dict[str, int], tile: int) -> bool:
    """Whether nothing excuses a refusal: the weight memory holds two panels of 16 rows of each weight of a layer, one
    to work with and one to load, the other memories are generic's, and no long tile of time is asked for.
    """
    shrunk = {"vector.capacity", "acc.capacity"} & set(changes)
    return not shrunk and tile <= 5 and changes.get("weight.capacity", stack.panel_bytes) >= stack.panel_bytes


def account_problems(report: dict) -> list[str]:
    """What does not add up in a report: each layer's account and each engine's time are all of its cycles."""
    problems = []
    for layer in report["layers"]:
        account, cycles = {k: v for k, v in layer["account"].items() if k != "bound"}, layer["cycles"]
        if sum(account.values()) != cycles:
            problems.append(
                f"{layer['node']}: the account adds up to {sum(account.values())} of {cycles} cycles: {account}"
            )
        if min(account.values()) < 0:
            problems.append(f"{layer['node']}: a part of the account is negative: {account}")
        if layer["account"]["bound_cycles"] != max(layer["bounds"].values()):
            problems.append(f"{layer['node']}: the account's bound is not the largest: {layer['bounds']}")
        for name, engine in layer["engines"].items():
            total = engine["busy"] + engine["fill"] + sum(engine["stalls"].values())
            if total != cycles:
                problems.append(f"{layer['node']}: the time of {name} adds up to {total} of {cycles} cycles")
    return problems


def run(kind: str, seed: int, folder: pathlib.Path) -> tuple[str, list[str]]:
    """Compiles and runs the case of `seed`: `ok` or `refused`, and what is wrong."""
    import rnn_mlir

    rng = np.random.default_rng(seed)
    stack = Stack(rng, KINDS[kind])
    text, changes = shrunken(rng, stack.weight_bytes, KINDS[kind].room)
    target = folder / "target.yaml"
    target.write_text(text)
    schedule = str(rng.choice(["mwl", "plain"]))
    tile = int(rng.choice([0, 0, 1, 2, 3, 4, 5, 8, 16, 70])) if schedule == "mwl" else 0
    case = (f"{kind} {seed}: {stack.summary} x{list(stack.feed['x'].shape)} {schedule} tile={tile} "
            f"lens={None if stack.lengths is None else stack.lengths.tolist()} {changes}")  # fmt: skip
    try:
        program = rnn_mlir.compile(stack.model(), target=target, schedule=schedule, time_tile=tile, host_cpu="native")
    except rnn_mlir.CompileError as error:
        excused = REFUSAL.search(str(error)) and not must_fit(stack, changes, tile)
        return "refused", [] if excused else [f"{case}: refused with {error}"]
    session = rnn_mlir.Session(program)
    try:
        got = session.run(stack.feed)
    except Exception as error:
        return "ok", [f"{case}: {error}"]
    ratios = {name: difference(got[name], want, stack.tolerance(name)) for name, want in stack.expected.items()}
    wrong = [f"{case}: {name} is off by {ratio:.3g} tolerances" for name, ratio in ratios.items() if not ratio <= 1]
    return "ok", wrong + [f"{case}: {problem}" for problem in account_problems(session.report)]


def main() -> int:
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="number of cases (default 1000)")
    parser.add_argument("--seed", type=int, default=0, help="first seed (default 0)")
    parser.add_argument("--kind", choices=KINDS, default="narrow", help="what to draw from (default narrow)")
    arguments = parser.parse_args()
    outcomes, wrong, begun = {"ok": 0, "refused": 0}, [], time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(arguments.seed, arguments.seed + arguments.count):
            outcome, problems = run(arguments.kind, seed, pathlib.Path(folder))
            outcomes[outcome] += 1
            wrong += problems
            print(f"\r{outcomes}, {len(wrong)} wrong, {time.monotonic() - begun:.0f} s", end="", file=sys.stderr)
    print(file=sys.stderr)
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
