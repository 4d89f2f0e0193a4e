//===- RpuDialect.cpp - The rpu dialect and its attributes ------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"

#include "rnn-mlir/Isa/Isa.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#include "rnn-mlir/Dialect/Rpu/IR/RpuDialect.cpp.inc"
#include "rnn-mlir/Dialect/Rpu/IR/RpuEnums.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "rnn-mlir/Dialect/Rpu/IR/RpuTypes.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "rnn-mlir/Dialect/Rpu/IR/RpuAttributes.cpp.inc"

namespace rnn::rpu {

void RpuDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "rnn-mlir/Dialect/Rpu/IR/RpuTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "rnn-mlir/Dialect/Rpu/IR/RpuAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "rnn-mlir/Dialect/Rpu/IR/RpuOps.cpp.inc"
      >();
}

/// `s5` or `-12`: a scalar register or an integer.
static ParseResult parseRegOrImm(AsmParser &parser, bool &isReg, int64_t &value) {
  StringRef keyword;
  SMLoc where = parser.getCurrentLocation();
  if (succeeded(parser.parseOptionalKeyword(&keyword))) {
    isReg = true;
    if (!keyword.consume_front("s") || keyword.getAsInteger(10, value) || value < 0 ||
        value >= static_cast<int64_t>(isa::kRegisters))
      return parser.emitError(where, "expects a scalar register s0 to s") << isa::kRegisters - 1 << " or an integer";
    return success();
  }
  isReg = false;
  return parser.parseInteger(value);
}

static void printRegOrImm(AsmPrinter &printer, bool isReg, int64_t value) {
  if (isReg)
    printer << "s";
  printer << value;
}

Attribute RegOrImmAttr::parse(AsmParser &parser, Type) {
  bool isReg;
  int64_t value;
  if (parser.parseLess() || parseRegOrImm(parser, isReg, value) || parser.parseGreater())
    return {};
  return get(parser.getContext(), isReg, value);
}

void RegOrImmAttr::print(AsmPrinter &printer) const {
  printer << "<";
  printRegOrImm(printer, getIsReg(), getValue());
  printer << ">";
}

LogicalResult ViewAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t, ArrayRef<int64_t> strides,
                               int64_t ringLevel, int64_t ringDepth, RegOrImmAttr, Format) {
  if (strides.size() > isa::kLoopLevels)
    return emitError() << "(C1) expects at most " << isa::kLoopLevels << " strides, found " << strides.size();
  assert(llvm::all_of(strides, [](int64_t reg) { return reg >= 0 && reg < int64_t(isa::kRegisters); }) &&
         "the parser takes registers alone");
  if (ringLevel < 0 || ringLevel >= static_cast<int64_t>(isa::kLoopLevels))
    return emitError() << "(C2) expects a ring in loop level 0 to " << isa::kLoopLevels - 1 << ", found " << ringLevel;
  if (ringDepth < 0 || ringDepth > static_cast<int64_t>(isa::kMaxRingDepth))
    return emitError() << "(C2) expects a ring of at most " << isa::kMaxRingDepth << " slots, found " << ringDepth;
  return success();
}

bool fitSyncSlots(ArrayRef<int64_t> semaphores) {
  return semaphores.size() <= isa::kSyncSlots && llvm::all_of(semaphores, [](int64_t semaphore) {
           return semaphore >= 0 && semaphore < static_cast<int64_t>(isa::kSemaphores);
         });
}

/// `<offset, strides = [s1, 0], ring = level mod depth, pitch = n, format = f32>`; all but the offset optional.
Attribute ViewAttr::parse(AsmParser &parser, Type) {
  SMLoc begin = parser.getCurrentLocation();
  int64_t offset = 0, ringLevel = 0, ringDepth = 0, pitchValue = 0;
  bool pitchIsReg = false;
  Format format = Format::F32;
  SmallVector<int64_t> strides;
  if (parser.parseLess() || parser.parseInteger(offset))
    return {};
  while (succeeded(parser.parseOptionalComma())) {
    StringRef key;
    SMLoc where = parser.getCurrentLocation();
    if (parser.parseKeyword(&key) || parser.parseEqual())
      return {};
    if (key == "strides") {
      auto element = [&]() -> ParseResult {
        bool isReg;
        SMLoc at = parser.getCurrentLocation();
        if (parseRegOrImm(parser, isReg, strides.emplace_back()))
          return failure();
        if (!isReg && strides.back() != 0)
          return parser.emitError(at, "expects a scalar register or 0");
        return success();
      };
      if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, element))
        return {};
    } else if (key == "ring") {
      if (parser.parseInteger(ringLevel) || parser.parseKeyword("mod") || parser.parseInteger(ringDepth))
        return {};
    } else if (key == "pitch") {
      if (parseRegOrImm(parser, pitchIsReg, pitchValue))
        return {};
    } else if (key == "format") {
      StringRef name;
      SMLoc at = parser.getCurrentLocation();
      if (parser.parseKeyword(&name))
        return {};
      std::optional<Format> known = symbolizeFormat(name);
      if (!known)
        return parser.emitError(at, "no format is called '") << name << "'", Attribute();
      format = *known;
    } else {
      return parser.emitError(where, "expects strides, ring, pitch or format, found ") << key, Attribute();
    }
  }
  if (parser.parseGreater())
    return {};
  return parser.getChecked<ViewAttr>(begin, parser.getContext(), offset, strides, ringLevel, ringDepth,
                                     RegOrImmAttr::get(parser.getContext(), pitchIsReg, pitchValue), format);
}

void ViewAttr::print(AsmPrinter &printer) const {
  printer << "<" << getOffset();
  if (!getStrides().empty()) {
    printer << ", strides = [";
    llvm::interleaveComma(getStrides(), printer, [&](int64_t reg) { printRegOrImm(printer, reg != 0, reg); });
    printer << "]";
  }
  if (getRingDepth() != 0)
    printer << ", ring = " << getRingLevel() << " mod " << getRingDepth();
  if (getPitch().getIsReg() || getPitch().getValue() != 0) {
    printer << ", pitch = ";
    printRegOrImm(printer, getPitch().getIsReg(), getPitch().getValue());
  }
  if (getFormat() != Format::F32)
    printer << ", format = " << stringifyFormat(getFormat());
  printer << ">";
}

} // namespace rnn::rpu
