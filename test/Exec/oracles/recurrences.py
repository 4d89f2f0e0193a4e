"""The meaning of scheduled layers to the bit: runs the text of a module of recurrences, as ``rnn-schedule`` leaves it.

The meaning of ``rnn.recurrence`` is that of ``docs/rnn/recurrence.md``, the arithmetic that of ``machine``. The
function is of operations on whole tensors, one a line; it knows those that layers become, and no more.
"""

from __future__ import annotations

import re

import numpy as np

from . import machine

DTYPES = {"f32": np.float32, "f16": np.float16, "i32": np.int32, "i1": np.bool_}
COMPARISONS = {"oge": np.greater_equal, "ogt": np.greater, "ole": np.less_equal, "olt": np.less}
BINARY = {
    "arith.addf": np.add,
    "arith.subf": np.subtract,
    "arith.mulf": np.multiply,
    "arith.divf": np.divide,
    "arith.minimumf": machine.minimum,
    "arith.maximumf": machine.maximum,
}
UNARY = {
    "arith.negf": np.negative,
    "math.absf": np.abs,
    "math.exp": machine.exp,
    "math.expm1": machine.expm1,
    "math.log1p": machine.log1p,
    "rnn.activation sigmoid": machine.sigmoid,
    "rnn.activation tanh": machine.tanh,
}
VALUE = r"%[\w#]+"


def _dtype(type: str):
    return DTYPES[re.search(r"(\w+?)(?:, .*)?>$", type.strip()).group(1).split("x")[-1]]


def _constant(text: str):
    literal, shape = re.match(r"dense<(.*?)> : tensor<(.*)>", text).groups()
    *sizes, element = shape.split("x")
    dtype, sizes = DTYPES[element], [int(size) for size in sizes]
    if literal.startswith('"0x'):
        return np.frombuffer(bytes.fromhex(literal[3:-1]), dtype).reshape(sizes)
    hexadecimal = literal.startswith("0x")
    if hexadecimal:
        unsigned = {np.float32: np.uint32, np.float16: np.uint16}[dtype]
        return np.full(sizes, np.array(int(literal, 16), unsigned).view(dtype))
    return np.full(sizes, dtype(float(literal)))


def _operation(line: str, at: dict):
    """The value of a line that is no recurrence."""
    if match := re.match(r"arith\.constant (.*)", line):
        return _constant(match.group(1))
    operands = [at[name] for name in re.findall(VALUE, line.split(" : ")[0])]
    if line.startswith(("arith.extf", "arith.truncf")):
        half = _dtype(line.rsplit(" to ", 1)[1]) == np.float16
        return machine.to_half(operands[0]) if half else operands[0].astype(np.float32)
    if line.startswith("tensor.extract_slice"):
        offsets, sizes = (re.findall(r"\d+", part) for part in re.findall(r"\[([\d, ]*)\]", line)[:2])
        return operands[0][tuple(slice(int(o), int(o) + int(s)) for o, s in zip(offsets, sizes, strict=True))]
    if line.startswith("rnn.product"):
        weight, x, *acc = operands
        return machine.product(weight, x, acc[0] if acc else None, _dtype(line.rsplit("->", 1)[1]))
    if match := re.match(r"arith\.cmpf (\w+),", line):
        return COMPARISONS[match.group(1)](*operands)
    if line.startswith("arith.select"):
        return np.where(*operands)
    if line.startswith("math.fma"):
        return machine.fma(*operands)
    for table in (BINARY, UNARY):
        for name, function in table.items():
            if line.startswith(name + " "):
                with np.errstate(all="ignore"):
                    return function(*operands)
    raise ValueError(f"no meaning for: {line}")


class _Region:
    """Takes arguments, and yields values."""

    def __init__(self, lines: list[str]):
        self.arguments = re.findall(r"(%\w+):", lines[0])
        self.lines = [re.match(r"(%\w+) = (.*)", line).groups() for line in lines[1:-1]]
        self.yielded = re.findall(VALUE, lines[-1].split(" : ")[0])

    def run(self, around: dict, arguments):
        at = around | dict(zip(self.arguments, arguments, strict=True))
        for name, line in self.lines:
            at[name] = _operation(line, at)
        return [at[name] for name in self.yielded]


def _recurrence(head: str, project: _Region, step: _Region, tail: str, at: dict):
    x = at[re.search(rf"rnn\.recurrence +\w+ ({VALUE})", head).group(1)]

    def given(keyword):
        match = re.search(rf"{keyword}\((.*?)\)", head)
        return [at[name] for name in re.findall(VALUE, match.group(1))] if match else None

    history, init, lengths = given("history"), given("init"), given("lengths")
    attributes, types = re.match(r"\} \{(.*)\} : .*? -> (.*)", tail).groups()
    number = lambda name, default: int((re.search(rf"{name} = (\d+)", attributes) or [0, default])[1])  # noqa: E731
    window, own = number("window", 1), number("projection_states", 0)
    assert own == 0, "states of a projection"
    results = re.findall(r"tensor<[^>]*>", types)
    steps, batch, width = x.shape
    sizes = [int(type.split("x")[-2]) for type in results]
    y = np.zeros((steps, batch, sizes[0]), _dtype(results[0]))
    finals = [np.zeros((batch, size), _dtype(type)) for size, type in zip(sizes[1:], results[1:])]
    for b in range(batch):
        length = steps if lengths is None else int(lengths[0][b])
        states = [final[b] for final in finals] if init is None else [state[b] for state in init]
        inputs = [np.zeros(width, x.dtype) if history is None else history[0][k, b] for k in range(window - 1)]
        for s in range(length):
            t = length - 1 - s if "reverse" in attributes else s
            inputs.append(x[t, b])
            projected = project.run(at, [np.concatenate(inputs[len(inputs) - window :])])
            y[t, b], *states = step.run(at, [*projected, *states])
        if length or lengths is None:
            for final, state in zip(finals, states, strict=True):
                final[b] = state
    return [y, *finals]


def run(text: str, arguments) -> list[np.ndarray]:
    """What the only function of a module returns."""
    lines = [line.strip() for line in text.splitlines()]
    begin = next(k for k, line in enumerate(lines) if line.startswith("func.func"))
    names = re.findall(r"(%\w+): tensor", lines[begin])
    at = dict(zip(names, arguments, strict=True))
    k = begin + 1
    while True:
        line = lines[k]
        if line.startswith("return"):
            return [at[name] for name in re.findall(VALUE, line.split(" : ")[0])]
        left, operation = line.split(" = ", 1)
        names = []
        for name, count in re.findall(r"(%\w+)(?::(\d+))?", left):
            names += [f"{name}#{index}" for index in range(int(count))] if count else [name]
        if not operation.startswith("rnn.recurrence"):
            at[names[0]] = _operation(operation, at)
            k += 1
            continue
        middle = next(i for i in range(k, len(lines)) if lines[i] == "} step {")
        end = next(i for i in range(middle, len(lines)) if lines[i].startswith("} {"))
        results = _recurrence(
            operation, _Region(lines[k + 1 : middle]), _Region(lines[middle + 1 : end]), lines[end], at
        )
        at |= dict(zip(names, results, strict=True))
        k = end + 1
