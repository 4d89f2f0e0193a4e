//===- RpuOps.td - Programs, buffers, loops and launches ---*- tablegen -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef RNN_DIALECT_RPU_IR_RPUOPS_TD
#define RNN_DIALECT_RPU_IR_RPUOPS_TD

include "rnn-mlir/Dialect/Rpu/IR/RpuInstr.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

def Rpu_ArgumentAttr : AttrDef<Rpu_Dialect, "Argument"> {
  let mnemonic = "argument";
  let summary = "An array in DRAM that a launch passes to a program";
  let description = [{
    `shape` has -1 for a run-time size. Before the start the runtime writes the
    array's address to scalar register `base`, and size `k` to register `dims[k]`
    where that is not 0.
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "bool":$output, "int64_t":$elementBytes,
    ArrayRefParameter<"int64_t">:$shape, "int64_t":$base, ArrayRefParameter<"int64_t">:$dims);
  let assemblyFormat = [{
    `<` $name `,` `output` `=` $output `,` `bytes` `=` $elementBytes `,` `shape` `=` `[` $shape `]` `,`
    `base` `=` $base `,` `dims` `=` `[` $dims `]` `>`
  }];
}

def Rpu_LayerAttr : AttrDef<Rpu_Dialect, "Layer"> {
  let mnemonic = "layer";
  let summary = "The layer a program computes, and what bounds its time";
  let description = [{
    Multiply-adds of a valid step of a sequence; bytes of the weights of the input
    and of those of the state, without padding; cycles that mat takes for the products
    of each of both at a valid step of a sequence, beside what the weights take, on the
    module's target; bytes beside the weights that must
    cross the DRAM channel for a call, for a sequence and for a valid step; bytes of
    the weights and of those for a call that are constants, which may stay on the
    tile from call to call; and the
    arguments that give the steps of the sequences, -1 for none: the one whose
    first size is the most steps and whose second is the number of sequences, and
    the one of the lengths. None of it depends on the schedule.
  }];
  let parameters = (ins "::mlir::StringAttr":$node, "int64_t":$macsPerStep, "int64_t":$inputWeightBytes,
    "int64_t":$stateWeightBytes, "int64_t":$dramBytesPerCall, "int64_t":$dramBytesPerSequence,
    "int64_t":$dramBytesPerStep, "int64_t":$stepsArgument, "int64_t":$lengthsArgument,
    DefaultValuedParameter<"int64_t", "0">:$constantBytes,
    DefaultValuedParameter<"int64_t", "0">:$inputMatCyclesPerStep,
    DefaultValuedParameter<"int64_t", "0">:$stateMatCyclesPerStep);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Rpu_ProgramOp : Rpu_Op<"program", [IsolatedFromAbove, Symbol, SingleBlock, NoTerminator]> {
  let summary = "What one launch runs on the machine";
  let description = [{
    Made by `rnn-outline` with tensors as block arguments, a recurrence and a
    `return`. After `convert-rnn-to-rpu` the block has no arguments and holds
    buffers, loops and instructions; `arguments` says what a launch passes.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
    OptionalAttr<TypedArrayAttrBase<Rpu_ArgumentAttr, "program arguments">>:$arguments,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$semaphores,
    OptionalAttr<Rpu_LayerAttr>:$layer);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The numbers of `layer`, of a program in machine form.
    ::llvm::LogicalResult verifyLayer();
  }];
}

def Rpu_ReturnOp : Rpu_Op<"return", [Pure, ReturnLike, Terminator, HasParent<"ProgramOp">]> {
  let summary = "Results of a program whose body is still on tensors";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Rpu_LaunchOp : Rpu_Op<"launch", [AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Run a program on the machine";
  let description = [{
    The program reads `ins` and writes every element of `outs`; the results stand
    for the written `outs`. `ins` and `outs` are what the program takes and
    returns: its block arguments and the operands of its `return`, or after
    `convert-rnn-to-rpu` its `arguments`, inputs before outputs.
  }];
  let arguments = (ins FlatSymbolRefAttr:$program, Variadic<AnyRankedTensor>:$ins, Variadic<AnyRankedTensor>:$outs);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $program `ins` `(` ($ins^ `:` type($ins))? `)` `outs` `(` ($outs^ `:` type($outs))? `)` attr-dict
    (`->` type($results)^)?
  }];
  let hasVerifier = 1;
}

def Rpu_BufferOp : Rpu_Op<"buffer", [Pure, HasParent<"ProgramOp">]> {
  let summary = "A range of a memory";
  let description = [{
    In a memory of the tile, or in DRAM either a `constant` or the `argument` of
    that number. `rpu-plan` gives the address in the tile's memory; the
    encoder places a constant in the constants section. The address of an argument
    is in its base register, or in register `base` where that is given.
  }];
  let arguments = (ins Rpu_MemoryAttr:$memory, StrAttr:$name, ConfinedAttr<I64Attr, [IntNonNegative]>:$bytes,
    OptionalAttr<I64Attr>:$address, OptionalAttr<ElementsAttr>:$constant, OptionalAttr<I64Attr>:$argument,
    OptionalAttr<I64Attr>:$base);
  let results = (outs Rpu_BufferType:$result);
  let assemblyFormat = "$memory $name $bytes attr-dict";
  let hasVerifier = 1;
}

def Rpu_SetupOp : Rpu_Op<"setup", [NoTerminator, SingleBlock, RecursiveMemoryEffects, HasParent<"ProgramOp">]> {
  let summary = "What a program does once a session";
  let description = [{
    The instructions of the body are those that the program begins with in the
    first launch of a session; a later launch begins behind them. What they write
    stays on the tile from launch to launch. They are of engines, and refer to no
    register and no argument, as these are of one launch. A program has one
    `setup` at most, with nothing but buffers and `set` before it.
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Rpu_LoopOp : Rpu_Op<"loop", [NoTerminator, SingleBlock, RecursiveMemoryEffects]> {
  let summary = "A hardware loop: `begin`, the body, `end`";
  let description = [{
    The role tells the loops of a layer: over its sequences or tiles of them, over
    tiles of time steps, and over the steps of a tile. Any other is of role `control`.

    Constraints:
    * (C1) the role is `control`, `sequences`, `tiles` or `steps`.
  }];
  let arguments = (ins Rpu_RegOrImmAttr:$count, DefaultValuedAttr<Rpu_RoleAttr, "::rnn::rpu::Role::Control">:$role);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$count attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

#endif // RNN_DIALECT_RPU_IR_RPUOPS_TD
