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

/// `name` without the folder of the module's file, or without all of `file:`.
static std::string withoutFile(ModuleOp module, std::string name, bool folderOnly) {
  auto file = module->getAttrOfType<StringAttr>(rnn::onnx::kFileAttr);
  if (!file)
    return name;
  StringRef prefix = rnn::onnx::nodeLocation(module.getContext(), file, "").getName().getValue();
  if (StringRef(name).starts_with(prefix))
    name.erase(0, folderOnly ? file.size() - llvm::sys::path::filename(file).size() : prefix.size());
  return name;
}

std::string rnn::onnx::nodeNameInFile(ModuleOp module, Location location) {
  return withoutFile(module, nodeName(location), /*folderOnly=*/false);
}

std::string rnn::onnx::nodeNameInProgram(ModuleOp module, Location location) {
  return withoutFile(module, nodeName(location), /*folderOnly=*/true);
}

int64_t rnn::onnx::opsetOf(Operation *op) {
  auto module = isa<ModuleOp>(op) ? cast<ModuleOp>(op) : op->getParentOfType<ModuleOp>();
  auto opset = module ? module->getAttrOfType<IntegerAttr>(kOpsetAttr) : IntegerAttr();
  return opset ? opset.getInt() : 0;
}
