"""Lengths and batches that do not belong to the input: an error on every target, never a read beyond an array."""

import numpy as np
import pytest
import rnn_mlir

TARGETS = ["generic", "cpu"]
TEXT = """
func.func @main(%x: tensor<?x?x4xf32>, %n: tensor<?xi32>, %h0: tensor<?x4xf32>, %r: tensor<4x4xf32>)
    -> tensor<?x?x4xf32> {
  %y, %s = rnn.recurrence plain %x init(%h0) lengths(%n) project {
  ^bb0(%v: tensor<4xf32>):
    %p = rnn.product %r, %v : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>, %h: tensor<4xf32>):
    %q = arith.addf %p, %h : tensor<4xf32>
    rnn.yield %q, %q : tensor<4xf32>, tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>, tensor<?x4xf32>, tensor<?xi32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  return %y : tensor<?x?x4xf32>
}"""


@pytest.fixture(scope="module", params=TARGETS)
def session(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / "program.mlir"
    path.write_text(TEXT)
    return request.param, rnn_mlir.Session(rnn_mlir.compile(path, target=request.param))


def inputs(lengths, batch=2):
    arrays = [np.ones((5, 2, 4), np.float32), np.array(lengths, np.int32), np.ones((batch, 4), np.float32)]
    return {f"input_{k}": array for k, array in enumerate([*arrays, np.eye(4, dtype=np.float32)])}


def test_lengths_within_the_input_are_taken(session):
    y = next(iter(session[1].run(inputs([3, 5])).values()))
    np.testing.assert_array_equal(y[:, 0, 0], [2, 3, 4, 0, 0])
    np.testing.assert_array_equal(y[:, 1, 0], [2, 3, 4, 5, 6])


WRONG = [
    (([3, 7], 2), "expected a length of 0 to 5 time steps, found 7 of sequence 1"),
    (([3, 1_000_000], 2), "expected a length of 0 to 5 time steps, found 1000000 of sequence 1"),
    (([-1, 3], 2), "expected a length of 0 to 5 time steps, found -1 of sequence 0"),
    (([3], 2), "expected lengths of 2 sequences, found 1"),
    (([3, 3, 3], 2), "expected lengths of 2 sequences, found 3"),
    (([3, 3], 1), "expected initial state 0 for 2 sequences, found 1"),
]


@pytest.mark.parametrize("arguments, message", WRONG, ids=str)
def test_others_are_errors(session, arguments, message):
    target, runs = session
    # More lengths than sequences are read by no one on the device.
    if target == "generic" and len(arguments[0]) > 2:
        pytest.skip("the device reads one length for each sequence")
    with pytest.raises(rnn_mlir.RunError) as error:
        runs.run(inputs(*arguments))
    if target == "cpu":
        assert message in str(error.value)
    # The session is as good as before.
    runs.run(inputs([5, 5]))
