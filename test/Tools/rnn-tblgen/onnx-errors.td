// RUN: not rnn-tblgen -gen-onnx-operators -I %include -DNAMES %s 2>&1 | FileCheck %s --check-prefix=NAMES
// RUN: not rnn-tblgen -gen-onnx-operators -I %include -DVERSIONS %s 2>&1 | FileCheck %s --check-prefix=VERSIONS
// RUN: not rnn-tblgen -gen-onnx-operators -I %include -DNO_VERSIONS %s 2>&1 | FileCheck %s --check-prefix=NO-VERSIONS
// RUN: not rnn-tblgen -gen-onnx-operators -I %include -DLOWERING %s 2>&1 | FileCheck %s --check-prefix=LOWERING
// RUN: not rnn-tblgen -gen-onnx-operators -I %include -DRANGE %s 2>&1 | FileCheck %s --check-prefix=RANGE
// RUN: not rnn-tblgen -gen-onnx-operators -I %include -DVARIADIC %s 2>&1 | FileCheck %s --check-prefix=VARIADIC
// RUN: not rnn-tblgen -gen-onnx-operators -I %include -DTWICE %s 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not rnn-tblgen -gen-onnx-operators -I %include -DREQUIRED %s 2>&1 | FileCheck %s --check-prefix=REQUIRED
// RUN: not rnn-tblgen -gen-onnx-operators -I %include -DNUMBER %s 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: not rnn-tblgen -gen-onnx-operators -I %include -DPERMITTED %s 2>&1 | FileCheck %s --check-prefix=PERMITTED
// RUN: not rnn-tblgen -gen-onnx-operators -I %include -DKIND %s 2>&1 | FileCheck %s --check-prefix=KIND
// RUN: not rnn-tblgen -gen-onnx-lowerings --onnx-lowering=Nothing -I %include %s 2>&1 | FileCheck %s --check-prefix=NOTHING
include "rnn-mlir/Dialect/Onnx/IR/OnnxOperator.td"

def First : Operator<"Op", [1], "OnnxToLinalg">;
// NOTHING: no operator is lowered by 'Nothing'

#ifdef NAMES
// NAMES: operator 'Op' is already declared
def Second : Operator<"Op", [1], "OnnxToLinalg">;
#endif
#ifdef VERSIONS
// VERSIONS: operator 'New' expects rising versions of 1 to 28, found 29
def New : Operator<"New", [1, 29], "OnnxToLinalg">;
#endif
#ifdef NO_VERSIONS
// NO-VERSIONS: operator 'Never' has no versions
def Never : Operator<"Never", [], "OnnxToLinalg">;
#endif
#ifdef LOWERING
// LOWERING: operator 'Bare' names no conversion that lowers it
def Bare : Operator<"Bare", [1], "">;
#endif
#ifdef RANGE
// RANGE: input 'x' of 'Range' expects a range within 1 to 28, found 9 to 7
def Range : Operator<"Range", [1], "OnnxToLinalg"> { let inputs = [Required<"x", 9, 7>]; }
#endif
#ifdef VARIADIC
// VARIADIC: variadic input 'x' of 'Many' is not the last
def Many : Operator<"Many", [1], "OnnxToLinalg"> { let inputs = [Variadic<"x">, Required<"y">]; }
#endif
#ifdef TWICE
// TWICE: attribute 'a' of 'Twice' is declared twice for opset 7
def Twice : Operator<"Twice", [1], "OnnxToLinalg"> { let attributes = [Int<"a", until = 9>, Int<"a", since = 7>]; }
#endif
#ifdef REQUIRED
// REQUIRED: required attribute 'a' of 'Both' has a default
def Both : Operator<"Both", [1], "OnnxToLinalg"> { let attributes = [Int<"a", "1", required = 1>]; }
#endif
#ifdef NUMBER
// NUMBER: default 'one' of 'a' of 'Word' is not a number
def Word : Operator<"Word", [1], "OnnxToLinalg"> { let attributes = [Int<"a", "one">]; }
#endif
#ifdef PERMITTED
// PERMITTED: default '2' of 'a' of 'Other' is not permitted
def Other : Operator<"Other", [1], "OnnxToLinalg"> { let attributes = [Int<"a", "2", [0, 1]>]; }
#endif
#ifdef KIND
// KIND: attribute 'a' of 'Real' lists ints that it permits, which is for kind Int, not Float
def Real : Operator<"Real", [1], "OnnxToLinalg"> { let attributes = [Attribute<"a", "Float", 0, "1", 1, 28, [0, 1]>]; }
#endif
