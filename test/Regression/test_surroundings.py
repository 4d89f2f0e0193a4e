"""What the process around a compilation or a run does: signals, timers, forks."""

import os
import signal
import threading

import numpy as np
import pytest
import rnn_mlir
from changed_containers import rebuilt
from container import section, sections
from test_overwritten import SQUARE
from test_package import BYTES, speech


@pytest.fixture(scope="module")
def square(tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / "program.mlir"
    path.write_text(SQUARE)
    return path


def test_handled_signals_do_not_disturb_the_linker(square):
    """A handler that returns is the caller's affair: a signal that comes often enough meets the linker, too."""
    counted = []
    before = signal.signal(signal.SIGALRM, lambda *_: counted.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
    try:
        rnn_mlir.compile(square, target="cpu")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert counted


def test_an_alarm_of_the_caller_outlives_a_compilation(square):
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.alarm(1000)
    try:
        rnn_mlir.compile(square, target="cpu")
        left = signal.alarm(0)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert left > 0


def test_a_caller_that_ignores_its_children_can_compile(square):
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        rnn_mlir.compile(square, target="cpu")
    finally:
        signal.signal(signal.SIGCHLD, before)


def in_child(function):
    """What a child of this process returns, by its exit code: 0 where `function` holds there."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(600)
            code = 0 if function() else 2
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_session_that_another_thread_uses_is_an_error_in_a_forked_process():
    session, x = rnn_mlir.Session(rnn_mlir.compile(BYTES)), speech(1000)
    stop = threading.Event()
    running = threading.Thread(target=lambda: [session.run({"x": x}) for _ in iter(stop.is_set, True)])
    running.start()

    def refused():
        try:
            session.run({"x": x})
        except rnn_mlir.RunError as error:
            return "when this process was forked" in str(error)
        return False

    # Between two runs nobody uses it; most forks fall into a run.
    try:
        codes = [in_child(refused) for _ in range(20)]
    finally:
        stop.set()
        running.join()
    assert set(codes) <= {0, 2} and 0 in codes


def test_a_session_that_nobody_uses_runs_in_a_forked_process():
    session, x = rnn_mlir.Session(rnn_mlir.compile(BYTES)), speech(10)
    expected = session.run({"x": x})["y"]
    assert in_child(lambda: np.array_equal(session.run({"x": x})["y"], expected)) == 0


CONSTANT = """
func.func @main(%x: tensor<64xf32>) -> tensor<64xf32> {{
  %c = arith.constant {} : tensor<64xf32>
  %y = arith.addf %x, %c : tensor<64xf32>
  return %y : tensor<64xf32>
}}"""


def cut(data, count):
    """The program file with `count` bytes less of constants, and its checksums renewed."""
    parts = [(one.name, data[one.begin : one.end - (count if one.name == "CNST" else 0)]) for one in sections(data)]
    return rebuilt(parts, data[:12])


def test_host_code_without_its_constants_is_refused(tmp_path):
    values = np.arange(64, dtype="<f4")
    path = tmp_path / "program.mlir"
    path.write_text(CONSTANT.format(f'dense<"0x{values.tobytes().hex().upper()}">'))
    data = rnn_mlir.compile(path, target="cpu").to_bytes()
    constants = section(data, "CNST")
    size = constants.end - constants.begin
    assert size >= 256
    for count in (4, size - 4, size):
        with pytest.raises(rnn_mlir.RunError, match=f"expected {size} bytes of constants, found {size - count}"):
            rnn_mlir.Session(rnn_mlir.Program.from_bytes(cut(data, count)))
