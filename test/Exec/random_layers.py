"""Random layers without an ONNX operator (SRU, QRNN, LSTM with a projection) as MLIR text, from a seed.

``text`` joins several cases into one module, so that a run of many pays for few compilations.
``python random_layers.py --count 10000 --seed 1`` runs as many as asked for.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time

import numpy as np
from oracles import layer_vectorised, rounding
from oracles.layer import GATES, Layer
from random_models import difference

#: The operands of a layer in the order of its text, with the keyword before each.
OPERANDS = {
    "sru": {"x": "", "w": ", ", "bias": " bias", "peephole": " peephole", "highway": " highway"},
    "qrnn": {"x": "", "w": ", ", "bias": " bias", "history": " history"},
    "lstm": {"x": "", "w": ", ", "r": ", ", "bias": " input_bias", "peephole": " peephole", "proj": " proj"},
}
#: Tiles of a schedule beside the one that the compiler chooses.
TILES = {"plain": [], "mwl": [2, 5], "overlap": [1, 2], "auto": []}


@dataclasses.dataclass
class Case:
    """A layer, what is constant in it, which of its sizes are dynamic, and what it gives (float64)."""

    seed: int
    layer: Layer
    constants: set[str]
    dynamic: set[str]
    expected: list[np.ndarray]

    def describe(self) -> str:
        n = self.layer
        given = [k for k in (*OPERANDS[n.op.split("_")[0]], "init", "lens") if getattr(n, k) is not None]
        lens = None if n.lens is None else n.lens.tolist()
        return (
            f"seed {self.seed}: {n.op} x{list(n.x.shape)} H={n.hidden} P={n.output} window={n.window} "
            f"reverse={n.reverse} output_activation={n.output_activation} input_forget={n.input_forget} clip={n.clip} "
            f"operands={given} constants={sorted(self.constants)} dynamic={sorted(self.dynamic)} lens={lens}"
        )


def draw(seed: int) -> Case:
    """The case of ``seed``."""
    rng = np.random.default_rng(seed)
    op = str(rng.choice(list(GATES)))
    steps = int(rng.choice([0, 1, 2, 3, 5, 9], p=[0.03, 0.12, 0.15, 0.2, 0.25, 0.25]))
    batch = int(rng.choice([0, 1, 2, 3, 5], p=[0.03, 0.37, 0.25, 0.2, 0.15]))
    width = int(rng.choice([1, 2, 3, 7, 16, 19, 33]))
    hidden = int(rng.choice([1, 2, 3, 5, 8, 15, 16, 17, 32, 37]))
    some = lambda p: rng.random() < p  # noqa: E731
    real = lambda *shape, scale=0.5: (rng.standard_normal(shape) * scale).astype(np.float32)  # noqa: E731
    window = int(rng.choice([1, 2, 3, 4])) if op.startswith("qrnn") else 1
    if op == "sru" and some(0.5):
        width = hidden
    rows = GATES[op] * hidden
    layer = Layer(op, real(steps, batch, width, scale=1.0), real(rows, window * width), window=window)
    biases = 2 * hidden if op == "sru" else rows
    layer.bias = real(biases) if some(0.6) else None
    if op == "sru":
        layer.peephole = real(2 * hidden) if some(0.5) else None
        layer.highway = real(hidden, width) if width != hidden or some(0.3) else None
        layer.output_activation = [None, "tanh", "relu"][int(rng.integers(3))]
    elif op == "lstm":
        layer.peephole = real(3 * hidden) if some(0.4) else None
        outputs = int(rng.choice([1, 3, 8, 16, 21]))
        layer.proj = real(outputs, hidden) if some(0.8) else None
        layer.r = real(rows, layer.output, scale=0.7 / np.sqrt(hidden))
        layer.input_forget = bool(some(0.25))
        layer.clip = float(np.float32(rng.uniform(0.05, 2.0))) if some(0.3) else None
    elif window > 1 and some(0.5):
        layer.history = real(window - 1, batch, width, scale=1.0)
    if some(0.5):
        layer.init = [real(batch, size) for size in layer.state_sizes]
    if some(0.4):
        layer.lens = rng.integers(0, steps + 1, batch).astype(np.int32)
    layer.reverse = bool(some(0.4))
    constants = {k for k in ("bias", "peephole") if some(0.5)}
    constants |= {k for k, p in (("w", 0.8), ("r", 0.8), ("highway", 0.8), ("proj", 0.8)) if some(p)}
    dynamic = {k for k in ("steps", "batch") if some(0.5)}
    return Case(seed, layer, constants, dynamic, layer_vectorised.run(layer))


def literal(array: np.ndarray) -> str:
    """A dense constant."""
    return f'dense<"0x{array.astype("<f4").tobytes().hex().upper()}">'


def _tensor(shape, element="f32") -> str:
    return f"tensor<{'x'.join([*map(str, shape), element])}>"


class _Text:
    """The function that has all cases, as it grows."""

    def __init__(self):
        self.arguments, self.lines, self.results, self.feed = [], [], [], {}

    def value(self, array, type, constant) -> str:
        """The name of a value that is a constant or an input."""
        if constant:
            name = f"%c{len(self.lines)}"
            self.lines.append(f"{name} = arith.constant {literal(array)} : {type}")
            return name
        name = f"%a{len(self.arguments)}"
        self.feed[f"input_{len(self.arguments)}"] = array
        self.arguments.append(f"{name}: {type}")
        return name

    def add(self, case: Case):
        n = case.layer
        steps = "?" if "steps" in case.dynamic else n.x.shape[0]
        batch = "?" if "batch" in case.dynamic else n.x.shape[1]
        shapes = {"x": (steps, batch, n.x.shape[2]), "history": (n.window - 1, batch, n.x.shape[2])}
        kind = n.op.split("_")[0]
        types, operands = [], ""
        for role, keyword in OPERANDS[kind].items():
            array = getattr(n, role)
            if array is None:
                continue
            types.append(_tensor(shapes.get(role, array.shape)))
            name = self.value(array, types[-1], role in case.constants)
            operands += keyword + (f"({name})" if keyword.strip(" ,") else name)
        finals = [_tensor((batch, size)) for size in n.state_sizes]
        if n.init is not None:
            operands += f" init({', '.join(self.value(a, t, False) for a, t in zip(n.init, finals))})"
            types += finals
        if n.lens is not None:
            types.append(_tensor((batch,), "i32"))
            operands += f" lengths({self.value(n.lens, types[-1], False)})"
        attributes = ["reverse"] if n.reverse else []
        if kind == "qrnn":
            attributes.append(f"window = {n.window} : i64")
        if n.output_activation:
            attributes.append(f"output_activation = #rnn.act<{n.output_activation}>")
        if kind == "lstm":
            attributes.append("activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>]")
        if n.input_forget:
            attributes.append("input_forget")
        if n.clip is not None:
            attributes.append(f"clip = {n.clip!r} : f32")
        results = [_tensor((steps, batch, n.output)), *finals]
        base, pooling = f"%r{len(self.results)}", n.op.partition("_")[2]
        self.lines.append(
            f"{base}:{len(results)} = rnn.{kind} {pooling} {operands} {{{', '.join(attributes)}}} "
            f": ({', '.join(types)}) -> ({', '.join(results)})"
        )
        self.results += [(f"{base}#{index}", type) for index, type in enumerate(results)]

    def __str__(self):
        types = ", ".join(type for _, type in self.results)
        lines = "\n".join(self.lines)
        names = ", ".join(name for name, _ in self.results)
        return f"func.func @main({', '.join(self.arguments)}) -> ({types}) {{\n{lines}\nreturn {names} : {types}\n}}\n"


def text(cases: list[Case]) -> tuple[str, dict[str, np.ndarray]]:
    """All ``cases`` as one module, and its inputs."""
    module = _Text()
    for case in cases:
        module.add(case)
    return str(module), module.feed


def schedules() -> list[dict]:
    """Options of a compilation under which results are the same to the bit: of all schedules that the compiler has."""
    from rnn_mlir import _rnn_mlir

    [names] = [each["choices"] for each in _rnn_mlir.options if each["keyword"] == "schedule"]
    names = sorted(names, key=lambda name: name != "plain")
    return [{"schedule": name, **({"time_tile": tile} if tile else {})} for name in names for tile in [0, *TILES[name]]]


def failures(seeds: list[int], target: str, folder, compilations=None) -> list[str]:
    """Runs the cases of ``seeds`` as one model compiled with each of some options, or those of all schedules.

    Gives a line for each output that is wrong.
    """
    import rnn_mlir

    cases = [draw(seed) for seed in seeds]
    module, feed = text(cases)
    path = folder / f"layers_{seeds[0]}.mlir"
    path.write_text(module)
    wrong, first = [], None
    for options in schedules() if compilations is None else compilations:
        program = rnn_mlir.compile(path, target=target, host_cpu="native", **options)
        found = list(rnn_mlir.Session(program).run(feed).values())
        if first is None:
            first, results = found, iter(found)
            for case in cases:
                for limit, want in zip(rounding.layer_tolerances(case.layer, case.expected, case.seed), case.expected):
                    ratio = difference(next(results), want, limit)
                    if ratio > 1:
                        wrong.append(f"{target} {options}: off by {ratio:.3g} tolerances: {case.describe()}")
        elif any(one.tobytes() != other.tobytes() for one, other in zip(first, found, strict=True)):
            wrong.append(f"{target}: {options} has other bits than the first: seeds {seeds}")
    return wrong


def main() -> int:
    import pathlib
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="number of cases (default 2000)")
    parser.add_argument("--seed", type=int, default=0, help="first seed (default 0)")
    parser.add_argument("--per-model", type=int, default=25, help="cases joined into one model (default 25)")
    parser.add_argument("--target", action="append", help="target, may be repeated (default generic and cpu)")
    arguments = parser.parse_args()
    wrong, begun = [], time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, arguments.count, arguments.per_model):
            last = min(first + arguments.per_model, arguments.count)
            seeds = list(range(arguments.seed + first, arguments.seed + last))
            for target in arguments.target or ("generic", "cpu"):
                wrong += failures(seeds, target, pathlib.Path(folder))
            spent = time.monotonic() - begun
            print(f"\r{last} cases, {len(wrong)} wrong, {spent:.0f} s", end="", file=sys.stderr)
    print(file=sys.stderr)
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
