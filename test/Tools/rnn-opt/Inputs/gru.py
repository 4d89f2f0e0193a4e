"""Writes a GRU of 513 units, whose weights are megabytes, to a file."""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HIDDEN = 513
shapes = {"w": (1, 3 * HIDDEN, 16), "r": (1, 3 * HIDDEN, HIDDEN)}
weights = [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in shapes.items()]
node = helper.make_node("GRU", ["x", "w", "r"], ["y"], name="gru", hidden_size=HIDDEN)
value = helper.make_tensor_value_info
graph = helper.make_graph([node], "gru", [value("x", TensorProto.FLOAT, ["T", "B", 16])],
                          [value("y", TensorProto.FLOAT, ["T", 1, "B", HIDDEN])], weights)  # fmt: skip
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8), sys.argv[1])
