#ifndef RNN_DIALECT_RNN_TRANSFORMS_PASSES_TD
#define RNN_DIALECT_RNN_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def AttachTarget : Pass<"rnn-attach-target", "::mlir::ModuleOp"> {
  let summary = "Put the description of a target on a module";
  let description = [{
    Sets the module's `rnn.target`, which the passes that need a target read, to
    `description`, the text of a target's file, in which `%XX` stands for the byte
    of that hexadecimal number. The pipelines `rnn-target` and `rnn-compile` take a
    target by name or file and give its text to this pass; a crash reproducer
    therefore needs no file of a target.

    Example, with `description={kind: host}`:

    ```mlir
    module {
    }
    ```

    becomes

    ```mlir
    module attributes {rnn.target = "kind: host"} {
    }
    ```
  }];
  let options = [Option<"description", "description", "std::string", "", "text of a target's file">];
  // It reads the attribute, and keeps the target.
  let dependentDialects = ["::rnn::RnnDialect"];
}

def Quantize : Pass<"rnn-quantize", "::mlir::ModuleOp"> {
  let summary = "Give layers another number format";
  let description = [{
    Changes the element type of layers of f32: their constants are rounded, other
    operands and the results are converted at their borders, and the types say the
    format to everything that follows. `formats` is a format, for all layers, or
    `LAYER:FORMAT` for the layer that an ONNX node of this name became (both
    directions of a bidirectional one), or several of these with commas between, of
    which one at most has no layer. What is not named keeps its type, as with the
    format `none`. `%XX` stands for the byte of that hexadecimal number.

    | format | weights, vectors, states | computed with |
    |---|---|---|
    | `fp16` | f16, rounded to nearest, ties to even | f32; sums of products as the target adds them |

    A constant that the format cannot hold, and a layer that the module does not
    have, are errors. A remark tells the largest rounding of a layer's constants.
    With `release-constants` the bytes of a constant that was rounded are freed.

    Example, with `formats=fp16`:

    ```mlir
    func.func @f(%x: tensor<?x1x3xf32>, %r: tensor<4x4xf32>) -> tensor<?x1x4xf32> {
      %w = arith.constant dense<0.1> : tensor<4x3xf32>
      %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
        : (tensor<?x1x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x1x4xf32>, tensor<1x4xf32>)
      return %y : tensor<?x1x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<?x1x3xf32>, %r: tensor<4x4xf32>) -> tensor<?x1x4xf32> {
      %w = arith.constant dense<9.997550e-02> : tensor<4x3xf16>
      %x16 = arith.truncf %x : tensor<?x1x3xf32> to tensor<?x1x3xf16>
      %r16 = arith.truncf %r : tensor<4x4xf32> to tensor<4x4xf16>
      %y, %h = rnn.elman %x16, %w, %r16 {activations = [#rnn.act<tanh>]}
        : (tensor<?x1x3xf16>, tensor<4x3xf16>, tensor<4x4xf16>) -> (tensor<?x1x4xf16>, tensor<1x4xf16>)
      %y32 = arith.extf %y : tensor<?x1x4xf16> to tensor<?x1x4xf32>
      return %y32 : tensor<?x1x4xf32>
    }
    ```
  }];
  let options = [
    Option<"formats", "formats", "std::string", [{"none"}], "format of all layers, or LAYER:FORMAT, comma separated">,
    Option<"releaseConstants", "release-constants", "bool", "false",
      "free the bytes of constants that the operation no longer uses; nothing else in the context may use them">
  ];
  let statistics = [Statistic<"numLayers", "layers-quantized", "Layers whose number format changed">];
  let dependentDialects = ["::rnn::RnnDialect"];
}

def Schedule : Pass<"rnn-schedule"> {
  let summary = "Make the products and the recurrence of each layer explicit";
  let description = [{
    Replaces each layer (`RecurrentLayerOpInterface`) by an `rnn.recurrence` whose
    regions the layer builds.

    With `schedule=mwl` (maximizing weight locality) the products of the input may
    run up to a tile of time steps ahead of the recurrence, so that each of their
    weights is fetched once for the tile; with `schedule=plain` products and
    recurrence alternate; with `schedule=overlap` the products of the next tile run
    beside the steps of this one, where all of the projection can. `schedule=auto`
    leaves the choice to `rnn-choose-schedule`. A host has `plain` and `mwl`. Results
    do not depend on the schedule, to the bit.

    `time-tile=0` chooses the tile: on a device, the largest one whose projected
    values fit the accumulator memory of the module's `rnn.target` beside the
    products of a step (twice with `overlap`), and whose inputs and outputs, kept
    twice, fit its vector memory beside the values of a step; on a host the
    `host.time_tile` of the target, or 16. A tile of one step is the plain schedule,
    which takes no other.

    On a device `batch-tile` sequences take their steps together, so that what is
    fetched of a weight serves them all; they share the memories of the tile with its
    time steps. `batch-tile=0` chooses as many as take the fewest cycles of products
    and of the DRAM channel by the costs of the target: of the batch, or of 8
    sequences where it is known at run time only and the weights do not all fit, else
    of one. A tile that does not fit is an error. Where sequences have lengths and the
    projection runs beside the steps, or a history is given, they run one after
    another. On a host the option is without effect.

    Example, with `schedule=mwl time-tile=8`:

    ```mlir
    func.func @f(%x: tensor<?x1x3xf32>, %w: tensor<4x3xf32>, %r: tensor<4x4xf32>) -> tensor<?x1x4xf32> {
      %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
        : (tensor<?x1x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x1x4xf32>, tensor<1x4xf32>)
      return %y : tensor<?x1x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<?x1x3xf32>, %w: tensor<4x3xf32>, %r: tensor<4x4xf32>) -> tensor<?x1x4xf32> {
      %y, %h = rnn.recurrence mwl %x project {
      ^bb0(%xt: tensor<3xf32>):
        %p = rnn.product %w, %xt : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4xf32>
        rnn.yield %p : tensor<4xf32>
      } step {
      ^bb0(%p: tensor<4xf32>, %s: tensor<4xf32>):
        %sum = rnn.product %r, %s acc(%p) : (tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
        %next = rnn.activation tanh %sum : tensor<4xf32>
        rnn.yield %next, %next : tensor<4xf32>, tensor<4xf32>
      } {time_tile = 8 : i64} : (tensor<?x1x3xf32>) -> (tensor<?x1x4xf32>, tensor<1x4xf32>)
      return %y : tensor<?x1x4xf32>
    }
    ```
  }];
  let options = [
    Option<"schedule", "schedule", "::rnn::ScheduleKind", "::rnn::defaultSchedule()",
           "order of the products of a layer in time",
           [{::rnn::scheduleValues()}]>,
    Option<"timeTile", "time-tile", "int64_t", "0",
           "time steps whose input products run ahead of the recurrence; 0 chooses">,
    Option<"batchTile", "batch-tile", "int64_t", "0",
           "sequences that a device runs in lock-step; 0 chooses">
  ];
  let statistics = [
    Statistic<"numMwl", "layers-mwl", "Layers whose input products run ahead of the recurrence">,
    Statistic<"numOverlap", "layers-overlap", "Layers whose input products run beside the recurrence">,
    Statistic<"numPlain", "layers-plain", "Layers whose input products and recurrence alternate">,
    Statistic<"numLockstep", "layers-lockstep", "Layers whose sequences run in lock-step">
  ];
  let dependentDialects = ["::rnn::RnnDialect"];
}

def EncodeWeights : Pass<"rnn-encode-weights"> {
  let summary = "Bring the weights of products into the form that is stored";
  let description = [{
    Gives each `rnn.product` with a plain weight an `rnn.encode` outside the
    recurrence, one for all products of a weight, to panels of 16 rows. Those of
    constants, and of slices of rows of constants, are folded here: the result is a
    new constant, and the plain one goes if nothing else uses it. With
    `release-constants` the bytes of the plain one are freed before the next is
    encoded, so that a large model is not held twice.

    Example:

    ```mlir
    func.func @f(%w: tensor<40x3xf32>, %x: tensor<3xf32>) -> tensor<40xf32> {
      %p = rnn.product %w, %x : (tensor<40x3xf32>, tensor<3xf32>) -> tensor<40xf32>
      return %p : tensor<40xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%w: tensor<40x3xf32>, %x: tensor<3xf32>) -> tensor<40xf32> {
      %encoded = rnn.encode %w : tensor<40x3xf32> -> tensor<40x3xf32, #rnn.panels<16>>
      %p = rnn.product %encoded, %x : (tensor<40x3xf32, #rnn.panels<16>>, tensor<3xf32>) -> tensor<40xf32>
      return %p : tensor<40xf32>
    }
    ```
  }];
  let options = [Option<"releaseConstants", "release-constants", "bool", "false",
    "free the bytes of constants that the operation no longer uses; nothing else in the context may use them">];
  let statistics = [
    Statistic<"numConstant", "constant-weights-encoded", "Constant weights encoded at compile time">,
    Statistic<"numRuntime", "runtime-weights-encoded", "Weights encoded at run time">
  ];
  let dependentDialects = ["::rnn::RnnDialect"];
}

def ExpandActivations : Pass<"rnn-expand-activations"> {
  let summary = "Express activations by arith, math, sigmoid and tanh";
  let description = [{
    Replaces each `rnn.activation` other than sigmoid and tanh, on vectors, scalars
    and tensors of static shape, by its definition in `arith` and `math`.

    Example:

    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = rnn.activation softsign %x : tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %abs = math.absf %x : tensor<4xf32>
      %one = arith.constant dense<1.0> : tensor<4xf32>
      %sum = arith.addf %abs, %one : tensor<4xf32>
      %y = arith.divf %x, %sum : tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def LowerEncode : Pass<"rnn-lower-encode"> {
  let summary = "Encode weights that are known at run time only";
  let description = [{
    Replaces each `rnn.encode` that did not fold by the operations that its encoding
    builds. For panels: a padding to whole panels, a split of the rows and a transpose.

    Example:

    ```mlir
    func.func @f(%w: tensor<32x3xf32>) -> tensor<2x3x16xf32> {
      %encoded = rnn.encode %w : tensor<32x3xf32> -> tensor<32x3xf32, #rnn.panels<16>>
      %stored = rnn.reinterpret %encoded : tensor<32x3xf32, #rnn.panels<16>> to tensor<2x3x16xf32>
      return %stored : tensor<2x3x16xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%w: tensor<32x3xf32>) -> tensor<2x3x16xf32> {
      %split = tensor.expand_shape %w [[0, 1], [2]] output_shape [2, 16, 3] : tensor<32x3xf32> into tensor<2x16x3xf32>
      %empty = tensor.empty() : tensor<2x3x16xf32>
      %stored = linalg.transpose ins(%split : tensor<2x16x3xf32>) outs(%empty : tensor<2x3x16xf32>) permutation = [0, 2, 1]
      return %stored : tensor<2x3x16xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

#endif // RNN_DIALECT_RNN_TRANSFORMS_PASSES_TD
