"""Compiles recurrent neural networks from ONNX and runs them on a simulated accelerator.

program = rnn_mlir.compile("model.onnx", target="generic")
session = rnn_mlir.Session(program)
outputs = session.run({"input": array})
print(session.report["cycles_per_step"])

Arguments of a wrong type raise TypeError, numbers and paths that cannot be ValueError; what is wrong with a model, a
target, a schedule, a program or an array raises an ``Error``. An interrupt (Ctrl-C) ends the program of a device
within about a second, and the session can run again; compilation and host code run to their end before it is raised, as
does a run in another thread than the main one.
"""

from __future__ import annotations

import numbers
import operator
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TypedDict

from . import _rnn_mlir
from ._options import compile
from ._rnn_mlir import CompileError, Error, RunError

__all__ = ["CompileError", "Error", "Program", "RunError", "Session", "Tensor", "compile", "targets"]
__version__ = _rnn_mlir.version
compile.__module__ = __name__
_OPTIONS = {each["keyword"]: each for each in _rnn_mlir.options}


def _text(parameter, value) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{parameter}: expected a str, found {type(value).__name__}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{parameter}: expected text that UTF-8 can hold, found {value!r}") from None
    return value


def _path(parameter, value) -> str:
    try:
        path = os.fsdecode(value)
    except TypeError:
        found = type(value).__name__
        raise TypeError(f"{parameter}: expected a path as str, bytes or os.PathLike, found {found}") from None
    if "\0" in path or not path:
        raise ValueError(f"{parameter}: expected a path, found {path!r}")
    return _text(parameter, path)


def _integer(parameter, value, least, most) -> int:
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{parameter}: expected an int, found {type(value).__name__}") from None
    if not least <= number <= most:
        raise ValueError(f"{parameter}: expected an int from {least} to {most}, found {number}")
    return number


def _bytes(parameter, value, expected) -> bytes:
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError(f"{parameter}: expected {expected}, found {type(value).__name__}")
    return bytes(value)


class Tensor(TypedDict):
    """An input or output of a program, as ``Program.inputs`` describes it."""

    name: str
    dtype: str
    shape: tuple[int | str | None, ...]


def _holds_mask(value, depth=64) -> bool:
    """Whether a masked array is in a value or in its sequences, of which NumPy makes an array without the mask; NumPy
    looks no deeper.
    """
    if isinstance(value, (float, int, str, bytes, bytearray, memoryview)):
        return False
    if depth and isinstance(value, Sequence):
        return any(_holds_mask(each, depth - 1) for each in value)
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ma.MaskedArray)


class Program:
    """A compiled model: what ``rnnc compile`` writes into a file. Made by ``compile``, ``load`` and ``from_bytes``."""

    def __init__(self, native):
        if not isinstance(native, _rnn_mlir.Program):
            raise TypeError("a Program comes from compile(model), Program.load(path) or Program.from_bytes(data)")
        self._native = native

    @staticmethod
    def load(path) -> Program:
        """Opens the program file at ``path``. Raises RunError where it cannot be read or is no program file."""
        return Program(_rnn_mlir.Program.load(_path("path", path)))

    @staticmethod
    def from_bytes(data) -> Program:
        """Takes the bytes of a program file. Raises RunError where they are none."""
        return Program(_rnn_mlir.Program.from_bytes(_bytes("data", data, "the bytes of a program file")))

    def save(self, path) -> None:
        """Writes the program file, whole or not at all. Raises RunError where it cannot be written."""
        self._native.save(_path("path", path))

    def to_bytes(self) -> bytes:
        """The bytes of the program file."""
        return self._native.to_bytes()

    def __repr__(self) -> str:
        def shape(sizes):
            return ", ".join("?" if size is None else str(size) for size in sizes)

        inputs = ", ".join(f"{each['name']}: {each['dtype']}[{shape(each['shape'])}]" for each in self.inputs)
        return f"<rnn_mlir.Program of {self._native.model!r} for {self.target!r}, inputs {inputs or 'none'}>"

    @property
    def target(self) -> str:
        """The name of the target."""
        return self._native.target

    @property
    def inputs(self) -> list:
        """A dict for each input: ``name``; ``dtype`` as NumPy names it; ``shape``, a tuple in which a size that is
        known only at run time is its name in the model, or None.
        """
        return self._native.inputs

    @property
    def outputs(self) -> list:
        """The same for each output, in the order of the model."""
        return self._native.outputs

    @property
    def info(self) -> dict:
        """What the program file holds, with the keys of ``rnnc info --json``; sizes in bytes."""
        return self._native.info

    @property
    def remarks(self) -> list:
        """What the compiler chose and placed where, a line of text each as ``rnnc compile -v`` prints it; empty for a
        program that was loaded.
        """
        return self._native.remarks


class Session:
    """A program ready to run, on this machine and the simulator. Threads may share it: their runs take turns. Weights
    and other constants that fit stay on the device's tile from run to run, unless one ends in an error of the device.

    ``memory_limit`` bounds the memory for outputs and intermediate arrays, in GiB from 0.001 to 1048576; ``max_cycles``
    is the number of the device's cycles after which a launch is an error, None for 3 * 10^11 cycles and 2^28
    instructions; with it at most 2^32 - 1 instructions are taken. Raises RunError where this machine cannot run the
    program's host code, and for ``max_cycles`` where there are no device programs.
    """

    def __init__(self, program: Program, *, memory_limit: float = _rnn_mlir.memory_limit, max_cycles=None):
        if not isinstance(program, Program):
            found = type(program).__name__
            raise TypeError(f"program: expected a Program, from compile(model) or Program.load(path), found {found}")
        if not isinstance(memory_limit, numbers.Real) or isinstance(memory_limit, bool):
            raise TypeError(f"memory_limit: expected a number of GiB, found {type(memory_limit).__name__}")
        try:
            limit = float(memory_limit)
        except OverflowError:
            limit = float("inf")
        cycles = 0 if max_cycles is None else _integer("max_cycles", max_cycles, 1, 2**64 - 1)
        # What a run imports is there before: a process that is forked in the middle of an import waits for ever.
        import numpy.ma  # noqa: F401

        self._native = _rnn_mlir.Session(program._native, limit, cycles)
        self._program, self._inputs = program._native, program.inputs

    def run(self, inputs, *, trace=None):
        """Runs the model once: arrays by name in, arrays by name out. Contiguous inputs are not copied.

        Nothing is converted: what is no array is taken as ``numpy.asarray`` takes it, so that a list of Python's floats
        is an array of float64, and an array of another dtype or shape than the input's is a RunError, as is a masked
        array, also in a list. ``trace`` is the path of a file to write for Perfetto (https://ui.perfetto.dev), JSON in
        microseconds; it needs a model with layers on a device. Raises RunError also where the program traps or reaches
        a limit.
        """
        import numpy

        if not isinstance(inputs, Mapping):
            names = ", ".join(repr(each["name"]) for each in self._inputs) or "none"
            found = type(inputs).__name__
            raise TypeError(f"inputs: expected a dict of arrays by name, with the names {names}, found {found}")
        dtypes = {each["name"]: each["dtype"] for each in self._inputs}
        arrays = {}
        for name, value in inputs.items():
            if not isinstance(name, str):
                raise TypeError(f"inputs: expected names as str, found {name!r}")
            _text("inputs", name)
            if _holds_mask(value):
                found = "a masked array" + ("" if isinstance(value, numpy.ndarray) else f" in a {type(value).__name__}")
                hint = "pass what its filled(value) gives"
                raise RunError(self._program.error_at(name, f"expected an array, found {found}; {hint}"))
            array = arrays[name] = numpy.asarray(value, order="C")
            expected = dtypes.get(name, array.dtype)
            if array.dtype != expected and not isinstance(value, numpy.ndarray):
                found = f"{array.dtype} in a {type(value).__name__}"
                hint = f"pass numpy.asarray(…, {expected!r})"
                raise RunError(self._program.error_at(name, f"expected {expected}, found {found}; {hint}"))
        return self._native.run(arrays, "" if trace is None else _path("trace", trace))

    @property
    def report(self) -> dict:
        """What the runs since the last ``reset_report`` took and cost, with the keys and units of
        ``rnnc run --report``, which ``build/docs/report.md`` lists.
        """
        return self._native.report

    def reset(self) -> None:
        """Empties the device's tile: the next run loads the weights that stay there again. The report is left as it
        is.
        """
        self._native.reset()

    def reset_report(self) -> None:
        """Begins the report anew. Runs that follow are later ones: what stays on the tile stays."""
        self._native.reset_report()

    @property
    def host_cpu(self) -> str:
        """The host code in use, empty where the program has none."""
        return self._native.host_cpu


def _option(option, value) -> str:
    """The text of an option, which the compiler checks."""
    keyword, kind = option["keyword"], option["kind"]
    if kind == "integer":
        return str(_integer(keyword, value, option["least"], option["most"]))
    if kind == "path":
        return _path(keyword, value)
    if kind == "choices":
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
            raise TypeError(f"{keyword}: expected names, as a list or comma separated, found {value!r}")
        value = ",".join(names)
    return _text(keyword, value)


def _compile(model, name, options) -> Program:
    later = [keyword for keyword, value in options.items() if _OPTIONS[keyword]["later"] and value is not None]
    if later:
        raise CompileError(f"not supported yet: {', '.join(later)}")
    if isinstance(model, (bytes, bytearray, memoryview)):
        model = bytes(model)
    elif isinstance(model, (str, os.PathLike)):
        model = _path("model", model)
    else:
        found = type(model).__name__
        raise TypeError(f"model: expected a path as str or os.PathLike, or the bytes of a model, found {found}")
    if not name and isinstance(name, str):
        raise ValueError("name: expected the name of a file, found ''")
    given = {
        keyword: _option(_OPTIONS[keyword], value)
        for keyword, value in options.items()
        if not _OPTIONS[keyword]["later"]
    }
    return Program(_rnn_mlir.compile(model, _text("name", name), given))


def targets() -> dict:
    """The built-in targets: what each is, in a line, by its name."""
    return _rnn_mlir.targets()
