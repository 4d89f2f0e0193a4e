#ifndef RNN_DIALECT_ONNX_IR_ONNXOPERATORS_TD
#define RNN_DIALECT_ONNX_IR_ONNXOPERATORS_TD

include "rnn-mlir/Dialect/Onnx/IR/OnnxOperator.td"

//===----------------------------------------------------------------------===//
// Limits
//===----------------------------------------------------------------------===//

def ElementsF32 : Limit<"elements of type f32">;
def StaticInputSize : Limit<"an input size that is static in the shape of X or of W">;
def StaticHiddenSize : Limit<"a hidden size that is an attribute or static in the shape of an input">;
/// Larger ones are mistakes; with this bound no size of a weight overflows.
def LayerSize : AtMost<"hidden and input sizes", 20>;

def F32 : Limit<"f32">;
def F32AndF64 : Limit<"f32 and f64">;
def FloatElements : Limit<"floats">;
def FloatBase : Limit<"a base of f32 or f64">;
def CastSource : Limit<"casts from float, double, integers and bool">;
def InferenceOnly : Limit<"inference only">;
def MaskSince12 : Limit<"a mask since opset 12">;

def KnownChannels : Limit<"known channels and a known shape of W">;
def KnownAxes : Limit<"axes known at compile time">;
def KnownSteps : Limit<"steps known at compile time">;
def KnownSplit : Limit<"split known at compile time">;
def KnownLengthOfShape : Limit<"a shape of known length">;
def KnownLengthOfPads : Limit<"pads of known length">;
def KnownLengthOfBounds : Limit<"starts and ends of known length">;

/// Sums and products of a few of these with sizes do not overflow.
def WindowStep : AtMost<"strides, dilations and pads", 31>;
def PadRange : Within<"pads", 31>;
/// Above what any tensor has.
def WindowExtent : AtMost<"windows", 48, " elements">;
def SumOfSizes : AtMost<"sizes with a sum", 48>;
def SumOfParts : AtMost<"parts with a sum", 48>;

def ReflectedElements : Limit<"reflecting fewer elements than there are">;
def SqueezedSizes
    : Limit<"unknown sizes without axes where all of them are 1, as the rank of the result says, or none is">;
def MatchingBranches
    : Limit<"branches decided at run time of one rank and type, or one of them that alone fits what follows">;

//===----------------------------------------------------------------------===//
// Recurrent operators
//===----------------------------------------------------------------------===//

/// From opset `forwardSince` on the default direction is spelled `forward`.
class Recurrent<string name, list<int> versions, int forwardSince = 1> : Operator<name, versions, "OnnxToRnn"> {
  let limits = [ElementsF32, StaticInputSize, StaticHiddenSize, LayerSize];
  list<string> directions = ["forward", "reverse", "bidirectional"];
  list<Attribute> common = [
    Floats<"activation_alpha">, Floats<"activation_beta">, Strings<"activations">, Float<"clip">,
    String<"direction", "forward", directions, since = forwardSince>, Int<"hidden_size">,
    Int<"output_sequence", "0", [0, 1], until = 6>, Int<"layout", "0", [0, 1], since = 14>];
  list<Operand> commonInputs = [
    Required<"X">, Required<"W">, Required<"R">, Optional<"B">, Optional<"sequence_lens">, Optional<"initial_h">];
  let attributes = common;
  let inputs = commonInputs;
  let outputs = [Optional<"Y">, Optional<"Y_h">];
}

def LSTM : Recurrent<"LSTM", [1, 7, 14, 22]> {
  let inputs = !listconcat(commonInputs, [Optional<"initial_c">, Optional<"P">]);
  let outputs = [Optional<"Y">, Optional<"Y_h">, Optional<"Y_c">];
  let attributes = !listconcat(common, [Int<"input_forget", "0", [0, 1]>]);
}
def GRU : Recurrent<"GRU", [1, 3, 7, 14, 22], 3> {
  /// Version 1 spells its default `foward`.
  let attributes = !listconcat(
    [String<"direction", "foward", !listconcat(directions, ["foward"]), until = 2>], common,
    [Int<"linear_before_reset", "0", [0, 1], since = 3>]);
}
def RNN : Recurrent<"RNN", [1, 7, 14, 22]>;

//===----------------------------------------------------------------------===//
// Element by element
//===----------------------------------------------------------------------===//

class Linalg<string name, list<int> versions> : Operator<name, versions, "OnnxToLinalg">;

/// Before opset 7 the second operand is broadcast only on request.
class Binary<string name, list<int> versions> : Linalg<name, versions> {
  let inputs = [Required<"A">, Required<"B">];
  let outputs = [Required<"C">];
  let attributes = [Int<"broadcast", "0", [0], until = 6, limits = "no broadcast before opset 7">, Int<"axis", until = 6>,
                    Ints<"consumed_inputs", until = 5>];
}
def Add : Binary<"Add", [1, 6, 7, 13, 14]>;
def Sub : Binary<"Sub", [1, 6, 7, 13, 14]>;
def Mul : Binary<"Mul", [1, 6, 7, 13, 14]>;
def Div : Binary<"Div", [1, 6, 7, 13, 14]>;
def Pow : Binary<"Pow", [1, 7, 12, 13, 15]> { let limits = [FloatBase]; }
def Equal : Binary<"Equal", [1, 7, 11, 13, 19]>;
def Less : Binary<"Less", [1, 7, 9, 13]>;
def Greater : Binary<"Greater", [1, 7, 9, 13]>;
def And : Binary<"And", [1, 7]>;
def Or : Binary<"Or", [1, 7]>;

class Unary<string name, list<int> versions> : Linalg<name, versions> {
  let inputs = [Required<"input">];
  let attributes = [Ints<"consumed_inputs", until = 5>];
}
class FloatUnary<string name, list<int> versions> : Unary<name, versions> { let limits = [F32AndF64]; }
def Abs : Unary<"Abs", [1, 6, 13]>;
def Erf : FloatUnary<"Erf", [9, 13]>;
def Exp : FloatUnary<"Exp", [1, 6, 13]>;
def Log : FloatUnary<"Log", [1, 6, 13]>;
def Neg : Unary<"Neg", [1, 6, 13]>;
def Not : Unary<"Not", [1]>;
def Relu : Unary<"Relu", [1, 6, 13, 14]>;
def Sigmoid : FloatUnary<"Sigmoid", [1, 6, 13]>;
def Sqrt : FloatUnary<"Sqrt", [1, 6, 13]>;
def Tanh : FloatUnary<"Tanh", [1, 6, 13]>;
def LeakyRelu : FloatUnary<"LeakyRelu", [1, 6, 16]> {
  let attributes = [Float<"alpha", "0.01">, Ints<"consumed_inputs", until = 5>];
}
def Clip : Unary<"Clip", [1, 6, 11, 12, 13]> {
  let inputs = [Required<"input">, Optional<"min", since = 11>, Optional<"max", since = 11>];
  let attributes = [Float<"min", until = 10>, Float<"max", until = 10>, Ints<"consumed_inputs", until = 5>];
}
def Min : Linalg<"Min", [1, 6, 8, 12, 13]> {
  let inputs = [Variadic<"data_0">];
  let attributes = [Ints<"consumed_inputs", until = 5>];
}
def Max : Linalg<"Max", [1, 6, 8, 12, 13]> {
  let inputs = [Variadic<"data_0">];
  let attributes = [Ints<"consumed_inputs", until = 5>];
}
def Where : Linalg<"Where", [9, 16]> {
  let inputs = [Required<"condition">, Required<"X">, Required<"Y">];
}
def Cast : Linalg<"Cast", [6, 9, 13, 19, 21, 23, 24, 25, 28]> {
  let inputs = [Required<"input">];
  let attributes = [
    Int<"to", permitted = [1, 3, 5, 6, 7, 9, 11], required = 1,
        limits = "float32, int8, int16, int32, int64, bool and float64">,
    Int<"saturate", "1", [0, 1], since = 19>,
    String<"round_mode", "up", ["up", "down", "nearest"], since = 24>];
  let limits = [CastSource];
  let takesUnsigned = 1;
  let notes = "what of a float does not fit an integer becomes the nearest one, NaN becomes 0; integers keep their low bits";
}
def Dropout : Linalg<"Dropout", [1, 6, 7, 10, 12, 13, 22]> {
  let inputs = [Required<"data">, Optional<"ratio", since = 12>, Optional<"training_mode", since = 12>];
  let outputs = [Required<"output">, Optional<"mask">];
  let attributes = [
    Float<"ratio", "0.5", until = 11>, Int<"is_test", "0", [0, 1], until = 6>, Ints<"consumed_inputs", until = 5>,
    Int<"seed", since = 12>];
  let limits = [InferenceOnly, MaskSince12];
}

//===----------------------------------------------------------------------===//
// Products, windows and reductions
//===----------------------------------------------------------------------===//

def MatMul : Linalg<"MatMul", [1, 9, 13]> {
  let inputs = [Required<"A">, Required<"B">];
  let outputs = [Required<"Y">];
}
def Gemm : Linalg<"Gemm", [1, 6, 7, 9, 11, 13]> {
  let inputs = [Required<"A">, Required<"B">, Required<"C", until = 10>, Optional<"C", since = 11>];
  let outputs = [Required<"Y">];
  let attributes = [
    Float<"alpha", "1.0">, Float<"beta", "1.0">, Int<"transA", "0">, Int<"transB", "0">,
    Int<"broadcast", "0", [0, 1], until = 6>];
  let limits = [FloatElements];
}
def Conv : Linalg<"Conv", [1, 11, 22]> {
  let inputs = [Required<"X">, Required<"W">, Optional<"B">];
  let outputs = [Required<"Y">];
  let attributes = [
    String<"auto_pad", "NOTSET", ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]>, Ints<"dilations">,
    Int<"group", "1">, Ints<"kernel_shape">, Ints<"pads">, Ints<"strides">];
  let limits = [F32, KnownChannels, WindowStep, WindowExtent];
}
def ReduceMean : Linalg<"ReduceMean", [1, 11, 13, 18]> {
  let inputs = [Required<"data">, Optional<"axes", since = 18>];
  let outputs = [Required<"reduced">];
  let attributes = [
    Ints<"axes", until = 17>, Int<"keepdims", "1", [0, 1]>, Int<"noop_with_empty_axes", "0", [0, 1], since = 18>];
  let limits = [FloatElements, KnownAxes];
}
def Softmax : Linalg<"Softmax", [1, 11, 13]> {
  let inputs = [Required<"input">];
  let attributes = [Int<"axis", "1", until = 12>, Int<"axis", "-1", since = 13>];
}

//===----------------------------------------------------------------------===//
// Shapes and movement of data
//===----------------------------------------------------------------------===//

def Concat : Linalg<"Concat", [1, 4, 11, 13]> {
  let inputs = [Variadic<"inputs">];
  let outputs = [Required<"concat_result">];
  let attributes = [Int<"axis", "1", until = 3>, Int<"axis", required = 1, since = 4>];
  let limits = [SumOfSizes];
}
/// The import makes an `onnx.constant` of it.
def Constant : Operator<"Constant", [1, 9, 11, 12, 13, 19, 21, 23, 24, 25], "Import"> {
  let attributes = [
    Tensor<"value">, Float<"value_float", since = 12>, Floats<"value_floats", since = 12>,
    Int<"value_int", since = 12>, Ints<"value_ints", since = 12>];
  let notes = "no strings, no sparse tensors";
}
def ConstantOfShape : Linalg<"ConstantOfShape", [9, 20, 21, 23, 24, 25]> {
  let inputs = [Required<"input">];
  let attributes = [Tensor<"value">];
  let limits = [KnownLengthOfShape];
  let notes = "at most 2 GiB where the shape is computed";
}
def Expand : Linalg<"Expand", [8, 13]> {
  let inputs = [Required<"input">, Required<"shape">];
  let limits = [KnownLengthOfShape];
  let notes = "at most 2 GiB where the shape is computed";
}
def Flatten : Linalg<"Flatten", [1, 9, 11, 13, 21, 23, 24, 25]> {
  let inputs = [Required<"input">];
  let attributes = [Int<"axis", "1">];
}
def Gather : Linalg<"Gather", [1, 11, 13]> {
  let inputs = [Required<"data">, Required<"indices">];
  let attributes = [Int<"axis", "0">];
}
def Identity : Linalg<"Identity", [1, 13, 14, 16, 19, 21, 23, 24, 25]> {
  let inputs = [Required<"input">];
  let takesUnsigned = 1;
}
def Pad : Linalg<"Pad", [2, 11, 13, 18, 19, 21, 23, 24, 25]> {
  let inputs = [Required<"data">, Required<"pads", since = 11>, Optional<"constant_value", since = 11>,
                Optional<"axes", since = 18>];
  let attributes = [
    String<"mode", "constant", ["constant", "reflect", "edge"], limits = "not `wrap`">,
    Ints<"pads", required = 1, until = 10>, Float<"value", "0.0", until = 10>];
  let limits = [KnownLengthOfPads, KnownAxes, PadRange, ReflectedElements];
  let notes = "at most 2 GiB where pads are computed";
}
def Reshape : Linalg<"Reshape", [1, 5, 13, 14, 19, 21, 23, 24, 25]> {
  let inputs = [Required<"data">, Required<"shape", since = 5>];
  let outputs = [Required<"reshaped">];
  let attributes = [
    Ints<"shape", until = 4>, Ints<"consumed_inputs", until = 4>, Int<"allowzero", "0", [0, 1], since = 14>];
  let limits = [KnownLengthOfShape];
}
def Shape : Linalg<"Shape", [1, 13, 15, 19, 21, 23, 24, 25]> {
  let inputs = [Required<"data">];
  let outputs = [Required<"shape">];
  let attributes = [Int<"start", "0", since = 15>, Int<"end", since = 15>];
  let takesUnsigned = 1;
}
def Size : Linalg<"Size", [1, 13, 19, 21, 23, 24, 25]> {
  let inputs = [Required<"data">];
  let outputs = [Required<"size">];
  let takesUnsigned = 1;
}
def Slice : Linalg<"Slice", [1, 10, 11, 13]> {
  let inputs = [Required<"data">, Required<"starts", since = 10>, Required<"ends", since = 10>,
                Optional<"axes", since = 10>, Optional<"steps", since = 10>];
  let attributes = [
    Ints<"starts", required = 1, until = 9>, Ints<"ends", required = 1, until = 9>, Ints<"axes", until = 9>];
  let limits = [KnownLengthOfBounds, KnownAxes, KnownSteps];
}
def Split : Linalg<"Split", [2, 11, 13, 18]> {
  let inputs = [Required<"input">, Optional<"split", since = 13>];
  let outputs = [Variadic<"outputs">];
  let attributes = [Int<"axis", "0">, Ints<"split", until = 12>, Int<"num_outputs", since = 18>];
  let limits = [KnownSplit, SumOfParts];
}
def Squeeze : Linalg<"Squeeze", [1, 11, 13, 21, 23, 24, 25]> {
  let inputs = [Required<"data">, Optional<"axes", since = 13>];
  let outputs = [Required<"squeezed">];
  let attributes = [Ints<"axes", until = 12>];
  let limits = [KnownAxes, SqueezedSizes];
}
def Transpose : Linalg<"Transpose", [1, 13, 21, 23, 24, 25]> {
  let inputs = [Required<"data">];
  let outputs = [Required<"transposed">];
  let attributes = [Ints<"perm">];
}
def Unsqueeze : Linalg<"Unsqueeze", [1, 11, 13, 21, 23, 24, 25]> {
  let inputs = [Required<"data">, Required<"axes", since = 13>];
  let outputs = [Required<"expanded">];
  let attributes = [Ints<"axes", required = 1, until = 12>];
  let limits = [KnownAxes];
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

def If : Linalg<"If", [1, 11, 13, 16, 19, 21, 23, 24, 25]> {
  let inputs = [Required<"cond">];
  let outputs = [Variadic<"outputs">];
  let attributes = [Graph<"then_branch">, Graph<"else_branch">];
  let limits = [MatchingBranches];
  let notes = "the condition must select the branch that alone fits; values of a branch may not have the names of values around it";
}

#endif // RNN_DIALECT_ONNX_IR_ONNXOPERATORS_TD
