"""Compiles recurrent neural networks from ONNX and runs them on a simulated accelerator.

program = rnn_mlir.compile("model.onnx", target="generic")
session = rnn_mlir.Session(program)
outputs = session.run({"input": array})
print(session.report["cycles_per_step"])
"""

from __future__ import annotations

import os

from . import _rnn_mlir
from ._rnn_mlir import CompileError, Error, RunError, targets

__all__ = ["CompileError", "Error", "Program", "RunError", "Session", "compile", "targets"]
__version__ = _rnn_mlir.version


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

    def __init__(self, program: Program, *, memory_limit: float = 8.0):
        self._native = _rnn_mlir.Session(program._native, memory_limit)

    def run(self, inputs):
        """Runs the model once: arrays by name in, arrays by name out. Contiguous inputs are not copied."""
        import numpy

        for name in inputs:
            if not isinstance(name, str):
                raise TypeError(f"inputs: expected names as str, found {name!r}")
        return self._native.run({name: numpy.asarray(array, order="C") for name, array in inputs.items()})

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
    target: str = "generic",
    *,
    schedule: str = "mwl",
    time_tile: int = 0,
    host_cpu: str = "x86-64-v3,x86-64-v4",
    name: str = "model.onnx",
    circulant=None,
    delta=None,
    quantize=None,
    calibrate=None,
) -> Program:
    """Compiles an ONNX model, given as a path or as bytes.

    ``target`` is a name of ``targets()`` or the path of a ``.yaml`` file, ``schedule`` is ``mwl`` or ``plain``,
    ``time_tile`` counts time steps (0: chosen by the compiler), ``host_cpu`` lists the CPUs to carry host code for,
    ``name`` stands for the file in errors where the model is bytes. ``circulant``, ``delta``, ``quantize`` and
    ``calibrate`` are not supported yet.
    """
    later = {"circulant": circulant, "delta": delta, "quantize": quantize, "calibrate": calibrate}
    if given := [option for option, value in later.items() if value is not None]:
        raise CompileError(f"not supported yet: {', '.join(given)}")
    if isinstance(model, (bytearray, memoryview)):
        model = bytes(model)
    elif not isinstance(model, bytes):
        model = os.fspath(model)
    return Program(_rnn_mlir.compile(model, os.fspath(target), schedule, time_tile, host_cpu, name))
