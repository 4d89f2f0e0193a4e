"""Random recurrences with host arithmetic around them, on both targets, against float64.

A case is a program of layers and element-wise operations on what they take and give, in any order, so that arrays are
read after other operations could have overwritten them. Outputs of the two targets are equal to the bit and within a
bound of float64 that is carried along with the values; inputs stay as they are.

    python test/Fuzz/random_recurrences.py --count=20000 --seed=1
"""

import argparse
import pathlib
import sys
import tempfile
import time

import numpy as np
import rnn_mlir

if __name__ == "__main__":
    sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "Exec")]
from test_random_steps import Builder, vector

STEPS, BATCH = 4, 3
SIZES = [1, 5, 16, 19]
#: Of an operation of a layer's step or of the host, relative to values within [-1, 1].
ROUNDING = 2.0**-22

#: Text, value in float64, and bound of the error by those of the operands. None leaves [-1, 1].
HOST = [
    ("arith.mulf {a}, {b}", np.multiply, lambda a, b: a + b),
    ("arith.maximumf {a}, {b}", np.maximum, max),
    ("arith.minimumf {a}, {b}", np.minimum, max),
    ("arith.negf {a}", lambda a, b: -a, lambda a, b: a),
    ("math.absf {a}", lambda a, b: np.abs(a), lambda a, b: a),
    ("math.tanh {a}", lambda a, b: np.tanh(a), lambda a, b: a + 4 * ROUNDING),
]


class Step(Builder):
    """The step of a layer that takes vectors of `inputs` elements and has these states."""

    def __init__(self, rng, inputs, states, prefix):
        self.rng, self.inputs, self.states, self.prefix = rng, inputs, list(states), prefix
        small, large = sorted(rng.choice(SIZES, size=2, replace=False))
        self.start({int(small), int(large), *states}, inputs)

    def slice(self, name):
        small, large = sorted(self.rng.choice(self.sizes, size=2, replace=len(self.sizes) < 2))
        if small == large:
            return
        a, begin = self.pick(large), int(self.rng.integers(large - small + 1))
        line = f"{name} = tensor.extract_slice {a}[{begin}] [{small}] [1] : {vector(large)} to {vector(small)}"
        self.add(int(small), name, [line], lambda at: at[a][:, begin : begin + small])

    def regions(self):
        """Texts of the projection and of the step, the size of y, and the number of operations."""
        for index in range(self.rng.integers(0, 8)):
            kind = self.rng.choice([self.operation, self.slice, self.product], p=[0.7, 0.1, 0.2])
            kind(f"%v{index}")
        self.yielded = [self.pick(int(self.rng.choice(self.sizes)))]
        for size in self.states:
            olds = [f"%s{index}" for index, other in enumerate(self.states) if other == size]
            self.yielded.append(str(self.rng.choice(olds)) if self.rng.random() < 0.3 else self.pick(size))
        size_of = {name: size for size, names in self.pool.items() for name in names}
        types = ", ".join(vector(size_of[name]) for name in self.yielded)
        taken = [f"%p{size}: {vector(size)}" for size in self.sizes]
        taken += [f"%s{index}: {vector(size)}" for index, size in enumerate(self.states)]
        x = vector(self.inputs)
        project = [f"^bb0(%v: {x}):"] + [
            f"%p{size} = rnn.product %w{size}, %v : (tensor<{size}x{self.inputs}xf32>, {x}) -> {vector(size)}"
            for size in self.sizes
        ]
        project.append(
            f"rnn.yield {', '.join(f'%p{size}' for size in self.sizes)} : {', '.join(map(vector, self.sizes))}"
        )
        step = [f"^bb0({', '.join(taken)}):", *self.lines, f"rnn.yield {', '.join(self.yielded)} : {types}"]
        return project, step, size_of[self.yielded[0]], len(self.lines) + 2

    def run(self, x, states, lengths, reverse):
        """y and the states in float64."""
        y = None
        states = [state.copy() for state in states]
        for b in range(x.shape[1]):
            now = [state[b : b + 1] for state in states]
            length = x.shape[0] if lengths is None else int(lengths[b])
            for position in range(length):
                t = length - 1 - position if reverse else position
                at = {f"%p{n}": x[t, b : b + 1] @ self.weights[f"%w{n}"].astype(np.float64).T for n in self.sizes}
                at |= {f"%s{index}": state for index, state in enumerate(now)}
                for name, formula in self.formulas:
                    at[name] = formula(at)
                out, *now = [at[name] for name in self.yielded]
                if y is None:
                    y = np.zeros((*x.shape[:2], out.shape[1]))
                y[t, b] = out
            for state, value in zip(states, now, strict=True):
                state[b] = 0 if lengths is not None and length == 0 else value
        return y, states


class Case:
    """A program: its arguments, its text and what its results are; names begin with `prefix`."""

    def __init__(self, seed, number, first, prefix):
        self.rng = rng = np.random.default_rng([seed, number])
        self.prefix, self.lines, self.arguments, self.inputs, self.first = prefix, [], [], [], first
        #: By number of dimensions and size: name, value in float64, bound of its error.
        self.values = {}
        inputs = int(rng.choice(SIZES))
        self.argument((STEPS, BATCH, inputs))
        for size in rng.choice(SIZES, size=rng.integers(0, 3)):
            self.argument((BATCH, int(size)))
        self.lengths = None
        if rng.random() < 0.4:
            self.lengths = rng.integers(0, STEPS + 1, BATCH).astype(np.int32)
            self.lengths[rng.integers(BATCH)] = rng.integers(1, STEPS + 1)
            self.length_name = self.declare("tensor<?xi32>", self.lengths)
        for index in range(rng.integers(2, 7)):
            (self.layer if rng.random() < 0.5 else self.arithmetic)(f"%{prefix}n{index}")
        everything = [(rank, size, *each) for (rank, size), found in self.values.items() for each in found]
        chosen = rng.choice(len(everything), size=min(len(everything), int(rng.integers(1, 5))), replace=False)
        self.results = [everything[int(k)] for k in chosen]

    @staticmethod
    def type(rank, size):
        return f"tensor<{'?x' * (rank - 1)}{size}xf32>"

    def declare(self, type, value):
        name = f"%arg{self.first + len(self.inputs)}"
        self.arguments.append(f"{name}: {type}")
        self.inputs.append(value)
        return name

    def argument(self, shape):
        value = self.rng.uniform(-1, 1, shape).astype(np.float32)
        name = self.declare(self.type(len(shape), shape[-1]), value)
        self.values.setdefault((len(shape), shape[-1]), []).append((name, value.astype(np.float64), 0.0))

    def pick(self, key):
        found = self.values[key]
        return found[self.rng.integers(len(found))]

    def arithmetic(self, name):
        key = list(self.values)[self.rng.integers(len(self.values))]
        (a, x, ea), (b, y, eb) = self.pick(key), self.pick(key)
        text, function, bound = HOST[self.rng.integers(len(HOST))]
        self.lines.append(f"{name} = {text.format(a=a, b=b)} : {self.type(*key)}")
        self.values[key].append((name, function(x, y), bound(ea, eb) + ROUNDING))

    def layer(self, name):
        rng = self.rng
        keys = [key for key in self.values if key[0] == 3]
        key = keys[rng.integers(len(keys))]
        x_name, x, error = self.pick(key)
        states = [key[1] for key in self.values if key[0] == 2 for _ in range(rng.integers(0, 2))][:2]
        given = [self.pick((2, size)) for size in states]
        begins = bool(states) and rng.random() < 0.7
        if not states:
            states = [int(size) for size in rng.choice(SIZES, size=rng.integers(0, 3))]
        step = Step(rng, key[1], states, self.prefix)
        project, body, size, operations = step.regions()
        use_lengths = self.lengths is not None and rng.random() < 0.6
        reverse = rng.random() < 0.3
        tile = int(rng.choice([1, 2, 3, 64]))
        results = [f"{name}y", *(f"{name}s{k}" for k in range(len(states)))]
        types = [self.type(3, size), *(self.type(2, n) for n in states)]
        operands = [self.type(*key)]
        clauses = ""
        if begins:
            clauses += f" init({', '.join(each[0] for each in given)})"
            operands += [self.type(2, n) for n in states]
        if use_lengths:
            clauses += f" lengths({self.length_name})"
            operands.append("tensor<?xi32>")
        attributes = (["reverse"] if reverse else []) + [f"time_tile = {tile} : i64"]
        text = [
            *step.constants,
            f"{', '.join(results)} = rnn.recurrence {'plain' if tile == 1 else 'mwl'} {x_name}{clauses} project {{",
            *project,
            "} step {",
            *body,
            f"}} {{{', '.join(attributes)}}} : ({', '.join(operands)}) -> ({', '.join(types)})",
        ]
        # Constants are of the function: their names are of this layer alone.
        suffix = name[1:]
        for line in text:
            for constant in ("%w", "%half"):
                line = line.replace(constant, f"{constant}_{suffix}_")
            self.lines.append(line)
        begin = [each[1] for each in given] if begins else [np.zeros((BATCH, n)) for n in states]
        y, finals = step.run(x, begin, self.lengths if use_lengths else None, reverse)
        error = max([error, *(each[2] for each in given)] if begins else [error]) + STEPS * operations * 8 * ROUNDING
        if y is None:
            y = np.zeros((STEPS, BATCH, size))
        self.values.setdefault((3, size), []).append((results[0], y, error))
        for result, n, value in zip(results[1:], states, finals, strict=True):
            self.values.setdefault((2, n), []).append((result, value, error))


def module(cases):
    arguments = ", ".join(argument for case in cases for argument in case.arguments)
    results = [result for case in cases for result in case.results]
    types = ", ".join(Case.type(rank, size) for rank, size, *_ in results)
    names = ", ".join(result[2] for result in results)
    lines = [line for case in cases for line in case.lines]
    return "\n".join([f"func.func @main({arguments}) -> ({types}) {{", *lines, f"return {names} : {types}", "}"])


def check(seed, numbers, folder):
    """Runs the cases of these numbers in one program. Returns what is wrong, empty for nothing."""
    cases, first = [], 0
    for number in numbers:
        cases.append(Case(seed, number, first, f"c{number}_"))
        first += len(cases[-1].inputs)
    text = module(cases)
    path = pathlib.Path(folder) / "recurrences.mlir"
    path.write_text(text)
    found = {}
    for target in ("generic", "cpu"):
        inputs = {f"input_{k}": value for k, value in enumerate(each for case in cases for each in case.inputs)}
        before = {name: value.copy() for name, value in inputs.items()}
        try:
            session = rnn_mlir.Session(rnn_mlir.compile(path, target=target, host_cpu="native"))
            runs = [list(session.run(inputs).values()) for _ in range(2)]
        except rnn_mlir.Error as error:
            return f"{target}: {error}"
        if any(not np.array_equal(value, before[name]) for name, value in inputs.items()):
            return f"{target} writes to an input"
        if any(a.tobytes() != b.tobytes() for a, b in zip(*runs, strict=True)):
            return f"{target} gives other values the second time"
        found[target] = runs[0]
    results = [(case, *result) for case in cases for result in case.results]
    for index, (_, _, _, name, expected, bound) in enumerate(results):
        a, b = found["generic"][index], found["cpu"][index]
        if a.tobytes() != b.tobytes():
            return f"{name}: the targets differ by {np.abs(a - b).max()}"
        if not a.shape == expected.shape or not (np.abs(a - expected) <= bound + 1e-7).all():
            return f"{name}: differs from float64 by {np.abs(a - expected).max()}, allowed are {bound}"
    return ""


def campaign(count, seed, begin=0, together=8):
    """Returns the number of cases that ran, and what is wrong with the first that is."""
    with tempfile.TemporaryDirectory() as folder:
        for start in range(begin, begin + count, together):
            numbers = range(start, min(start + together, begin + count))
            if wrong := check(seed, numbers, folder):
                # One by one, for the smallest text.
                for number in numbers:
                    if one := check(seed, [number], folder):
                        return number - begin, f"seed {seed}, case {number}: {one}"
                return start - begin, f"seed {seed}, cases {numbers}: {wrong}"
    return count, ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="begin")
    options = parser.parse_args()
    started = time.monotonic()
    ran, wrong = campaign(options.count, options.seed, options.begin)
    print(f"{ran} recurrences, seed {options.seed}, {time.monotonic() - started:.0f} s: {wrong or 'no difference'}")
    sys.exit(bool(wrong))
