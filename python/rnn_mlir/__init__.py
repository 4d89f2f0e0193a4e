"""Compiles recurrent neural networks from ONNX and runs them on a simulated accelerator.

program = rnn_mlir.compile("model.onnx", target="generic")
session = rnn_mlir.Session(program)
outputs = session.run({"input": array})
print(session.report["cycles_per_step"])
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from . import _rnn_mlir
from ._rnn_mlir import CompileError, Error, RunError, targets

__all__ = ["CompileError", "Error", "Program", "RunError", "Session", "compile", "targets"]
__version__ = _rnn_mlir.version
_DEFAULTS = _rnn_mlir.defaults


class Program:
    """A compiled model: what ``rnnc compile`` writes into a file."""

    def __init__(self, native):
        self._native = native

    @staticmethod
    def load(path) -> Program:
        """Opens a program file."""
        return Program(_rnn_mlir.Program.load(os.fspath(path)))

    @staticmethod
    def from_bytes(data: bytes) -> Program:
        """Takes the bytes of a program file."""
        return Program(_rnn_mlir.Program.from_bytes(data))

    def save(self, path) -> None:
        """Writes the program file, whole or not at all."""
        self._native.save(os.fspath(path))

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
        """Name, dtype and shape of each input; dynamic sizes are names or None."""
        return self._native.inputs

    @property
    def outputs(self) -> list:
        """The same of each output."""
        return self._native.outputs


class Session:
    """A program ready to run. ``memory_limit`` is in GiB."""

    def __init__(self, program: Program, *, memory_limit: float = _DEFAULTS["memory_limit"]):
        if not isinstance(program, Program):
            found = type(program).__name__
            raise TypeError(f"program: expected a Program, from compile(model) or Program.load(path), found {found}")
        self._native = _rnn_mlir.Session(program._native, memory_limit)
        self._model, self._inputs = program._native.model, program.inputs

    def run(self, inputs):
        """Runs the model once: arrays by name in, arrays by name out. Contiguous inputs are not copied.

        Nothing is converted: what is no array is taken as ``numpy.asarray`` takes it, so that a list of Python's floats
        is an array of float64, and an array of another dtype than the input's is an error.
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
            array = arrays[name] = numpy.asarray(value, order="C")
            expected = dtypes.get(name, array.dtype)
            if array.dtype != expected and not isinstance(value, numpy.ndarray):
                found = f"{array.dtype} in a {type(value).__name__}"
                hint = f"pass numpy.asarray(…, {expected!r})"
                raise RunError(f"{self._model}:{name}: error: expected {expected}, found {found}; {hint}")
        return self._native.run(arrays)

    @property
    def report(self) -> dict:
        """What the runs so far took and cost, with the keys of ``rnnc run --report``."""
        return self._native.report

    @property
    def host_cpu(self) -> str:
        """The host code in use, empty where the program has none."""
        return self._native.host_cpu


def compile(
    model,
    target: str = _DEFAULTS["target"],
    *,
    schedule: str = _DEFAULTS["schedule"],
    time_tile: int = _DEFAULTS["time_tile"],
    host_cpu=_DEFAULTS["host_cpu"],
    name: str = "model.onnx",
    circulant=None,
    delta=None,
    quantize=None,
    calibrate=None,
) -> Program:
    """Compiles an ONNX model, given as a path or as bytes.

    ``target`` is a name of ``targets()`` or the path of a ``.yaml`` file, ``schedule`` is ``mwl`` or ``plain``,
    ``time_tile`` counts time steps (0: chosen by the compiler), ``host_cpu`` names the CPUs to carry host code for, in
    a list or separated by commas, ``name`` stands for the file in errors where the model is bytes. ``circulant``,
    ``delta``, ``quantize`` and ``calibrate`` are not supported yet.
    """
    later = {"circulant": circulant, "delta": delta, "quantize": quantize, "calibrate": calibrate}
    if given := [option for option, value in later.items() if value is not None]:
        raise CompileError(f"not supported yet: {', '.join(given)}")
    if isinstance(model, (bytearray, memoryview)):
        model = bytes(model)
    elif not isinstance(model, bytes):
        model = os.fspath(model)
    cpus = [host_cpu] if isinstance(host_cpu, str) else host_cpu
    if not isinstance(cpus, (list, tuple)) or not all(isinstance(cpu, str) for cpu in cpus):
        raise TypeError(f"host_cpu: expected names of CPUs, as a list or comma separated, found {host_cpu!r}")
    return Program(_rnn_mlir.compile(model, os.fspath(target), schedule, time_tile, ",".join(cpus), name))
