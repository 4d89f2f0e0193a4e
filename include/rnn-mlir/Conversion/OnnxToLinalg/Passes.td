#ifndef RNN_CONVERSION_ONNXTOLINALG_PASSES_TD
#define RNN_CONVERSION_ONNXTOLINALG_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertOnnx : Pass<"convert-onnx", "::mlir::ModuleOp"> {
  let summary = "Lower an ONNX graph to recurrent layers, linalg, tensor and arith";
  let description = [{
    Lowers the nodes of `@main` in order, each by the function that its operator's
    record names. LSTM, GRU and RNN become `rnn.lstm`, `rnn.gru` and `rnn.elman`:
    one layer for each direction, time-major; the layout, the slices of the weights
    by direction, default activations and the checks of shapes and lengths end here.
    Types are refined on the way: shapes are static where they follow
    from the model, run-time values otherwise. Shape arithmetic, weights computed
    from constants and conditions known at compile time fold away. All refusals of
    a model are reported.

    Example:

    ```mlir
    module attributes {onnx.opset = 13 : i64} {
      func.func @main(%x: tensor<4xf32>) -> !onnx.unknown {
        %y = onnx.node "Relu"(%x) : (tensor<4xf32>) -> !onnx.unknown
        onnx.return %y : !onnx.unknown
      }
    }
    ```

    becomes

    ```mlir
    #id = affine_map<(d0) -> (d0)>
    module attributes {onnx.opset = 13 : i64} {
      func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
        %empty = tensor.empty() : tensor<4xf32>
        %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
            ins(%x : tensor<4xf32>) outs(%empty : tensor<4xf32>) {
        ^bb0(%in: f32, %out: f32):
          %zero = arith.constant 0.000000e+00 : f32
          %max = arith.maximumf %in, %zero : f32
          linalg.yield %max : f32
        } -> tensor<4xf32>
        return %y : tensor<4xf32>
      }
    }
    ```
  }];
  let dependentDialects = ["::rnn::RnnDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::scf::SCFDialect", "::mlir::cf::ControlFlowDialect"];
}

#endif // RNN_CONVERSION_ONNXTOLINALG_PASSES_TD
