#ifndef RNN_DIALECT_RNN_IR_RNNLAYERS_TD
#define RNN_DIALECT_RNN_IR_RNNLAYERS_TD

include "rnn-mlir/Dialect/Rnn/IR/RnnDialect.td"
include "rnn-mlir/Dialect/Rnn/IR/RnnInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

//===----------------------------------------------------------------------===//
// Layers: one direction, time-major, value semantics
//===----------------------------------------------------------------------===//

/// A layer: the results that all cells share, and the interfaces of the parts that it has.
class Rnn_LayerOp<string mnemonic, list<Trait> parts>
    : Rnn_Op<mnemonic,
             !listconcat([Pure, AttrSizedOperandSegments, DeclareOpInterfaceMethods<Rnn_RecurrentLayerOpInterface>],
                         parts)> {
  let results = (outs AnyRankedTensor:$y, Variadic<AnyRankedTensor>:$finals);
  let hasVerifier = 1;
}

/// A layer with recurrent weights, biases, clip and so many activations.
class Rnn_GatedLayerOp<string mnemonic, int activations>
    : Rnn_LayerOp<mnemonic, [Rnn_RecurrentWeightOpInterface, Rnn_BiasesOpInterface, Rnn_ActivationsOpInterface]> {
  let extraClassDeclaration = "static size_t getActivationCount() { return "#!cast<string>(activations)#"; }";
}

defvar Rnn_layerFormat = [{
    (`init` `(` $init^ `)`)? (`lengths` `(` $lengths^ `)`)? attr-dict `:` functional-type(operands, results)
}];

def Rnn_LstmOp : Rnn_GatedLayerOp<"lstm", 3> {
  let summary = "A long short-term memory layer of one direction";
  let description = [{
    Gates in the order i, o, f, c. `docs/rnn/lstm.md` has the equations, the shapes and the constraints
    that the verifier numbers.
  }];
  let arguments = (ins
    AnyRankedTensor:$x, AnyRankedTensor:$w, AnyRankedTensor:$r,
    Optional<AnyRankedTensor>:$input_bias, Optional<AnyRankedTensor>:$recurrent_bias,
    Optional<AnyRankedTensor>:$peephole, Optional<AnyRankedTensor>:$proj,
    Variadic<AnyRankedTensor>:$init, Optional<AnyRankedTensor>:$lengths,
    UnitAttr:$reverse, Rnn_ActivationArrayAttr:$activations, OptionalAttr<F32Attr>:$clip,
    UnitAttr:$input_forget);
  let assemblyFormat = !strconcat([{
    $x `,` $w `,` $r (`input_bias` `(` $input_bias^ `)`)? (`recurrent_bias` `(` $recurrent_bias^ `)`)?
    (`peephole` `(` $peephole^ `)`)? (`proj` `(` $proj^ `)`)?
  }], Rnn_layerFormat);
}

def Rnn_GruOp : Rnn_GatedLayerOp<"gru", 2> {
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

def Rnn_ElmanOp : Rnn_GatedLayerOp<"elman", 1> {
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

def Rnn_SruOp : Rnn_LayerOp<"sru", []> {
  let summary = "A simple recurrent unit layer of one direction";
  let description = [{
    Rows of `w` in the order candidate, f, r. Nothing but element-wise work depends on the state.
    `docs/rnn/sru.md` has the equations, the shapes and the constraints that the verifier numbers.
  }];
  let arguments = (ins
    AnyRankedTensor:$x, AnyRankedTensor:$w, Optional<AnyRankedTensor>:$bias, Optional<AnyRankedTensor>:$peephole,
    Optional<AnyRankedTensor>:$highway, Variadic<AnyRankedTensor>:$init, Optional<AnyRankedTensor>:$lengths,
    UnitAttr:$reverse, OptionalAttr<Rnn_ActivationAttr>:$output_activation);
  let assemblyFormat = !strconcat([{
    $x `,` $w (`bias` `(` $bias^ `)`)? (`peephole` `(` $peephole^ `)`)? (`highway` `(` $highway^ `)`)?
  }], Rnn_layerFormat);
}

def Rnn_QrnnOp : Rnn_LayerOp<"qrnn", []> {
  let summary = "A quasi-recurrent layer of one direction";
  let description = [{
    Rows of `w` in the order z, f, o, i, as far as the pooling has them; its columns are the inputs of the window, the
    oldest first. Nothing but element-wise work depends on the state.
    `docs/rnn/qrnn.md` has the equations, the shapes and the constraints that the verifier numbers.
  }];
  let arguments = (ins Rnn_PoolingKindAttr:$pooling,
    AnyRankedTensor:$x, AnyRankedTensor:$w, Optional<AnyRankedTensor>:$bias, Optional<AnyRankedTensor>:$history,
    Variadic<AnyRankedTensor>:$init, Optional<AnyRankedTensor>:$lengths,
    UnitAttr:$reverse, I64Attr:$window);
  let assemblyFormat = !strconcat([{
    $pooling $x `,` $w (`bias` `(` $bias^ `)`)? (`history` `(` $history^ `)`)?
  }], Rnn_layerFormat);
}

#endif // RNN_DIALECT_RNN_IR_RNNLAYERS_TD
