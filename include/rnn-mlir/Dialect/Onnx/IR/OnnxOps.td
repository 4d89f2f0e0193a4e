#ifndef RNN_DIALECT_ONNX_IR_ONNXOPS_TD
#define RNN_DIALECT_ONNX_IR_ONNXOPS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Onnx_Dialect : Dialect {
  let name = "onnx";
  let cppNamespace = "::rnn::onnx";
  let summary = "An ONNX graph as it was read";
  let description = [{
    A graph is a `func.func @main`: its arguments are the graph's inputs, its
    results the graph's outputs, and both carry `onnx.name` (string) and
    `onnx.dims` (array of strings, one for each dimension, empty where it has no
    name). Module attributes: `onnx.opset` (version of the default domain, i64),
    `onnx.ir_version` (i64), `onnx.producer` (string), `onnx.file` (string: the
    name of the model, as it stands in locations), `onnx.defaults` (array of
    strings: inputs of the graph that have an initializer, and so are constants
    here).

    Types: tensors where the file gives a type (ranked where it gives a shape;
    dimensions with a name or without a value are dynamic), `!onnx.unknown`
    where it does not. The types of values inside the graph and of its outputs
    are what the file *says*; nothing has checked them. Elements: signed integers
    are signless (`i8` to `i64`), unsigned ones `ui8` to `ui64`, booleans `i1`,
    strings `!onnx.string`.

    Each node has a `NameLoc` of `file:node`, from `nodeLocation`.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect"];
  let useDefaultTypePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
}

class Onnx_Type<string name, string typeMnemonic> : TypeDef<Onnx_Dialect, name> { let mnemonic = typeMnemonic; }

def Onnx_OnnxNoneType : Onnx_Type<"OnnxNone", "none"> { let summary = "an absent optional input"; }
def Onnx_UnknownType : Onnx_Type<"Unknown", "unknown"> { let summary = "a value of which the file gives no type"; }
def Onnx_StringType : Onnx_Type<"String", "string"> { let summary = "the element type of a tensor of strings"; }

class Onnx_Op<string mnemonic, list<Trait> traits = []> : Op<Onnx_Dialect, mnemonic, traits>;

def Onnx_NodeOp : Onnx_Op<"node", [NoMemoryEffect, SingleBlock]> {
  let summary = "One node of an ONNX graph, of any operator";
  let description = [{
    Inputs and outputs are by position. An absent optional input is a value of
    `onnx.none`, an output that the model does not name is a result without uses.
    Attributes keep ONNX's names: `i64`, `f32`, string, `array<i64: …>` (ints),
    `array<f32: …>` (floats), array of strings, elements (tensor), type.
    Attributes that are graphs become regions, named by `subgraph_names`; their
    block arguments are the graph's inputs, and values of the enclosing graphs
    are used directly.

    ```mlir
    %h:3 = onnx.node "LSTM"(%x, %w, %r) with {hidden_size = 8 : i64}
        : (tensor<?x1x4xf32>, tensor<1x32x4xf32>, tensor<1x32x8xf32>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown)
    ```

    Constraints:
    * (C1) `subgraph_names` holds one name for each region, none twice.
  }];
  let arguments = (ins
    StrAttr:$op_type,
    Variadic<AnyType>:$inputs,
    DefaultValuedStrAttr<StrAttr, "">:$domain,
    DefaultValuedAttr<DictionaryAttr, "{}">:$onnx_attributes,
    DefaultValuedAttr<StrArrayAttr, "{}">:$subgraph_names);
  let results = (outs Variadic<AnyType>:$outputs);
  let regions = (region VariadicRegion<SizedRegion<1>>:$subgraphs);
  let assemblyFormat = [{
    $op_type `(` $inputs `)` (`domain` `(` $domain^ `)`)? (`with` $onnx_attributes^)?
    (`subgraphs` $subgraph_names^ $subgraphs)? attr-dict `:` functional-type($inputs, $outputs)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The input at `index`, null where the node does not give it.
    ::mlir::Value getInput(unsigned index);
    /// Whether something uses the output at `index`.
    bool wantsOutput(unsigned index);
    /// The ONNX attribute `name`, null where the node does not give it.
    ::mlir::Attribute getOnnxAttr(::llvm::StringRef name) { return getOnnxAttributes().get(name); }
    /// The graph attribute `name`, null where the node does not give it.
    ::mlir::Region *getSubgraph(::llvm::StringRef name);
  }];
}

def Onnx_ConstantOp : Onnx_Op<"constant", [Pure, ConstantLike, AllTypesMatch<["value", "result"]>]> {
  let summary = "An initializer or the value of a Constant node";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}

def Onnx_NoneOp : Onnx_Op<"none", [Pure]> {
  let summary = "An absent optional input";
  let results = (outs Onnx_OnnxNoneType:$result);
  let assemblyFormat = "attr-dict";
  let builders = [OpBuilder<(ins), [{ $_state.addTypes(OnnxNoneType::get($_builder.getContext())); }]>];
}

def Onnx_ReturnOp : Onnx_Op<"return", [Pure, ReturnLike, Terminator,
    ParentOneOf<["::mlir::func::FuncOp", "NodeOp"]>]> {
  let summary = "The outputs of a graph";
  let description = [{
    Constraints:
    * (C1) in a function, as many values and of the same types as the function's results.
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let hasVerifier = 1;
}

#endif // RNN_DIALECT_ONNX_IR_ONNXOPS_TD
