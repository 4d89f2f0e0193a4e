// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DGAP %s 2>&1 | FileCheck %s --check-prefix=GAP
// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DTWICE %s 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DORDER %s 2>&1 | FileCheck %s --check-prefix=ORDER
// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DMANY %s 2>&1 | FileCheck %s --check-prefix=MANY
// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DBITS %s 2>&1 | FileCheck %s --check-prefix=BITS
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

#ifdef GAP
// GAP: error: 'far' has number 6, the next is 5
def Rpu_Far : Rpu_Engine<"far", 6, Rpu_MatEnergy, "an engine whose number leaves one out">;
#endif
#ifdef TWICE
// TWICE: error: number 3 of '{{acc|other}}' is taken
// TWICE: note: by this record
def Rpu_OtherMemory : Rpu_Memory<"other", 3, 1, "a memory with the number of another">;
#endif
#ifdef ORDER
// ORDER: error: number 2 of '{{dma|other}}' is taken
def Rpu_OtherEnergy : Rpu_Component<"other", 2, "events">;
#endif
#ifdef MANY
// MANY: error: number 8 of 'm8' does not fit a field of 3 bits
foreach number = 4...8 in
  def Rpu_Memory#number : Rpu_Memory<"m" # number, number, 1, "one more">;
#endif
#ifdef BITS
// BITS: error: format 'nibble' has 4 bits, expected 8, 16, 32 or 64
def Rpu_NibbleFormat : Rpu_Format<"nibble", !size(!instances<Rpu_Format>()), 4, I<4>, "half a byte">;
#endif
