//===- RpuMachine.td - What the machine is made of ---------*- tablegen -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// One record an engine, a memory and a number format. Enumerations and names,
// the causes of waits, the tracks of a trace, the components of the energy,
// their keys in a report, the sizes of numbers, and the manual are made from
// here.
//===----------------------------------------------------------------------===//
#ifndef RNN_DIALECT_RPU_IR_RPUMACHINE_TD
#define RNN_DIALECT_RPU_IR_RPUMACHINE_TD

include "mlir/IR/OpBase.td"

/// What the energy of a run is told apart by, in the order of the report.
class Rpu_Component<string name, int order, string events> {
  string Name = name;
  int Order = order;
  /// What takes the energy.
  string Events = events;
}
def Rpu_MatEnergy       : Rpu_Component<"mat", 0, "multiply-adds">;
def Rpu_VecEnergy       : Rpu_Component<"vec", 1, "micro-operations">;
def Rpu_DmaEnergy       : Rpu_Component<"dma", 2, "copies, beside the memories">;
// Those of the memories are from 100 on.
def Rpu_SequencerEnergy : Rpu_Component<"sequencer", 200, "instructions">;
def Rpu_LeakageEnergy   : Rpu_Component<"leakage", 201, "leakage and background power times seconds">;

/// An engine: its instructions start in their order. All but the sequencer, which is number 0, have a queue; others
/// wait for them. `spoken` is its name in a sentence.
class Rpu_Engine<string name, int number, Rpu_Component component, string summary, string spoken = name> {
  string Name = name;
  int Number = number;
  Rpu_Component Component = component;
  string Summary = summary;
  string Spoken = spoken;
}
def Rpu_Seq   : Rpu_Engine<"seq",   0, Rpu_SequencerEnergy, "sequencer: loops, scalars, addresses", "the sequencer">;
def Rpu_Load  : Rpu_Engine<"load",  1, Rpu_DmaEnergy, "dma queue from DRAM to the tile", "the load queue">;
def Rpu_Store : Rpu_Engine<"store", 2, Rpu_DmaEnergy, "dma queue from the tile to DRAM", "the store queue">;
def Rpu_Mat   : Rpu_Engine<"mat",   3, Rpu_MatEnergy, "products">;
def Rpu_Vec   : Rpu_Engine<"vec",   4, Rpu_VecEnergy, "lane programs">;

/// A memory, of a tile or off it.
class Rpu_Memory<string name, int number, bit onTile, string spoken>
    : Rpu_Component<name, !add(100, number), "bytes to and from " # spoken> {
  int Number = number;
  bit OnTile = onTile;
  string Spoken = spoken;
  /// Its case in the enumerations.
  string Symbol = !toupper(!substr(name, 0, 1)) # !substr(name, 1);
}
def Rpu_DramMemory   : Rpu_Memory<"dram",   0, 0, "DRAM">;
def Rpu_WeightMemory : Rpu_Memory<"weight", 1, 1, "the weight memory">;
def Rpu_VectorMemory : Rpu_Memory<"vector", 2, 1, "the vector memory">;
def Rpu_AccMemory    : Rpu_Memory<"acc",    3, 1, "the accumulators">;

/// A number format of memory. Bytes, alignment and the dialect's enumeration follow from it; lib/Sim/Formats.h says how
/// its numbers are read as f32, which lane registers hold, and how f32 are rounded to it. Number 0 is the default.
class Rpu_Format<string name, int number, int width, Type type, string summary> {
  string Name = name;
  int Number = number;
  /// 8, 16, 32 or 64.
  int Bits = width;
  /// The element type of tensors that are stored in it.
  Type ElementType = type;
  string Summary = summary;
  string Symbol = !toupper(!substr(name, 0, 1)) # !substr(name, 1);
}
def Rpu_F32Format : Rpu_Format<"f32", 0, 32, F32, "IEEE 754 binary32">;
def Rpu_F16Format : Rpu_Format<"f16", 1, 16, F16, "IEEE 754 binary16">;

#endif // RNN_DIALECT_RPU_IR_RPUMACHINE_TD
