// The made-up encoding of docs/how-to/add-an-encoding.md.
include "mlir/IR/AttrTypeBase.td"
include "rnn-mlir/Dialect/Rnn/IR/RnnEncodings.td"

def Toy_Dialect : Dialect {
  let name = "toy";
  let cppNamespace = "::toy";
  let useDefaultAttributePrinterParser = 1;
}

def Toy_BandsAttr : AttrDef<Toy_Dialect, "Bands", [
    DeclareAttrInterfaceMethods<VerifiableTensorEncoding>, DeclareAttrInterfaceMethods<Rnn_WeightEncoding>]> {
  let mnemonic = "bands";
  let summary = "A weight in bands of rows, each row from its last column to its first";
  let parameters = (ins "int64_t":$rows);
  let assemblyFormat = "`<` $rows `>`";
}
