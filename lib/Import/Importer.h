//===- Importer.h - What the parts of the import share ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "Skeleton.h"
#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <map>
#include <onnx/onnx_pb.h>

namespace rnn::import {

/// Most dimensions of a tensor and most bytes of its elements.
inline constexpr int64_t kMaxRank = 64;
inline constexpr int64_t kMaxBytes = onnx::bounds::TensorBytes;
/// Deepest nesting of subgraphs.
inline constexpr unsigned kMaxDepth = 24;
/// Errors of one model that are printed.
inline constexpr unsigned kMaxErrors = 100;

/// Name, place and errors of the model that is read.
class Model {
public:
  Model(mlir::MLIRContext *context, std::string name, std::string folder, std::string output)
      : context(context), name(std::move(name)), folder(std::move(folder)), output(std::move(output)) {}

  mlir::Location locationOf(llvm::StringRef node) const { return onnx::nodeLocation(context, name, node); }
  mlir::Location location() const { return mlir::NameLoc::get(mlir::StringAttr::get(context, name)); }

  /// Emits an error, the first `kMaxErrors` times.
  mlir::LogicalResult error(mlir::Location location, const llvm::Twine &text);
  /// The same for what went wrong behind `what`.
  mlir::LogicalResult error(mlir::Location location, llvm::Error wrong, const llvm::Twine &what = "");
  bool failed() const { return errors != 0; }
  bool tooManyErrors() const { return errors > kMaxErrors; }

  mlir::MLIRContext *const context;
  const std::string name;
  /// Folder of external data, empty where there is none.
  const std::string folder;
  /// A file that is written afterwards, empty where there is none.
  const std::string output;
  /// The model's functions by domain and name.
  std::map<std::pair<std::string, std::string>, const ::onnx::FunctionProto *> functions;
  /// The version of the default domain.
  int64_t opset = 0;
  /// The tensor data that the model's skeleton leaves out, and how to read it.
  std::vector<DataRange> data;
  std::function<llvm::Error(llvm::MutableArrayRef<char> out, uint64_t offset)> readData;

private:
  mlir::LogicalResult error(mlir::Location location, const llvm::Twine &text, bool ofSystem);

  unsigned errors = 0;
};

inline llvm::Error fail(const llvm::Twine &text) {
  return llvm::make_error<llvm::StringError>(text, llvm::inconvertibleErrorCode());
}

/// An error that is none of the model: a file cannot be read.
inline llvm::Error failToRead(const llvm::Twine &text) {
  return llvm::make_error<llvm::StringError>(text, std::make_error_code(std::errc::io_error));
}

/// The bytes of a tensor of `dims`; an error where there are more than
/// `kMaxRank` of them, one is below 0, or the bytes are more than `kMaxBytes`.
llvm::Expected<int64_t> checkedBytes(llvm::ArrayRef<int64_t> dims, int64_t elementBytes);

/// The domain of an operator; the default one, which has two names, is empty.
inline std::string domainOf(const std::string &domain) {
  return domain == "ai.onnx" ? "" : domain;
}

/// Fields that the protobuf classes of libonnx do not know.
inline constexpr int kNodeOverload = 8, kFunctionAttributes = 11, kFunctionOverload = 13;
/// The last text in such a field, empty where it is not set; all of them.
std::string unknownText(const google::protobuf::Message &message, int field);
std::vector<std::string> unknownTexts(const google::protobuf::Message &message, int field);

/// The body of a function for one call: attributes that refer to the function's are those of the call, or its defaults.
/// Fails after an error.
mlir::FailureOr<::onnx::FunctionProto> instantiate(Model &model, const ::onnx::FunctionProto &function,
                                                   const ::onnx::NodeProto &call, mlir::Location loc);

/// The MLIR type of an element type of ONNX, null where there is none.
mlir::Type elementType(mlir::MLIRContext *context, int32_t dataType);
/// `FLOAT` for 1, and so on; `type 99` for what has no name.
std::string elementTypeName(int32_t dataType);
/// Bytes of one element, 0 where tensors of the type are not supported.
int64_t elementBytes(int32_t dataType);

/// The tensor as `dense` or `dense_resource`. Empties `tensor`.
llvm::Expected<mlir::ElementsAttr> convertTensor(const Model &model, ::onnx::TensorProto &tensor);
/// Whether type, shape and amount of data of the tensor agree.
llvm::Error checkTensor(const Model &model, const ::onnx::TensorProto &tensor);

/// Whether two tensors are the same, data included.
bool areEqual(const Model &model, const ::onnx::TensorProto &a, const ::onnx::TensorProto &b);

/// Alignment of the data of a `dense_resource`, as far as it is ours to choose.
inline constexpr size_t kAlignment = 64;

/// Reads all of `data` at `offset` of an open file.
llvm::Error readFile(int file, llvm::MutableArrayRef<char> data, uint64_t offset);

/// The external data of the tensor, `bytes` of them: mapped where they are many
/// and aligned, else copied.
llvm::Expected<mlir::AsmResourceBlob> readExternalData(const Model &model, const ::onnx::TensorProto &tensor,
                                                       int64_t bytes, size_t elementBytes);

/// The graph as `func.func @main` of `module`.
void importGraph(Model &model, ::onnx::GraphProto &graph, mlir::ModuleOp module);

} // namespace rnn::import
