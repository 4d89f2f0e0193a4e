"""What the package does around a call: the lock of the interpreter is free, and inputs are read where they are."""

import sys
import threading
import time
import tracemalloc

import numpy as np
import pytest
import rnn_mlir
from onnx import TensorProto, helper
from test_package import BYTES, speech


def lets_others_go_on(call, calls=50):
    """Whether another thread of Python comes to its turn in the middle half of one of the calls. No thread has to give
    way unless it does so itself, so a call that holds the lock never lets it; one that does not may have to be made
    more than once on a machine that is busy."""
    times, over, interval = [], threading.Event(), sys.getswitchinterval()

    def tick():
        while not over.is_set():
            times.append(time.perf_counter())
            time.sleep(0.0001)

    thread = threading.Thread(target=tick)
    sys.setswitchinterval(1000)
    try:
        thread.start()
        for _ in range(calls):
            begin = time.perf_counter()
            call()
            end = time.perf_counter()
            quarter = (end - begin) / 4
            if any(begin + quarter < each < end - quarter for each in times):
                return True
        return False
    finally:
        sys.setswitchinterval(interval)
        over.set()
        thread.join()


def test_a_call_that_holds_the_lock_lets_nobody_go_on():
    assert not lets_others_go_on(lambda: sum(range(1_000_000)), calls=3)


def test_other_threads_go_on_while_a_model_is_compiled():
    assert lets_others_go_on(lambda: rnn_mlir.compile(BYTES, target="cpu"))


@pytest.mark.parametrize("target, steps", [("generic", 100_000), ("cpu", 1_000_000)])
def test_other_threads_go_on_while_a_model_runs(target, steps):
    session, x = rnn_mlir.Session(rnn_mlir.compile(BYTES, target=target)), speech(steps)
    assert lets_others_go_on(lambda: session.run({"x": x}))


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
