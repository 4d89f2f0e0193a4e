"""Random recurrences whose projection does more than multiply its input.

Windows with and without history, states of its own, element-wise operations, values that pass through, states in the
accumulators; forward, in reverse and with lengths. Every value stays within [-1, 1], as in ``test_random_steps``, whose
operations these are.
"""

import numpy as np
import pytest
from test_random_steps import INPUTS, TOLERANCE, Builder, run_target, vector

STEPS, BATCH = 7, 2


class Projection(Builder):
    """The region ``project``: `%v` is the window, `%q…` are its states."""

    def __init__(self, seed, sizes, window):
        self.rng = np.random.default_rng([seed, 2])
        self.sizes, self.window = sizes, window
        self.states = [int(self.rng.choice(sizes)) for _ in range(self.rng.integers(0, 3))]
        self.constants, self.lines, self.formulas, self.weights = [], [], [], {}
        # What the step calls p of a size is another value here.
        self.pool = {size: [] for size in sizes}
        for index, size in enumerate(self.states):
            self.pool[size].append(f"%q{index}")
        seen = window * INPUTS
        for size in sizes:
            self.weight(f"%a{size}", size, seen)
            weight = self.weights[f"%a{size}"].astype(np.float64)
            line = (
                f"%e{size} = rnn.product %a{size}, %v : (tensor<{size}x{seen}xf32>, {vector(seen)}) -> {vector(size)}"
            )
            self.add(size, f"%e{size}", [line], lambda at, weight=weight: at["%v"] @ weight.T)

    def product(self, name):
        """A product of a value, sometimes added to another."""
        rows, columns = (int(self.rng.choice(self.sizes)) for _ in range(2))
        a, acc, weight = self.pick(columns), self.pick(rows), "%b" + name[1:]
        self.weight(weight, rows, columns)
        self.weights[weight] *= np.float32(0.5)
        self.constants[-1] = self.constants[-1].split(" = ")[0] + " = " + self.literal_of(weight)
        factor = self.weights[weight].astype(np.float64)
        half = f"%half{rows}"
        lines = [f"{name}h = arith.mulf {acc}, {half} : {vector(rows)}"]
        types = f"(tensor<{rows}x{columns}xf32>, {vector(columns)}, {vector(rows)}) -> {vector(rows)}"
        lines.append(f"{name} = rnn.product {weight}, {a} acc({name}h) : {types}")
        self.add(rows, name, lines, lambda at: at[a] @ factor.T + 0.5 * at[acc])

    def literal_of(self, weight):
        array = self.weights[weight]
        text = array.astype("<f4").tobytes().hex().upper()
        return f'arith.constant dense<"0x{text}"> : tensor<{array.shape[0]}x{array.shape[1]}xf32>'

    def grow(self):
        for index in range(self.rng.integers(0, 8)):
            kind = self.rng.choice([self.operation, self.slice, self.product], p=[0.7, 0.15, 0.15])
            kind(f"%u{index}")


def recurrence(seed):
    """The text of a random recurrence, a function that evaluates it, and its inputs."""
    step = Builder(seed)
    for index in range(step.rng.integers(0, 8)):
        step.rng.choice([step.operation, step.slice, step.product], p=[0.7, 0.15, 0.15])(f"%v{index}")
    rng = np.random.default_rng([seed, 3])
    window = int(rng.choice([1, 1, 2, 3, 5]))
    project = Projection(seed, step.sizes, window)
    project.grow()
    handed = [project.pick(size) for size in step.sizes]
    kept = [project.pick(size) for size in project.states]
    seen = window * INPUTS
    # The whole window passes through and is the output beside a value of the step.
    yielded = [step.pick(int(rng.choice(step.sizes)))] if rng.random() < 0.7 else ["%through"]
    size_of = {name: size for size, names in step.pool.items() for name in names} | {"%through": seen}
    for size in step.states:
        olds = [f"%s{index}" for index, other in enumerate(step.states) if other == size]
        yielded.append(str(rng.choice(olds)) if rng.random() < 0.3 else step.pick(size))

    x_type, states = f"tensor<?x?x{INPUTS}xf32>", [*step.states, *project.states]
    operands, types, arguments = "%x", [x_type], [f"%x: {x_type}"]
    x = rng.uniform(-1, 1, (STEPS, BATCH, INPUTS)).astype(np.float32)
    feed = [x]
    history = None
    if window > 1 and rng.random() < 0.5:
        history = rng.uniform(-1, 1, (window - 1, BATCH, INPUTS)).astype(np.float32)
        types.append(f"tensor<{window - 1}x?x{INPUTS}xf32>")
        arguments.append(f"%history: {types[-1]}")
        operands += " history(%history)"
        feed.append(history)
    init = None
    if rng.random() < 0.7 and states:
        init = [rng.uniform(-1, 1, (BATCH, size)).astype(np.float32) for size in states]
        names = [f"%i{index}" for index in range(len(states))]
        types += [f"tensor<?x{size}xf32>" for size in states]
        arguments += [f"{name}: tensor<?x{size}xf32>" for name, size in zip(names, states)]
        operands += f" init({', '.join(names)})"
        feed += init
    lengths = None
    if rng.random() < 0.5:
        lengths = rng.integers(0, STEPS + 1, BATCH).astype(np.int32)
        types.append("tensor<?xi32>")
        arguments.append("%l: tensor<?xi32>")
        operands += " lengths(%l)"
        feed.append(lengths)
    reverse = bool(rng.random() < 0.4)
    attributes = [f"time_tile = {rng.integers(1, 5)} : i64", f"projection_states = {len(project.states)} : i64"]
    attributes += ["reverse"] * reverse + [f"window = {window} : i64"] * (window > 1)
    if states and rng.random() < 0.5:
        memories = ", ".join(f"#rnn.memory<{rng.choice(['vector', 'acc'])}>" for _ in states)
        attributes.append(f"memories = [{memories}]")

    results = [f"tensor<?x?x{size_of[yielded[0]]}xf32>", *(f"tensor<?x{size}xf32>" for size in states)]
    out = ", ".join(f"%r{index}" for index in range(len(results)))
    vectors = [*step.sizes, seen]
    taken = [f"%p{size}: {vector(size)}" for size in step.sizes] + [f"%through: {vector(seen)}"]
    taken += [f"%s{index}: {vector(size)}" for index, size in enumerate(step.states)]
    project_taken = [f"%v: {vector(seen)}", *(f"%q{k}: {vector(size)}" for k, size in enumerate(project.states))]
    project_types = [vector(size) for size in [*vectors, *project.states]]
    lines = [
        f"func.func @main({', '.join(arguments)}) -> ({', '.join(results)}) {{",
        *step.constants,
        *project.constants,
        f"{out} = rnn.recurrence mwl {operands} project {{",
        f"^bb0({', '.join(project_taken)}):",
        *project.lines,
        f"rnn.yield {', '.join([*handed, '%v', *kept])} : {', '.join(project_types)}",
        "} step {",
        f"^bb0({', '.join(taken)}):",
        *step.lines,
        f"rnn.yield {', '.join(yielded)} : {', '.join(vector(size_of[name]) for name in yielded)}",
        f"}} {{{', '.join(attributes)}}} : ({', '.join(types)}) -> ({', '.join(results)})",
        f"return {out} : {', '.join(results)}",
        "}",
    ]

    def evaluate():
        y = np.zeros((STEPS, BATCH, size_of[yielded[0]]))
        finals = [np.zeros((BATCH, size)) for size in states]
        for b in range(BATCH):
            length = STEPS if lengths is None else int(lengths[b])
            before = np.zeros((window - 1, INPUTS)) if history is None else history[:, b].astype(np.float64)
            now = [
                np.zeros((1, size)) if init is None else init[k][b : b + 1].astype(np.float64)
                for k, size in enumerate(states)
            ]
            times = list(range(length))[:: -1 if reverse else 1]
            walk = np.concatenate([before, x[times, b].astype(np.float64)])
            for s, t in enumerate(times):
                at = {"%v": walk[s : s + window].reshape(1, -1)}
                mine, own = now[: len(step.states)], now[len(step.states) :]
                at |= {f"%q{k}": value for k, value in enumerate(own)}
                for name, formula in project.formulas:
                    at[name] = formula(at)
                inside = {f"%p{size}": at[name] for size, name in zip(step.sizes, handed)} | {"%through": at["%v"]}
                inside |= {f"%s{k}": value for k, value in enumerate(mine)}
                for name, formula in step.formulas:
                    inside[name] = formula(inside)
                y[t, b] = inside[yielded[0]][0]
                now = [inside[name] for name in yielded[1:]] + [at[name] for name in kept]
            if lengths is None or length > 0:
                for final, value in zip(finals, now, strict=True):
                    final[b] = value[0]
        return [y, *finals]

    return "\n".join(lines), evaluate, feed


@pytest.mark.parametrize("seed", range(24))
def test_random_projection(seed, tmp_path):
    text, evaluate, feed = recurrence(seed)
    expected, bits = evaluate(), []
    for target in ("generic", "cpu"):
        found = run_target(text, target, tmp_path / "recurrence.mlir", feed)
        bits.append(b"".join(value.tobytes() for value in found))
        for value, reference in zip(found, expected, strict=True):
            np.testing.assert_allclose(value, reference, rtol=0, atol=TOLERANCE, err_msg=f"{target}\n{text}")
    assert bits[0] == bits[1], text


ACCUMULATES = """
func.func @main(%x: tensor<?x?x5xf32>, %i: tensor<?x17xf32>) -> (tensor<?x?x17xf32>, tensor<?x17xf32>) {
  %w = arith.constant dense<0.125> : tensor<17x5xf32>
  %y, %m = rnn.recurrence mwl %x init(%i) project {
  ^bb0(%v: tensor<5xf32>, %m: tensor<17xf32>):
    %n = rnn.product %w, %v acc(%m) : (tensor<17x5xf32>, tensor<5xf32>, tensor<17xf32>) -> tensor<17xf32>
    rnn.yield %n, %n : tensor<17xf32>, tensor<17xf32>
  } step {
  ^bb0(%p: tensor<17xf32>):
    %t = rnn.activation tanh %p : tensor<17xf32>
    rnn.yield %t : tensor<17xf32>
  } {time_tile = 3 : i64, projection_states = 1 : i64, memories = [#rnn.memory<MEMORY>]}
    : (tensor<?x?x5xf32>, tensor<?x17xf32>) -> (tensor<?x?x17xf32>, tensor<?x17xf32>)
  return %y, %m : tensor<?x?x17xf32>, tensor<?x17xf32>
}
"""


def test_a_sum_that_lives_in_the_accumulators_is_that_of_the_vector_memory(tmp_path):
    """The product adds to the state where it lies."""
    rng = np.random.default_rng(5)
    x = rng.uniform(-1, 1, (STEPS, BATCH, 5)).astype(np.float32)
    m = rng.uniform(-1, 1, (BATCH, 17)).astype(np.float32)
    sums = m + np.cumsum(0.125 * x.astype(np.float64).sum(2), 0)[:, :, None]
    results = []
    for memory in ("vector", "acc"):
        for target in ("generic", "cpu"):
            text = ACCUMULATES.replace("MEMORY", memory)
            y, last = run_target(text, target, tmp_path / f"{memory}.mlir", [x, m])
            np.testing.assert_allclose(y, np.tanh(sums), rtol=0, atol=TOLERANCE)
            np.testing.assert_allclose(last, sums[-1], rtol=0, atol=TOLERANCE)
            results.append(y.tobytes() + last.tobytes())
    assert len(set(results)) == 1
