"""Writes a model of one Relu, and an input."""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper

x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [2, 3]) for name in "xy")
graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "g", [x], [y])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8), sys.argv[1])
np.save(sys.argv[2], np.ones((2, 3), np.float32))
