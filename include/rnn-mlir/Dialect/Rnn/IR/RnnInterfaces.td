#ifndef RNN_DIALECT_RNN_IR_RNNINTERFACES_TD
#define RNN_DIALECT_RNN_IR_RNNINTERFACES_TD

include "mlir/IR/OpBase.td"

def Rnn_RecurrentLayerOpInterface : OpInterface<"RecurrentLayerOpInterface"> {
  let cppNamespace = "::rnn";
  let description = [{
    What the passes need to know of a recurrent layer. A layer reads `x`
    `[T, B, I]` and yields `y` `[T, B, P]` and one final state `[B, H_k]` for each
    state it carries. Its meaning is that of the `rnn.recurrence` whose regions
    the three build methods fill:

    * `buildShared` makes the values all steps share, outside the loop: the weight
      matrix of each product, sums of biases.
    * `buildProject` makes what depends on the input of one step alone.
    * `buildStep` makes one step from the projected values and the states.

    The regions hold `rnn.product`, `rnn.activation`, `arith`, and
    `tensor.extract_slice` with static offsets, on vectors of static length. The
    sums of products are of the type `sums`: of a layer of f16, f32 or f16. Such a
    layer computes with f32, and rounds what is stored for a product or for the next
    step to f16. A new cell is one op with these methods. What only some layers have
    are interfaces of their own (`RecurrentWeightOpInterface`, `BiasesOpInterface`,
    `ActivationsOpInterface`).
  }];
  let methods = [
    InterfaceMethod<"The input sequence, `[T, B, I]`.",
                    "::mlir::TypedValue<::mlir::RankedTensorType>", "getX">,
    InterfaceMethod<"K, the input vectors that one step sees: that of the step and those before it.",
                    "int64_t", "getWindow", (ins), "", "return 1;">,
    InterfaceMethod<"The inputs before the first, `[K-1, B, I]`; null where they are zero.",
                    "::mlir::TypedValue<::mlir::RankedTensorType>", "getHistory", (ins), "", "return {};">,
    InterfaceMethod<"The input weights, `[G*H, K*I]`.",
                    "::mlir::TypedValue<::mlir::RankedTensorType>", "getW">,
    InterfaceMethod<"The initial states, in the order of the final states; empty where they are zero.",
                    "::mlir::OperandRange", "getInit">,
    InterfaceMethod<"The length of each sequence, `[B]`; null where all have `T` steps.",
                    "::mlir::TypedValue<::mlir::RankedTensorType>", "getLengths">,
    InterfaceMethod<"Whether time runs from the last valid step to the first.", "bool", "getReverse">,
    InterfaceMethod<"The output of each step, `[T, B, P]`.",
                    "::mlir::TypedValue<::mlir::RankedTensorType>", "getY">,
    InterfaceMethod<"The final states.", "::mlir::ResultRange", "getFinals">,
    InterfaceMethod<"G, the blocks of rows of the input weights.", "int64_t", "getGateCount">,
    InterfaceMethod<"H, the rows of a block. Asked for before anything but the rank and type of `x` and the ranks of "
                    "the weights is verified.", "int64_t", "getHiddenSize">,
    InterfaceMethod<"P, the number of elements of one output vector.", "int64_t", "getOutputSize">,
    InterfaceMethod<"The number of elements of each state.",
                    "::llvm::SmallVector<int64_t>", "getStateSizes">,
    InterfaceMethod<"The products of one step; the schedule chooses the time tile by them.",
                    "::llvm::SmallVector<::rnn::LayerProduct>", "getProducts">,
    InterfaceMethod<"Builds the values that all steps share. Called once, outside the recurrence.",
                    "::llvm::SmallVector<::mlir::Value>", "buildShared",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc)>,
    InterfaceMethod<"Builds what one step needs of its window of inputs `x`, `[K*I]`, alone.",
                    "::llvm::SmallVector<::mlir::Value>", "buildProject",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::Type":$sums,
                         "::mlir::Value":$x, "::mlir::ValueRange":$shared)>,
    InterfaceMethod<"Builds one step. Returns `y` and then the new states.",
                    "::llvm::SmallVector<::mlir::Value>", "buildStep",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::Type":$sums,
                         "::mlir::ValueRange":$projected, "::mlir::ValueRange":$states,
                         "::mlir::ValueRange":$shared)>
  ];
}

/// A part of a layer: what its methods return is checked with the rest of the layer.
class Rnn_LayerPart<string name> : OpInterface<name> {
  let cppNamespace = "::rnn";
}

def Rnn_RecurrentWeightOpInterface : Rnn_LayerPart<"RecurrentWeightOpInterface"> {
  let description = "A layer whose gates also see the output of the step before.";
  let methods = [
    InterfaceMethod<"The recurrent weights, `[G*H, P]`.", "::mlir::TypedValue<::mlir::RankedTensorType>", "getR">
  ];
}

def Rnn_BiasesOpInterface : Rnn_LayerPart<"BiasesOpInterface"> {
  let description = "A layer with a bias beside each of its weights, either of which may be absent.";
  let methods = [
    InterfaceMethod<"The bias beside the input weights, `[G*H]`, or null.",
                    "::mlir::TypedValue<::mlir::RankedTensorType>", "getInputBias">,
    InterfaceMethod<"The bias beside the recurrent weights, `[G*H]`, or null.",
                    "::mlir::TypedValue<::mlir::RankedTensorType>", "getRecurrentBias">
  ];
}

def Rnn_ActivationsOpInterface : Rnn_LayerPart<"ActivationsOpInterface"> {
  let description = "A layer that lists its activation functions and may bound their inputs.";
  let methods = [
    InterfaceMethod<"The functions, `#rnn.act`.", "::mlir::ArrayAttr", "getActivations">,
    InterfaceMethod<"The bound of the input of each, or null.", "::mlir::FloatAttr", "getClipAttr">,
    StaticInterfaceMethod<"How many functions it has.", "size_t", "getActivationCount">
  ];
}

#endif // RNN_DIALECT_RNN_IR_RNNINTERFACES_TD
