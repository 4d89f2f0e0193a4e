"""Writes an LSTM of 4 inputs and 8 units with dynamic length to a file, and a data set beside it where asked."""

import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def model(states=False, name="lstm_0", directions=1, **attributes):
    rng = np.random.default_rng(5)
    weights = [
        numpy_helper.from_array(rng.uniform(-0.4, 0.4, (directions, *shape)).astype(np.float32), weight)
        for weight, shape in (("w", (32, 4)), ("r", (32, 8)), ("b", (64,)))
    ]
    results = ["y", "h"] if states else ["y"]
    node = helper.make_node("LSTM", ["x", "w", "r", "b"], results, name=name, hidden_size=8, **attributes)
    value = helper.make_tensor_value_info
    shapes = {"y": ["T", directions, 1, 8], "h": [directions, 1, 8]}
    graph = helper.make_graph(
        [node],
        "lstm",
        [value("x", TensorProto.FLOAT, ["T", 1, 4])],
        [value(result, TensorProto.FLOAT, shapes[result]) for result in results],
        weights,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)


def reference(proto, x):
    from onnx.reference import ReferenceEvaluator

    return ReferenceEvaluator(proto).run(None, {"x": x})[0]


def write_data_set(folder, x, y):
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in (("input_0", x), ("output_0", y)):
        (folder / f"{name}.pb").write_bytes(numpy_helper.from_array(array, name).SerializeToString())


if __name__ == "__main__":
    kind, path = sys.argv[1], pathlib.Path(sys.argv[2])
    path.parent.mkdir(parents=True, exist_ok=True)
    kinds = {
        "invalid": {"activations": ["Nonsense"] * 3},
        "states": {"states": True},
        "bidirectional": {"name": "", "directions": 2, "direction": "bidirectional"},
    }
    proto = model(**kinds.get(kind, {}))
    onnx.save(proto, path)
    if kind in ("test", "states"):
        x = np.random.default_rng(6).uniform(-1, 1, (3, 1, 4)).astype(np.float32)
        y, change = reference(proto, x), sys.argv[3] if len(sys.argv) > 3 else ""
        changed = {"": y, "wrong": y + np.float32(1), "zeros": np.zeros_like(y)}[change]
        write_data_set(path.parent / "test_data_set_0", x, changed)
    elif kind == "invalid":
        x = np.zeros((3, 1, 4), np.float32)
        write_data_set(path.parent / "test_data_set_0", x, x)
