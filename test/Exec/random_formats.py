"""Random layers of every cell as MLIR text, of f32 or f16, and their meaning to the bit, from a seed.

Every array is an input, so that the scheduled text says all that ``oracles.recurrences`` needs.
``python random_formats.py --count 2000 --seed 1`` runs as many as asked for.
"""

from __future__ import annotations

import argparse
import dataclasses
import pathlib
import subprocess
import sys
import time

import numpy as np
from oracles import recurrences
from places import RNN_OPT

ELEMENTS = {"f32": np.float32, "f16": np.float16}
#: Functions with the parameters that each has.
ACTIVATIONS = {
    "affine": ("alpha", "beta"), "relu": (), "leaky_relu": ("alpha",), "thresholded_relu": ("alpha",),
    "scaled_tanh": ("alpha", "beta"), "tanh": (), "sigmoid": (), "hard_sigmoid": ("alpha", "beta"), "elu": ("alpha",),
    "softsign": (), "softplus": (),
}  # fmt: skip
CELLS = {"lstm": 4, "gru": 3, "elman": 1, "sru": 3, "qrnn f": 2, "qrnn fo": 3, "qrnn ifo": 4}
#: Options of a compilation; results are the same to the bit.
SCHEDULES = (
    {"schedule": "plain"},
    {"schedule": "mwl"},
    {"schedule": "mwl", "time_tile": 2},
    {"schedule": "overlap", "time_tile": 3},
)
#: Machines whose sums are of f16, with lanes that store nothing else, and those whose sums are of f32.
NARROW = """
name: narrow
summary: sums of f16
base: generic
mat:
  formats: {value: [f16], grade: assumed}
  accumulators: {value: [f16], grade: assumed}
vec:
  formats: {value: [f16], grade: assumed}
"""
NARROW_HOST = """
name: narrow-host
summary: sums of f16
kind: host
host:
  accumulators: {value: [f16], grade: assumed}
"""


def tensor(shape, element) -> str:
    return f"tensor<{'x'.join([*map(str, shape), element])}>"


@dataclasses.dataclass
class Case:
    """A module of one layer, and what it takes."""

    seed: int
    text: str
    arrays: list[np.ndarray]

    @property
    def feed(self):
        return {f"input_{index}": array for index, array in enumerate(self.arrays)}


class _Layer:
    """A layer's text, as it grows."""

    def __init__(self, rng, element: str):
        self.rng, self.element = rng, element
        self.arrays, self.types, self.operands = [], [], ""

    def some(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def operand(self, keyword: str, shape, *, scale=0.5, typed=None):
        """Another operand: ``keyword(%a)``, or ``%a`` behind ``keyword`` where that ends in a space."""
        name = f"%a{len(self.arrays)}"
        self.arrays.append((self.rng.standard_normal(shape) * scale).astype(ELEMENTS[self.element]))
        self.types.append(tensor(typed or shape, self.element))
        self.operands += keyword + name if keyword.endswith(" ") or not keyword else f" {keyword}({name})"

    def activation(self) -> str:
        name = str(self.rng.choice(list(ACTIVATIONS)))
        values = [f", {each} = {float(np.float32(self.rng.uniform(0.1, 1.2)))!r} : f32" for each in ACTIVATIONS[name]]
        return f"#rnn.act<{name}{''.join(values)}>"


def draw(seed: int, element: str, cell: str | None = None) -> Case:
    """The case of ``seed``."""
    rng = np.random.default_rng(seed)
    cell = cell or str(rng.choice(list(CELLS)))
    layer = _Layer(rng, element)
    some = layer.some
    steps, batch = int(rng.choice([1, 2, 3, 5, 8])), int(rng.choice([1, 1, 2, 3]))
    width, hidden = int(rng.choice([1, 3, 7, 16, 19])), int(rng.choice([1, 3, 5, 16, 17, 33]))
    kind, gates, window, output = cell.split()[0], CELLS[cell], 1, hidden
    if cell == "sru" and some(0.5):
        width = hidden
    if kind == "qrnn":
        window = int(rng.choice([1, 2, 3]))
    times, sequences = ("?" if some(0.5) else steps), ("?" if some(0.5) else batch)
    layer.operand("", (steps, batch, width), scale=1.0, typed=(times, sequences, width))
    layer.operand(", ", (gates * hidden, window * width))
    attributes, states = (["reverse"] if some(0.4) else []), [hidden]
    if kind in ("lstm", "gru", "elman"):
        projects = kind == "lstm" and some(0.4)
        if projects:
            output = int(rng.choice([1, 5, 16, 21]))
        layer.operand(", ", (gates * hidden, output), scale=0.7 / np.sqrt(hidden))
        for name in ("input_bias", "recurrent_bias"):
            if some(0.6):
                layer.operand(name, (gates * hidden,))
        if kind == "lstm":
            states = [output, hidden]
            if some(0.4):
                layer.operand("peephole", (3 * hidden,))
            if projects:
                layer.operand("proj", (output, hidden))
        functions = [layer.activation() for _ in range({"lstm": 3, "gru": 2, "elman": 1}[kind])]
        if some(0.5):
            functions = [f"#rnn.act<{name}>" for name in ("sigmoid", "tanh", "tanh")[-len(functions) :]]
        attributes.append(f"activations = [{', '.join(functions)}]")
        if some(0.3):
            attributes.append(f"clip = {float(np.float32(rng.uniform(0.05, 2.0)))!r} : f32")
        if kind == "lstm" and some(0.25):
            attributes.append("input_forget")
        if kind == "gru" and some(0.5):
            attributes.append("linear_before_reset")
    elif kind == "sru":
        for name in ("bias", "peephole"):
            if some(0.6):
                layer.operand(name, (2 * hidden,))
        if width != hidden or some(0.3):
            layer.operand("highway", (hidden, width))
        if some(0.5):
            attributes.append(f"output_activation = {layer.activation()}")
    else:
        attributes.append(f"window = {window} : i64")
        if some(0.6):
            layer.operand("bias", (gates * hidden,))
        if window > 1 and some(0.5):
            layer.operand("history", (window - 1, batch, width), scale=1.0, typed=(window - 1, sequences, width))
    if some(0.5):
        first = len(layer.arrays)
        for size in states:
            layer.arrays.append(rng.standard_normal((batch, size)).astype(ELEMENTS[element]))
            layer.types.append(tensor((sequences, size), element))
        layer.operands += f" init({', '.join(f'%a{k}' for k in range(first, len(layer.arrays)))})"
    if some(0.4):
        layer.operands += f" lengths(%a{len(layer.arrays)})"
        layer.arrays.append(rng.integers(0, steps + 1, batch).astype(np.int32))
        layer.types.append(tensor((sequences,), "i32"))
    results = [tensor((times, sequences, output), element)]
    results += [tensor((sequences, size), element) for size in states]
    arguments = ", ".join(f"%a{k}: {type}" for k, type in enumerate(layer.types))
    names = ", ".join(f"%r#{k}" for k in range(len(results)))
    text = (
        f"func.func @main({arguments}) -> ({', '.join(results)}) {{\n"
        f"%r:{len(results)} = rnn.{cell} {layer.operands} {{{', '.join(attributes)}}} "
        f": ({', '.join(layer.types)}) -> ({', '.join(results)})\n"
        f"return {names} : {', '.join(results)}\n}}\n"
    )
    return Case(seed, text, layer.arrays)


def meaning(case: Case, target: str, folder: pathlib.Path, quantize: str | None = None) -> list[np.ndarray]:
    """What the layer gives, by the text of its steps as they are for ``target``."""
    path = folder / "meaning.mlir"
    path.write_text(case.text)
    passes = [f"--rnn-target=target={target}"]
    if quantize:
        passes.append(f"--rnn-quantize=formats={quantize}")
    passes += ["--rnn-schedule=schedule=plain", "--rnn-expand-activations"]
    found = subprocess.run([RNN_OPT, path, *passes], capture_output=True, text=True, check=True, timeout=120)
    return recurrences.run(found.stdout, case.arrays)


def differences(case: Case, targets, folder, quantize=None, schedules=SCHEDULES) -> list[str]:
    """Runs a case on ``targets`` of one kind of sums under each schedule; a line for each that has other bits."""
    import rnn_mlir

    path = folder / "layer.mlir"
    path.write_text(case.text)
    want = meaning(case, targets[0], folder, quantize)
    wrong = []
    for target in targets:
        for options in schedules:
            try:
                program = rnn_mlir.compile(
                    path, target=target, host_cpu="native", quantize=quantize or "none", **options
                )
            except rnn_mlir.CompileError as error:
                # Every array is an argument, which takes registers.
                if "scalar registers" not in str(error):
                    raise
                continue
            found = rnn_mlir.Session(program).run(case.feed).values()
            for number, (one, other) in enumerate(zip(found, want, strict=True)):
                if one.dtype != other.dtype or one.shape != other.shape:
                    wrong.append(f"seed {case.seed} on {target} {options}: result {number} is {one.dtype}{one.shape}")
                elif one.tobytes() != other.tobytes() and not np.array_equal(one, other, equal_nan=True):
                    most = np.max(np.abs(one.astype(np.float64) - other))
                    wrong.append(f"seed {case.seed} on {target} {options}: result {number} off by {most:.3g}")
    return wrong


def main() -> int:
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="number of cases (default 500)")
    parser.add_argument("--seed", type=int, default=0, help="first seed (default 0)")
    arguments = parser.parse_args()
    wrong, begun = [], time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "narrow.yaml").write_text(NARROW)
        (folder / "narrow-host.yaml").write_text(NARROW_HOST)
        for seed in range(arguments.seed, arguments.seed + arguments.count):
            schedules = [SCHEDULES[seed % len(SCHEDULES)]]
            for element, targets in (
                ("f32", ("generic", "cpu")),
                ("f16", ("generic", "cpu")),
                ("f16", (folder / "narrow.yaml", folder / "narrow-host.yaml")),
            ):
                wrong += differences(draw(seed, element), targets, folder, schedules=schedules)
            print(f"\r{seed + 1 - arguments.seed} cases, {len(wrong)} wrong, {time.monotonic() - begun:.0f} s", end="",
                  file=sys.stderr)  # fmt: skip
    print(file=sys.stderr)
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
