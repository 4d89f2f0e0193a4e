#ifndef RNN_DIALECT_RNN_IR_RNNDIALECT_TD
#define RNN_DIALECT_RNN_IR_RNNDIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Rnn_Dialect : Dialect {
  let name = "rnn";
  let cppNamespace = "::rnn";
  let summary = "Recurrent neural networks: layers, and the products and steps they become";
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
}

class Rnn_Op<string mnemonic, list<Trait> traits = []> : Op<Rnn_Dialect, mnemonic, traits>;

class Rnn_I32Enum<string name, string description, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, description, cases> {
  let cppNamespace = "::rnn";
  let genSpecializedAttr = 0;
}

/// The eleven activation functions of ONNX's recurrent operators.
def Rnn_ActivationKind : Rnn_I32Enum<"ActivationKind", "activation function", [
  I32EnumAttrCase<"Affine", 0, "affine">,
  I32EnumAttrCase<"Relu", 1, "relu">,
  I32EnumAttrCase<"LeakyRelu", 2, "leaky_relu">,
  I32EnumAttrCase<"ThresholdedRelu", 3, "thresholded_relu">,
  I32EnumAttrCase<"ScaledTanh", 4, "scaled_tanh">,
  I32EnumAttrCase<"Tanh", 5, "tanh">,
  I32EnumAttrCase<"Sigmoid", 6, "sigmoid">,
  I32EnumAttrCase<"HardSigmoid", 7, "hard_sigmoid">,
  I32EnumAttrCase<"Elu", 8, "elu">,
  I32EnumAttrCase<"Softsign", 9, "softsign">,
  I32EnumAttrCase<"Softplus", 10, "softplus">
]>;
def Rnn_ActivationKindAttr : EnumAttr<Rnn_Dialect, Rnn_ActivationKind, "activation_kind">;

/// An activation of a layer.
def Rnn_ActivationAttr : AttrDef<Rnn_Dialect, "Activation"> {
  let mnemonic = "act";
  let summary = "An activation function with its parameters";
  let description = [{
    `alpha` and `beta` are f32 and present exactly where the function has them.

    Example: `#rnn.act<tanh>`, `#rnn.act<hard_sigmoid, alpha = 0.2 : f32, beta = 0.5 : f32>`.
  }];
  let parameters = (ins "::rnn::ActivationKind":$kind, OptionalParameter<"::mlir::FloatAttr">:$alpha,
                        OptionalParameter<"::mlir::FloatAttr">:$beta);
  let assemblyFormat = "`<` $kind (`,` `alpha` `=` $alpha^)? (`,` `beta` `=` $beta^)? `>`";
  let genVerifyDecl = 1;
}
def Rnn_ActivationArrayAttr : TypedArrayAttrBase<Rnn_ActivationAttr, "activation functions">;

/// Order of products and recurrence in time.
def Rnn_ScheduleKind : Rnn_I32Enum<"ScheduleKind", "order of the products of a recurrence in time", [
  I32EnumAttrCase<"Plain", 0, "plain">,
  I32EnumAttrCase<"Mwl", 1, "mwl">,
  I32EnumAttrCase<"Overlap", 2, "overlap">,
  I32EnumAttrCase<"Auto", 3, "auto">
]>;
def Rnn_ScheduleKindAttr : EnumAttr<Rnn_Dialect, Rnn_ScheduleKind, "schedule">;

/// Memories of a tile in which a state can live.
def Rnn_StateMemory : Rnn_I32Enum<"StateMemory", "memory of a state", [
  I32EnumAttrCase<"Vector", 0, "vector">,
  I32EnumAttrCase<"Acc", 1, "acc">
]>;
def Rnn_StateMemoryAttr : EnumAttr<Rnn_Dialect, Rnn_StateMemory, "memory"> {
  let assemblyFormat = "`<` $value `>`";
}
def Rnn_StateMemoryArrayAttr : TypedArrayAttrBase<Rnn_StateMemoryAttr, "memories of states">;

/// What a quasi-recurrent layer does with its gates.
def Rnn_PoolingKind : Rnn_I32Enum<"PoolingKind", "pooling of a quasi-recurrent layer", [
  I32EnumAttrCase<"F", 0, "f">,
  I32EnumAttrCase<"Fo", 1, "fo">,
  I32EnumAttrCase<"Ifo", 2, "ifo">
]>;
def Rnn_PoolingKindAttr : EnumAttr<Rnn_Dialect, Rnn_PoolingKind, "pooling">;

#endif // RNN_DIALECT_RNN_IR_RNNDIALECT_TD
