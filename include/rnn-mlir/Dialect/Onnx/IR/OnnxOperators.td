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

def FloatElements : Limit<"floats">;
def InferenceOnly : Limit<"inference only">;
def MaskSince12 : Limit<"a mask since opset 12">;
def NoIndices : Limit<"no output of indices">;
def PerChannel : Limit<"spatial = 1">;
def FloatSource : Limit<"quantization of f32, f16, bf16 and i32">;
def ByteZeroPoint : Limit<"elements of 8 and 16 bits">;
def OwnScaleType : Limit<"results of the type of the scale">;
def KnownRepeats : Limit<"repeats of known length">;
def KnownIndexLength : Limit<"indices whose last size is known">;
def KnownResize : Limit<"scales or sizes of known length">;
def MatchingStates : Limit<"states whose rank and type no iteration changes">;
def EndingLoop : Limit<"loops with an end, a trip count or a condition">;
def KnownAxis : Limit<"an axis known at compile time">;

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
def Add : Binary<"Add", [1, 6, 7, 13, 14]> { let takesUnsigned = 1; }
def Sub : Binary<"Sub", [1, 6, 7, 13, 14]> { let takesUnsigned = 1; }
def Mul : Binary<"Mul", [1, 6, 7, 13, 14]> { let takesUnsigned = 1; }
def Div : Binary<"Div", [1, 6, 7, 13, 14]> { let takesUnsigned = 1; }
def Pow : Binary<"Pow", [1, 7, 12, 13, 15]> { let takesUnsigned = 1; }
def Mod : Linalg<"Mod", [10, 13, 28]> {
  let inputs = [Required<"A">, Required<"B">];
  let outputs = [Required<"C">];
  let attributes = [Int<"fmod", "0", [0, 1]>];
  let takesUnsigned = 1;
}
def Equal : Binary<"Equal", [1, 7, 11, 13, 19]> { let takesUnsigned = 1; }
def Less : Binary<"Less", [1, 7, 9, 13]> { let takesUnsigned = 1; }
def Greater : Binary<"Greater", [1, 7, 9, 13]> { let takesUnsigned = 1; }
class Compare<string name, list<int> versions> : Linalg<name, versions> {
  let inputs = [Required<"A">, Required<"B">];
  let outputs = [Required<"C">];
  let takesUnsigned = 1;
}
def LessOrEqual : Compare<"LessOrEqual", [12, 16]>;
def GreaterOrEqual : Compare<"GreaterOrEqual", [12, 16]>;
def And : Binary<"And", [1, 7]>;
def Or : Binary<"Or", [1, 7]>;
def Xor : Binary<"Xor", [1, 7]>;
def BitwiseAnd : Compare<"BitwiseAnd", [18]>;
def BitwiseOr : Compare<"BitwiseOr", [18]>;
def BitwiseXor : Compare<"BitwiseXor", [18]>;
def BitShift : Compare<"BitShift", [11, 28]> {
  let attributes = [String<"direction", permitted = ["LEFT", "RIGHT"], required = 1>];
}

class Unary<string name, list<int> versions> : Linalg<name, versions> {
  let inputs = [Required<"input">];
  let attributes = [Ints<"consumed_inputs", until = 5>];
}
class FloatUnary<string name, list<int> versions> : Unary<name, versions>;
def Abs : Unary<"Abs", [1, 6, 13]> { let takesUnsigned = 1; }
def Erf : FloatUnary<"Erf", [9, 13]>;
def Exp : FloatUnary<"Exp", [1, 6, 13]>;
def Log : FloatUnary<"Log", [1, 6, 13]>;
def Neg : Unary<"Neg", [1, 6, 13]>;
def Not : Unary<"Not", [1]>;
def Relu : Unary<"Relu", [1, 6, 13, 14]>;
def Sigmoid : FloatUnary<"Sigmoid", [1, 6, 13]>;
def Sqrt : FloatUnary<"Sqrt", [1, 6, 13]>;
def Tanh : FloatUnary<"Tanh", [1, 6, 13]>;
def Reciprocal : FloatUnary<"Reciprocal", [1, 6, 13]>;
def Ceil : FloatUnary<"Ceil", [1, 6, 13]>;
def Floor : FloatUnary<"Floor", [1, 6, 13]>;
class Function<string name, list<int> versions> : Linalg<name, versions> { let inputs = [Required<"input">]; }
def Round : Function<"Round", [11, 22]>;
def Sin : Function<"Sin", [7, 22]>;
def Cos : Function<"Cos", [7, 22]>;
def Tan : Function<"Tan", [7, 22]>;
def Asin : Function<"Asin", [7, 22]>;
def Acos : Function<"Acos", [7, 22]>;
def Atan : Function<"Atan", [7, 22]>;
def Sinh : Function<"Sinh", [9, 22]>;
def Cosh : Function<"Cosh", [9, 22]>;
def Asinh : Function<"Asinh", [9, 22]>;
def Acosh : Function<"Acosh", [9, 22]>;
def Atanh : Function<"Atanh", [9, 22]>;
def Sign : Function<"Sign", [9, 13]> { let takesUnsigned = 1; }
def BitwiseNot : Function<"BitwiseNot", [18]> { let takesUnsigned = 1; }
def IsNaN : Function<"IsNaN", [9, 13, 20]>;
def IsInf : Function<"IsInf", [10, 20]> {
  let attributes = [Int<"detect_negative", "1", [0, 1]>, Int<"detect_positive", "1", [0, 1]>];
}
def Softplus : Function<"Softplus", [1, 22]>;
def Softsign : Function<"Softsign", [1, 22]>;
def HardSwish : Function<"HardSwish", [14, 22]>;
def Mish : Function<"Mish", [18, 22]>;
def Gelu : Function<"Gelu", [20]> { let attributes = [String<"approximate", "none", ["none", "tanh"]>]; }
def Swish : Function<"Swish", [24]> { let attributes = [Float<"alpha", "1.0">]; }
def Celu : Function<"Celu", [12, 28]> { let attributes = [Float<"alpha", "1.0">]; }
def ThresholdedRelu : Function<"ThresholdedRelu", [10, 22]> { let attributes = [Float<"alpha", "1.0">]; }
def Shrink : Function<"Shrink", [9]> { let attributes = [Float<"bias", "0.0">, Float<"lambd", "0.5">]; }
def Elu : Unary<"Elu", [1, 6, 22]> { let attributes = [Float<"alpha", "1.0">, Ints<"consumed_inputs", until = 5>]; }
def Selu : Unary<"Selu", [1, 6, 22]> {
  let attributes = [
    Float<"alpha", "1.6732", until = 5>, Float<"alpha", "1.67326319217681884765625", since = 6>,
    Float<"gamma", "1.0507", until = 5>, Float<"gamma", "1.05070102214813232421875", since = 6>,
    Ints<"consumed_inputs", until = 5>];
}
def HardSigmoid : Unary<"HardSigmoid", [1, 6, 22]> {
  let attributes = [Float<"alpha", "0.2">, Float<"beta", "0.5">, Ints<"consumed_inputs", until = 5>];
}
/// Before opset 7 the slope is one value, or one for each channel.
def PRelu : Linalg<"PRelu", [1, 6, 7, 9, 16]> {
  let inputs = [Required<"X">, Required<"slope">];
  let outputs = [Required<"Y">];
  let attributes = [Ints<"consumed_inputs", until = 5>];
}
def LeakyRelu : FloatUnary<"LeakyRelu", [1, 6, 16]> {
  let attributes = [Float<"alpha", "0.01">, Ints<"consumed_inputs", until = 5>];
}
def Clip : Unary<"Clip", [1, 6, 11, 12, 13]> {
  let takesUnsigned = 1;
  let inputs = [Required<"input">, Optional<"min", since = 11>, Optional<"max", since = 11>];
  let attributes = [Float<"min", until = 10>, Float<"max", until = 10>, Ints<"consumed_inputs", until = 5>];
}
def Min : Linalg<"Min", [1, 6, 8, 12, 13]> {
  let inputs = [Variadic<"data_0">];
  let attributes = [Ints<"consumed_inputs", until = 5>];
  let takesUnsigned = 1;
}
def Max : Linalg<"Max", [1, 6, 8, 12, 13]> {
  let inputs = [Variadic<"data_0">];
  let attributes = [Ints<"consumed_inputs", until = 5>];
  let takesUnsigned = 1;
}
class OfSeveral<string name> : Linalg<name, [1, 6, 8, 13]> {
  let inputs = [Variadic<"data_0">];
  let attributes = [Ints<"consumed_inputs", until = 5>];
}
def Sum : OfSeveral<"Sum">;
def Mean : OfSeveral<"Mean">;
def Where : Linalg<"Where", [9, 16]> {
  let inputs = [Required<"condition">, Required<"X">, Required<"Y">];
  let takesAnyElement = 1;
}
def Cast : Linalg<"Cast", [6, 9, 13, 19, 21, 23, 24, 25, 28]> {
  let inputs = [Required<"input">];
  let attributes = [
    Int<"to", permitted = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 16], required = 1,
        limits = "floats of 16 to 64 bits, integers of 8 to 64 bits and bool">,
    Int<"saturate", "1", [0, 1], since = 19>,
    String<"round_mode", "up", ["up", "down", "nearest"], since = 24>];
  let takesAnyElement = 1;
  let notes = "what of a float does not fit an integer becomes the nearest one, NaN becomes 0; integers keep their low bits";
}
def CastLike : Linalg<"CastLike", [15, 19, 21, 23, 24, 25]> {
  let inputs = [Required<"input">, Required<"target_type">];
  let attributes = [Int<"saturate", "1", [0, 1], since = 19>,
                    String<"round_mode", "up", ["up", "down", "nearest"], since = 24>];
  let takesAnyElement = 1;
}
def BitCast : Linalg<"BitCast", [26]> {
  let inputs = [Required<"input">];
  let attributes = [Int<"to", permitted = [1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 16], required = 1,
                        limits = "floats of 16 to 64 bits and integers of 8 to 64 bits">];
  let takesAnyElement = 1;
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
  let limits = [KnownChannels, WindowStep, WindowExtent];
}
def ConvTranspose : Linalg<"ConvTranspose", [1, 11, 22]> {
  let inputs = [Required<"X">, Required<"W">, Optional<"B">];
  let outputs = [Required<"Y">];
  let attributes = [
    String<"auto_pad", "NOTSET", ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]>, Ints<"dilations">, Int<"group", "1">,
    Ints<"kernel_shape">, Ints<"output_padding">, Ints<"output_shape">, Ints<"pads">, Ints<"strides">];
  let limits = [KnownChannels, WindowStep, WindowExtent];
}
def Einsum : Linalg<"Einsum", [12, 28]> {
  let inputs = [Variadic<"Inputs">];
  let outputs = [Required<"Output">];
  let attributes = [String<"equation", required = 1>];
}
def MatMulInteger : Linalg<"MatMulInteger", [10]> {
  let inputs = [Required<"A">, Required<"B">, Optional<"a_zero_point">, Optional<"b_zero_point">];
  let outputs = [Required<"Y">];
  let takesUnsigned = 1;
}

class Pool<string name, list<int> versions> : Linalg<name, versions> {
  let inputs = [Required<"X">];
  let outputs = [Required<"Y">];
  list<Attribute> common = [
    String<"auto_pad", "NOTSET", ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]>, Ints<"kernel_shape", 1>,
    Ints<"pads">, Ints<"strides">];
  let limits = [WindowStep, WindowExtent];
}
def MaxPool : Pool<"MaxPool", [1, 8, 10, 11, 12, 22]> {
  let outputs = [Required<"Y">, Optional<"Indices", since = 8>];
  let attributes = !listconcat(common, [
    Int<"ceil_mode", "0", [0, 1], since = 10>, Ints<"dilations", since = 10>,
    Int<"storage_order", "0", [0, 1], since = 8>]);
  let limits = [WindowStep, WindowExtent, NoIndices];
  let takesUnsigned = 1;
}
def AveragePool : Pool<"AveragePool", [1, 7, 10, 11, 19, 22]> {
  let attributes = !listconcat(common, [
    Int<"ceil_mode", "0", [0, 1], since = 10>, Int<"count_include_pad", "0", [0, 1], since = 7>,
    Ints<"dilations", since = 19>]);
}
def LpPool : Pool<"LpPool", [2, 11, 18, 22]> {
  let attributes = !listconcat(common, [
    Int<"ceil_mode", "0", [0, 1], since = 18>, Ints<"dilations", since = 18>, Int<"p", "2">]);
}
class GlobalPool<string name, list<int> versions> : Linalg<name, versions> {
  let inputs = [Required<"X">];
  let outputs = [Required<"Y">];
}
def GlobalAveragePool : GlobalPool<"GlobalAveragePool", [1, 22]>;
def GlobalMaxPool : GlobalPool<"GlobalMaxPool", [1, 22]>;
def GlobalLpPool : GlobalPool<"GlobalLpPool", [2, 22]> { let attributes = [Int<"p", "2">]; }

/// Axes are an input from opset `inputSince` on.
class Reduction<string name, list<int> versions, int inputSince = 18> : Linalg<name, versions> {
  let inputs = [Required<"data">, Optional<"axes", since = inputSince>];
  let outputs = [Required<"reduced">];
  let attributes = [
    Ints<"axes", until = !sub(inputSince, 1)>, Int<"keepdims", "1", [0, 1]>,
    Int<"noop_with_empty_axes", "0", [0, 1], since = inputSince>];
  let limits = [KnownAxes];
  let takesUnsigned = 1;
}
class FloatReduction<string name, list<int> versions> : Reduction<name, versions> {
  let limits = [FloatElements, KnownAxes];
  let takesUnsigned = 0;
}
def ReduceSum : Reduction<"ReduceSum", [1, 11, 13], 13>;
def ReduceProd : Reduction<"ReduceProd", [1, 11, 13, 18]>;
def ReduceMax : Reduction<"ReduceMax", [1, 11, 12, 13, 18, 20]>;
def ReduceMin : Reduction<"ReduceMin", [1, 11, 12, 13, 18, 20]>;
def ReduceL1 : Reduction<"ReduceL1", [1, 11, 13, 18]>;
def ReduceSumSquare : Reduction<"ReduceSumSquare", [1, 11, 13, 18]>;
def ReduceMean : FloatReduction<"ReduceMean", [1, 11, 13, 18]>;
def ReduceL2 : FloatReduction<"ReduceL2", [1, 11, 13, 18]>;
def ReduceLogSum : FloatReduction<"ReduceLogSum", [1, 11, 13, 18, 28]>;
def ReduceLogSumExp : FloatReduction<"ReduceLogSumExp", [1, 11, 13, 18, 28]>;
class ArgReduction<string name> : Linalg<name, [1, 11, 12, 13]> {
  let inputs = [Required<"data">];
  let outputs = [Required<"reduced">];
  let attributes = [Int<"axis", "0">, Int<"keepdims", "1", [0, 1]>, Int<"select_last_index", "0", [0, 1], since = 12>];
  let takesUnsigned = 1;
}
def ArgMax : ArgReduction<"ArgMax">;
def ArgMin : ArgReduction<"ArgMin">;
class Cumulative<string name, list<int> versions> : Linalg<name, versions> {
  let inputs = [Required<"x">, Required<"axis">];
  let outputs = [Required<"y">];
  let attributes = [Int<"exclusive", "0", [0, 1]>, Int<"reverse", "0", [0, 1]>];
  let limits = [KnownAxis];
  let takesUnsigned = 1;
}
def CumSum : Cumulative<"CumSum", [11, 14]>;
def CumProd : Cumulative<"CumProd", [26]>;
def TopK : Linalg<"TopK", [1, 10, 11, 24]> {
  let inputs = [Required<"X">, Required<"K", since = 10>];
  let outputs = [Required<"Values">, Required<"Indices">];
  let attributes = [
    Int<"axis", "-1">, Int<"k", required = 1, until = 9>, Int<"largest", "1", [0, 1], since = 11>,
    Int<"sorted", "1", [0, 1], since = 11>];
  let takesUnsigned = 1;
}
class Softmaxes<string name> : Linalg<name, [1, 11, 13]> {
  let inputs = [Required<"input">];
  let attributes = [Int<"axis", "1", until = 12>, Int<"axis", "-1", since = 13>];
}
def Softmax : Softmaxes<"Softmax">;
def LogSoftmax : Softmaxes<"LogSoftmax">;
def Hardmax : Softmaxes<"Hardmax">;

//===----------------------------------------------------------------------===//
// Normalization and quantization
//===----------------------------------------------------------------------===//

def BatchNormalization : Linalg<"BatchNormalization", [1, 6, 7, 9, 14, 15]> {
  let inputs = [Required<"X">, Required<"scale">, Required<"B">, Required<"mean">, Required<"var">];
  let outputs = [Required<"Y">, Optional<"mean">, Optional<"var">, Optional<"saved_mean", until = 13>,
                 Optional<"saved_var", until = 13>];
  let attributes = [
    Ints<"consumed_inputs", until = 5>, Float<"epsilon", "1e-5">, Int<"is_test", "0", [0, 1], until = 6>,
    Float<"momentum", "0.9">, Int<"spatial", "1", until = 8>, Int<"training_mode", "0", since = 14>];
  let limits = [InferenceOnly, PerChannel];
}
def InstanceNormalization : Linalg<"InstanceNormalization", [1, 6, 22]> {
  let inputs = [Required<"input">, Required<"scale">, Required<"B">];
  let attributes = [Ints<"consumed_inputs", until = 5>, Float<"epsilon", "1e-5">];
}
/// Before opset 21 scale and bias are of groups, from then on of channels.
def GroupNormalization : Linalg<"GroupNormalization", [18, 21]> {
  let inputs = [Required<"X">, Required<"scale">, Required<"bias">];
  let outputs = [Required<"Y">];
  let attributes = [
    Float<"epsilon", "1e-5">, Int<"num_groups", required = 1>, Int<"stash_type", "1", since = 21>];
}
def LayerNormalization : Linalg<"LayerNormalization", [17]> {
  let inputs = [Required<"X">, Required<"Scale">, Optional<"B">];
  let outputs = [Required<"Y">, Optional<"Mean">, Optional<"InvStdDev">];
  let attributes = [Int<"axis", "-1">, Float<"epsilon", "1e-5">, Int<"stash_type", "1">];
}
def RMSNormalization : Linalg<"RMSNormalization", [23]> {
  let inputs = [Required<"X">, Required<"scale">];
  let outputs = [Required<"Y">];
  let attributes = [Int<"axis", "-1">, Float<"epsilon", "1e-5">, Int<"stash_type", "1">];
}
def MeanVarianceNormalization : Linalg<"MeanVarianceNormalization", [9, 13]> {
  let inputs = [Required<"X">];
  let outputs = [Required<"Y">];
  let attributes = [Ints<"axes">];
}
def LpNormalization : Linalg<"LpNormalization", [1, 22]> {
  let inputs = [Required<"input">];
  let attributes = [Int<"axis", "-1">, Int<"p", "2", [1, 2]>];
}
def LRN : Linalg<"LRN", [1, 13]> {
  let inputs = [Required<"X">];
  let outputs = [Required<"Y">];
  let attributes = [
    Float<"alpha", "0.0001">, Float<"beta", "0.75">, Float<"bias", "1.0">, Int<"size", required = 1>];
  let limits = [WindowStep];
}
def QuantizeLinear : Linalg<"QuantizeLinear", [10, 13, 19, 21, 23, 24, 25, 28]> {
  let inputs = [Required<"x">, Required<"y_scale">, Optional<"y_zero_point">];
  let outputs = [Required<"y">];
  let attributes = [
    Int<"axis", "1", since = 13>, Int<"saturate", "1", [0, 1], since = 19>, Int<"block_size", "0", since = 21>,
    Int<"output_dtype", "0", [0, 2, 3, 4, 5], since = 21, limits = "integers of 8 and 16 bits">,
    Int<"precision", "0", [0, 1], since = 23, limits = "float32">];
  let limits = [FloatSource, ByteZeroPoint];
  let takesUnsigned = 1;
}
def DequantizeLinear : Linalg<"DequantizeLinear", [10, 13, 19, 21, 23, 24, 25, 28]> {
  let inputs = [Required<"x">, Required<"x_scale">, Optional<"x_zero_point">];
  let outputs = [Required<"y">];
  let attributes = [
    Int<"axis", "1", since = 13>, Int<"block_size", "0", since = 21>, Int<"output_dtype", "0", since = 23>];
  let limits = [OwnScaleType];
  let takesUnsigned = 1;
}
def DynamicQuantizeLinear : Linalg<"DynamicQuantizeLinear", [11]> {
  let inputs = [Required<"x">];
  let outputs = [Required<"y">, Required<"y_scale">, Required<"y_zero_point">];
}
def QLinearMatMul : Linalg<"QLinearMatMul", [10, 21]> {
  let inputs = [
    Required<"a">, Required<"a_scale">, Required<"a_zero_point">, Required<"b">, Required<"b_scale">,
    Required<"b_zero_point">, Required<"y_scale">, Required<"y_zero_point">];
  let outputs = [Required<"y">];
  let takesUnsigned = 1;
}

//===----------------------------------------------------------------------===//
// Shapes and movement of data
//===----------------------------------------------------------------------===//

def Concat : Linalg<"Concat", [1, 4, 11, 13]> {
  let takesAnyElement = 1;
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
  let takesAnyElement = 1;
  let inputs = [Required<"input">];
  let attributes = [Tensor<"value">];
  let limits = [KnownLengthOfShape];
  let notes = "at most 2 GiB where the shape is computed";
}
def Expand : Linalg<"Expand", [8, 13]> {
  let takesAnyElement = 1;
  let inputs = [Required<"input">, Required<"shape">];
  let limits = [KnownLengthOfShape];
  let notes = "at most 2 GiB where the shape is computed";
}
def Flatten : Linalg<"Flatten", [1, 9, 11, 13, 21, 23, 24, 25]> {
  let takesAnyElement = 1;
  let inputs = [Required<"input">];
  let attributes = [Int<"axis", "1">];
}
def Gather : Linalg<"Gather", [1, 11, 13]> {
  let takesAnyElement = 1;
  let inputs = [Required<"data">, Required<"indices">];
  let attributes = [Int<"axis", "0">];
}
def Identity : Linalg<"Identity", [1, 13, 14, 16, 19, 21, 23, 24, 25]> {
  let inputs = [Required<"input">];
  let takesAnyElement = 1;
}
def Pad : Linalg<"Pad", [2, 11, 13, 18, 19, 21, 23, 24, 25]> {
  let takesAnyElement = 1;
  let inputs = [Required<"data">, Required<"pads", since = 11>, Optional<"constant_value", since = 11>,
                Optional<"axes", since = 18>];
  let attributes = [
    String<"mode", "constant", ["constant", "reflect", "edge"], limits = "not `wrap`">,
    Ints<"pads", required = 1, until = 10>, Float<"value", "0.0", until = 10>];
  let limits = [KnownLengthOfPads, KnownAxes, PadRange, ReflectedElements];
  let notes = "at most 2 GiB where pads are computed";
}
def Reshape : Linalg<"Reshape", [1, 5, 13, 14, 19, 21, 23, 24, 25]> {
  let takesAnyElement = 1;
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
  let takesAnyElement = 1;
}
def Size : Linalg<"Size", [1, 13, 19, 21, 23, 24, 25]> {
  let inputs = [Required<"data">];
  let outputs = [Required<"size">];
  let takesAnyElement = 1;
}
def Slice : Linalg<"Slice", [1, 10, 11, 13]> {
  let takesAnyElement = 1;
  let inputs = [Required<"data">, Required<"starts", since = 10>, Required<"ends", since = 10>,
                Optional<"axes", since = 10>, Optional<"steps", since = 10>];
  let attributes = [
    Ints<"starts", required = 1, until = 9>, Ints<"ends", required = 1, until = 9>, Ints<"axes", until = 9>];
  let limits = [KnownLengthOfBounds, KnownAxes, KnownSteps];
}
def Split : Linalg<"Split", [2, 11, 13, 18]> {
  let takesAnyElement = 1;
  let inputs = [Required<"input">, Optional<"split", since = 13>];
  let outputs = [Variadic<"outputs">];
  let attributes = [Int<"axis", "0">, Ints<"split", until = 12>, Int<"num_outputs", since = 18>];
  let limits = [KnownSplit, SumOfParts];
}
def Squeeze : Linalg<"Squeeze", [1, 11, 13, 21, 23, 24, 25]> {
  let takesAnyElement = 1;
  let inputs = [Required<"data">, Optional<"axes", since = 13>];
  let outputs = [Required<"squeezed">];
  let attributes = [Ints<"axes", until = 12>];
  let limits = [KnownAxes, SqueezedSizes];
}
def Transpose : Linalg<"Transpose", [1, 13, 21, 23, 24, 25]> {
  let takesAnyElement = 1;
  let inputs = [Required<"data">];
  let outputs = [Required<"transposed">];
  let attributes = [Ints<"perm">];
}
def Unsqueeze : Linalg<"Unsqueeze", [1, 11, 13, 21, 23, 24, 25]> {
  let takesAnyElement = 1;
  let inputs = [Required<"data">, Required<"axes", since = 13>];
  let outputs = [Required<"expanded">];
  let attributes = [Ints<"axes", required = 1, until = 12>];
  let limits = [KnownAxes];
}

def Tile : Linalg<"Tile", [1, 6, 13]> {
  let inputs = [Required<"input">, Required<"tiles", until = 5>, Required<"axis", until = 5>,
                Required<"repeats", since = 6>];
  let limits = [KnownRepeats, KnownAxis];
  let takesAnyElement = 1;
  let notes = "at most 2 GiB where repeats are computed";
}
def Range : Linalg<"Range", [11, 27]> {
  let inputs = [Required<"start">, Required<"limit">, Required<"delta">];
  let attributes = [Int<"stash_type", "1", since = 27>];
  let notes = "at most 2 GiB";
}
def OneHot : Linalg<"OneHot", [9, 11, 28]> {
  let inputs = [Required<"indices">, Required<"depth">, Required<"values">];
  let attributes = [Int<"axis", "-1">];
  let takesAnyElement = 1;
  let notes = "at most 2 GiB where the depth is computed";
}
def Trilu : Linalg<"Trilu", [14]> {
  let inputs = [Required<"input">, Optional<"k">];
  let attributes = [Int<"upper", "1", [0, 1]>];
  let takesAnyElement = 1;
}
def EyeLike : Linalg<"EyeLike", [9, 22]> {
  let inputs = [Required<"input">];
  let attributes = [Int<"dtype", permitted = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 16],
                        limits = "floats of 16 to 64 bits, integers of 8 to 64 bits and bool">, Int<"k", "0">];
  let takesAnyElement = 1;
}
def NonZero : Linalg<"NonZero", [9, 13]> {
  let inputs = [Required<"X">];
  let outputs = [Required<"Y">];
  let takesUnsigned = 1;
}
def Compress : Linalg<"Compress", [9, 11, 28]> {
  let inputs = [Required<"input">, Required<"condition">];
  let attributes = [Int<"axis">];
  let takesAnyElement = 1;
}
def GatherElements : Linalg<"GatherElements", [11, 13]> {
  let inputs = [Required<"data">, Required<"indices">];
  let attributes = [Int<"axis", "0">];
  let takesAnyElement = 1;
}
def GatherND : Linalg<"GatherND", [11, 12, 13]> {
  let inputs = [Required<"data">, Required<"indices">];
  let attributes = [Int<"batch_dims", "0", since = 12>];
  let limits = [KnownIndexLength];
  let takesAnyElement = 1;
}
class Scattering<string name, list<int> versions> : Linalg<name, versions> {
  let inputs = [Required<"data">, Required<"indices">, Required<"updates">];
  list<Attribute> reduction = [String<"reduction", "none", ["none", "add", "mul", "max", "min"], since = 16>];
  let takesUnsigned = 1;
}
def ScatterElements : Scattering<"ScatterElements", [11, 13, 16, 18]> {
  let attributes = !listconcat([Int<"axis", "0">], reduction);
}
def Scatter : Scattering<"Scatter", [9, 11]> { let attributes = [Int<"axis", "0">]; }
def ScatterND : Scattering<"ScatterND", [11, 13, 16, 18]> {
  let attributes = reduction;
  let limits = [KnownIndexLength];
}
def ReverseSequence : Linalg<"ReverseSequence", [10, 28]> {
  let inputs = [Required<"input">, Required<"sequence_lens">];
  let outputs = [Required<"Y">];
  let attributes = [Int<"batch_axis", "1", [0, 1]>, Int<"time_axis", "0", [0, 1]>];
  let takesAnyElement = 1;
}
def DepthToSpace : Linalg<"DepthToSpace", [1, 11, 13, 28]> {
  let inputs = [Required<"input">];
  let attributes = [Int<"blocksize", required = 1>, String<"mode", "DCR", ["DCR", "CRD"], since = 11>];
  let takesAnyElement = 1;
}
def SpaceToDepth : Linalg<"SpaceToDepth", [1, 13, 28]> {
  let inputs = [Required<"input">];
  let attributes = [Int<"blocksize", required = 1>, String<"mode", "DCR", ["DCR", "CRD"], since = 28>];
  let takesAnyElement = 1;
}
def Resize : Linalg<"Resize", [10, 11, 13, 18, 19]> {
  let inputs = [Required<"X">, Required<"scales", until = 10>, Optional<"roi", since = 11>,
                Optional<"scales", since = 11>, Optional<"sizes", since = 11>];
  let outputs = [Required<"Y">];
  let attributes = [
    Int<"antialias", "0", [0], since = 18, limits = "no antialiasing">, Ints<"axes", since = 18>,
    String<"coordinate_transformation_mode", "half_pixel",
           ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric"], since = 11,
           limits = "no regions of interest">,
    Float<"cubic_coeff_a", "-0.75", since = 11>, Int<"exclude_outside", "0", [0], since = 11, limits = "no exclusion">,
    Float<"extrapolation_value", "0.0", since = 11>,
    String<"keep_aspect_ratio_policy", "stretch", ["stretch"], since = 18, limits = "stretching only">,
    String<"mode", "nearest", ["nearest", "linear", "cubic"]>,
    String<"nearest_mode", "round_prefer_floor", ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"], since = 11>];
  let limits = [KnownResize];
  let takesUnsigned = 1;
  let notes = "at most 2 GiB where sizes are computed";
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

def Loop : Linalg<"Loop", [1, 11, 13, 16, 19, 21, 23, 24, 25]> {
  let inputs = [Optional<"M">, Optional<"cond">, AnyNumber<"v_initial">];
  let outputs = [Variadic<"v_final_and_scan_outputs">];
  let attributes = [Graph<"body">];
  let limits = [MatchingStates, EndingLoop];
  let takesAnyElement = 1;
}
def Scan : Linalg<"Scan", [8, 9, 11, 16, 19, 21, 23, 24, 25]> {
  let inputs = [Optional<"sequence_lens", until = 8>, Variadic<"initial_state_and_scan_inputs">];
  let outputs = [Variadic<"final_state_and_scan_outputs">];
  let attributes = [
    Graph<"body">, Ints<"directions", until = 8>, Int<"num_scan_inputs", required = 1>,
    Ints<"scan_input_axes", since = 9>, Ints<"scan_input_directions", since = 9>, Ints<"scan_output_axes", since = 9>,
    Ints<"scan_output_directions", since = 9>];
  let limits = [MatchingStates];
  let takesAnyElement = 1;
}

def If : Linalg<"If", [1, 11, 13, 16, 19, 21, 23, 24, 25]> {
  let takesAnyElement = 1;
  let inputs = [Required<"cond">];
  let outputs = [Variadic<"outputs">];
  let attributes = [Graph<"then_branch">, Graph<"else_branch">];
  let limits = [MatchingBranches];
  let notes = "the condition must select the branch that alone fits; values of a branch may not have the names of values around it";
}

#endif // RNN_DIALECT_ONNX_IR_ONNXOPERATORS_TD
