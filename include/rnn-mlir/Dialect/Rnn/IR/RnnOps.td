#ifndef RNN_DIALECT_RNN_IR_RNNOPS_TD
#define RNN_DIALECT_RNN_IR_RNNOPS_TD

include "rnn-mlir/Dialect/Rnn/IR/RnnDialect.td"
include "rnn-mlir/Dialect/Rnn/IR/RnnEncodings.td"
include "rnn-mlir/Dialect/Rnn/IR/RnnLayers.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

//===----------------------------------------------------------------------===//
// Scheduled form: what every layer becomes
//===----------------------------------------------------------------------===//

def Rnn_RecurrenceOp : Rnn_Op<"recurrence", [AttrSizedOperandSegments, RecursiveMemoryEffects,
    SingleBlock]> {
  let summary = "A recurrence over time with its products made explicit";
  let description = [{
    The form every layer takes after `rnn-schedule`. Both regions work on one
    sequence and one time step, on vectors (rank 1, static length); batch, time,
    direction and lengths belong to the op. `docs/rnn/recurrence.md` has the meaning,
    the shapes and the constraints that the verifier numbers.
  }];
  let arguments = (ins
    AnyRankedTensor:$x,
    Optional<AnyRankedTensor>:$history,
    Variadic<AnyRankedTensor>:$init,
    Optional<AnyRankedTensor>:$lengths,
    UnitAttr:$reverse,
    Rnn_ScheduleKindAttr:$schedule,
    I64Attr:$time_tile,
    DefaultValuedAttr<I64Attr, "1">:$batch_tile,
    DefaultValuedAttr<I64Attr, "1">:$window,
    DefaultValuedAttr<I64Attr, "0">:$projection_states,
    OptionalAttr<Rnn_StateMemoryArrayAttr>:$memories);
  let results = (outs AnyRankedTensor:$y, Variadic<AnyRankedTensor>:$finals);
  let regions = (region SizedRegion<1>:$project, SizedRegion<1>:$step);
  let assemblyFormat = [{
    $schedule $x (`history` `(` $history^ `)`)? (`init` `(` $init^ `)`)? (`lengths` `(` $lengths^ `)`)? `project` $project `step` $step
    attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The states of `step` come first, then those of `project`.
    unsigned getNumStepStates() { return getFinals().size() - getProjectionStates(); }
    /// The values that `project` hands to `step`, and what it makes of its own states.
    ::mlir::ValueRange getProjectedValues();
    ::mlir::ValueRange getNextProjectionStates();
    /// The memory of a state.
    ::rnn::StateMemory getMemory(unsigned state);
  }];
}

def Rnn_YieldOp : Rnn_Op<"yield", [Pure, ReturnLike, Terminator, ParentOneOf<["RecurrenceOp"]>]> {
  let summary = "Ends a region of a recurrence";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Rnn_ProductOp : Rnn_Op<"product", [Pure]> {
  let summary = "Weight times vector";
  let description = [{
    The sum's order is part of the meaning: every kernel, every schedule and the host
    code give the same bits. `docs/rnn/product.md` has the equation, the shapes and the
    constraints that the verifier numbers.
  }];
  let arguments = (ins AnyRankedTensor:$weight, AnyRankedTensor:$x, Optional<AnyRankedTensor>:$acc);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $weight `,` $x (`acc` `(` $acc^ `)`)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Rnn_EncodeOp : Rnn_Op<"encode", [Pure]> {
  let summary = "Bring a weight into the form of an encoding";
  let description = [{
    The result is the same matrix; its type says how it is stored. Folds on constants.
    `docs/rnn/encode.md` has the encodings and the constraints that the verifier
    numbers.
  }];
  let arguments = (ins AnyRankedTensor:$weight);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$weight attr-dict `:` type($weight) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$weight, "::rnn::WeightEncoding":$encoding)>];
}

def Rnn_ReinterpretOp : Rnn_Op<"reinterpret", [Pure]> {
  let summary = "A weight as what is stored for it, or the reverse";
  let description = [{
    Changes the type alone: one side has an encoding, the other is the type of what it
    stores. Programs and host code pass weights from one to another as they are stored.
    Folds on constants, whose bytes both share. `docs/rnn/encode.md` has the
    constraints that the verifier numbers.
  }];
  let arguments = (ins AnyRankedTensor:$source);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Rnn_ActivationOp : Rnn_Op<"activation", [Pure, SameOperandsAndResultType]> {
  let summary = "An activation function, element by element";
  let description = [{
    One of the functions that ONNX's recurrent operators name, with its parameters
    `alpha` and `beta`. `docs/rnn/activation.md` has the functions and the constraints
    that the verifier numbers.
  }];
  let arguments = (ins Rnn_ActivationKindAttr:$kind, FloatLike:$x, OptionalAttr<F32Attr>:$alpha, OptionalAttr<F32Attr>:$beta);
  let results = (outs FloatLike:$result);
  let assemblyFormat = "`` $kind $x attr-dict `:` type($x)";
  let hasVerifier = 1;
}

#endif // RNN_DIALECT_RNN_IR_RNNOPS_TD
