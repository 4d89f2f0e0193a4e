//===- OnnxDialect.cpp - The onnx dialect -----------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Path.h"

using namespace mlir;

#include "rnn-mlir/Dialect/Onnx/IR/OnnxDialect.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "rnn-mlir/Dialect/Onnx/IR/OnnxTypes.cpp.inc"

void rnn::onnx::OnnxDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "rnn-mlir/Dialect/Onnx/IR/OnnxTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "rnn-mlir/Dialect/Onnx/IR/OnnxOps.cpp.inc"
      >();
}

NameLoc rnn::onnx::nodeLocation(MLIRContext *context, StringRef file, StringRef node) {
  // No control characters in diagnostics.
  std::string name = (file + ":" + node).str();
  for (char &c : name)
    if (static_cast<unsigned char>(c) < 32 || c == 127)
      c = '?';
  return NameLoc::get(StringAttr::get(context, name));
}

std::string rnn::onnx::nodeName(Location location) {
  std::string name;
  location->walk([&](Location nested) {
    auto named = dyn_cast<NameLoc>(nested);
    if (!named || named.getName().getValue().empty())
      return WalkResult::advance();
    name = named.getName().str();
    return WalkResult::interrupt();
  });
  return name;
}

std::string rnn::onnx::nodeNameInProgram(ModuleOp module, Location location) {
  std::string name = nodeName(location);
  if (auto file = module->getAttrOfType<StringAttr>(kFileAttr))
    if (StringRef(name).starts_with(nodeLocation(module.getContext(), file, "").getName().getValue()))
      name.erase(0, file.size() - llvm::sys::path::filename(file).size());
  return name;
}

int64_t rnn::onnx::opsetOf(Operation *op) {
  auto module = isa<ModuleOp>(op) ? cast<ModuleOp>(op) : op->getParentOfType<ModuleOp>();
  auto opset = module ? module->getAttrOfType<IntegerAttr>(kOpsetAttr) : IntegerAttr();
  return opset ? opset.getInt() : 0;
}
