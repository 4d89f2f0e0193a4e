#ifndef RNN_DIALECT_ONNX_IR_ONNXOPERATOR_TD
#define RNN_DIALECT_ONNX_IR_ONNXOPERATOR_TD

// What a record of an operator is made of. `since` and `until` are versions of
// ONNX's default domain, both inclusive.

/// The newest version of the default domain, `kNewestOpset` in C++.
def NewestOpset {
  int version = 28;
}

class Operand<string operandName, string operandArity, int first, int last> {
  string name = operandName;
  string arity = operandArity;
  int since = first;
  int until = last;
}
class Required<string name, int since = 1, int until = NewestOpset.version> : Operand<name, "Required", since, until>;
class Optional<string name, int since = 1, int until = NewestOpset.version> : Operand<name, "Optional", since, until>;
/// One or more, always the last.
class Variadic<string name, int since = 1, int until = NewestOpset.version> : Operand<name, "Variadic", since, until>;
/// Any number, always the last.
class AnyNumber<string name, int since = 1, int until = NewestOpset.version> : Operand<name, "AnyNumber", since, until>;

/// `default` is empty where the operator gives none; `ints` or `strings` are the
/// values we permit, empty where every value is. `limits` says in words what they
/// mean where that does not show; refusals of other values have it.
class Attribute<string attributeName, string attributeKind, bit isRequired, string defaultValue, int first, int last,
                list<int> permittedInts = [], list<string> permittedStrings = [], string meaning = ""> {
  string name = attributeName;
  string kind = attributeKind;
  bit required = isRequired;
  string default = defaultValue;
  int since = first;
  int until = last;
  list<int> ints = permittedInts;
  list<string> strings = permittedStrings;
  string limits = meaning;
}
class Int<string name, string default = "", list<int> permitted = [], bit required = 0, int since = 1, int until = NewestOpset.version,
          string limits = "">
    : Attribute<name, "Int", required, default, since, until, permitted, [], limits>;
class Float<string name, string default = "", bit required = 0, int since = 1, int until = NewestOpset.version>
    : Attribute<name, "Float", required, default, since, until>;
class String<string name, string default = "", list<string> permitted = [], bit required = 0, int since = 1,
             int until = NewestOpset.version, string limits = "">
    : Attribute<name, "String", required, default, since, until, [], permitted, limits>;
class Ints<string name, bit required = 0, int since = 1, int until = NewestOpset.version>
    : Attribute<name, "Ints", required, "", since, until>;
class Floats<string name, bit required = 0, int since = 1, int until = NewestOpset.version>
    : Attribute<name, "Floats", required, "", since, until>;
class Strings<string name, bit required = 0, int since = 1, int until = NewestOpset.version>
    : Attribute<name, "Strings", required, "", since, until>;
class Tensor<string name, bit required = 0, int since = 1, int until = NewestOpset.version>
    : Attribute<name, "Tensor", required, "", since, until>;
class Graph<string name, bit required = 1, int since = 1, int until = NewestOpset.version>
    : Attribute<name, "Graph", required, "", since, until>;

/// What is supported of an operator, in words that complete "<name> supports …". The definition's name is that of the
/// limit in C++, an enumerator of `Limit`. A limit of a size is 2^`exponent`, `bounds::<name>` in C++.
class Limit<string words, int boundExponent = 0> {
  string text = words;
  int exponent = boundExponent;
}
class AtMost<string what, int exponent, string unit = ""> : Limit<what # " of at most 2^" # exponent # unit, exponent>;
class Within<string what, int exponent> : Limit<what # " from -2^" # exponent # " to 2^" # exponent, exponent>;

/// Of every operator. Beyond this, sizes in bytes are not computed without overflow.
def TensorBytes : AtMost<"tensors", 46, " bytes">;
/// Of every operator.
def NoStrings : Limit<"no strings">;
/// Of every operator without `takesUnsigned` or `takesAnyElement`.
def NoUnsigned : Limit<"no unsigned integers">;

/// One operator of the default domain. `versions` are all versions at which
/// ONNX changed it and that we support; before the first it is refused, and a
/// model of a version between two of them follows the lower one.
/// `lowering` names the conversion that implements it. `LogicalResult
/// lower<Name>(NodeLowering &)` lowers it in OnnxToLinalg, or hands it to
/// OnnxToRnn there (Recurrent.cpp).
class Operator<string operatorName, list<int> operatorVersions, string conversion> {
  string name = operatorName;
  list<int> versions = operatorVersions;
  string lowering = conversion;
  list<Operand> inputs = [];
  list<Operand> outputs = [Required<"output">];
  list<Attribute> attributes = [];
  /// What else is refused: each is the text of an error, "<name> supports <limit>, found …".
  list<Limit> limits = [];
  /// Whether operands may have elements of unsigned integers.
  bit takesUnsigned = 0;
  /// Whether the operator takes elements of every type as they are. Others compute in f32 what is given in f16 or bf16,
  /// and round their results to that type.
  bit takesAnyElement = 0;
  /// What else to know, in words.
  string notes = "";
}

#endif // RNN_DIALECT_ONNX_IR_ONNXOPERATOR_TD
