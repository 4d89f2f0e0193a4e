//===- ConvertOnnx.cpp - Lowers a graph node by node ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Evaluate.h"
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"
#include "rnn-mlir/Conversion/OnnxToRnn/RecurrentNode.h"
#include "rnn-mlir/Dialect/Onnx/IR/Diagnostics.h"
#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"
#include "rnn-mlir/Dialect/Onnx/Transforms/Passes.h"

#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_CONVERTONNX
#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h.inc"

namespace onnx {

#define GET_LOWERING_DECLS
#include "rnn-mlir/Dialect/Onnx/IR/OnnxToLinalgLowerings.inc"
#define GET_LOWERING_DECLS
#include "rnn-mlir/Dialect/Onnx/IR/OnnxToRnnLowerings.inc"

using LowerFunction = LogicalResult (*)(NodeLowering &);

static LowerFunction lookupLowering(StringRef opType) {
  static const llvm::StringMap<LowerFunction> table = {
#define GET_LOWERING_TABLE
#include "rnn-mlir/Dialect/Onnx/IR/OnnxToLinalgLowerings.inc"
#define GET_LOWERING_TABLE
#include "rnn-mlir/Dialect/Onnx/IR/OnnxToRnnLowerings.inc"
  };
  return table.lookup(opType);
}

//===----------------------------------------------------------------------===//
// NodeLowering
//===----------------------------------------------------------------------===//

OpBuilder &NodeLowering::builder() {
  return graph.builder;
}

NodeLowering::NodeLowering(GraphLowering &graph, NodeOp node, bool verified)
    : graph(graph), node(node), refused(!verified) {
  const OperatorSpec &spec = *lookup(node.getOpType(), node.getDomain(), opset());
  inputs = operandsAt(spec.inputs, opset());
  takesUnsigned = !llvm::is_contained(spec.limits, Limit::NoUnsigned);
  for (unsigned index = 0; index < numOperands(); ++index) {
    // What it feeds on is missing after a refusal.
    refused |= !isKnown(index);
    RankedTensorType type = operandType(index);
    if (!type)
      continue;
    Type element = type.getElementType();
    if (!element.isIntOrFloat())
      (void)refuseBeyond(Limit::NoStrings, llvm::formatv("'{0}'", type));
    else if (!elementType(index))
      (void)refuseBeyond(Limit::NoUnsigned, llvm::formatv("'{0}'", type));
    if (spec.takesAnyElement || !(element.isF16() || element.isBF16()))
      continue;
    if (!narrow)
      narrow = element;
    widened.resize(numOperands());
    widened[index] = convertElements(*this, operand(index), graph.builder.getF32Type());
  }
}

Value NodeLowering::operand(unsigned index) {
  if (index < widened.size() && widened[index])
    return widened[index];
  Value input = index < inputs.size() || isVariadic(inputs) ? node.getInput(index) : Value();
  return input ? graph.values.lookup(input) : Value();
}

bool NodeLowering::isKnown(unsigned index) {
  if (operand(index))
    return true;
  return index >= inputs.size() ? !isVariadic(inputs)
                                : !node.getInput(index) && inputs[index]->arity == Arity::Optional;
}

RankedTensorType NodeLowering::operandType(unsigned index) {
  Value value = operand(index);
  return value ? cast<RankedTensorType>(value.getType()) : nullptr;
}

Type NodeLowering::elementType(unsigned index) {
  RankedTensorType type = operandType(index);
  return type && (takesUnsigned || !type.getElementType().isUnsignedInteger()) ? type.getElementType() : Type();
}

Type NodeLowering::givenType(unsigned index) {
  Type element = elementType(index);
  return element && index < widened.size() && widened[index] ? narrow : element;
}

std::string NodeLowering::typesOf(ArrayRef<unsigned> indices) {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (unsigned index : indices)
    if (RankedTensorType type = operandType(index))
      os << (text.empty() ? "" : " and ") << type;
  return text;
}

std::optional<int64_t> NodeLowering::intAttr(StringRef name) {
  auto attr = dyn_cast_or_null<IntegerAttr>(attributeOrDefault(node, name));
  return attr ? std::optional(attr.getInt()) : std::nullopt;
}

std::optional<int64_t> NodeLowering::axisAttr(unsigned operand) {
  std::optional<int64_t> axis = intAttr("axis");
  RankedTensorType type = operandType(operand);
  if (!axis || !type)
    return std::nullopt;
  std::optional<int64_t> dim = normaliseAxis(*axis, type.getRank());
  if (!dim)
    (void)refuse("expects an axis from " + Twine(-type.getRank()) + " to " + Twine(type.getRank() - 1) + ", found " +
                 Twine(*axis));
  return dim;
}

std::optional<StringRef> NodeLowering::stringAttr(StringRef name) {
  auto attr = dyn_cast_or_null<StringAttr>(attributeOrDefault(node, name));
  return attr ? std::optional(attr.getValue()) : std::nullopt;
}

float NodeLowering::floatAttr(StringRef name) {
  return cast<FloatAttr>(attributeOrDefault(node, name)).getValue().convertToFloat();
}

FailureOr<std::optional<SmallVector<int64_t>>> NodeLowering::intsAttr(StringRef name) {
  if (!onnx::isKnown(node, name))
    return failure();
  auto attr = dyn_cast_or_null<DenseI64ArrayAttr>(node.getOnnxAttr(name));
  return attr ? std::optional(SmallVector<int64_t>(attr.asArrayRef())) : std::nullopt;
}

/// Longest tensor whose elements are tracked.
static constexpr int64_t kTrackedElements = 64;

std::optional<ElementList> NodeLowering::elements(Value value) {
  if (!value)
    return std::nullopt;
  if (auto at = graph.elements.find(value); at != graph.elements.end())
    return at->second;
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() > 1 || !type.hasStaticShape() || type.getNumElements() > kTrackedElements)
    return std::nullopt;
  DenseElementsAttr dense;
  if (!type.getElementType().isSignlessInteger() || !matchPattern(value, m_Constant(&dense)))
    return std::nullopt;
  ElementList list;
  for (APInt element : dense.getValues<APInt>())
    list.push_back(
        builder().getIndexAttr(type.getElementType().isInteger(1) ? element.getZExtValue() : element.getSExtValue()));
  return list;
}

std::optional<ElementList> NodeLowering::elementsAtRunTime(Value value) {
  if (std::optional<ElementList> list = elements(value))
    return list;
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() > 1 || !type.hasStaticShape() || type.getNumElements() > kTrackedElements ||
      !type.getElementType().isSignlessInteger() || type.getElementType().isInteger(1))
    return std::nullopt;
  ElementList list;
  for (int64_t i = 0; i < type.getNumElements(); ++i) {
    SmallVector<Value> at;
    if (type.getRank() == 1)
      at.push_back(arith::ConstantIndexOp::create(builder(), loc(), i));
    Value element = tensor::ExtractOp::create(builder(), loc(), value, at);
    list.push_back(arith::IndexCastOp::create(builder(), loc(), builder().getIndexType(), element).getResult());
  }
  return list;
}

std::optional<SmallVector<int64_t>> NodeLowering::constantInts(Value value) {
  std::optional<ElementList> list = elements(value);
  return list ? getConstantIntValues(*list) : std::nullopt;
}

FailureOr<std::optional<SmallVector<int64_t>>> NodeLowering::constantList(unsigned index, StringRef attribute,
                                                                          Limit limit) {
  if (!isKnown(index))
    return failure();
  Value value = operand(index);
  if (!value)
    return intsAttr(attribute);
  if (!elementType(index))
    return failure();
  std::optional<SmallVector<int64_t>> ints = constantInts(value);
  if (!ints)
    return refuseBeyond(limit, "what the model computes");
  return ints;
}

FailureOr<std::optional<ElementList>> NodeLowering::listAtRunTime(unsigned index, StringRef attribute, Limit limit) {
  if (!isKnown(index))
    return failure();
  if (Value value = operand(index)) {
    if (!elementType(index))
      return failure();
    std::optional<ElementList> list = elementsAtRunTime(value);
    if (!list)
      return refuseBeyond(limit, llvm::formatv("{0}", value.getType()));
    return list;
  }
  FailureOr<std::optional<SmallVector<int64_t>>> ints = intsAttr(attribute);
  if (failed(ints))
    return failure();
  std::optional<ElementList> list;
  if (*ints)
    list = getAsIndexOpFoldResult(builder().getContext(), **ints);
  return list;
}

LogicalResult NodeLowering::refuse(const Twine &message) {
  refused = true;
  std::string text = (node.getOpType() + " " + message).str();
  return told.insert(text).second ? emitError(loc()) << text : failure();
}

LogicalResult NodeLowering::refuseBeyond(Limit limit, const Twine &found) {
  refused = true;
  std::string text = (textOf(limit) + found).str();
  return told.insert(text).second ? onnx::refuseBeyond(node, limit) << found : failure();
}

void NodeLowering::require(Value condition, const Twine &message) {
  if (matchPattern(condition, m_One()))
    return;
  cf::AssertOp::create(builder(), loc(), condition, (node.getOpType() + " " + message).str());
}

void NodeLowering::requireRoom(ArrayRef<OpFoldResult> sizes, Type element) {
  if (llvm::none_of(sizes, isComputed))
    return;
  // Cut off above the limit, products of two factors cannot overflow.
  constexpr int64_t limit = int64_t(1) << 31;
  Value zero = arith::ConstantIndexOp::create(builder(), loc(), 0);
  Value beyond = arith::ConstantIndexOp::create(builder(), loc(), limit + 1);
  Value bytes = arith::ConstantIndexOp::create(builder(), loc(), llvm::divideCeil(element.getIntOrFloatBitWidth(), 8));
  Value valid = arith::ConstantOp::create(builder(), loc(), builder().getBoolAttr(true));
  for (OpFoldResult size : sizes) {
    Value value = asIndex(builder(), loc(), size);
    Value positive = arith::CmpIOp::create(builder(), loc(), arith::CmpIPredicate::sge, value, zero);
    valid = arith::AndIOp::create(builder(), loc(), valid, positive);
    Value factor =
        arith::MaxSIOp::create(builder(), loc(), arith::MinSIOp::create(builder(), loc(), value, beyond), zero);
    bytes = arith::MulIOp::create(builder(), loc(), arith::MinSIOp::create(builder(), loc(), bytes, beyond), factor);
  }
  Value fits = arith::CmpIOp::create(builder(), loc(), arith::CmpIPredicate::slt, bytes, beyond);
  require(arith::AndIOp::create(builder(), loc(), valid, fits),
          "expects sizes that are not negative and a result of at most 2 GiB");
}

/// Bytes of a tensor, at most `limit + 1`; sizes that are 0 or not known count as 1.
static int64_t bytesUpTo(RankedTensorType type, int64_t limit) {
  int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  for (int64_t size : type.getShape()) {
    if (ShapedType::isDynamic(size) || size == 0)
      continue;
    if (size < 0 || bytes > limit / size)
      return limit + 1;
    bytes *= size;
  }
  return bytes;
}

bool NodeLowering::mayFold(RankedTensorType type) {
  int64_t bytes = bytesUpTo(type, graph.foldingBudget);
  if (bytes > graph.foldingBudget)
    return false;
  graph.foldingBudget -= bytes;
  return true;
}

bool NodeLowering::mayFoldSplat(RankedTensorType type) {
  constexpr int64_t limit = int64_t(4) << 20;
  return bytesUpTo(type, limit) <= limit && mayFold(type);
}

void NodeLowering::setResult(unsigned index, Value value) {
  if (narrow && getElementTypeOrSelf(value.getType()).isF32())
    value = convertElements(*this, value, narrow);
  graph.values[node.getOutputs()[index]] = value;
}

void NodeLowering::setElements(unsigned index, RankedTensorType type, ArrayRef<OpFoldResult> list) {
  Value value;
  if (std::optional<SmallVector<int64_t>> ints = getConstantIntValues(list)) {
    SmallVector<APInt> elements;
    unsigned width = type.getElementTypeBitWidth();
    for (int64_t element : *ints)
      elements.push_back(APInt(64, static_cast<uint64_t>(element)).sextOrTrunc(width));
    value = arith::ConstantOp::create(builder(), loc(), type, DenseElementsAttr::get(type, elements));
  } else {
    SmallVector<Value> elements;
    for (OpFoldResult element : list)
      elements.push_back(
          arith::IndexCastOp::create(builder(), loc(), type.getElementType(), asIndex(builder(), loc(), element)));
    value = tensor::FromElementsOp::create(builder(), loc(), type, elements);
    // Longer lists are not tracked: they could double with each node.
    if (static_cast<int64_t>(list.size()) <= kTrackedElements)
      graph.elements[value] = ElementList(list);
  }
  setResult(index, value);
}

//===----------------------------------------------------------------------===//
// GraphLowering
//===----------------------------------------------------------------------===//

LogicalResult GraphLowering::lowerNode(NodeOp node) {
  bool verified = succeeded(verifyNode(node, opsetOf(node)));
  lowerInVain(node);
  LowerFunction lower = lookupLowering(node.getOpType());
  if (!lookup(node.getOpType(), node.getDomain(), opsetOf(node)) || (!lower && !verified))
    return failure();
  if (!lower)
    return emitError(node.getLoc()) << "operator " << node.getOpType() << " is not supported";
  NodeLowering lowering(*this, node, verified);
  if (failed(lower(lowering)) || failed(lowering.accepted()))
    return failure();
  for (OpResult output : node.getOutputs())
    if (!output.use_empty() && !values.lookup(output))
      return emitError(node.getLoc()) << node.getOpType() << " does not give output " << output.getResultNumber();
  for (Value output : node.getOutputs()) {
    Value value = values.lookup(output);
    auto type = value ? dyn_cast<RankedTensorType>(value.getType()) : nullptr;
    if (type && type.getElementType().isIntOrFloat() && bytesUpTo(type, bounds::TensorBytes) > bounds::TensorBytes)
      (void)lowering.refuseBeyond(Limit::TensorBytes, llvm::formatv("'{0}'", type));
  }
  if (failed(lowering.accepted()))
    for (Value output : node.getOutputs())
      values.erase(output);
  else
    foldResults(node, lowering);
  return lowering.accepted();
}

void GraphLowering::foldResults(NodeOp node, NodeLowering &lowering) {
  auto isConstant = [&](Value input) {
    Value value = values.lookup(input);
    return isa<OnnxNoneType>(input.getType()) || (value && value.getDefiningOp<arith::ConstantOp>());
  };
  if (node.getInputs().empty() || !llvm::all_of(node.getInputs(), isConstant))
    return;
  SmallVector<Value> outputs, computed;
  for (OpResult output : node.getOutputs()) {
    Value value = values.lookup(output);
    auto type = value ? dyn_cast<RankedTensorType>(value.getType()) : RankedTensorType();
    // What has a shape that the steps would not do for is left alone at once.
    bool small = type && type.hasStaticShape() && type.getElementType().isIntOrFloat() &&
                 bytesUpTo(type, 8 * kStepsOfNode) <= 8 * kStepsOfNode && type.getNumElements() <= evaluationSteps;
    bool dynamic = type && !type.hasStaticShape() && type.getElementType().isIntOrFloat();
    if (output.use_empty() || !(small || dynamic) || value.getDefiningOp<arith::ConstantOp>())
      continue;
    outputs.push_back(output);
    computed.push_back(value);
  }
  if (outputs.empty())
    return;
  int64_t steps = std::min(evaluationSteps, kStepsOfNode), before = steps;
  SmallVector<TypedAttr> constants = evaluate(computed, steps);
  evaluationSteps -= before - std::max<int64_t>(steps, 0);
  for (auto [output, attribute] : llvm::zip(outputs, constants))
    if (attribute && lowering.mayFold(cast<RankedTensorType>(attribute.getType())))
      values[output] = arith::ConstantOp::create(builder, node.getLoc(), attribute);
}

Region &GraphLowering::createScratch() {
  return *scratch.emplace_back(std::make_unique<Region>());
}

void GraphLowering::lowerInVain(NodeOp node) {
  OpBuilder::InsertionGuard guard(builder);
  const OperatorSpec *spec = lookup(node.getOpType(), node.getDomain(), opsetOf(node));
  for (auto [name, subgraph] : llvm::zip(node.getSubgraphNames().getAsRange<StringAttr>(), node.getSubgraphs())) {
    const AttributeSpec *attribute = spec ? lookupAttribute(*spec, name, opsetOf(node)) : nullptr;
    if (attribute && attribute->kind == AttributeKind::Graph)
      continue;
    builder.createBlock(&createScratch());
    (void)lowerBlock(subgraph.front());
  }
}

LogicalResult GraphLowering::lowerBlock(Block &block) {
  LogicalResult result = success();
  for (Operation &op : block.without_terminator()) {
    if (auto node = dyn_cast<NodeOp>(op)) {
      if (failed(lowerNode(node)))
        result = failure();
    } else if (auto constant = dyn_cast<ConstantOp>(op)) {
      values[constant] = arith::ConstantOp::create(builder, constant.getLoc(), cast<TypedAttr>(constant.getValue()));
    } else if (llvm::isa<ub::PoisonOp>(op)) {
      result = failure(); // the import has said why
    }
  }
  return result;
}

namespace {

/// Bytes of the constants of a graph and its subgraphs.
int64_t constantBytesOf(func::FuncOp main) {
  int64_t bytes = 0;
  main.walk([&](ConstantOp constant) {
    if (std::optional<ConstantData> data = constantData(Attribute(constant.getValue())))
      bytes += data->bytes.size();
  });
  return bytes;
}

/// One lowering of a graph into a body of its own, with the errors it reported held back.
struct Attempt {
  Region body;
  SmallVector<Diagnostic> errors;
  SmallVector<GraphLowering::Undecided, 1> undecided;
  SmallVector<Value> results;
  bool complete = false;
};

/// Whether no tensor is of both types' shapes.
bool contradict(RankedTensorType a, RankedTensorType b) {
  return failed(verifyCompatibleShape(a.getShape(), b.getShape()));
}

Location outputLocation(func::FuncOp main, unsigned index) {
  auto name = main.getResultAttrOfType<StringAttr>(index, kNameAttr);
  return valueLocation(main->getParentOfType<ModuleOp>(), name, main.getBody().front().getTerminator()->getLoc());
}

using Assumptions = llvm::DenseMap<Operation *, bool>;

/// Lowers a graph. Where the branches of an If differ in rank it tries what follows with either of them; the branch
/// that alone fits is taken.
class GraphSearch {
public:
  explicit GraphSearch(func::FuncOp main) : main(main), graph(main.getBody().front()) {}

  std::unique_ptr<Attempt> run(const Assumptions &assumed) {
    std::unique_ptr<Attempt> open = attempt(assumed);
    // More refusals than there are without any assumption: it was wrong.
    size_t others = open->errors.size() - std::min(open->errors.size(), open->undecided.size());
    if (attempts == 1)
      unavoidable = others;
    if (open->complete || open->undecided.empty() || others > unavoidable || attempts > kAttempts)
      return open;
    GraphLowering::Undecided &choice = open->undecided.front();
    std::array<std::unique_ptr<Attempt>, 2> branches; // else, then
    for (bool taken : {false, true}) {
      Assumptions more = assumed;
      more[choice.node] = taken;
      branches[taken] = run(more);
    }
    if (branches[0]->complete != branches[1]->complete)
      return std::move(branches[branches[1]->complete]);
    if (!branches[0]->complete) {
      // What stands in the way beside the rank is more use to the reader.
      size_t fewer = branches[1]->errors.size() < branches[0]->errors.size();
      return branches[fewer]->errors.size() < branches[!fewer]->errors.size() ? std::move(branches[fewer])
                                                                              : std::move(open);
    }
    // Both fit: the model may say which rank the value has.
    auto declared = dyn_cast<RankedTensorType>(choice.node.getOutputs()[choice.output].getType());
    if (declared && (declared.getRank() == choice.thenRank) != (declared.getRank() == choice.elseRank))
      return std::move(branches[declared.getRank() == choice.thenRank]);
    return open;
  }

private:
  static constexpr unsigned kAttempts = 64;

  std::unique_ptr<Attempt> attempt(const Assumptions &assumed) {
    ++attempts;
    auto made = std::make_unique<Attempt>();
    ScopedDiagnosticHandler handler(main.getContext(), [&](Diagnostic &diagnostic) {
      made->errors.push_back(std::move(diagnostic));
      return success();
    });
    Block &body = made->body.emplaceBlock();
    OpBuilder builder(main.getContext());
    builder.setInsertionPointToEnd(&body);
    GraphLowering lowering(builder);
    lowering.assumed = assumed;
    lowering.foldingBudget += GraphLowering::kFoldingPerByte * constantBytesOf(main);
    LogicalResult result = success();
    for (auto [index, argument] : llvm::enumerate(graph.getArguments())) {
      auto type = dyn_cast<RankedTensorType>(argument.getType());
      auto name = main.getArgAttrOfType<StringAttr>(index, kNameAttr);
      if (!type) {
        InFlightDiagnostic error = emitError(argument.getLoc()) << "input '" << (name ? name.getValue() : "")
                                                                << "' needs a shape of known rank, found ";
        result = isa<UnrankedTensorType>(argument.getType()) ? error << "none" : error << argument.getType();
        continue;
      }
      lowering.values[argument] = body.addArgument(type, argument.getLoc());
    }
    if (failed(lowering.lowerBlock(graph)))
      result = failure();
    for (auto [output, type] : llvm::zip(graph.getTerminator()->getOperands(), main.getResultTypes())) {
      Value value = lowering.values.lookup(output);
      if (!value && succeeded(result))
        result = emitError(graph.getTerminator()->getLoc()) << "an output of the graph has no value";
      made->results.push_back(value);
      auto declared = dyn_cast<ShapedType>(type);
      auto given = value ? cast<RankedTensorType>(value.getType()) : nullptr;
      if (!declared || !given)
        continue;
      Location loc = outputLocation(main, made->results.size() - 1);
      if (declared.getElementType() != given.getElementType())
        result = emitError(loc) << "output of the graph is declared with elements of " << declared.getElementType()
                                << ", found " << given.getElementType();
      if (declared.hasRank() && contradict(cast<RankedTensorType>(declared), given))
        result = emitError(loc) << "output of the graph is declared as " << declared << ", found " << given;
    }
    made->undecided.append(lowering.undecided.begin(), lowering.undecided.end());
    made->complete = succeeded(result);
    return made;
  }

  func::FuncOp main;
  Block &graph;
  unsigned attempts = 0;
  size_t unavoidable = 0;
};

struct ConvertOnnx : rnn::impl::ConvertOnnxBase<ConvertOnnx> {
  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>(kMainFunction);
    if (!main || main.isDeclaration()) {
      getOperation().emitError("expects a graph, a function @main with a body");
      return signalPassFailure();
    }
    Location end = main.getBody().front().getTerminator()->getLoc();
    if (!llvm::isa<onnx::ReturnOp>(main.getBody().front().getTerminator()))
      return; // lowered already
    std::unique_ptr<Attempt> lowered = GraphSearch(main).run(Assumptions());
    for (Diagnostic &diagnostic : lowered->errors)
      getContext().getDiagEngine().emit(std::move(diagnostic));
    if (!lowered->complete)
      return signalPassFailure();
    Block &body = lowered->body.front();
    OpBuilder builder(&getContext());
    builder.setInsertionPointToEnd(&body);
    func::ReturnOp::create(builder, end, lowered->results);
    main.setFunctionType(builder.getFunctionType(body.getArgumentTypes(), ValueRange(lowered->results).getTypes()));
    main.getBody().takeBody(lowered->body);
  }
};
} // namespace
} // namespace onnx
} // namespace rnn
