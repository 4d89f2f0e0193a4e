// An engine and a memory are a record each: enumerations, names, the cause of waits and the component of the energy
// follow. docs/how-to/add-an-engine.md tells of these two.
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
// ENUM: enum class Memory
// ENUM: Spectrum = 4,
def Rpu_SpectrumMemory : Rpu_Memory<"spectrum", 4, 1, "the spectra">;

// CHECK: enum class Component
// CHECK: kComponentNames = {"mat", "vec", "dma", "fft", "dram", "weight", "vector", "acc", "spectrum", "sequencer", "leakage"};
// CHECK: kComponentEvents = {{.*}}"butterflies", {{.*}}"bytes to and from the spectra"
// CHECK: kEngineComponents = {Component::Sequencer, Component::Dma, Component::Dma, Component::Mat, Component::Vec, Component::Fft};
// CHECK: kMemoryComponents = {{.*}}Component::Acc, Component::Spectrum};

// MANUAL: | 5 | fft | transforms |
// MANUAL: | 4 | spectrum | the spectra, of a tile |
// MANUAL: ## `transform` (opcode 0x40, fft)

// CHECK: struct Transform {
// CHECK: kEngine = Engine::Fft;
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"
def Rpu_TransformOp : Rpu_EngineOp<"transform", 0x40, Rpu_Fft, [Rpu_Reserved<0, 0, 64>], 1> {
  let summary = "Transform the blocks of a vector";
}
