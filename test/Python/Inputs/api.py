"""Uses all of the package with the types that its stubs promise; mypy --strict accepts it."""

import pathlib
import sys
from typing import Any

import numpy as np
import rnn_mlir
from numpy.typing import NDArray


def compile_in_all_ways(path: pathlib.Path) -> list[rnn_mlir.Program]:
    data = path.read_bytes()
    return [
        rnn_mlir.compile(path),
        rnn_mlir.compile(str(path), "cpu"),
        rnn_mlir.compile(data, pathlib.Path("mine.yaml"), name="mine.onnx"),
        rnn_mlir.compile(
            bytearray(data), target="generic", schedule="plain", time_tile=1, batch_tile=1, host_cpu="native"
        ),
        rnn_mlir.compile(
            memoryview(data), host_cpu=["x86-64-v3"], circulant=None, delta=None, quantize="none", calibrate=None
        ),
    ]


def files(program: rnn_mlir.Program, path: pathlib.Path) -> rnn_mlir.Program:
    program.save(path)
    data: bytes = program.to_bytes()
    return rnn_mlir.Program.load(path) if len(data) > 0 else rnn_mlir.Program.from_bytes(data)


def describe(program: rnn_mlir.Program) -> list[str]:
    lines: list[str] = [program.target, *program.remarks]
    tensors: list[rnn_mlir.Tensor] = program.inputs + program.outputs
    for tensor in tensors:
        name: str = tensor["name"]
        dtype: str = tensor["dtype"]
        shape: tuple[int | str | None, ...] = tensor["shape"]
        lines.append(f"{name}: {dtype} of rank {len(shape)}")
    info: dict[str, Any] = program.info
    return [*lines, *info]


def run(program: rnn_mlir.Program, x: NDArray[np.float32], path: pathlib.Path) -> NDArray[Any]:
    rnn_mlir.Session(program)
    session = rnn_mlir.Session(program, memory_limit=1.5, max_cycles=1000)
    session.run({"x": [[[0.0]]]})
    outputs: dict[str, NDArray[Any]] = session.run({"x": x}, trace=path)
    report: dict[str, Any] = session.report
    session.reset()
    session.reset_report()
    cpu: str = session.host_cpu
    print(cpu, report)
    return outputs["y"]


def names() -> list[str]:
    known: dict[str, str] = rnn_mlir.targets()
    version: str = rnn_mlir.__version__
    return [version, *known]


def main() -> None:
    model, program = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    try:
        files(compile_in_all_ways(model)[0], program)
    except rnn_mlir.CompileError as refused:
        error: rnn_mlir.Error = refused
        print(error)
    except rnn_mlir.RunError as failed:
        error = failed
        print(error)


main()
