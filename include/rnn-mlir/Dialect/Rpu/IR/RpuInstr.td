//===- RpuInstr.td - The instruction set -------------------*- tablegen -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// One record an instruction. The op, the struct, the encoder, the decoder, the
// assembler, the disassembler, the bridge between op and struct, and the manual
// are made from here.
//===----------------------------------------------------------------------===//
#ifndef RNN_DIALECT_RPU_IR_RPUINSTR_TD
#define RNN_DIALECT_RPU_IR_RPUINSTR_TD

include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

//===----------------------------------------------------------------------===//
// Sequencer
//===----------------------------------------------------------------------===//

def Rpu_HaltOp : Rpu_SeqOp<"halt", 0x01, [Rpu_Reserved<0, 0, 120>]> {
  let summary = "End the program";
  let description = [{The program is over when every engine has finished what was issued before.}];
}

def Rpu_Begin : Rpu_SeqInstr<"begin", 0x02, [Rpu_Field<Rpu_Size32, "count", 0, 0>, Rpu_Reserved<0, 33, 87>]> {
  let summary = "Begin a loop of `count` iterations";
  let description = [{
    The instructions up to the matching `end` run `count` times; not at all if
    `count` is 0 or negative. Loops nest eight deep; the outermost is level 0.
  }];
}

def Rpu_End : Rpu_SeqInstr<"end", 0x03, [Rpu_Reserved<0, 0, 120>]> {
  let summary = "End the innermost loop's body";
  let description = [{Adds 1 to the loop's index and continues after `begin` while it is below the count.}];
}

def Rpu_SetOp : Rpu_SeqOp<"set", 0x04,
    [Rpu_Field<Rpu_RegOut, "rd", 0, 64>, Rpu_Field<Rpu_Imm64, "value", 0, 0>, Rpu_Reserved<0, 70, 50>]> {
  let summary = "rd = value";
  let description = [{s0 is always 0: an instruction that writes it is refused by the compiler, the assembler and the simulator.}];
}

class Rpu_ScalarOp<string mnemonic, bits<8> opcode> : Rpu_SeqOp<mnemonic, opcode,
    [Rpu_Field<Rpu_RegOut, "rd", 0, 0>, Rpu_Field<Rpu_RegIn, "ra", 0, 6>, Rpu_Field<Rpu_RegIn, "rb", 0, 12>,
     Rpu_Reserved<0, 18, 102>]>;

def Rpu_AddOp : Rpu_ScalarOp<"add", 0x05> {
  let summary = "rd = ra + rb";
  let description = [{Signed, modulo 2^64.}];
}
def Rpu_SubOp : Rpu_ScalarOp<"sub", 0x06> {
  let summary = "rd = ra - rb";
  let description = [{Signed, modulo 2^64.}];
}
def Rpu_MulOp : Rpu_ScalarOp<"mul", 0x07> {
  let summary = "rd = ra * rb";
  let description = [{Signed, modulo 2^64.}];
}
def Rpu_DivOp : Rpu_ScalarOp<"div", 0x08> {
  let summary = "rd = floor(ra / rb)";
  let description = [{Rounds towards minus infinity; a fault if rb is 0.}];
}
def Rpu_MinOp : Rpu_ScalarOp<"min", 0x09> {
  let summary = "rd = min(ra, rb)";
  let description = [{Signed.}];
}
def Rpu_MaxOp : Rpu_ScalarOp<"max", 0x0a> {
  let summary = "rd = max(ra, rb)";
  let description = [{Signed.}];
}

def Rpu_IndexOp : Rpu_SeqOp<"index", 0x0b,
    [Rpu_Field<Rpu_RegOut, "rd", 0, 0>, Rpu_Field<Rpu_UImm3, "level", 0, 6>, Rpu_Reserved<0, 9, 111>]> {
  let summary = "rd = index of loop `level`";
  let description = [{A fault if no loop of that level is open.}];
}

def Rpu_FetchOp : Rpu_SeqOp<"fetch", 0x0c,
    [Rpu_Field<Rpu_RegOut, "rd", 0, 0>, Rpu_Field<Rpu_View, "source", 1, 0>, Rpu_Reserved<0, 6, 114>], 2> {
  let summary = "rd = the signed 32-bit integer at `source` in DRAM";
  let Accesses = [Rpu_ReadsBytes<"source", [Rpu_DramMemory], [], [], 4>];
  let description = [{The sequencer waits for the value. It does not wait for stores: only what the host wrote may be fetched.}];
}

//===----------------------------------------------------------------------===//
// dma
//===----------------------------------------------------------------------===//

class Rpu_CopyOp<string mnemonic, bits<8> opcode, Rpu_Engine engine> : Rpu_EngineOp<mnemonic, opcode, engine,
    [Rpu_Field<Rpu_View, "dst", 1, 0>, Rpu_Field<Rpu_View, "src", 2, 0>, Rpu_Field<Rpu_Size24, "rows", 0, 0>,
     Rpu_Field<Rpu_Size24, "bytes", 0, 25>, Rpu_Reserved<0, 50, 14>], 3>;

def Rpu_CopyInOp : Rpu_CopyOp<"copy_in", 0x10, Rpu_Load> {
  let Accesses = [Rpu_ReadsBytes<"src", [Rpu_DramMemory], ["rows"], ["bytes"]>,
                  Rpu_WritesBytes<"dst", Rpu_OnTile, ["rows"], ["bytes"]>];
  let summary = "Copy `rows` rows of `bytes` bytes from DRAM to a memory of the tile";
  let description = [{Row k is at the view's address plus k times its pitch, on both sides.}];
}

def Rpu_CopyOutOp : Rpu_CopyOp<"copy_out", 0x11, Rpu_Store> {
  let Accesses = [Rpu_ReadsBytes<"src", Rpu_OnTile, ["rows"], ["bytes"]>,
                  Rpu_WritesBytes<"dst", [Rpu_DramMemory], ["rows"], ["bytes"]>];
  let summary = "Copy `rows` rows of `bytes` bytes from a memory of the tile to DRAM";
  let description = [{Row k is at the view's address plus k times its pitch, on both sides.}];
}

def Rpu_FillOp : Rpu_EngineOp<"fill", 0x12, Rpu_Store,
    [Rpu_Field<Rpu_View, "dst", 1, 0>, Rpu_Field<Rpu_Size24, "rows", 0, 0>, Rpu_Field<Rpu_Size24, "bytes", 0, 25>,
     Rpu_Reserved<0, 50, 14>], 2> {
  let Accesses = [Rpu_WritesBytes<"dst", [Rpu_DramMemory], ["rows"], ["bytes"]>];
  let summary = "Write zeros to `rows` rows of `bytes` bytes in DRAM";
  let description = [{Row k is at the view's address plus k times its pitch.}];
}

//===----------------------------------------------------------------------===//
// mat
//===----------------------------------------------------------------------===//

def Rpu_ProductOp : Rpu_EngineOp<"product", 0x20, Rpu_Mat,
    [Rpu_Field<Rpu_View, "acc", 1, 0>, Rpu_Field<Rpu_View, "weight", 2, 0>, Rpu_Field<Rpu_View, "x", 3, 0>,
     Rpu_Field<Rpu_UImm20, "rows", 0, 0>, Rpu_Field<Rpu_UImm20, "cols", 0, 20>, Rpu_Field<Rpu_Size20, "vectors", 0, 40>,
     Rpu_Field<Rpu_Flag, "accumulate", 0, 61>, Rpu_Field<Rpu_Flag, "round", 0, 62>, Rpu_Reserved<0, 63, 1>], 4> {
  let NothingIfZero = ["rows", "vectors"];
  let Accesses = [Rpu_ReadsPanels<"weight", Rpu_OnTile, "rows", "cols">,
                  Rpu_Reads<"x", Rpu_OnTile, ["vectors"], ["cols"]>,
                  Rpu_ReadsIf<"accumulate", "acc", Rpu_OnTile, ["vectors"], ["rows"]>,
                  Rpu_Writes<"acc", Rpu_OnTile, ["vectors"], ["rows"]>];
  let summary = "acc[v, r] (= | +=) Σ_c weight[r, c] · x[v, c] for `vectors` vectors";
  let description = [{
    For each v and r: the sum, an f32, starts at acc[v, r] with `accumulate`, at
    +0 without, takes `sum = fma(weight[r, c], x[v, c], sum)` for c = 0, 1, …,
    and is rounded to the format of acc; with `round` it is rounded so after
    each c. The weight is stored in panels of 16 rows, weight[r, c] as number
    (r / 16 · cols + c) · 16 + r mod 16; vectors v of acc and x are their views'
    pitch apart.
  }];
}

//===----------------------------------------------------------------------===//
// vec
//===----------------------------------------------------------------------===//

def Rpu_LanesOp : Rpu_EngineOp<"lanes", 0x30, Rpu_Vec,
    [Rpu_Field<Rpu_UImm20, "n", 0, 0>, Rpu_Field<Rpu_BodySize, "count", 0, 20>, Rpu_Reserved<0, 28, 36>], 1,
    [NoTerminator, SingleBlock]> {
  let NothingIfZero = ["n"];
  let summary = "Run the `count` micro-operations that follow for each of `n` elements";
  let description = [{
    The micro-operations are the next `count` words. Elements do not interact.
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$n attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def Rpu_FenceOp : Rpu_EngineOp<"fence", 0x31, Rpu_Vec, [Rpu_Field<Rpu_UImm3, "engine", 0, 0>, Rpu_Reserved<0, 3, 61>], 1> {
  let EngineIsField = 1;
  let hasVerifier = 1;
  let summary = "Wait and post on the engine numbered `engine`, and do nothing else";
  let description = [{Engines have numbers, the sequencer 0, which has no queue to wait in.}];
}

//===----------------------------------------------------------------------===//
// Micro-operations
//===----------------------------------------------------------------------===//

/// Number i of the operand belongs to element i.
class Rpu_ReadsElements<string operand> : Rpu_Reads<operand, Rpu_OnTile, [], ["n"]> { let Elementwise = 1; }
class Rpu_WritesElements<string operand> : Rpu_Writes<operand, Rpu_OnTile, [], ["n"]> { let Elementwise = 1; }

def Rpu_LaneLoadOp : Rpu_MicroOp<"load", 0x80, "move",
    [Rpu_Field<Rpu_Element, "source", 0, 0>, Rpu_Field<Rpu_LaneOut, "rd", 0, 100>, Rpu_Reserved<0, 105, 15>], []> {
  let Accesses = [Rpu_ReadsElements<"source">];
  let summary = "rd = number `element` from `source` on, as f32";
  let results = (outs F32:$result);
}
def Rpu_LaneSplatOp : Rpu_MicroOp<"splat", 0x81, "move",
    [Rpu_Field<Rpu_Element, "source", 0, 0>, Rpu_Field<Rpu_LaneOut, "rd", 0, 100>, Rpu_Reserved<0, 105, 15>], []> {
  let Accesses = [Rpu_Reads<"source", Rpu_OnTile, [], []>];
  let summary = "rd = the number at `source` as f32, the same for every element";
  let results = (outs F32:$result);
}
def Rpu_LaneStoreOp : Rpu_MicroOp<"store", 0x82, "move",
    [Rpu_Field<Rpu_Element, "target", 0, 0>, Rpu_Field<Rpu_LaneIn, "value", 0, 100>, Rpu_Reserved<0, 105, 15>], []> {
  let Accesses = [Rpu_WritesElements<"target">];
  let summary = "number `element` from `target` on = value, rounded to its format";
}
def Rpu_LaneConstantOp : Rpu_MicroOp<"constant", 0x83, "move",
    [Rpu_Field<Rpu_Float, "value", 0, 0>, Rpu_Field<Rpu_LaneOut, "rd", 0, 100>, Rpu_Reserved<0, 32, 68>,
     Rpu_Reserved<0, 105, 15>]> {
  let summary = "rd = value";
  let results = (outs F32:$result);
}

class Rpu_Lane1<string mnemonic, bits<8> opcode, string cost> : Rpu_MicroOp<mnemonic, opcode, cost,
    [Rpu_Field<Rpu_LaneIn, "a", 0, 0>, Rpu_Reserved<0, 5, 95>, Rpu_Field<Rpu_LaneOut, "rd", 0, 100>,
     Rpu_Reserved<0, 105, 15>]> {
  let results = (outs F32:$result);
}
class Rpu_Lane2<string mnemonic, bits<8> opcode, string cost> : Rpu_MicroOp<mnemonic, opcode, cost,
    [Rpu_Field<Rpu_LaneIn, "a", 0, 0>, Rpu_Field<Rpu_LaneIn, "b", 0, 5>, Rpu_Reserved<0, 10, 90>,
     Rpu_Field<Rpu_LaneOut, "rd", 0, 100>, Rpu_Reserved<0, 105, 15>]> {
  let results = (outs F32:$result);
}
class Rpu_Lane3<string mnemonic, bits<8> opcode, string cost> : Rpu_MicroOp<mnemonic, opcode, cost,
    [Rpu_Field<Rpu_LaneIn, "a", 0, 0>, Rpu_Field<Rpu_LaneIn, "b", 0, 5>, Rpu_Field<Rpu_LaneIn, "c", 0, 10>,
     Rpu_Reserved<0, 15, 85>, Rpu_Field<Rpu_LaneOut, "rd", 0, 100>, Rpu_Reserved<0, 105, 15>]> {
  let results = (outs F32:$result);
}

def Rpu_LaneAddOp : Rpu_Lane2<"add", 0x90, "simple"> {
  let summary = "rd = a + b";
  let Implements = [Rpu_Implements<"arith.addf">];
}
def Rpu_LaneSubOp : Rpu_Lane2<"sub", 0x91, "simple"> {
  let summary = "rd = a - b";
  let Implements = [Rpu_Implements<"arith.subf">];
}
def Rpu_LaneMulOp : Rpu_Lane2<"mul", 0x92, "multiply"> {
  let summary = "rd = a · b";
  let Implements = [Rpu_Implements<"arith.mulf">];
}
def Rpu_LaneDivOp : Rpu_Lane2<"div", 0x93, "divide"> {
  let summary = "rd = a / b";
  let Implements = [Rpu_Implements<"arith.divf">];
}
def Rpu_LaneMinOp : Rpu_Lane2<"min", 0x94, "simple"> {
  let summary = "rd = minimum(a, b) of IEEE 754-2019: NaN if either is, -0 < +0";
  let Implements = [Rpu_Implements<"arith.minimumf">];
}
def Rpu_LaneMaxOp : Rpu_Lane2<"max", 0x95, "simple"> {
  let summary = "rd = maximum(a, b) of IEEE 754-2019: NaN if either is, -0 < +0";
  let Implements = [Rpu_Implements<"arith.maximumf">];
}
def Rpu_LaneGeOp : Rpu_Lane2<"ge", 0x96, "simple"> {
  let summary = "rd = a >= b ? 1 : 0; 0 if either is NaN";
  let Implements = [Rpu_Implements<"arith.cmpf", "oge">, Rpu_Implements<"arith.cmpf", "ole", [1, 0]>];
}
def Rpu_LaneGtOp : Rpu_Lane2<"gt", 0x97, "simple"> {
  let summary = "rd = a > b ? 1 : 0; 0 if either is NaN";
  let Implements = [Rpu_Implements<"arith.cmpf", "ogt">, Rpu_Implements<"arith.cmpf", "olt", [1, 0]>];
}
def Rpu_LaneNegOp : Rpu_Lane1<"neg", 0x98, "simple"> {
  let summary = "rd = -a: the sign bit inverted";
  let Implements = [Rpu_Implements<"arith.negf">];
}
def Rpu_LaneAbsOp : Rpu_Lane1<"abs", 0x99, "simple"> {
  let summary = "rd = |a|: the sign bit cleared";
  let Implements = [Rpu_Implements<"math.absf">];
}
def Rpu_LaneFmaOp : Rpu_Lane3<"fma", 0x9a, "multiply"> {
  let summary = "rd = a · b + c, rounded once";
  let Implements = [Rpu_Implements<"math.fma">];
}
def Rpu_LaneSelectOp : Rpu_Lane3<"select", 0x9b, "simple"> {
  let summary = "rd = a != 0 ? b : c; b if a is NaN";
  let Implements = [Rpu_Implements<"arith.select">];
}

def Rpu_LaneExpOp : Rpu_Lane1<"exp", 0xa0, "exp"> {
  let summary = "rd = exp(a)";
  let Implements = [Rpu_Implements<"math.exp">];
}
def Rpu_LaneExpm1Op : Rpu_Lane1<"expm1", 0xa1, "exp"> {
  let summary = "rd = exp(a) - 1";
  let Implements = [Rpu_Implements<"math.expm1">];
}
def Rpu_LaneLog1pOp : Rpu_Lane1<"log1p", 0xa2, "log"> {
  let summary = "rd = log(1 + a)";
  let Implements = [Rpu_Implements<"math.log1p">];
}
def Rpu_LaneSigmoidOp : Rpu_Lane1<"sigmoid", 0xa3, "sigmoid"> {
  let summary = "rd = 1 / (1 + exp(-a))";
  let Implements = [Rpu_Implements<"rnn.activation", "sigmoid">];
}
def Rpu_LaneTanhOp : Rpu_Lane1<"tanh", 0xa4, "tanh"> {
  let summary = "rd = tanh(a)";
  let Implements = [Rpu_Implements<"math.tanh">, Rpu_Implements<"rnn.activation", "tanh">];
}

#endif // RNN_DIALECT_RPU_IR_RPUINSTR_TD
