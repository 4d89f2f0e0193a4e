//===- Operators.h - What is known of ONNX's operators ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// The records of OnnxOperators.td as tables. The functions that lower an
// operator are declared, and listed by name, by
//
//   #define GET_LOWERING_DECLS (or GET_LOWERING_TABLE)
//   #include "rnn-mlir/Dialect/Onnx/IR/OnnxToLinalgLowerings.inc" (or …ToRnn…)
//
// as `LogicalResult lowerConv(NodeLowering &node);` and `{"Conv", &lowerConv},`.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"

namespace rnn::onnx {

/// The newest version of the file format.
inline constexpr int64_t kNewestIrVersion = 14;

enum class Arity : uint8_t { Required, Optional, Variadic, AnyNumber };
enum class AttributeKind : uint8_t { Float, Int, String, Tensor, Graph, Floats, Ints, Strings };

/// One input or output; `since` and `until` are opsets, both inclusive.
struct OperandSpec {
  llvm::StringRef name;
  Arity arity;
  int64_t since, until;
};

/// One attribute. `defaultText` is empty where there is no default; `ints` and
/// `strings` are the permitted values, empty where all are, and `limits` says what
/// they mean where that does not show.
struct AttributeSpec {
  llvm::StringRef name;
  AttributeKind kind;
  bool required;
  llvm::StringRef defaultText;
  int64_t since, until;
  llvm::ArrayRef<int64_t> ints;
  llvm::ArrayRef<llvm::StringRef> strings;
  llvm::StringRef limits;
};

/// `kNewestOpset`, the newest version of the default domain that is known; `Limit`, what is supported of an operator,
/// and `bounds`, the sizes of those limits that have one.
#include "rnn-mlir/Dialect/Onnx/IR/OnnxLimits.h.inc"

/// The words of a limit, which complete "<name> supports …".
llvm::StringRef textOf(Limit limit);

/// One operator of the default domain.
struct OperatorSpec {
  llvm::StringRef name;
  llvm::ArrayRef<int64_t> versions;
  llvm::ArrayRef<OperandSpec> inputs, outputs;
  llvm::ArrayRef<AttributeSpec> attributes;
  llvm::StringRef lowering;
  /// What is not supported beyond that.
  llvm::ArrayRef<Limit> limits;
  /// Whether elements of f16 and bf16 are taken as they are; otherwise the operator computes in f32.
  bool takesAnyElement;
};

/// All operators, by name.
llvm::ArrayRef<OperatorSpec> operators();

/// The operator `opType` of `domain` (empty or `ai.onnx`), null where it is not
/// supported at `opset`.
const OperatorSpec *lookup(llvm::StringRef opType, llvm::StringRef domain, int64_t opset);

/// The attribute `name` of the operator at `opset`, null where it has none.
const AttributeSpec *lookupAttribute(const OperatorSpec &op, llvm::StringRef name, int64_t opset);

/// The kind of an attribute's value; none where no operator takes such.
std::optional<AttributeKind> kindOf(mlir::Attribute value);

/// Whether `value` is among those that the attribute permits, or it permits all. It is of the attribute's kind.
bool permits(const AttributeSpec &spec, mlir::Attribute value);

/// Whether the last of these operands stands for several.
bool isVariadic(llvm::ArrayRef<const OperandSpec *> operands);

/// Those of an operator's inputs or outputs that it has at `opset`.
llvm::SmallVector<const OperandSpec *> operandsAt(llvm::ArrayRef<OperandSpec> operands, int64_t opset);

/// Whether the value of an attribute is known: the node gives one that the operator's record permits, or none where it
/// need not. Of another attribute `verifyNode` has said what is wrong.
bool isKnown(NodeOp node, llvm::StringRef name);

/// Marks a diagnostic as the refusal of an operator, or of a part of it, that is not supported, by its metadata.
void markUnsupported(mlir::Diagnostic &diagnostic);
bool isMarkedUnsupported(mlir::Diagnostic &diagnostic);

/// An error at the node that ends in ", found ": the node is beyond a limit of its operator's record. A limit that the
/// record does not have is a mistake of ours and said to be.
mlir::InFlightDiagnostic refuseBeyond(NodeOp node, Limit limit);

/// The attribute `name` of the node, or its record's default (i64, f32 or
/// string); null where there is neither, or the attribute is not known.
mlir::Attribute attributeOrDefault(NodeOp node, llvm::StringRef name);

} // namespace rnn::onnx
