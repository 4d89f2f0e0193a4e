from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, TypedDict

from numpy.typing import ArrayLike, NDArray

__version__: str

class Error(RuntimeError): ...
class CompileError(Error): ...
class RunError(Error): ...

class Tensor(TypedDict):
    name: str
    dtype: str
    shape: tuple[int | str | None, ...]

class Program:
    @staticmethod
    def load(path: str | bytes | PathLike[str]) -> Program: ...
    @staticmethod
    def from_bytes(data: bytes | bytearray | memoryview) -> Program: ...
    def save(self, path: str | bytes | PathLike[str]) -> None: ...
    def to_bytes(self) -> bytes: ...
    @property
    def target(self) -> str: ...
    @property
    def inputs(self) -> list[Tensor]: ...
    @property
    def outputs(self) -> list[Tensor]: ...
    @property
    def remarks(self) -> list[str]: ...

class Session:
    # The limits in GiB and in cycles; None for no limit.
    def __init__(self, program: Program, *, memory_limit: float = 8.0, max_cycles: int | None = None) -> None: ...
    # Lists are taken as by numpy.asarray: those of Python's floats are float64.
    def run(
        self, inputs: Mapping[str, ArrayLike], *, trace: str | bytes | PathLike[str] | None = None
    ) -> dict[str, NDArray[Any]]: ...
    @property
    def report(self) -> dict[str, Any]: ...
    def reset_report(self) -> None: ...
    @property
    def host_cpu(self) -> str: ...

def compile(
    model: str | PathLike[str] | bytes | bytearray | memoryview,
    target: str | PathLike[str] = "generic",
    *,
    schedule: str = "mwl",
    time_tile: int = 0,
    host_cpu: str | Sequence[str] = "x86-64-v3,x86-64-v4",
    name: str = "model.onnx",
    circulant: None = None,
    delta: None = None,
    quantize: None = None,
    calibrate: None = None,
) -> Program: ...
def targets() -> dict[str, str]: ...
