//===- Verify.cpp - Refuse what the operator records do not cover -*- C++ -*-=//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"
#include "rnn-mlir/Dialect/Onnx/Transforms/Passes.h"

#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace rnn::onnx {
#define GEN_PASS_DEF_VERIFY
#include "rnn-mlir/Dialect/Onnx/Transforms/Passes.h.inc"

static StringRef nameOf(AttributeKind kind) {
  static constexpr StringLiteral names[] = {"a float", "an int", "a string", "a tensor",
                                            "a graph", "floats", "ints",     "strings"};
  return names[static_cast<size_t>(kind)];
}

/// `1, 2 or 3`.
template <class Range> static std::string alternatives(const Range &range) {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (auto [index, value] : llvm::enumerate(range))
    os << (index == 0 ? "" : index + 1 == range.size() ? " or " : ", ") << value;
  return text;
}

namespace {

/// One node and its record. Each check reports what it finds and goes on.
class NodeVerifier {
public:
  NodeVerifier(NodeOp node, int64_t opset) : node(node), opset(opset) {}

  LogicalResult run() {
    if (!(op = lookup(node.getOpType(), node.getDomain(), opset))) {
      refuseOperator();
      return failure();
    }
    checkInputs();
    checkOutputs();
    for (NamedAttribute attribute : node.getOnnxAttributes())
      checkAttribute(attribute.getName(), kindOf(attribute.getValue()), attribute.getValue());
    for (auto name : node.getSubgraphNames().getAsRange<StringAttr>())
      checkAttribute(name, AttributeKind::Graph, {});
    for (const AttributeSpec &spec : op->attributes)
      if (spec.required && spec.since <= opset && opset <= spec.until && !node.getOnnxAttr(spec.name) &&
          !node.getSubgraph(spec.name))
        refuse() << "attribute '" << spec.name << "' is missing";
    // The import makes a constant of every Constant node that has one value.
    if (ok && op->lowering == "Import")
      refuse() << "expected one attribute with the value";
    return success(ok);
  }

private:
  InFlightDiagnostic refuse() {
    ok = false;
    return emitError(node.getLoc()) << node.getOpType() << ": ";
  }

  /// An error about what is not supported.
  InFlightDiagnostic refuseUnsupported() {
    ok = false;
    InFlightDiagnostic diagnostic = emitError(node.getLoc());
    markUnsupported(*diagnostic.getUnderlyingDiagnostic());
    return diagnostic;
  }

  void refuseOperator() {
    if (!node.getDomain().empty() && node.getDomain() != "ai.onnx")
      refuseUnsupported() << "operator '" << node.getOpType() << "' of domain '" << node.getDomain()
                          << "' is not supported, only operators of the default domain are";
    else if (const OperatorSpec *newer = lookup(node.getOpType(), "", kNewestOpset))
      refuseUnsupported() << "operator '" << node.getOpType() << "' is supported since opset "
                          << newer->versions.front() << ", found a model of opset " << opset;
    else
      refuseUnsupported() << "operator '" << node.getOpType() << "' is not supported";
  }

  static bool isMandatory(Arity arity) { return arity == Arity::Required || arity == Arity::Variadic; }

  void checkInputs() {
    SmallVector<const OperandSpec *> inputs = operandsAt(op->inputs, opset);
    size_t count = node.getInputs().size();
    if (count > inputs.size() && !isVariadic(inputs))
      refuse() << "expected at most " << inputs.size() << " inputs at opset " << opset << ", found " << count;
    for (auto [index, input] : llvm::enumerate(inputs))
      if (isMandatory(input->arity) && !node.getInput(index))
        refuse() << "input '" << input->name << "' is missing";
    if (isVariadic(inputs))
      for (size_t index = inputs.size(); index < count; ++index)
        if (!node.getInput(index))
          refuse() << "input " << index << " of '" << inputs.back()->name << "' is missing";
  }

  void checkOutputs() {
    SmallVector<const OperandSpec *> outputs = operandsAt(op->outputs, opset);
    size_t count = node.getNumResults();
    if (count > outputs.size() && !isVariadic(outputs))
      refuse() << "expected at most " << outputs.size() << " outputs at opset " << opset << ", found " << count;
    for (auto [index, output] : llvm::enumerate(outputs))
      if (isMandatory(output->arity) && index >= count)
        refuse() << "output '" << output->name << "' is missing";
  }

  void checkAttribute(StringAttr name, std::optional<AttributeKind> kind, Attribute value) {
    const AttributeSpec *spec = lookupAttribute(*op, name, opset);
    if (!spec) {
      bool other = llvm::any_of(op->attributes, [&](const AttributeSpec &known) { return known.name == name; });
      if (other)
        refuse() << "attribute '" << name.getValue() << "' does not exist at opset " << opset;
      else
        refuseUnsupported() << node.getOpType() << ": attribute '" << name.getValue() << "' is not supported";
      return;
    }
    // The import has refused the value.
    if (isa_and_nonnull<ub::PoisonAttr>(value)) {
      ok = false;
      return;
    }
    if (kind != spec->kind) {
      refuse() << "attribute '" << name.getValue() << "': expected " << nameOf(spec->kind) << ", found "
               << (kind ? nameOf(*kind) : StringRef("a kind that is not supported"));
      return;
    }
    if (permits(*spec, value))
      return;
    if (auto number = dyn_cast<IntegerAttr>(value))
      refuseValue(*spec, alternatives(spec->ints)) << number.getInt();
    else
      refuseValue(*spec, alternatives(spec->strings)) << "'" << cast<StringAttr>(value).getValue() << "'";
  }

  InFlightDiagnostic refuseValue(const AttributeSpec &spec, const std::string &permitted) {
    InFlightDiagnostic diagnostic = refuseUnsupported();
    diagnostic << node.getOpType() << ": attribute '" << spec.name << "': expected " << permitted;
    if (!spec.limits.empty())
      diagnostic << " (supported: " << spec.limits << ")";
    diagnostic << ", found ";
    return diagnostic;
  }

  NodeOp node;
  const int64_t opset;
  const OperatorSpec *op = nullptr;
  bool ok = true;
};

struct Verify : impl::VerifyBase<Verify> {
  void runOnOperation() override {
    int64_t opset = opsetOf(getOperation());
    if (failed(verifyIn(getOperation()->getRegion(0), opset)))
      signalPassFailure();
  }

  LogicalResult verifyIn(Region &region, int64_t opset) {
    bool ok = true;
    for (Operation &op : region.getOps()) {
      auto node = dyn_cast<NodeOp>(op);
      if (node) {
        ++checked;
        ok &= succeeded(verifyNode(node, opset));
      }
      for (Region &nested : op.getRegions())
        if (!node || &nested != deadBranch(node))
          ok &= succeeded(verifyIn(nested, opset));
    }
    return success(ok);
  }

  /// The branch of an If with a constant condition that is not taken.
  static Region *deadBranch(NodeOp node) {
    DenseElementsAttr condition;
    if (node.getOpType() != "If" || !node.getInput(0) || !matchPattern(node.getInput(0), m_Constant(&condition)) ||
        !condition.getElementType().isInteger(1) || condition.getNumElements() != 1)
      return nullptr;
    return node.getSubgraph(condition.getSplatValue<bool>() ? "else_branch" : "then_branch");
  }
};

} // namespace

LogicalResult verifyNode(NodeOp node, int64_t opset) {
  return NodeVerifier(node, opset).run();
}

} // namespace rnn::onnx
