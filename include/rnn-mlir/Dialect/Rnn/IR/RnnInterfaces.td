#ifndef RNN_DIALECT_RNN_IR_RNNINTERFACES_TD
#define RNN_DIALECT_RNN_IR_RNNINTERFACES_TD

include "mlir/IR/OpBase.td"

def Rnn_RecurrentLayerOpInterface : OpInterface<"RecurrentLayerOpInterface"> {
  let cppNamespace = "::rnn";
  let description = [{
    What the passes need to know of a recurrent layer. A layer reads `x`
    `[T, B, I]` and yields `y` `[T, B, H]` and one final state `[B, H_k]` for each
    state it carries. Its meaning is that of the `rnn.recurrence` whose regions
    the three build methods fill:

    * `buildShared` makes the values all steps share, outside the loop: the weight
      matrix of each product, sums of biases.
    * `buildProject` makes what depends on the input of one step alone.
    * `buildStep` makes one step from the projected values and the states.

    The regions hold `rnn.product`, `rnn.activation`, `arith`, and
    `tensor.extract_slice` with static offsets, on vectors of static length. A new
    cell is one op with these methods.
  }];
  let methods = [
    InterfaceMethod<"The input sequence, `[T, B, I]`.",
                    "::mlir::TypedValue<::mlir::RankedTensorType>", "getX">,
    InterfaceMethod<"The initial states, in the order of the final states; empty where they are zero.",
                    "::mlir::OperandRange", "getInit">,
    InterfaceMethod<"The length of each sequence, `[B]`; null where all have `T` steps.",
                    "::mlir::TypedValue<::mlir::RankedTensorType>", "getLengths">,
    InterfaceMethod<"Whether time runs from the last valid step to the first.", "bool", "getReverse">,
    InterfaceMethod<"The number of elements of each state.",
                    "::llvm::SmallVector<int64_t>", "getStateSizes">,
    InterfaceMethod<"The products of one step; the schedule chooses the time tile by them.",
                    "::llvm::SmallVector<::rnn::LayerProduct>", "getProducts">,
    InterfaceMethod<"Builds the values that all steps share. Called once, outside the recurrence.",
                    "::llvm::SmallVector<::mlir::Value>", "buildShared",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc)>,
    InterfaceMethod<"Builds what one step needs of its input vector `x` alone.",
                    "::llvm::SmallVector<::mlir::Value>", "buildProject",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::Value":$x,
                         "::mlir::ValueRange":$shared)>,
    InterfaceMethod<"Builds one step. Returns `y` and then the new states.",
                    "::llvm::SmallVector<::mlir::Value>", "buildStep",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
                         "::mlir::ValueRange":$projected, "::mlir::ValueRange":$states,
                         "::mlir::ValueRange":$shared)>
  ];
}

#endif // RNN_DIALECT_RNN_IR_RNNINTERFACES_TD
