// An engine, a memory and a format are a record each: enumerations, names, the cause of waits, the component of the
// energy and the bytes of numbers follow. docs/how-to/add-an-engine.md and add-a-format.md tell of these.
// RUN: rnn-tblgen -gen-isa -I %include -I %mlir_include %s | FileCheck %s
// RUN: rnn-tblgen -gen-isa-manual -I %include -I %mlir_include %s | FileCheck %s --check-prefix=MANUAL
// RUN: mlir-tblgen -gen-enum-decls -I %include -I %mlir_include %s | FileCheck %s --check-prefix=ENUM
include "rnn-mlir/Dialect/Rpu/IR/RpuMachine.td"

// CHECK: enum class Engine
// CHECK: /// transforms
// CHECK-NEXT: Fft = 5,
// CHECK: kEngineCount = 6;
// CHECK: kEngineNames = {"seq", "load", "store", "mat", "vec", "fft"};
// CHECK: kEngineSpoken = {{.*}}"vec", "the transforms"};
// CHECK: kWaitNames = {"wait_load", "wait_store", "wait_mat", "wait_vec", "wait_fft"};
def Rpu_FftEnergy : Rpu_Component<"fft", 3, "butterflies">;
def Rpu_Fft : Rpu_Engine<"fft", 5, Rpu_FftEnergy, "transforms", "the transforms">;

// CHECK: enum class Memory
// CHECK: Spectrum = 4,
// CHECK: kMemoryCount = 5;
// CHECK: kTileMemories = {Memory::Weight, Memory::Vector, Memory::Acc, Memory::Spectrum};
// ENUM-DAG: Spectrum = 4,
def Rpu_SpectrumMemory : Rpu_Memory<"spectrum", 4, 1, "the spectra">;

// CHECK: enum class Format
// CHECK: Toy = {{[0-9]+}},
// CHECK: kFormatNames = {{.*}}"toy"};
// CHECK: kFormatBytes = {4, {{.*}}1};
// CHECK: case Format::Toy:
// ENUM-DAG: Toy = {{[0-9]+}}
def Rpu_ToyFormat : Rpu_Format<"toy", !size(!instances<Rpu_Format>()), 8, I<8>, "sixteenths">;

// CHECK: enum class Component
// CHECK: kComponentNames = {"mat", "vec", "dma", "fft", "dram", "weight", "vector", "acc", "spectrum", "sequencer", "leakage"};
// CHECK: kComponentEvents = {{.*}}"butterflies", {{.*}}"bytes to and from the spectra"
// CHECK: kEngineComponents = {Component::Sequencer, Component::Dma, Component::Dma, Component::Mat, Component::Vec, Component::Fft};
// CHECK: kMemoryComponents = {{.*}}Component::Acc, Component::Spectrum};

// MANUAL: | 5 | fft | transforms |
// MANUAL: | 4 | spectrum | the spectra, of a tile |
// MANUAL: | {{[0-9]+}} | toy | 8 | sixteenths |
// MANUAL: ## `transform` (opcode 0x40, fft)
// MANUAL: - Reads `source` in vector: blocks rows of points numbers.
// MANUAL: - Writes `target` in spectrum, with `keep`: blocks rows of whole panels of points × whole panels of points numbers.

// CHECK: struct Transform {
// CHECK: kEngine = Engine::Fft;
// CHECK: FieldInfo{"target", 1, 0, 128, 16, false}
// CHECK: FieldInfo{"source", 2, 0, 128, 4, false}

// What it accesses is made from its record, too.
// CHECK: void regions({{.*}}const Transform &instr
// CHECK-NEXT: if (uint64_t(instr.points) == 0)
// CHECK-NEXT: return;
// CHECK-NEXT: .place = 1, .rows = sizes[0], .bytes = bytesOf(instr.source.format, uint64_t(instr.points)), .write = false, .format = instr.source.format
// CHECK-NEXT: if (instr.keep)
// CHECK-NEXT: .place = 0, .rows = sizes[0], .bytes = bytesOf(instr.target.format, wholePanels(uint64_t(instr.points)) * wholePanels(uint64_t(instr.points))), .write = true
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"
def Rpu_KeptSpectra : Rpu_Writes<"target", [Rpu_SpectrumMemory], ["blocks"], ["points", "points"]> {
  let OnlyIf = "keep";
  let WholePanels = "points";
}
def Rpu_TransformOp : Rpu_EngineOp<"transform", 0x40, Rpu_Fft,
    [Rpu_Field<Rpu_View, "target", 1, 0>, Rpu_Field<Rpu_View, "source", 2, 0>, Rpu_Field<Rpu_Size20, "blocks", 0, 0>,
     Rpu_Field<Rpu_UImm20, "points", 0, 21>, Rpu_Field<Rpu_Flag, "keep", 0, 41>, Rpu_Reserved<0, 42, 22>], 3> {
  let NothingIfZero = ["points"];
  let Accesses = [Rpu_Reads<"source", [Rpu_VectorMemory], ["blocks"], ["points"]>, Rpu_KeptSpectra];
  let summary = "Transform the blocks of a vector";
}
