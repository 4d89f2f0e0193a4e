//===- Onnx.cpp - From an ONNX file to the onnx dialect ---------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Import/Onnx.h"

#include "Importer.h"
#include "rnn-mlir/Dialect/Onnx/IR/Diagnostics.h"
#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"
#include "rnn-mlir/Support/MappedFile.h"

#include "mlir/Dialect/UB/IR/UBOps.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

#include <cstring>
#include <google/protobuf/stubs/logging.h>

using namespace mlir;

namespace rnn {
namespace import {

LogicalResult Model::error(Location location, const Twine &text) {
  return error(location, text, /*ofSystem=*/false);
}

LogicalResult Model::error(Location location, llvm::Error wrong, const Twine &what) {
  bool ofSystem = false;
  std::string text;
  llvm::handleAllErrors(std::move(wrong), [&](const llvm::ErrorInfoBase &each) {
    ofSystem = each.convertToErrorCode() == std::errc::io_error;
    text = each.message();
  });
  return error(location, what + text, ofSystem);
}

LogicalResult Model::error(Location location, const Twine &text, bool ofSystem) {
  if (++errors <= kMaxErrors)
    return (ofSystem ? onnx::emitSystemError(location) : emitError(location)) << text;
  if (errors == kMaxErrors + 1)
    return emitError(this->location(), "too many errors, the rest is not printed");
  return failure();
}

/// The version of the default domain, 0 where there is none that is known.
static int64_t checkVersions(Model &model, const ::onnx::ModelProto &proto) {
  if (proto.ir_version() < 1 || proto.ir_version() > onnx::kNewestIrVersion)
    (void)model.error(model.location(), "expected an IR version of 1 to " + Twine(onnx::kNewestIrVersion) + ", found " +
                                            Twine(proto.ir_version()));
  // Before IR version 3 a model names no operator sets and means the first.
  std::optional<int64_t> opset;
  if (proto.ir_version() < 3 && proto.opset_import_size() == 0)
    opset = 1;
  for (const ::onnx::OperatorSetIdProto &import : proto.opset_import()) {
    if (!import.domain().empty() && import.domain() != "ai.onnx")
      continue;
    if (opset && *opset != import.version())
      (void)model.error(model.location(), "expected one version of the default operator set, found " + Twine(*opset) +
                                              " and " + Twine(import.version()));
    opset = import.version();
  }
  if (!opset)
    (void)model.error(model.location(), "expected a version of the default operator set, found none");
  else if (*opset < 1 || *opset > onnx::kNewestOpset)
    (void)model.error(model.location(), "expected a default operator set of version 1 to " + Twine(onnx::kNewestOpset) +
                                            ", found " + Twine(*opset));
  else
    return *opset;
  return 0;
}

static OwningOpRef<ModuleOp> fail(Model &model, const Twine &text) {
  (void)model.error(model.location(), text);
  return {};
}

static OwningOpRef<ModuleOp> fail(Model &model, llvm::Error wrong) {
  (void)model.error(model.location(), std::move(wrong));
  return {};
}

static OwningOpRef<ModuleOp> importModel(Model &model, ::onnx::ModelProto &proto,
                                         const std::function<void(ModuleOp)> &inspectRefused) {
  MLIRContext *context = model.context;
  context->loadDialect<onnx::OnnxDialect, func::FuncDialect, ub::UBDialect>();
  if (!proto.has_graph() || !proto.has_ir_version())
    return fail(model, "expected an ONNX model, found no " + Twine(proto.has_graph() ? "IR version" : "graph"));
  int64_t opset = model.opset = checkVersions(model, proto);
  OwningOpRef<ModuleOp> module = ModuleOp::create(model.location());
  Builder builder(context);
  (*module)->setAttr(onnx::kOpsetAttr, builder.getI64IntegerAttr(opset));
  (*module)->setAttr(onnx::kIrVersionAttr, builder.getI64IntegerAttr(proto.ir_version()));
  (*module)->setAttr(onnx::kFileAttr, builder.getStringAttr(model.name));
  if (!proto.producer_name().empty())
    (*module)->setAttr(onnx::kProducerAttr, builder.getStringAttr(llvm::json::fixUTF8(proto.producer_name())));
  for (const ::onnx::FunctionProto &function : proto.functions())
    // One of several overloads is called by that name, too.
    if (unknownText(function, kFunctionOverload).empty())
      model.functions.try_emplace({domainOf(function.domain()), function.name()}, &function);
  importGraph(model, *proto.mutable_graph(), *module);
  if (!model.failed())
    return module;
  // Which operators there are is not known without their version.
  if (inspectRefused && opset != 0)
    inspectRefused(*module);
  return {};
}

/// Imports the model in `bytes`, whose tensor data `model.readData` reads.
static OwningOpRef<ModuleOp> importBytes(Model &model, StringRef bytes, const OnnxImportOptions &options,
                                         llvm::unique_function<void()> release) {
  llvm::Expected<Skeleton> skeleton = readSkeleton(bytes);
  release();
  if (!skeleton)
    return fail(model, skeleton.takeError());
  google::protobuf::LogSilencer silencer;
  ::onnx::ModelProto proto;
  if (!proto.ParseFromString(skeleton->bytes))
    return fail(model, "expected an ONNX model, found malformed protobuf");
  model.data = std::move(skeleton->data);
  skeleton->bytes = std::string();
  return importModel(model, proto, options.inspectRefused);
}

} // namespace import

using namespace import;

OwningOpRef<ModuleOp> importOnnxFile(StringRef path, MLIRContext *context, const OnnxImportOptions &options) {
  std::string folder = options.folder;
  if (folder.empty())
    folder = llvm::sys::path::parent_path(path).str();
  if (folder.empty())
    folder = ".";
  Model model(context, options.name.empty() ? path.str() : options.name, folder, options.output);

  Result<int> opened = openFile(path.str());
  if (!opened)
    return import::fail(model, failToRead(opened.error().message));
  int file = *opened;
  llvm::scope_exit closer([&] { close(file); });
  Result<MappedFile> mapped = mapFile(file);
  if (!mapped)
    return import::fail(model, failToRead(mapped.error().message));
  size_t size = mapped->bytes.size();
  if (size >= std::numeric_limits<int32_t>::max())
    return import::fail(model, "expected a file below 2 GB, found " + Twine(size) +
                                   " bytes; store large weights as external data");
  model.readData = [file](MutableArrayRef<char> out, uint64_t offset) { return readFile(file, out, offset); };
  return importBytes(model, StringRef(reinterpret_cast<const char *>(mapped->bytes.data()), size), options,
                     [&] { mapped->owner.reset(); });
}

OwningOpRef<ModuleOp> importOnnxBytes(StringRef bytes, MLIRContext *context, const OnnxImportOptions &options) {
  Model model(context, options.name.empty() ? "<bytes>" : options.name, options.folder, options.output);
  if (bytes.size() >= std::numeric_limits<int32_t>::max())
    return import::fail(model, "expected a model below 2 GB, found " + Twine(bytes.size()) + " bytes");
  model.readData = [bytes](MutableArrayRef<char> out, uint64_t offset) {
    std::memcpy(out.data(), bytes.data() + offset, out.size());
    return llvm::Error::success();
  };
  return importBytes(model, bytes, options, [] {});
}

} // namespace rnn
