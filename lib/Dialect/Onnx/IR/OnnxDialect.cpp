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

/// Checks an attribute of a module or function, an argument or a result, so that whoever reads it may rely on its type.
/// `type` is that of the argument or result, null for a module.
static LogicalResult verifyAttribute(Operation *op, NamedAttribute attribute, Type type) {
  StringRef name = attribute.getName();
  auto expects = [&](StringRef what) {
    return op->emitError("expects ") << what << " as " << name << ", found " << attribute.getValue();
  };
  auto strings = dyn_cast<ArrayAttr>(attribute.getValue());
  bool areStrings = strings && llvm::all_of(strings, llvm::IsaPred<StringAttr>);
  if (llvm::is_contained({rnn::onnx::kProducerAttr, rnn::onnx::kFileAttr, rnn::onnx::kNameAttr}, name) &&
      !isa<StringAttr>(attribute.getValue()))
    return expects("a string");
  if (llvm::is_contained({rnn::onnx::kOpsetAttr, rnn::onnx::kIrVersionAttr}, name)) {
    auto version = dyn_cast<IntegerAttr>(attribute.getValue());
    if (!version || !version.getType().isSignlessInteger(64))
      return expects("an i64");
  }
  if (name == rnn::onnx::kDefaultsAttr && !areStrings)
    return expects("an array of strings");
  if (name == rnn::onnx::kDimsAttr) {
    auto tensor = dyn_cast_if_present<RankedTensorType>(type);
    // None where the model does not say the shape.
    if (!areStrings || (tensor && !strings.empty() && static_cast<int64_t>(strings.size()) != tensor.getRank()))
      return expects("an array of strings, one for each dimension,");
  }
  return success();
}

LogicalResult rnn::onnx::OnnxDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  return verifyAttribute(op, attribute, nullptr);
}

LogicalResult rnn::onnx::OnnxDialect::verifyRegionArgAttribute(Operation *op, unsigned region, unsigned argument,
                                                               NamedAttribute attribute) {
  auto function = dyn_cast<func::FuncOp>(op);
  return verifyAttribute(op, attribute, function ? function.getArgumentTypes()[argument] : Type());
}

LogicalResult rnn::onnx::OnnxDialect::verifyRegionResultAttribute(Operation *op, unsigned region, unsigned result,
                                                                  NamedAttribute attribute) {
  auto function = dyn_cast<func::FuncOp>(op);
  return verifyAttribute(op, attribute, function ? function.getResultTypes()[result] : Type());
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
