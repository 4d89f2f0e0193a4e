// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DNONE %s 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DOPERAND %s 2>&1 | FileCheck %s --check-prefix=OPERAND
// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DSIZE %s 2>&1 | FileCheck %s --check-prefix=SIZE
// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DZERO %s 2>&1 | FileCheck %s --check-prefix=ZERO
// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DFLAG %s 2>&1 | FileCheck %s --check-prefix=FLAG
// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DMEMORY %s 2>&1 | FileCheck %s --check-prefix=MEMORY
// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DLONG %s 2>&1 | FileCheck %s --check-prefix=LONG
// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include -DPANELS %s 2>&1 | FileCheck %s --check-prefix=PANELS
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

class Copy<list<Rpu_Access> accesses, list<string> zero = []> : Rpu_EngineOp<"copy", 0x10, Rpu_Load,
    [Rpu_Field<Rpu_View, "src", 1, 0>, Rpu_Field<Rpu_Size24, "rows", 0, 0>, Rpu_Field<Rpu_Flag, "all", 0, 25>,
     Rpu_Reserved<0, 26, 38>], 2> {
  let Accesses = accesses;
  let NothingIfZero = zero;
  let summary = "An instruction whose accesses are wrong";
}

#ifdef NONE
// NONE: error: operand 'src' of 'copy' is in no access
def Rpu_CopyOp : Copy<[]>;
#endif
#ifdef OPERAND
// OPERAND: error: 'rows', which 'copy' accesses memory by, is no operand
def Rpu_CopyOp : Copy<[Rpu_Reads<"rows", Rpu_OnTile, [], []>]>;
#endif
#ifdef SIZE
// SIZE: error: 'all', which 'copy' accesses memory by, is no size
def Rpu_CopyOp : Copy<[Rpu_Reads<"src", Rpu_OnTile, ["all"], []>]>;
#endif
#ifdef ZERO
// ZERO: error: 'cols', which 'copy' accesses memory by, is no size
def Rpu_CopyOp : Copy<[Rpu_Reads<"src", Rpu_OnTile, [], []>], ["cols"]>;
#endif
#ifdef FLAG
// FLAG: error: 'rows', which 'copy' accesses memory by, is no flag
def Rpu_CopyOp : Copy<[Rpu_ReadsIf<"rows", "src", Rpu_OnTile, [], []>]>;
#endif
#ifdef MEMORY
// MEMORY: error: operand 'src' of 'copy' may be in no memory
def Rpu_CopyOp : Copy<[Rpu_Reads<"src", [], [], []>]>;
#endif
#ifdef LONG
// LONG: error: a row of 'src' of 'copy' may be longer than 2^64 bits
def Rpu_CopyOp : Copy<[Rpu_Reads<"src", Rpu_OnTile, [], ["rows", "rows", "rows"]>]>;
#endif
#ifdef PANELS
// PANELS: error: 'all', which 'copy' accesses memory by, is no size of a row
def All : Rpu_Reads<"src", Rpu_OnTile, [], ["rows"]> { let WholePanels = "all"; }
def Rpu_CopyOp : Copy<[All]>;
#endif
