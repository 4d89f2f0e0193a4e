//===- RnnDialect.cpp - The rnn dialect -------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#include "rnn-mlir/Dialect/Rnn/IR/RnnDialect.cpp.inc"
#include "rnn-mlir/Dialect/Rnn/IR/RnnEncodings.cpp.inc"
#include "rnn-mlir/Dialect/Rnn/IR/RnnEnums.cpp.inc"
#include "rnn-mlir/Dialect/Rnn/IR/RnnInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "rnn-mlir/Dialect/Rnn/IR/RnnAttributes.cpp.inc"

Operation *rnn::RnnDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

void rnn::RnnDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "rnn-mlir/Dialect/Rnn/IR/RnnAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "rnn-mlir/Dialect/Rnn/IR/RnnOps.cpp.inc"
      >();
  addInterfaces<TargetCache>();
}
