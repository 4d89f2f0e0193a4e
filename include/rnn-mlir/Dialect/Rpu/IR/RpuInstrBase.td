#ifndef RNN_DIALECT_RPU_IR_RPUINSTRBASE_TD
#define RNN_DIALECT_RPU_IR_RPUINSTRBASE_TD

include "rnn-mlir/Dialect/Rpu/IR/RpuDialect.td"
include "rnn-mlir/Dialect/Rpu/IR/RpuMachine.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

/// Bits of a field or of the head that say one thing; `count` times, upwards from
/// bit `lo`. The codec has a constant for each.
class Rpu_Part<string name, int lo, int width, string values, int count = 1> {
  string Name = name;
  int Lo = lo;
  int Width = width;
  string Values = values;
  int Count = count;
}

/// What a field is in the C++ struct, how wide it is in the word (bits), what
/// range the manual states, and as which arguments it appears in the op.
class Rpu_Kind<string cpp, int width, string range, list<Constraint> args, list<string> suffixes = [""]> {
  /// What its bits say; empty where they are a number. And for the manual, what the parts mean together.
  list<Rpu_Part> Parts = [];
  string Meaning = "";
  string Cpp = cpp;
  int Width = width;
  string Range = range;
  list<Constraint> Args = args;
  list<string> Suffixes = suffixes;
}

/// The largest number of `width` bits.
class Rpu_Max<int width> {
  int Value = !sub(!shl(1, width), 1);
}
class Rpu_Bounded<int max> : ConfinedAttr<I64Attr, [IntNonNegative, IntMaxValue<max>]>;

class Rpu_UImm<int width>
    : Rpu_Kind<"uint32_t", width, "0 to " # Rpu_Max<width>.Value, [Rpu_Bounded<Rpu_Max<width>.Value>]>;
/// The bit above the immediate says that it is a register.
class Rpu_RegOrImm<int immWidth>
    : Rpu_Kind<"RegOrImm", !add(immWidth, 1), "a register, or 0 to " # Rpu_Max<immWidth>.Value, [Rpu_RegOrImmAttr]>;
def Rpu_UImm3  : Rpu_UImm<3>;
def Rpu_UImm20 : Rpu_UImm<20>;
def Rpu_Size20 : Rpu_RegOrImm<20>;
def Rpu_Size24 : Rpu_RegOrImm<24>;
def Rpu_Size32 : Rpu_RegOrImm<32>;
def Rpu_Imm64  : Rpu_Kind<"int64_t", 64, "any 64-bit integer", [I64Attr]>;
def Rpu_Float  : Rpu_Kind<"float", 32, "any f32", [F32Attr]>;
def Rpu_Flag   : Rpu_Kind<"bool", 1, "0 or 1", [UnitAttr]>;
class Rpu_Register<string cpp, string prefix, int width, list<Constraint> args>
    : Rpu_Kind<cpp, width, prefix # "0 to " # prefix # Rpu_Max<width>.Value, args>;
def Rpu_RegIn  : Rpu_Register<"Reg", "s", 6, [Rpu_Bounded<Rpu_Max<6>.Value>]>;
/// A register that is written: not s0, which is 0.
def Rpu_RegOut : Rpu_Kind<"RegOut", 6, "s1 to s" # Rpu_Max<6>.Value,
                          [ConfinedAttr<I64Attr, [IntMinValue<1>, IntMaxValue<Rpu_Max<6>.Value>]>]>;

def Rpu_PartMemory     : Rpu_Part<"memory", 0, 3, "a memory's number">;
def Rpu_PartBase       : Rpu_Part<"base", 3, 6, "s0 to s63">;
def Rpu_PartOffset     : Rpu_Part<"offset", 9, 32, "bytes">;
def Rpu_PartStrides    : Rpu_Part<"strides", 41, 6, "s0 to s63, of loop level 0, 1, …", 8>;
def Rpu_PartRingLevel  : Rpu_Part<"ring_level", 89, 3, "a loop level">;
def Rpu_PartRingDepth  : Rpu_Part<"ring_depth", 92, 4, "slots; 0 for no ring">;
def Rpu_PartFormat     : Rpu_Part<"format", 96, 4, "a format's number; 0 where bytes are accessed">;
def Rpu_PartPitchIsReg : Rpu_Part<"pitch_is_reg", 100, 1, "1 if the pitch is in a register">;
def Rpu_PartPitch      : Rpu_Part<"pitch", 101, 27, "bytes, in two's complement, or the register's number">;

/// Where an operand is, and the format of its numbers.
class Rpu_Located<string cpp, int width, string range, list<Rpu_Part> more>
    : Rpu_Kind<cpp, width, range, [Rpu_BufferType, Rpu_ViewAttr], ["", "View"]> {
  let Parts = !listconcat([Rpu_PartMemory, Rpu_PartBase, Rpu_PartOffset, Rpu_PartStrides, Rpu_PartRingLevel,
                           Rpu_PartRingDepth, Rpu_PartFormat], more);
  let Meaning = "The address is s[base] + offset + Σ_level index[level] · s[strides[level]], in bytes; the index of "
                "`ring_level` is taken modulo `ring_depth` where that is not 0.";
}
def Rpu_View    : Rpu_Located<"View", 128, "a view", [Rpu_PartPitchIsReg, Rpu_PartPitch]>;
def Rpu_Element : Rpu_Located<"Element", 100, "an element", []>;

/// A lane register: an SSA value of type f32 in the op.
def Rpu_LaneIn  : Rpu_Register<"LaneReg", "r", 5, [F32]>;
def Rpu_LaneOut : Rpu_Register<"LaneReg", "r", 5, []>;
/// The number of micro-operations that follow the head: the struct's body.
def Rpu_BodySize : Rpu_Kind<"uint32_t", 8, "0 to " # Rpu_Max<8>.Value, []>;
/// Bits that are zero; any other value is no instruction.
def Rpu_ReservedBits : Rpu_Kind<"", 0, "zero", []>;

/// A field: its bits begin at bit `lo` of word `word` (0 is the head).
class Rpu_Field<Rpu_Kind kind, string name, int word, int lo, int width = kind.Width> {
  Rpu_Kind Kind = kind;
  string Name = name;
  int Word = word;
  int Lo = lo;
  int Width = width;
  dag OdsArguments = !if(!empty(kind.Args), (ins), !dag(ins, kind.Args, !foreach(s, kind.Suffixes, name # s)));
}
class Rpu_Reserved<int word, int lo, int width> : Rpu_Field<Rpu_ReservedBits, "", word, lo, width> {
  let OdsArguments = (ins);
}

//===----------------------------------------------------------------------===//
// What an instruction does to memory
//===----------------------------------------------------------------------===//

/// Bytes that an instruction accesses at an operand: rows, the operand's pitch apart, of numbers in the operand's
/// format. How many rows there are, and numbers in a row, are products of the named fields: of the instruction, or for a
/// micro-operation of its lane program; of none, 1. From these records are made the memories an operand may be in, the
/// ranges that the simulator checks and the compiler orders, and bytes that costs count.
class Rpu_Access<bit write, string operand, list<Rpu_Memory> memories, list<string> rows, list<string> row> {
  bit Write = write;
  string Operand = operand;
  list<Rpu_Memory> Memories = memories;
  list<string> Rows = rows;
  list<string> Row = row;
  /// The field of `Row` that counts in whole panels.
  string WholePanels = "";
  /// Bytes in place of each number, whatever they mean; 0 for numbers.
  int Bytes = 0;
  /// Only where this flag of the instruction is set.
  string OnlyIf = "";
  /// Element i of the instruction accesses number i of the row alone.
  bit Elementwise = 0;
}
class Rpu_Reads<string operand, list<Rpu_Memory> memories, list<string> rows, list<string> row>
    : Rpu_Access<0, operand, memories, rows, row>;
class Rpu_Writes<string operand, list<Rpu_Memory> memories, list<string> rows, list<string> row>
    : Rpu_Access<1, operand, memories, rows, row>;
class Rpu_ReadsBytes<string operand, list<Rpu_Memory> memories, list<string> rows, list<string> row, int bytes = 1>
    : Rpu_Reads<operand, memories, rows, row> {
  let Bytes = bytes;
}
class Rpu_WritesBytes<string operand, list<Rpu_Memory> memories, list<string> rows, list<string> row, int bytes = 1>
    : Rpu_Writes<operand, memories, rows, row> {
  let Bytes = bytes;
}
class Rpu_ReadsIf<string flag, string operand, list<Rpu_Memory> memories, list<string> rows, list<string> row>
    : Rpu_Reads<operand, memories, rows, row> {
  let OnlyIf = flag;
}
/// Of a weight in panels.
class Rpu_ReadsPanels<string operand, list<Rpu_Memory> memories, string rows, string cols>
    : Rpu_Reads<operand, memories, [], [rows, cols]> {
  let WholePanels = rows;
}
/// Every memory of a tile.
defvar Rpu_OnTile = [Rpu_WeightMemory, Rpu_VectorMemory, Rpu_AccMemory];

//===----------------------------------------------------------------------===//
// Instructions
//===----------------------------------------------------------------------===//

def Rpu_PartOpcode : Rpu_Part<"opcode", 120, 8, "of the instruction">;
def Rpu_PartWaits  : Rpu_Part<"waits", 64, 7, "semaphore 0 to 63, and above it 1 if there is one", 4>;
def Rpu_PartPosts  : Rpu_Part<"posts", 92, 7, Rpu_PartWaits.Values, 4>;

/// The instruction set is the list of all records of this class.
class Rpu_Instr<bits<8> opcode, Rpu_Engine engine, list<Rpu_Field> fields, int words> {
  bits<8> Opcode = opcode;
  Rpu_Engine Engine = engine;
  list<Rpu_Field> Fields = fields;
  int Words = words;
  /// It waits for semaphores and posts some.
  bit HasSync = !ne(engine.Name, "seq");
  /// What the head word says beside the fields.
  list<Rpu_Part> Head = !if(HasSync, [Rpu_PartOpcode, Rpu_PartPosts, Rpu_PartWaits], [Rpu_PartOpcode]);
  bit IsMicro = 0;
  /// The engine is the one that the field `engine` names.
  bit EngineIsField = 0;
  /// What it does to memory, in the order in which faults are found: each view and element is in one access or more.
  list<Rpu_Access> Accesses = [];
  /// Where one of these fields is 0 it does nothing.
  list<string> NothingIfZero = [];
  /// Class of a micro-operation's cost in a target's description; each has one.
  string CostClass = "";
}

class Rpu_OdsArguments<list<Rpu_Field> fields> {
  dag Dag = !foldl((ins), fields, all, f, !con(all, f.OdsArguments));
}

class Rpu_Op<string mnemonic, list<Trait> traits = []> : Op<Rpu_Dialect, mnemonic, traits>;

/// An instruction of the sequencer.
class Rpu_SeqOp<string mnemonic, bits<8> opcode, list<Rpu_Field> fields, int words = 1>
    : Rpu_Op<mnemonic>, Rpu_Instr<opcode, Rpu_Seq, fields, words> {
  let arguments = Rpu_OdsArguments<fields>.Dag;
  let assemblyFormat = "operands attr-dict";
}

/// An instruction of the sequencer that has no op: it is made for another one.
class Rpu_SeqInstr<string mnemonic, bits<8> opcode, list<Rpu_Field> fields, int words = 1>
    : Rpu_Instr<opcode, Rpu_Seq, fields, words> {
  string opName = mnemonic;
  string summary = "";
  string description = "";
}

def Rpu_Semaphores : ConfinedAttr<DenseI64ArrayAttr, [AttrConstraint<
    CPred<"::rnn::rpu::fitSyncSlots(::llvm::cast<::mlir::DenseI64ArrayAttr>($_self).asArrayRef())">,
    "of at most 4 semaphores from 0 to 63">]>;

/// An instruction of an engine: waits, works, posts.
class Rpu_EngineOp<string mnemonic, bits<8> opcode, Rpu_Engine engine, list<Rpu_Field> fields, int words,
                   list<Trait> traits = []>
    : Rpu_Op<mnemonic, traits>, Rpu_Instr<opcode, engine, fields, words> {
  let arguments = !con(Rpu_OdsArguments<fields>.Dag, (ins
    DefaultValuedAttr<Rpu_Semaphores, "{}">:$waits,
    DefaultValuedAttr<Rpu_Semaphores, "{}">:$posts,
    DefaultValuedAttr<Rpu_RoleAttr, "::rnn::rpu::Role::Control">:$role));
  let assemblyFormat = "operands attr-dict";
}

/// An element-wise operation that a micro-operation computes: its name, its kind where an attribute tells kinds apart
/// (the predicate of a comparison, the function of an activation), and for each lane operand the operand it is; in
/// order where the list is empty.
class Rpu_Implements<string operation, string kind = "", list<int> operands = []> {
  string Operation = operation;
  string Kind = kind;
  list<int> Operands = operands;
}

/// A micro-operation of a lane program.
class Rpu_MicroOp<string mnemonic, bits<8> opcode, string cost, list<Rpu_Field> fields, list<Trait> traits = [Pure]>
    : Rpu_Op<"lane." # mnemonic, traits>, Rpu_Instr<opcode, Rpu_Vec, fields, 1> {
  let HasSync = 0;
  let IsMicro = 1;
  let arguments = Rpu_OdsArguments<fields>.Dag;
  let assemblyFormat = "operands attr-dict";
  let CostClass = cost;
  /// What instruction selection takes it for.
  list<Rpu_Implements> Implements = [];
}

#endif // RNN_DIALECT_RPU_IR_RPUINSTRBASE_TD
