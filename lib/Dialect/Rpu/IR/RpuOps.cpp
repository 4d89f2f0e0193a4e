//===- RpuOps.cpp - Operations of the rpu dialect ---------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rpu/IR/RpuBridge.h"
#include "rnn-mlir/Isa/Program.h"

#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "rnn-mlir/Dialect/Rpu/IR/RpuOps.cpp.inc"

namespace rnn::rpu {

/// `@name (%a: type, …) attributes {…} { … }`; the parentheses only where the body takes tensors.
ParseResult ProgramOp::parse(OpAsmParser &parser, OperationState &result) {
  StringAttr name;
  SmallVector<OpAsmParser::Argument> arguments;
  SMLoc where;
  auto emitError = [&] { return parser.emitError(where); };
  if (parser.parseSymbolName(name, SymbolTable::getSymbolAttrName(), result.attributes) ||
      parser.parseArgumentList(arguments, OpAsmParser::Delimiter::OptionalParen, /*allowType=*/true) ||
      parser.getCurrentLocation(&where) || parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();
  if (std::optional<NamedAttribute> twice = result.attributes.findDuplicate())
    return emitError() << "attribute '" << twice->getName().getValue() << "' is given twice";
  if (failed(verifyInherentAttrs(result.name, result.attributes, emitError)))
    return failure();
  Region *body = result.addRegion();
  if (parser.parseRegion(*body, arguments))
    return failure();
  if (body->empty())
    body->emplaceBlock();
  return success();
}

void ProgramOp::print(OpAsmPrinter &printer) {
  printer << " ";
  printer.printSymbolName(getSymName());
  Block &block = getBody().front();
  if (block.getNumArguments() != 0) {
    printer << "(";
    llvm::interleaveComma(block.getArguments(), printer, [&](BlockArgument arg) { printer.printRegionArgument(arg); });
    printer << ")";
  }
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {SymbolTable::getSymbolAttrName()});
  printer << " ";
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false, /*printBlockTerminators=*/true);
}

LogicalResult ProgramOp::verifyLayer() {
  LayerAttr layer = getLayerAttr();
  if (!layer)
    return success();
  for (int64_t bound : {layer.getMacsPerStep(), layer.getInputWeightBytes(), layer.getStateWeightBytes(),
                        layer.getDramBytesPerCall(), layer.getDramBytesPerSequence(), layer.getDramBytesPerStep(),
                        layer.getConstantBytes(), layer.getInputMatCyclesPerStep(), layer.getStateMatCyclesPerStep()})
    if (bound < 0)
      return emitOpError("expects bounds of its layer of at least 0, found ") << bound;
  auto arguments = llvm::to_vector(getArgumentsAttr().getAsRange<ArgumentAttr>());
  for (int64_t number : {layer.getStepsArgument(), layer.getLengthsArgument()})
    if (number < -1 || number >= static_cast<int64_t>(arguments.size()))
      return emitOpError("expects -1 or one of its ")
             << arguments.size() << " arguments in its layer, found number " << number;
  return success();
}

LogicalResult ProgramOp::verify() {
  if (getSemaphores().size() > isa::kSemaphores)
    return emitOpError("expects at most ") << isa::kSemaphores << " semaphores, found " << getSemaphores().size();
  for (auto [number, count] : llvm::enumerate(getSemaphores()))
    if (count < 0 || count > int64_t(isa::kMaxTokens))
      return emitOpError("expects semaphore ")
             << number << " to start with 0 to " << isa::kMaxTokens << ", found " << count;
  if (!getArgumentsAttr())
    return success();
  if (getBody().getNumArguments() != 0)
    return emitOpError("expects no tensors in machine form, found ") << getBody().getNumArguments();
  // What each register is for: the runtime writes it once.
  std::array<std::string, isa::kRegisters> owners;
  auto own = [&](int64_t reg, int64_t least, const Twine &what) -> LogicalResult {
    if (reg < least || reg >= static_cast<int64_t>(isa::kRegisters))
      return emitOpError("expects ") << what << " in register s" << least << " to s" << isa::kRegisters - 1
                                     << ", found " << reg;
    if (reg == 0)
      return success();
    if (!owners[reg].empty())
      return emitOpError("gives register s") << reg << " to both " << owners[reg] << " and " << what;
    owners[reg] = what.str();
    return success();
  };
  for (auto argument : getArgumentsAttr().getAsRange<ArgumentAttr>()) {
    StringRef name = argument.getName();
    if (argument.getElementBytes() < 1 || argument.getElementBytes() > isa::kMaxElementBytes)
      return emitOpError("expects elements of 1 to ")
             << isa::kMaxElementBytes << " bytes for argument '" << name << "', found " << argument.getElementBytes();
    if (argument.getShape().size() > isa::kMaxRank)
      return emitOpError("expects at most ")
             << isa::kMaxRank << " dimensions of argument '" << name << "', found " << argument.getShape().size();
    for (auto [index, size] : llvm::enumerate(argument.getShape()))
      if (size < -1)
        return emitOpError("expects dimension ")
               << index << " of argument '" << name << "' to have a size or -1, found " << size;
    if (argument.getDims().size() != argument.getShape().size())
      return emitOpError("expects a register or 0 for each of the ")
             << argument.getShape().size() << " dimensions of argument '" << name << "', found "
             << argument.getDims().size();
    if (failed(own(argument.getBase(), 1, "the address of argument '" + name + "'")))
      return failure();
    for (auto [index, reg] : llvm::enumerate(argument.getDims()))
      if (failed(own(reg, 0, "dimension " + Twine(index) + " of argument '" + name + "'")))
        return failure();
  }
  return verifyLayer();
}

LogicalResult LaunchOp::verify() {
  if (getResults().getTypes() != getOuts().getTypes())
    return emitOpError("expects results of the types of outs");
  return success();
}

/// Whether an array that a launch passes can be `argument`.
static bool fits(Type type, ArgumentAttr argument) {
  auto tensor = cast<RankedTensorType>(type);
  auto sameSize = [](int64_t size, int64_t declared) {
    return ShapedType::isDynamic(size) ? declared == -1 : size == declared;
  };
  return tensor.getElementType().isIntOrFloat() &&
         llvm::divideCeil(tensor.getElementTypeBitWidth(), 8) == static_cast<uint64_t>(argument.getElementBytes()) &&
         llvm::equal(tensor.getShape(), argument.getShape(), sameSize);
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto program = symbols.lookupNearestSymbolFrom<ProgramOp>(*this, getProgramAttr());
  if (!program)
    return emitOpError("expects an rpu.program named ") << getProgramAttr();
  auto mismatch = [&]() {
    InFlightDiagnostic error = emitOpError("expects ins and outs as its program takes and returns them");
    error.attachNote(program.getLoc()) << "the program is here";
    return error;
  };
  Block &body = program.getBody().front();
  ArrayAttr arguments = program.getArgumentsAttr();
  if (!arguments) {
    auto yield = body.empty() ? ReturnOp() : dyn_cast<ReturnOp>(body.back());
    TypeRange returned = yield ? TypeRange(yield.getValues().getTypes()) : TypeRange();
    if (getIns().getTypes() != body.getArgumentTypes() || getOuts().getTypes() != returned)
      return mismatch();
    return success();
  }
  SmallVector<Type> passed(getIns().getTypes());
  llvm::append_range(passed, getOuts().getTypes());
  if (passed.size() != arguments.size())
    return mismatch();
  for (auto [index, type, attr] : llvm::enumerate(passed, arguments)) {
    auto argument = cast<ArgumentAttr>(attr);
    if (argument.getOutput() != (index >= getIns().size()) || !fits(type, argument))
      return mismatch();
  }
  return success();
}

LogicalResult LoopOp::verify() {
  if (getBody().getNumArguments() != 0)
    return emitOpError("expects a body without arguments, found ") << getBody().getNumArguments();
  if (getRole() != Role::Control && getRole() < Role::Sequences)
    return emitOpError("(C1) expects the role control, sequences, tiles or steps, found ") << stringifyRole(getRole());
  return success();
}

/// Whether an instruction refers to a register.
static bool usesRegisters(Operation &op) {
  return llvm::any_of(op.getAttrs(), [](NamedAttribute attr) {
    if (auto view = dyn_cast<ViewAttr>(attr.getValue()))
      return view.getPitch().getIsReg() || llvm::any_of(view.getStrides(), [](int64_t reg) { return reg != 0; });
    auto size = dyn_cast<RegOrImmAttr>(attr.getValue());
    return size && size.getIsReg();
  });
}

LogicalResult SetupOp::verifyRegions() {
  if (getBody().getNumArguments() != 0)
    return emitOpError("expects a body without arguments, found ") << getBody().getNumArguments();
  for (Operation *before = (*this)->getPrevNode(); before; before = before->getPrevNode())
    if (!llvm::isa<BufferOp, SetOp>(before))
      return emitOpError("expects nothing but buffers and rpu.set before it, found ") << before->getName();
  for (Operation &op : getBody().front()) {
    isa::Engine engine = isa::Engine::Seq;
    visitInstr(&op, [&](auto instr) { engine = engineOf(instr); });
    if (engine == isa::Engine::Seq)
      return op.emitOpError("expects to stand outside rpu.setup, which holds instructions of engines");
    WalkResult walked = op.walk([&](Operation *inner) {
      bool ofLaunch = usesRegisters(*inner) || llvm::any_of(inner->getOperands(), [](Value operand) {
                        auto buffer = operand.getDefiningOp<BufferOp>();
                        return buffer && buffer.getArgument();
                      });
      return ofLaunch ? WalkResult::interrupt() : WalkResult::advance();
    });
    if (walked.wasInterrupted())
      return op.emitOpError("expects no register and no argument in rpu.setup, as they are of one launch");
  }
  return success();
}

LogicalResult BufferOp::verify() {
  bool dram = getMemory() == Memory::Dram;
  if (dram != (getConstant().has_value() || getArgument().has_value()))
    return emitOpError("expects a constant or the number of an argument in dram, and neither in ")
           << stringifyMemory(dram ? Memory::Weight : getMemory());
  if (getConstant() && getArgument())
    return emitOpError("expects either a constant or the number of an argument, found both");
  if (IntegerAttr address = getAddressAttr(); address && address.getInt() < 0)
    return emitOpError("expects an address of at least 0, found ") << address.getInt();
  IntegerAttr argument = getArgumentAttr(), base = getBaseAttr();
  if (base && !argument)
    return emitOpError("expects a base register for an argument alone");
  if (base && (base.getInt() < 1 || base.getInt() >= static_cast<int64_t>(isa::kRegisters)))
    return emitOpError("expects a base in register s1 to s") << isa::kRegisters - 1 << ", found " << base.getInt();
  if (argument) {
    auto program = (*this)->getParentOfType<ProgramOp>();
    int64_t count = program && program.getArgumentsAttr() ? program.getArgumentsAttr().size() : 0;
    if (argument.getInt() < 0 || argument.getInt() >= count)
      return emitOpError("expects one of the ")
             << count << " arguments of the program, found number " << argument.getInt();
  }
  return success();
}

LogicalResult FenceOp::verify() {
  if (getEngine() < 1 || getEngine() >= static_cast<int64_t>(isa::kEngineCount))
    return emitOpError("expects an engine from 1 to ") << isa::kEngineCount - 1 << ", found " << getEngine();
  return success();
}

LogicalResult LanesOp::verify() {
  if (getBody().getNumArguments() != 0)
    return emitOpError("expects a body without arguments, found ") << getBody().getNumArguments();
  for (Operation &op : getBody().front())
    if (!visitMicroOp(&op, [](auto) {}))
      return emitOpError("expects micro-operations, found ") << op.getName();
  for (Operation &op : getBody().front())
    for (Value operand : op.getOperands())
      if (operand.getType().isF32() && operand.getParentBlock() != &getBody().front()) {
        InFlightDiagnostic error = op.emitOpError("expects operands of type f32 from its own lane program");
        error.attachNote(operand.getLoc()) << "this one is from outside";
        return error;
      }
  if (getBody().front().empty())
    return emitOpError("expects at least one micro-operation");
  return success();
}

SmallVector<ProgramOp> programsOf(ModuleOp module) {
  return llvm::to_vector(module.getOps<ProgramOp>());
}

llvm::StringMap<int64_t> programNumbers(ModuleOp module) {
  llvm::StringMap<int64_t> numbers;
  for (auto [number, program] : llvm::enumerate(programsOf(module)))
    numbers.try_emplace(program.getSymName(), number);
  return numbers;
}
} // namespace rnn::rpu
