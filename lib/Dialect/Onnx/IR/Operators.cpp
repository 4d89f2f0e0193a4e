//===- Operators.cpp - What is known of ONNX's operators --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"

#include "rnn-mlir/Dialect/Onnx/IR/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace rnn::onnx {

#include "rnn-mlir/Dialect/Onnx/IR/OnnxOperators.cpp.inc"

ArrayRef<OperatorSpec> operators() {
  return kOperators;
}

StringRef textOf(Limit limit) {
  return kLimits[static_cast<size_t>(limit)];
}

const OperatorSpec *lookup(StringRef opType, StringRef domain, int64_t opset) {
  if (!domain.empty() && domain != "ai.onnx")
    return nullptr;
  const OperatorSpec *op =
      llvm::lower_bound(operators(), opType, [](const OperatorSpec &spec, StringRef name) { return spec.name < name; });
  if (op == operators().end() || op->name != opType || opset < op->versions.front() || opset > kNewestOpset)
    return nullptr;
  return op;
}

const AttributeSpec *lookupAttribute(const OperatorSpec &op, StringRef name, int64_t opset) {
  for (const AttributeSpec &attribute : op.attributes)
    if (attribute.name == name && attribute.since <= opset && opset <= attribute.until)
      return &attribute;
  return nullptr;
}

std::optional<AttributeKind> kindOf(Attribute attribute) {
  return llvm::TypeSwitch<Attribute, std::optional<AttributeKind>>(attribute)
      .Case<FloatAttr>([](auto) { return AttributeKind::Float; })
      .Case<IntegerAttr>([](auto) { return AttributeKind::Int; })
      .Case<StringAttr>([](auto) { return AttributeKind::String; })
      .Case<DenseF32ArrayAttr>([](auto) { return AttributeKind::Floats; })
      .Case<DenseI64ArrayAttr>([](auto) { return AttributeKind::Ints; })
      .Case<ArrayAttr>([](ArrayAttr list) -> std::optional<AttributeKind> {
        if (llvm::all_of(list, llvm::IsaPred<StringAttr>))
          return AttributeKind::Strings;
        return std::nullopt;
      })
      .Case<ElementsAttr>([](auto) { return AttributeKind::Tensor; })
      .Default([](auto) { return std::nullopt; });
}

bool permits(const AttributeSpec &spec, Attribute value) {
  if (auto number = dyn_cast_or_null<IntegerAttr>(value))
    return spec.ints.empty() || llvm::is_contained(spec.ints, number.getInt());
  if (auto text = dyn_cast_or_null<StringAttr>(value))
    return spec.strings.empty() || llvm::is_contained(spec.strings, text.getValue());
  return true;
}

bool isVariadic(ArrayRef<const OperandSpec *> operands) {
  return !operands.empty() && (operands.back()->arity == Arity::Variadic || operands.back()->arity == Arity::AnyNumber);
}

SmallVector<const OperandSpec *> operandsAt(ArrayRef<OperandSpec> operands, int64_t opset) {
  SmallVector<const OperandSpec *> result;
  for (const OperandSpec &operand : operands)
    if (operand.since <= opset && opset <= operand.until)
      result.push_back(&operand);
  return result;
}

bool isKnown(NodeOp node, StringRef name) {
  int64_t opset = opsetOf(node);
  const OperatorSpec *op = lookup(node.getOpType(), node.getDomain(), opset);
  const AttributeSpec *spec = op ? lookupAttribute(*op, name, opset) : nullptr;
  Attribute value = node.getOnnxAttr(name);
  if (!value)
    return !spec || !spec->required;
  return spec && kindOf(value) == spec->kind && permits(*spec, value);
}

Attribute attributeOrDefault(NodeOp node, StringRef name) {
  if (!isKnown(node, name))
    return {};
  if (Attribute attribute = node.getOnnxAttr(name))
    return attribute;
  int64_t opset = opsetOf(node);
  const OperatorSpec *op = lookup(node.getOpType(), node.getDomain(), opset);
  const AttributeSpec *spec = op ? lookupAttribute(*op, name, opset) : nullptr;
  if (!spec || spec->defaultText.empty())
    return {};
  Builder builder(node.getContext());
  int64_t integer;
  double number;
  switch (spec->kind) {
  case AttributeKind::Int:
    return spec->defaultText.getAsInteger(10, integer) ? Attribute() : builder.getI64IntegerAttr(integer);
  case AttributeKind::Float:
    return spec->defaultText.getAsDouble(number) ? Attribute() : builder.getF32FloatAttr(number);
  case AttributeKind::String:
    return builder.getStringAttr(spec->defaultText);
  default:
    return {};
  }
}

static constexpr StringLiteral kUnsupported = "onnx.unsupported";

void markUnsupported(Diagnostic &diagnostic) {
  mark(diagnostic, kUnsupported);
}

bool isMarkedUnsupported(Diagnostic &diagnostic) {
  return isMarked(diagnostic, kUnsupported);
}

InFlightDiagnostic refuseBeyond(NodeOp node, Limit limit) {
  InFlightDiagnostic diagnostic = emitError(node.getLoc());
  const OperatorSpec *op = lookup(node.getOpType(), node.getDomain(), opsetOf(node));
  if (op && llvm::is_contained(op->limits, limit))
    markUnsupported(*diagnostic.getUnderlyingDiagnostic());
  else
    diagnostic << "internal error: a limit that is not in the operator's record: ";
  diagnostic << node.getOpType() << " supports " << textOf(limit) << ", found ";
  return diagnostic;
}

} // namespace rnn::onnx
