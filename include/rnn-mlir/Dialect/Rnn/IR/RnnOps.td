#ifndef RNN_DIALECT_RNN_IR_RNNOPS_TD
#define RNN_DIALECT_RNN_IR_RNNOPS_TD

include "rnn-mlir/Dialect/Rnn/IR/RnnDialect.td"
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
    direction and lengths belong to the op.

    For each sequence `b` with `len = lengths ? lengths[b] : T`, the state starts
    at `init[b]` (at zero where `init` is absent), and for `s = 0 … len-1`, with
    `t = reverse ? len-1-s : s`:

    ```
    p…          = project(x[t, b])
    y, state…   = step(p…, state…)
    Y[t, b]     = y
    ```

    `Y[t, b] = 0` for `t >= len`. The remaining results are the final states;
    where `lengths` is given and `len = 0` they are zero.

    `project` depends on the input alone. With `schedule = mwl` it may run up to
    `time_tile` steps ahead of `step`, so that its weights are fetched once for a
    tile of steps; with `plain` the two alternate. Both give the same bits.

    Constraints:
    * (C1) `x` has rank 3, `[T, B, I]`, a float element type and a static `I`.
    * (C2) `init` is empty or has one operand `[B, H_k]` for each state, and the
      trailing results have those types, with `x`'s `B` and element type.
    * (C3) `lengths` is `tensor<?xi32>` or `tensor<Bxi32>`, with `x`'s `B`.
    * (C4) `project` takes `tensor<I>`; `step` takes the values `project` yields
      and then the states; it yields `y` and the states. All are vectors of
      static length of `x`'s element type.
    * (C5) the first result is `[T, B, H_y]`, where `tensor<H_y>` is the type of `y`,
      with `x`'s `T`, `B` and element type.
    * (C6) `time_tile` is at least 1, and 1 with `plain`.
  }];
  let arguments = (ins
    AnyRankedTensor:$x,
    Variadic<AnyRankedTensor>:$init,
    Optional<AnyRankedTensor>:$lengths,
    UnitAttr:$reverse,
    Rnn_ScheduleKindAttr:$schedule,
    I64Attr:$time_tile);
  let results = (outs AnyRankedTensor:$y, Variadic<AnyRankedTensor>:$finals);
  let regions = (region SizedRegion<1>:$project, SizedRegion<1>:$step);
  let assemblyFormat = [{
    $schedule $x (`init` `(` $init^ `)`)? (`lengths` `(` $lengths^ `)`)? `project` $project `step` $step
    attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Rnn_YieldOp : Rnn_Op<"yield", [Pure, ReturnLike, Terminator, ParentOneOf<["RecurrenceOp"]>]> {
  let summary = "Ends a region of a recurrence";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Rnn_ProductOp : Rnn_Op<"product", [Pure]> {
  let summary = "Weight times vector";
  let description = [{
    `out[r] = acc[r] + Σ_c w[r, c] · x[c]`, evaluated for each row as
    `out[r] = fma(w[r, c], x[c], out[r])` in rising column order from `acc[r]`
    (0 where `acc` is absent). The order is part of the meaning: every kernel,
    every schedule and the host code give the same bits.

    Constraints:
    * (C1) the weight is `[R, C]`, or packed in panels of 16 rows
      (see `rnn.pack`) `[⌈R/16⌉, C, 16]`; `R` and `C` are static.
    * (C2) `x` is `tensor<C>`; `acc`, where given, and the result are `tensor<R>`.
    * (C3) the weight, `x`, `acc` and the result have one element type, a float
      type.
  }];
  let arguments = (ins AnyRankedTensor:$weight, AnyRankedTensor:$x, Optional<AnyRankedTensor>:$acc);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $weight `,` $x (`acc` `(` $acc^ `)`)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Rnn_PackOp : Rnn_Op<"pack", [Pure]> {
  let summary = "Arrange a weight matrix in panels of 16 rows";
  let description = [{
    `out[p, c, r] = w[16·p + r, c]`, zero where `16·p + r >= R`: the order in
    which the product of a panel reads its weights. Folds on constants.

    Constraints:
    * (C1) the weight is `[R, C]` with static `R` and `C`.
    * (C2) the result is `[⌈R/16⌉, C, 16]`.
  }];
  let arguments = (ins AnyRankedTensor:$weight);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$weight attr-dict `:` type($weight) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$weight)>];
  let extraClassDeclaration = [{
    /// The type of a weight in panels.
    static ::mlir::RankedTensorType getPackedType(::mlir::RankedTensorType weight);
  }];
}

def Rnn_ActivationOp : Rnn_Op<"activation", [Pure, SameOperandsAndResultType]> {
  let summary = "An activation function, element by element";
  let description = [{
    One of the eleven functions that ONNX's recurrent operators name, with its
    parameters `alpha` and `beta`.

    Constraints:
    * (C1) operand and result have one type: a float type, or a vector or tensor
      of one.
    * (C2) `alpha` and `beta` are present exactly where the function has them.
  }];
  let arguments = (ins Rnn_ActivationKindAttr:$kind, FloatLike:$x, OptionalAttr<F32Attr>:$alpha, OptionalAttr<F32Attr>:$beta);
  let results = (outs FloatLike:$result);
  let assemblyFormat = "`` $kind $x attr-dict `:` type($x)";
  let hasVerifier = 1;
}

#endif // RNN_DIALECT_RNN_IR_RNNOPS_TD
