"""The interface by which ONNX drives a runtime, ``onnx.backend.base.Backend``.

import rnn_mlir.backend as backend
outputs = backend.prepare(model).run(inputs)

The device ``CPU`` is the target ``cpu``, native code; every other target is a device of its own name, the simulated
machine. What a target does not support raises ``BackendIsNotSupposedToImplementIt`` with the errors of the compiler.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import helper
from onnx.backend.base import Backend, BackendRep, namedtupledict
from onnx.backend.test.runner import BackendIsNotSupposedToImplementIt

from . import CompileError, Session, compile, targets

__all__ = ["RnnBackend", "RnnBackendRep", "is_compatible", "prepare", "run_model", "run_node", "supports_device"]


def _target(device: str) -> str:
    name = "cpu" if device == "CPU" else device
    if name not in targets():
        raise ValueError(f"device: expected CPU or the name of a target, found {device!r}")
    return name


class RnnBackendRep(BackendRep):
    """A compiled model."""

    def __init__(self, program) -> None:
        self.program = program
        self._session = Session(program)

    def run(self, inputs, **kwargs) -> tuple:
        """Runs on arrays in the order of the graph's inputs, on a mapping by name, or on the one array there is."""
        names = [each["name"] for each in self.program.inputs]
        if isinstance(inputs, Mapping):
            feeds = dict(inputs)
        else:
            several = isinstance(inputs, Sequence) and not isinstance(inputs, (str, bytes))
            arrays = list(inputs) if several else [inputs]
            if len(arrays) != len(names):
                raise ValueError(f"inputs: expected {len(names)} arrays, found {len(arrays)}")
            feeds = dict(zip(names, arrays, strict=True))
        outputs = self._session.run(feeds)
        order = [each["name"] for each in self.program.outputs]
        return namedtupledict("Outputs", order)(*(outputs[name] for name in order))


class RnnBackend(Backend):
    """Compiles and runs models."""

    @classmethod
    def is_compatible(cls, model: onnx.ModelProto, device: str = "CPU", **kwargs) -> bool:
        try:
            cls.prepare(model, device, **kwargs)
        except BackendIsNotSupposedToImplementIt:
            return False
        return True

    @classmethod
    def prepare(cls, model: onnx.ModelProto, device: str = "CPU", **kwargs) -> RnnBackendRep:
        """Compiles the model; ``kwargs`` are those of ``rnn_mlir.compile``."""
        kwargs.setdefault("host_cpu", "native")
        try:
            program = compile(model.SerializeToString(), target=_target(device), **kwargs)
        except CompileError as error:
            raise BackendIsNotSupposedToImplementIt(str(error)) from error
        return RnnBackendRep(program)

    @classmethod
    def run_node(cls, node: onnx.NodeProto, inputs, device: str = "CPU", outputs_info=None, **kwargs) -> tuple:
        """Runs one node of the default domain, of ``opset_version`` or the newest version that is known here."""
        opset = kwargs.pop("opset_version", None) or min(onnx.defs.onnx_opset_version(), 28)
        arrays = [np.asarray(each) for each in inputs]
        names = [name for name in node.input if name]
        if len(names) != len(arrays):
            raise ValueError(f"inputs: expected {len(names)} arrays, found {len(arrays)}")
        given = dict(zip(names, arrays, strict=True))
        infos = [
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)
            for name, x in given.items()
        ]
        results = [onnx.ValueInfoProto(name=name) for name in node.output if name]
        graph = helper.make_graph([node], "node", infos, results)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
        return cls.prepare(model, device, **kwargs).run(given)

    @classmethod
    def supports_device(cls, device: str) -> bool:
        return device == "CPU" or device in targets()


is_compatible = RnnBackend.is_compatible
prepare = RnnBackend.prepare
run_model = RnnBackend.run_model
run_node = RnnBackend.run_node
supports_device = RnnBackend.supports_device
