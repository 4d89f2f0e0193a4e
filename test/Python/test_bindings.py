"""What the package does around a call: the lock of the interpreter is free, and inputs are read where they are."""

import threading
import time
import tracemalloc

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper
from test_package import BYTES, speech


def ticks_during(call):
    """How often another thread of Python came to its turn in the middle half of a call."""
    times, over = [], threading.Event()

    def tick():
        while not over.is_set():
            times.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.perf_counter()
    call()
    end = time.perf_counter()
    over.set()
    thread.join()
    quarter = (end - begin) / 4
    assert quarter > 0.01, "too short to tell"
    return sum(begin + quarter < each < end - quarter for each in times)


def test_other_threads_go_on_while_a_model_is_compiled():
    assert ticks_during(lambda: rnn_mlir.compile(BYTES, target="cpu")) > 0


@pytest.mark.parametrize("target, steps", [("generic", 100_000), ("cpu", 1_000_000)])
def test_other_threads_go_on_while_a_model_runs(target, steps):
    session, x = rnn_mlir.Session(rnn_mlir.compile(BYTES, target=target)), speech(steps)
    assert ticks_during(lambda: session.run({"x": x})) > 0


def test_an_input_is_copied_only_where_its_layout_asks_for_it():
    graph = helper.make_graph(
        [helper.make_node("Slice", ["x"], ["y"], starts=[0], ends=[1], axes=[0])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 9)], ir_version=8)
    session = rnn_mlir.Session(rnn_mlir.compile(model.SerializeToString(), target="cpu"))

    def copied(x):
        """The bytes of the arrays that NumPy made during a run, of the input's. C++ makes its own of misaligned
        inputs alone, which SessionTest counts."""
        tracemalloc.start()
        try:
            assert session.run({"x": x})["y"].tolist() == [1]
            return tracemalloc.get_traced_memory()[1] / x.nbytes
        finally:
            tracemalloc.stop()

    x = np.ones(1 << 20, np.float32)
    assert copied(x) < 0.1
    assert 0.9 < copied(x[::2]) < 1.1


def test_a_bool_is_zero_or_one():
    graph = helper.make_graph(
        [helper.make_node("Not", ["x"], ["y"])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.BOOL, [3])],
        [helper.make_tensor_value_info("y", TensorProto.BOOL, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 9)], ir_version=8)
    session = rnn_mlir.Session(rnn_mlir.compile(model.SerializeToString(), target="cpu", host_cpu="native"))
    assert session.run({"x": np.array([True, False, True])})["y"].tolist() == [False, True, False]
    with pytest.raises(rnn_mlir.Error, match="holds the value 2 at element 1, which is none of bool"):
        session.run({"x": np.frombuffer(b"\0\2\1", np.bool_)})
