#ifndef RNN_CONVERSION_ONNXTORNN_PASSES_TD
#define RNN_CONVERSION_ONNXTORNN_PASSES_TD

include "mlir/Pass/PassBase.td"

def OnnxToRnn : Pass<"onnx-to-rnn", "::mlir::func::FuncOp"> {
  let summary = "Lower LSTM, GRU and RNN nodes to layers";
  let description = [{
    Replaces each `onnx.node` of the operators LSTM, GRU and RNN by `rnn.lstm`,
    `rnn.gru` or `rnn.elman`: one layer for each direction, time-major. The layout,
    the slices of the weights by direction, default activations and the checks of
    shapes and lengths end here. Every node that cannot be lowered is an error, and
    all are reported.

    Example:

    ```mlir
    %y = onnx.node "RNN"(%x, %w, %r)
      : (tensor<?x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<?x1x2x4xf32>
    ```

    becomes

    ```mlir
    %w0 = tensor.extract_slice %w[0, 0, 0] [1, 4, 3] [1, 1, 1] : tensor<1x4x3xf32> to tensor<4x3xf32>
    %r0 = tensor.extract_slice %r[0, 0, 0] [1, 4, 4] [1, 1, 1] : tensor<1x4x4xf32> to tensor<4x4xf32>
    %y0, %h0 = rnn.elman %x, %w0, %r0 {activations = [#rnn.act<tanh>]}
      : (tensor<?x2x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x2x4xf32>, tensor<2x4xf32>)
    %y = tensor.expand_shape %y0 [[0], [1, 2], [3]] output_shape [%steps, 1, 2, 4]
      : tensor<?x2x4xf32> into tensor<?x1x2x4xf32>
    ```
  }];
  let statistics = [Statistic<"numNodes", "nodes-lowered", "Recurrent nodes lowered">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect", "::rnn::RnnDialect"];
}

#endif // RNN_CONVERSION_ONNXTORNN_PASSES_TD
