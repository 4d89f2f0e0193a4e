"""Cycles of a step of single layers on a target under each schedule, beside the largest lower bound.

``python schedules.py --target=generic --hidden 128 256`` prints a table: the cycles of a step in the steady
state (what 100 more steps take) under each schedule, and the largest bound of a step with its name.
"""

from __future__ import annotations

import argparse

import numpy as np
import rnn_mlir
from onnx import TensorProto, helper, numpy_helper

GATES = {"LSTM": 4, "GRU": 3}


def layer(op: str, hidden: int) -> bytes:
    """A layer of as many inputs as units."""
    rng, rows = np.random.default_rng(0), GATES[op] * hidden
    constants = {
        "w": rng.standard_normal((1, rows, hidden)) / np.sqrt(hidden),
        "r": rng.standard_normal((1, rows, hidden)) / np.sqrt(hidden),
        "b": rng.standard_normal((1, 2 * rows)) / 4,
    }
    node = helper.make_node(op, ["x", "w", "r", "b"], ["y"], hidden_size=hidden)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["T", 1, hidden])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    initializers = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in constants.items()]
    graph = helper.make_graph([node], "layer", [x], [y], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8).SerializeToString()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", default="generic", help="target's name or FILE.yaml (default generic)")
    parser.add_argument("--hidden", type=int, nargs="*", default=[128, 256, 512, 1024], help="units of the layers")
    parser.add_argument("--steps", type=int, default=100, help="steps of the shorter run (default 100)")
    arguments = parser.parse_args()
    schedules = ("plain", "mwl", "overlap", "auto")
    print("| layer | " + " | ".join(schedules) + " | bound | cycles | auto / bound |\n" + "|---" * 8 + "|")
    for op in GATES:
        for hidden in arguments.hidden:
            source, taken = layer(op, hidden), {}
            x = np.zeros((2 * arguments.steps, 1, hidden), np.float32)
            for schedule in schedules:
                program = rnn_mlir.compile(source, target=arguments.target, schedule=schedule)
                reports = []
                for steps in (arguments.steps, 2 * arguments.steps):
                    session = rnn_mlir.Session(program)
                    session.run({"x": x[:steps]})
                    reports.append(session.report)
                taken[schedule] = (reports[1]["cycles"] - reports[0]["cycles"]) / arguments.steps
            bounds = [report["layers"][0]["bounds"] for report in reports]
            name, bound = max(
                ((key, (bounds[1][key] - bounds[0][key]) / arguments.steps) for key in bounds[0]),
                key=lambda each: each[1],
            )
            cells = " | ".join(f"{taken[schedule]:.0f}" for schedule in schedules)
            print(f"| {op}-{hidden} | {cells} | {name} | {bound:.0f} | {taken['auto'] / bound:.3f} |")


if __name__ == "__main__":
    main()
