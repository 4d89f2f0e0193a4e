//===- RpuOps.cpp - Operations of the rpu dialect ---------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"

#include "mlir/Interfaces/FunctionImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "rnn-mlir/Dialect/Rpu/IR/RpuOps.cpp.inc"

namespace rnn::rpu {

/// `@name (%a: type, …) attributes {…} { … }`; the parentheses only where the body takes tensors.
ParseResult ProgramOp::parse(OpAsmParser &parser, OperationState &result) {
  StringAttr name;
  SmallVector<OpAsmParser::Argument> arguments;
  if (parser.parseSymbolName(name, SymbolTable::getSymbolAttrName(), result.attributes) ||
      parser.parseArgumentList(arguments, OpAsmParser::Delimiter::OptionalParen, /*allowType=*/true) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes))
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

LogicalResult LaunchOp::verify() {
  if (getResults().empty())
    return success();
  if (getResults().getTypes() != getOuts().getTypes())
    return emitOpError("expects results of the types of outs");
  return success();
}

LogicalResult BufferOp::verify() {
  bool dram = getMemory() == Memory::Dram;
  if (dram != (getConstant().has_value() || getArgument().has_value()))
    return emitOpError("expects a constant or the number of an argument in dram, and neither in ")
           << stringifyMemory(dram ? Memory::Weight : getMemory());
  if (getConstant() && getArgument())
    return emitOpError("expects either a constant or the number of an argument, found both");
  return success();
}

LogicalResult LanesOp::verify() {
  for (Operation &op : getBody().front())
    if (!op.getName().getStringRef().starts_with("rpu.lane."))
      return emitOpError("expects micro-operations, found ") << op.getName();
  if (getBody().front().empty())
    return emitOpError("expects at least one micro-operation");
  return success();
}

} // namespace rnn::rpu
