"""Random steps of a recurrence, executed on the host and on the machine and compared with NumPy.

Every operation keeps values within [-1, 1] and moves none further than its operands moved, so that the rounding errors
of the operations of all steps add up and are not amplified: T · operations · 2^-23 is below the tolerance.
"""

import dataclasses

import numpy as np
import pytest
import rnn_mlir

INPUTS, STEPS, BATCH = 5, 4, 2
TOLERANCE = 4e-5


def half_sum(a, b):
    return 0.5 * (a + b)


def half_difference(a, b):
    return 0.5 * (a - b)


def half_product(a, b):
    return 0.5 * (a * b)


#: What an operation computes, and its lines; {r} is the result, {h} a splat of 0.5, {t} and {m} vectors of f32 and i1.
OPERATIONS = [
    (half_sum, "{r}s = arith.addf {a}, {b} : {t}|{r} = arith.mulf {r}s, {h} : {t}"),
    (half_difference, "{r}s = arith.subf {a}, {b} : {t}|{r} = arith.mulf {h}, {r}s : {t}"),
    (half_product, "{r}s = arith.mulf {a}, {b} : {t}|{r} = arith.mulf {r}s, {h} : {t}"),
    (np.maximum, "{r} = arith.maximumf {a}, {b} : {t}"),
    (np.minimum, "{r} = arith.minimumf {a}, {b} : {t}"),
    (lambda a, b: np.tanh(a), "{r} = rnn.activation tanh {a} : {t}"),
    (lambda a, b: 1 / (1 + np.exp(-a)), "{r} = rnn.activation sigmoid {a} : {t}"),
    (lambda a, b: -a, "{r} = arith.negf {a} : {t}"),
    (
        lambda a, b: 0.5 * np.abs(a - b),
        "{r}g = arith.cmpf oge, {a}, {b} : {t}|{r}d = arith.subf {a}, {b} : {t}|{r}e = arith.subf {b}, {a} : {t}|"
        "{r}s = arith.select {r}g, {r}d, {r}e : {m}, {t}|{r} = arith.mulf {r}s, {h} : {t}",
    ),
]


def vector(size, element="f32"):
    return f"tensor<{size}x{element}>"


def literal(array):
    return f'dense<"0x{array.astype("<f4").tobytes().hex().upper()}">'


@dataclasses.dataclass
class Model:
    text: str
    step: object
    states: list


class Builder:
    """A random step: its text, and a function from the values of the arguments to those of all names."""

    def __init__(self, seed, states=None):
        self.rng = np.random.default_rng(seed)
        sizes = states or self.rng.choice([1, 7, 16, 17, 33, 40], size=2, replace=False)
        self.states = states or [int(self.rng.choice(sizes)) for _ in range(self.rng.integers(1, 4))]
        self.start(set(map(int, sizes)), INPUTS)

    def start(self, sizes, inputs):
        """The values there are at first: of each size one that the projection of `inputs` inputs hands on, and the
        states."""
        self.sizes = sorted(sizes)
        self.constants, self.lines, self.formulas, self.weights = [], [], [], {}
        self.pool = {size: [f"%p{size}"] for size in self.sizes}
        for index, size in enumerate(self.states):
            self.pool[size].append(f"%s{index}")
        for size in self.sizes:
            self.constants.append(f"%half{size} = arith.constant dense<0.5> : {vector(size)}")
            self.weight(f"%w{size}", size, inputs)

    def pick(self, size):
        """A value; the latest ones more often than others."""
        pool = self.pool[size]
        return pool[max(self.rng.integers(len(pool)), self.rng.integers(len(pool)))]

    def weight(self, name, rows, columns):
        value = self.rng.uniform(-1, 1, (rows, columns)).astype(np.float32) / np.float32(columns)
        self.weights[name] = value
        self.constants.append(f"{name} = arith.constant {literal(value)} : tensor<{rows}x{columns}xf32>")

    def add(self, size, name, lines, formula):
        self.lines += lines
        self.formulas.append((name, formula))
        self.pool[size].append(name)

    def operation(self, name):
        size = int(self.rng.choice(self.sizes))
        a, b = self.pick(size), self.pick(size)
        function, text = OPERATIONS[self.rng.integers(len(OPERATIONS))]
        names = {"r": name, "a": a, "b": b, "h": f"%half{size}", "t": vector(size), "m": vector(size, "i1")}
        self.add(size, name, text.format(**names).split("|"), lambda at: function(at[a], at[b]))

    def slice(self, name):
        small, large = self.sizes
        a, begin = self.pick(large), int(self.rng.integers(large - small + 1))
        line = f"{name} = tensor.extract_slice {a}[{begin}] [{small}] [1] : {vector(large)} to {vector(small)}"
        self.add(small, name, [line], lambda at: at[a][:, begin : begin + small])

    def product(self, name):
        rows, columns = (int(self.rng.choice(self.sizes)) for _ in range(2))
        a, weight = self.pick(columns), "%w" + name[1:]
        self.weight(weight, rows, columns)
        types = f"(tensor<{rows}x{columns}xf32>, {vector(columns)}) -> {vector(rows)}"
        line = f"{name} = rnn.product {weight}, {a} : {types}"
        self.add(rows, name, [line], lambda at: at[a] @ self.weights[weight].astype(np.float64).T)

    def build(self):
        for index in range(self.rng.integers(0, 10)):
            kind = self.rng.choice([self.operation, self.slice, self.product], p=[0.8, 0.1, 0.1])
            kind(f"%v{index}")
        yielded = [self.pick(int(self.rng.choice(self.sizes)))]
        for size in self.states:
            # Often an old state, so that states change places or are copied.
            olds = [f"%s{index}" for index, other in enumerate(self.states) if other == size]
            yielded.append(str(self.rng.choice(olds)) if self.rng.random() < 0.5 else self.pick(size))
        return self.model(yielded)

    def model(self, yielded):
        size_of = {name: size for size, names in self.pool.items() for name in names}
        projected = [f"%p{size}" for size in self.sizes]
        types = [vector(size_of[name]) for name in yielded]
        inits = [f"tensor<?x{size}xf32>" for size in self.states]
        x = f"tensor<?x?x{INPUTS}xf32>"
        results = [f"tensor<?x?x{size_of[yielded[0]]}xf32>", *inits]
        names = [f"%r{index}" for index in range(len(results))]
        arguments = [f"%i{index}: {type}" for index, type in enumerate(inits)]
        projection = [
            f"%p{size} = rnn.product %w{size}, %v : (tensor<{size}x{INPUTS}xf32>, {vector(INPUTS)}) -> {vector(size)}"
            for size in self.sizes
        ]
        taken = [f"{name}: {vector(size_of[name])}" for name in projected]
        taken += [f"%s{index}: {vector(size)}" for index, size in enumerate(self.states)]
        init = ", ".join(f"%i{index}" for index in range(len(inits)))
        lines = [
            f"func.func @main(%x: {x}, {', '.join(arguments)}) -> ({', '.join(results)}) {{",
            *self.constants,
            f"{', '.join(names)} = rnn.recurrence mwl %x init({init}) project {{",
            f"^bb0(%v: {vector(INPUTS)}):",
            *projection,
            f"rnn.yield {', '.join(projected)} : {', '.join(vector(size) for size in self.sizes)}",
            "} step {",
            f"^bb0({', '.join(taken)}):",
            *self.lines,
            f"rnn.yield {', '.join(yielded)} : {', '.join(types)}",
            f"}} {{time_tile = 3 : i64}} : ({', '.join([x, *inits])}) -> ({', '.join(results)})",
            f"return {', '.join(names)} : {', '.join(results)}",
            "}",
        ]

        def step(x, states):
            at = {f"%p{size}": x @ self.weights[f"%w{size}"].astype(np.float64).T for size in self.sizes}
            at |= {f"%s{index}": state for index, state in enumerate(states)}
            for name, formula in self.formulas:
                at[name] = formula(at)
            return [at[name] for name in yielded]

        return Model("\n".join(lines), step, self.states)


def run_numpy(model, x, states):
    ys = []
    for at in x.astype(np.float64):
        y, *states = model.step(at, [state.astype(np.float64) for state in states])
        ys.append(y)
    return [np.stack(ys), *states]


def run_target(text, target, path, arrays):
    path.write_text(text)
    session = rnn_mlir.Session(rnn_mlir.compile(path, target=target))
    return list(session.run({f"input_{index}": array for index, array in enumerate(arrays)}).values())


def check(model, seed, tmp_path):
    rng = np.random.default_rng([seed, 1])
    x = rng.uniform(-1, 1, (STEPS, BATCH, INPUTS)).astype(np.float32)
    states = [rng.uniform(-1, 1, (BATCH, size)).astype(np.float32) for size in model.states]
    expected = run_numpy(model, x, states)
    for target in ("generic", "cpu"):
        found = run_target(model.text, target, tmp_path / "step.mlir", [x, *states])
        for value, reference in zip(found, expected, strict=True):
            np.testing.assert_allclose(value, reference, rtol=0, atol=TOLERANCE, err_msg=f"{target}\n{model.text}")


@pytest.mark.parametrize("seed", range(12))
def test_random_step(seed, tmp_path):
    check(Builder(seed).build(), seed, tmp_path)


def test_an_old_state_is_read_before_its_new_value_is_written(tmp_path):
    builder = Builder(0, states=[17, 17])
    builder.add(17, "%next", ["%next = rnn.activation tanh %p17 : tensor<17xf32>"], lambda at: np.tanh(at["%p17"]))
    check(builder.model(["%next", "%next", "%s0"]), 0, tmp_path)


def test_a_product_of_a_splat_reads_it(tmp_path):
    builder = Builder(0, states=[17])
    builder.weight("%r", 17, 17)
    line = "%v = rnn.product %r, %half17 : (tensor<17x17xf32>, tensor<17xf32>) -> tensor<17xf32>"
    weight = builder.weights["%r"].astype(np.float64)
    builder.add(17, "%v", [line], lambda at: np.tile(0.5 * weight.sum(1), (BATCH, 1)))
    check(builder.model(["%p17", "%v"]), 0, tmp_path)


def test_a_mask_outlives_operations_on_other_sizes_and_products(tmp_path):
    builder = Builder(0, states=[17, 33])
    t, m = vector(17), vector(17, "i1")
    builder.lines += [
        f"%mask = arith.cmpf ogt, %p17, %s0 : {t}",
        f"%both = arith.select %mask, %mask, %mask : {m}, {m}",
    ]
    builder.add(33, "%n", [f"%n = arith.negf %p33 : {vector(33)}"], lambda at: -at["%p33"])
    builder.weight("%wq", 17, 33)
    weight = builder.weights["%wq"].astype(np.float64)
    line = f"%q = rnn.product %wq, %n : (tensor<17x33xf32>, {vector(33)}) -> {t}"
    builder.add(17, "%q", [line], lambda at: at["%n"] @ weight.T)
    line = f"%o = arith.select %both, %q, %p17 : {m}, {t}"
    builder.add(17, "%o", [line], lambda at: np.where(at["%p17"] > at["%s0"], at["%q"], at["%p17"]))
    check(builder.model(["%o", "%o", "%n"]), 0, tmp_path)


#: Operations whose results the flags below would allow to be others.
FAST = """
func.func @main(%x: tensor<?x?x17xf32>) -> tensor<?x?x17xf32> {
  %w = arith.constant dense<1.0> : tensor<17x17xf32>
  %third = arith.constant dense<0.333333343> : tensor<17xf32>
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<17xf32>):
    %p = rnn.product %w, %v : (tensor<17x17xf32>, tensor<17xf32>) -> tensor<17xf32>
    rnn.yield %p : tensor<17xf32>
  } step {
  ^bb0(%p: tensor<17xf32>):
    %a = arith.mulf %p, %third fastmath<FLAGS> : tensor<17xf32>
    %b = arith.addf %a, %p fastmath<FLAGS> : tensor<17xf32>
    %c = arith.divf %b, %third fastmath<FLAGS> : tensor<17xf32>
    %d = math.exp %c fastmath<FLAGS> : tensor<17xf32>
    %e = arith.subf %d, %c fastmath<FLAGS> : tensor<17xf32>
    rnn.yield %e : tensor<17xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x17xf32>) -> tensor<?x?x17xf32>
  return %y : tensor<?x?x17xf32>
}
"""


def test_fast_math_changes_no_bit(tmp_path):
    x = np.random.default_rng(3).uniform(-1, 1, (4, 2, 17)).astype(np.float32)
    results = [
        run_target(FAST.replace("FLAGS", flags), target, tmp_path / "fast.mlir", [x])[0].tobytes()
        for flags in ("none", "fast")
        for target in ("generic", "cpu")
    ]
    assert len(set(results)) == 1
