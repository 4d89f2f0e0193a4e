#ifndef RNN_DIALECT_RNN_IR_RNNLAYERS_TD
#define RNN_DIALECT_RNN_IR_RNNLAYERS_TD

include "rnn-mlir/Dialect/Rnn/IR/RnnDialect.td"
include "rnn-mlir/Dialect/Rnn/IR/RnnInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

//===----------------------------------------------------------------------===//
// Layers: one direction, time-major, value semantics
//===----------------------------------------------------------------------===//

/// A layer: the operands, attributes and results that all cells share, and the
/// constraints that its verifier numbers.
class Rnn_LayerOp<string mnemonic> : Rnn_Op<mnemonic, [Pure, AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<Rnn_RecurrentLayerOpInterface,
      ["getStateSizes", "getProducts", "buildShared", "buildProject", "buildStep"]>]> {
  let results = (outs AnyRankedTensor:$y, Variadic<AnyRankedTensor>:$finals);
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The number of elements of the hidden state.
    int64_t getHiddenSize() { return getR().getType().getDimSize(1); }
    /// The number of elements of one input vector.
    int64_t getInputSize() { return getX().getType().getDimSize(2); }
  }];
}

defvar Rnn_layerFormat = [{
    (`init` `(` $init^ `)`)? (`lengths` `(` $lengths^ `)`)? attr-dict `:` functional-type(operands, results)
}];

def Rnn_LstmOp : Rnn_LayerOp<"lstm"> {
  let summary = "A long short-term memory layer of one direction";
  let description = [{
    Gates in the order i, o, f, c; `H` elements each. For each valid step, with
    `a(v) = activation(clip(v))`:

    ```
    p  = W x + R h + (input_bias + recurrent_bias)
    i  = f(p_i + peephole_i · c)
    f  = input_forget ? 1 - i : f(p_f + peephole_f · c)
    c~ = g(p_c)
    C  = f · c + i · c~
    o  = f(p_o + peephole_o · C)
    H  = o · h(C)
    ```

    `activations` lists f, g, h. `clip` bounds the input of each activation to
    [-clip, clip], that of h included; the stored C stays unclipped.

    Constraints (G = 4):
    * (C1) `x` is `[T, B, I]` of a float type, with a static `I`.
    * (C2) `w` is `[G·H, I]` and static, of the element type of `x`.
    * (C3) `r` is `[G·H, H]` and static, of the element type of `x`.
    * (C4) `input_bias` and `recurrent_bias` are `[G·H]`.
    * (C5) `lengths` is `[B]` of i32.
    * (C6) there is one final state `[B, H]` for each state (h, c); `init` is empty or
      has their types.
    * (C7) `y` is `[T, B, H]`.
    * (C8) `activations` has 3 entries.
    * (C9) `clip` is not negative and not NaN.
    * (C10) `peephole` is `[3·H]`, in the order i, o, f.
  }];
  let arguments = (ins
    AnyRankedTensor:$x, AnyRankedTensor:$w, AnyRankedTensor:$r,
    Optional<AnyRankedTensor>:$input_bias, Optional<AnyRankedTensor>:$recurrent_bias,
    Optional<AnyRankedTensor>:$peephole,
    Variadic<AnyRankedTensor>:$init, Optional<AnyRankedTensor>:$lengths,
    UnitAttr:$reverse, Rnn_ActivationArrayAttr:$activations, OptionalAttr<F32Attr>:$clip,
    UnitAttr:$input_forget);
  let assemblyFormat = !strconcat([{
    $x `,` $w `,` $r (`input_bias` `(` $input_bias^ `)`)? (`recurrent_bias` `(` $recurrent_bias^ `)`)?
    (`peephole` `(` $peephole^ `)`)?
  }], Rnn_layerFormat);
}

def Rnn_GruOp : Rnn_LayerOp<"gru"> {
  let summary = "A gated recurrent unit layer of one direction";
  let description = [{
    Gates in the order z, r, h; `H` elements each. For each valid step, with
    `a(v) = activation(clip(v))`:

    ```
    z  = f(W_z x + R_z h + (input_bias_z + recurrent_bias_z))
    r  = f(W_r x + R_r h + (input_bias_r + recurrent_bias_r))
    h~ = linear_before_reset
           ? g(W_h x + input_bias_h + r · (R_h h + recurrent_bias_h))
           : g(W_h x + R_h (r · h) + (input_bias_h + recurrent_bias_h))
    H  = (1 - z) · h~ + z · h
    ```

    `activations` lists f, g. `clip` bounds the input of each activation to
    [-clip, clip].

    Constraints (G = 3): C1 to C7 and C9 as for `rnn.lstm`, with the state h.
    * (C8) `activations` has 2 entries.
  }];
  let arguments = (ins
    AnyRankedTensor:$x, AnyRankedTensor:$w, AnyRankedTensor:$r,
    Optional<AnyRankedTensor>:$input_bias, Optional<AnyRankedTensor>:$recurrent_bias,
    Variadic<AnyRankedTensor>:$init, Optional<AnyRankedTensor>:$lengths,
    UnitAttr:$reverse, Rnn_ActivationArrayAttr:$activations, OptionalAttr<F32Attr>:$clip,
    UnitAttr:$linear_before_reset);
  let assemblyFormat = !strconcat([{
    $x `,` $w `,` $r (`input_bias` `(` $input_bias^ `)`)? (`recurrent_bias` `(` $recurrent_bias^ `)`)?
  }], Rnn_layerFormat);
}

def Rnn_ElmanOp : Rnn_LayerOp<"elman"> {
  let summary = "A simple recurrent layer of one direction";
  let description = [{
    For each valid step, with `a(v) = activation(clip(v))`:

    ```
    H = f(W x + R h + (input_bias + recurrent_bias))
    ```

    `activations` lists f. `clip` bounds the input of the activation to [-clip, clip].

    Constraints (G = 1): C1 to C7 and C9 as for `rnn.lstm`, with the state h.
    * (C8) `activations` has 1 entry.
  }];
  let arguments = (ins
    AnyRankedTensor:$x, AnyRankedTensor:$w, AnyRankedTensor:$r,
    Optional<AnyRankedTensor>:$input_bias, Optional<AnyRankedTensor>:$recurrent_bias,
    Variadic<AnyRankedTensor>:$init, Optional<AnyRankedTensor>:$lengths,
    UnitAttr:$reverse, Rnn_ActivationArrayAttr:$activations, OptionalAttr<F32Attr>:$clip);
  let assemblyFormat = !strconcat([{
    $x `,` $w `,` $r (`input_bias` `(` $input_bias^ `)`)? (`recurrent_bias` `(` $recurrent_bias^ `)`)?
  }], Rnn_layerFormat);
}

#endif // RNN_DIALECT_RNN_IR_RNNLAYERS_TD
