#ifndef RNN_DIALECT_RPU_IR_RPUDIALECT_TD
#define RNN_DIALECT_RPU_IR_RPUDIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "rnn-mlir/Dialect/Rpu/IR/RpuMachine.td"

def Rpu_Dialect : Dialect {
  let name = "rpu";
  let cppNamespace = "::rnn::rpu";
  let summary = "The machine: programs of the recurrent processing unit";
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect"];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
}

def Rpu_BufferType : TypeDef<Rpu_Dialect, "Buffer">, BuildableType<"$_builder.getType<::rnn::rpu::BufferType>()"> {
  let mnemonic = "buffer";
  let summary = "A range of one of the machine's memories";
}

class Rpu_I32Enum<string name, string description, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, description, cases> {
  let cppNamespace = "::rnn::rpu";
  let genSpecializedAttr = 0;
}

def Rpu_MemoryEnum : Rpu_I32Enum<"Memory", "memory of the machine",
    !foreach(m, !instances<Rpu_Memory>(), I32EnumAttrCase<m.Symbol, m.Number, m.Name>)>;
def Rpu_MemoryAttr : EnumAttr<Rpu_Dialect, Rpu_MemoryEnum, "memory">;

def Rpu_FormatEnum : Rpu_I32Enum<"Format", "number format of memory",
    !foreach(f, !instances<Rpu_Format>(), I32EnumAttrCase<f.Symbol, f.Number, f.Name>)>;

def Rpu_Role : Rpu_I32Enum<"Role", "what an instruction does for its layer", [
  I32EnumAttrCase<"Control", 0, "control">,
  I32EnumAttrCase<"Weights", 1, "weights">,
  I32EnumAttrCase<"Input", 2, "input">,
  I32EnumAttrCase<"Project", 3, "project">,
  I32EnumAttrCase<"Recur", 4, "recur">,
  I32EnumAttrCase<"Output", 5, "output">,
  I32EnumAttrCase<"Sequences", 6, "sequences">,
  I32EnumAttrCase<"Tiles", 7, "tiles">,
  I32EnumAttrCase<"Steps", 8, "steps">
]>;
def Rpu_RoleAttr : EnumAttr<Rpu_Dialect, Rpu_Role, "role">;

def Rpu_RegOrImmAttr : AttrDef<Rpu_Dialect, "RegOrImm"> {
  let mnemonic = "n";
  let summary = "A size: an immediate, or the scalar register that holds it";
  let parameters = (ins "bool":$isReg, "int64_t":$value);
  let hasCustomAssemblyFormat = 1;
}

def Rpu_ViewAttr : AttrDef<Rpu_Dialect, "View"> {
  let mnemonic = "view";
  let summary = "Where in its buffer an operand lies";
  let description = [{
    The address of an instance is the buffer's, plus `offset`, plus for each loop
    level the loop's index times the scalar register `strides[level]` (0: none).
    The index of level `ringLevel` is taken modulo `ringDepth` where that is not
    0. `pitch` is the distance in bytes between consecutive rows or vectors, and
    `format` that of the numbers there; copies and fills are of bytes and take
    the default, f32.

    Constraints:
    * (C1) there is a stride for at most each of the 8 loop levels, each from s0
      to s63.
    * (C2) the ring has a level from 0 to 7 and a depth from 0 to 15.
  }];
  let parameters = (ins "int64_t":$offset, ArrayRefParameter<"int64_t">:$strides, "int64_t":$ringLevel,
    "int64_t":$ringDepth, "::rnn::rpu::RegOrImmAttr":$pitch, "::rnn::rpu::Format":$format);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let builders = [
    AttrBuilder<(ins CArg<"int64_t", "0">:$offset), [{
      return $_get($_ctxt, offset, ::llvm::ArrayRef<int64_t>(), 0, 0, RegOrImmAttr::get($_ctxt, false, 0), Format::F32);
    }]>,
    AttrBuilder<(ins "int64_t":$offset, "::llvm::ArrayRef<int64_t>":$strides, "int64_t":$ringLevel,
                     "int64_t":$ringDepth, "::rnn::rpu::RegOrImmAttr":$pitch), [{
      return $_get($_ctxt, offset, strides, ringLevel, ringDepth, pitch, Format::F32);
    }]>];
}

#endif // RNN_DIALECT_RPU_IR_RPUDIALECT_TD
