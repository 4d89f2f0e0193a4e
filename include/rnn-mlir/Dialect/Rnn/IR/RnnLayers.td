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
    Gates in the order i, o, f, c. `docs/rnn/lstm.md` has the equations, the shapes and the constraints
    that the verifier numbers.
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
    Gates in the order z, r, h. `docs/rnn/gru.md` has the equations, the shapes and the constraints
    that the verifier numbers.
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
    One gate. `docs/rnn/elman.md` has the equations, the shapes and the constraints
    that the verifier numbers.
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
