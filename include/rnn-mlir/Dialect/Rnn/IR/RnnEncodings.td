#ifndef RNN_DIALECT_RNN_IR_RNNENCODINGS_TD
#define RNN_DIALECT_RNN_IR_RNNENCODINGS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/TensorEncoding.td"
include "rnn-mlir/Dialect/Rnn/IR/RnnDialect.td"

//===----------------------------------------------------------------------===//
// Encodings: the forms in which weights are stored
//===----------------------------------------------------------------------===//

def Rnn_WeightEncoding : AttrInterface<"WeightEncoding"> {
  let cppNamespace = "::rnn";
  let description = [{
    The form in which a weight is stored: the encoding of its tensor type, whose
    shape stays that of the matrix, `[R, C]`. What is stored is a sequence of blocks
    of the same size; block `k` holds what the rows `k * rows` and following, up to
    `rows` of them, need. A product reads its blocks one after another, so that they
    can be streamed.

    The encoding also implements `VerifiableTensorEncoding`, which refuses shapes and
    element types that it has no form for; the other methods may rely on it.
  }];
  let methods = [
    InterfaceMethod<"The type of what is stored for a weight of this encoding: of its elements in row-major order.",
                    "::mlir::RankedTensorType", "getStoredType", (ins "::mlir::RankedTensorType":$weight)>,
    InterfaceMethod<"The blocks of a weight of this encoding.",
                    "::rnn::WeightBlocks", "getBlocks", (ins "::mlir::RankedTensorType":$weight)>,
    InterfaceMethod<"Writes what is stored for the elements of a matrix, which are in row-major order.",
                    "void", "encode",
                    (ins "::mlir::RankedTensorType":$weight, "::llvm::ArrayRef<char>":$dense,
                         "::llvm::MutableArrayRef<char>":$stored)>,
    InterfaceMethod<"Writes the elements of the matrix that is stored, in row-major order.",
                    "void", "decode",
                    (ins "::mlir::RankedTensorType":$weight, "::llvm::ArrayRef<char>":$stored,
                         "::llvm::MutableArrayRef<char>":$dense)>,
    InterfaceMethod<"Whether a matrix whose elements are all the same is stored as elements of that value alone.",
                    "bool", "keepsSplats", (ins "::mlir::RankedTensorType":$weight), "", "return false;">,
    InterfaceMethod<"Builds what `encode` does for a matrix that is known at run time only, by operations on tensors.",
                    "::mlir::Value", "buildEncode",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
                         "::mlir::RankedTensorType":$weight, "::mlir::Value":$dense)>
  ];
}

def Rnn_PanelsAttr : AttrDef<Rnn_Dialect, "Panels", [
    DeclareAttrInterfaceMethods<VerifiableTensorEncoding>, DeclareAttrInterfaceMethods<Rnn_WeightEncoding, ["keepsSplats"]>]> {
  let mnemonic = "panels";
  let summary = "A weight in panels of rows";
  let description = [{
    A panel holds `rows` rows, column by column: `stored[p, c, r] = w[rows * p + r, c]`,
    zero beyond the last row. So a product reads its weights in the order in which
    it needs them, for `rows` sums at a time. A block is a panel.

    Example: `tensor<40x3xf32, #rnn.panels<16>>` is stored as `tensor<3x3x16xf32>`.
  }];
  let parameters = (ins "int64_t":$rows);
  let assemblyFormat = "`<` $rows `>`";
  let genVerifyDecl = 1;
}

#endif // RNN_DIALECT_RNN_IR_RNNENCODINGS_TD
