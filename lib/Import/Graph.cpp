//===- Graph.cpp - Graphs of a model as regions -----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Importer.h"

#include "rnn-mlir/Support/ShapeText.h"

#include "mlir/Dialect/UB/IR/UBOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using ::onnx::AttributeProto;
using ::onnx::GraphProto;
using ::onnx::NodeProto;
using ::onnx::TensorProto;
using ::onnx::TypeProto;
using ::onnx::ValueInfoProto;

namespace rnn::import {

/// `Conv(y)` for a node without a name.
static std::string labelOf(const NodeProto &node) {
  if (!node.name().empty())
    return node.name();
  for (const std::string &output : node.output())
    if (!output.empty())
      return node.op_type() + "(" + output + ")";
  return node.op_type();
}

namespace {

/// The names of one graph.
struct Scope {
  llvm::StringMap<Value> values;
  /// Initializers, in `values` once something uses them.
  llvm::StringMap<TensorProto *> initializers;
  llvm::StringSet<> sparseInitializers;
  /// Outputs of all nodes, to tell a graph out of order from an undefined name.
  llvm::StringSet<> outputs;
  /// What the graph says of its values.
  llvm::StringMap<const TypeProto *> types;
  /// The node that is imported.
  const NodeProto *node = nullptr;
  Block *block = nullptr;
  /// The last of the constants at the block's start.
  Operation *lastConstant = nullptr;

  /// Whether anything but `node` gives a value of this name.
  bool has(StringRef name) const {
    return values.contains(name) || initializers.contains(name) || sparseInitializers.contains(name) ||
           (outputs.contains(name) && !llvm::is_contained(node->output(), name));
  }
};

class GraphImporter {
public:
  explicit GraphImporter(Model &model) : model(model), context(model.context), builder(model.context) {}

  void importMain(GraphProto &graph, ModuleOp module);

private:
  void enter(GraphProto &graph, Block *block);
  void importBody(GraphProto &graph);
  void importNode(NodeProto &node);
  void checkName(std::string &name, std::optional<Location> loc = std::nullopt);
  void checkNames(GraphProto &graph);
  void checkNames(NodeProto &node, Location loc);
  void checkOutputs(const GraphProto &graph, ValueRange values);
  bool importConstant(NodeProto &node, Location loc);
  void importCall(const NodeProto &node, const ::onnx::FunctionProto &function, Location loc);
  Attribute importAttribute(AttributeProto &attribute, Location loc);
  void importSubgraph(GraphProto &graph, Region &region, Location loc);

  void checkShadowing(StringRef name, Location loc);
  void define(StringRef name, Value value, Location loc);
  Value lookup(StringRef name, Location loc);
  Value createInitializer(Scope &scope, StringRef name, TensorProto &tensor);
  Value absent();
  Value poison();

  FailureOr<Type> convertInputType(const TypeProto &type, Location loc);
  Type convertType(const TypeProto &type);
  Type declaredType(StringRef name);
  void checkDefault(const ValueInfoProto &info, const TensorProto &value, Location loc);
  DictionaryAttr describe(const ValueInfoProto &info);

  Model &model;
  MLIRContext *context;
  OpBuilder builder;
  std::vector<Scope> scopes;
  /// The functions that are being imported, the labels of their calls in front of those of their nodes, and the nodes
  /// of all calls so far.
  std::vector<const ::onnx::FunctionProto *> calls;
  std::string prefix;
  size_t calledNodes = 0;
  static constexpr size_t kMaxCalledNodes = size_t(1) << 18;
};

} // namespace

static Type unknownType(MLIRContext *context) {
  return onnx::UnknownType::get(context);
}

/// The type of a value as the model declares it: unknown or unranked where that is not a tensor's, and then `why`.
static Type typeOf(MLIRContext *context, const TypeProto &type, std::string &why) {
  if (!type.has_tensor_type()) {
    why = "expected a tensor as input of the graph";
    return unknownType(context);
  }
  int32_t dataType = type.tensor_type().elem_type();
  Type element = elementType(context, dataType);
  if (!element) {
    why = "inputs of " + elementTypeName(dataType) + " are not supported";
    return unknownType(context);
  }
  if (!type.tensor_type().has_shape())
    return UnrankedTensorType::get(element);
  SmallVector<int64_t> dims, known;
  for (const auto &dim : type.tensor_type().shape().dim()) {
    // Exporters write -1 for a dimension that is not known.
    bool dynamic = !dim.has_dim_value() || dim.dim_value() == -1;
    dims.push_back(dynamic ? ShapedType::kDynamic : dim.dim_value());
    if (!dynamic)
      known.push_back(dim.dim_value());
  }
  llvm::Expected<int64_t> bytes = checkedBytes(known, std::max<int64_t>(elementBytes(dataType), 1));
  if (!bytes || static_cast<int64_t>(dims.size()) > kMaxRank) {
    why = bytes ? "too many dimensions" : llvm::toString(bytes.takeError());
    return UnrankedTensorType::get(element);
  }
  return RankedTensorType::get(dims, element);
}

FailureOr<Type> GraphImporter::convertInputType(const TypeProto &type, Location loc) {
  std::string why;
  Type converted = typeOf(context, type, why);
  if (!why.empty())
    return model.error(loc, why);
  return converted;
}

Type GraphImporter::convertType(const TypeProto &type) {
  std::string why;
  return typeOf(context, type, why);
}

Type GraphImporter::declaredType(StringRef name) {
  const TypeProto *type = scopes.back().types.lookup(name);
  return type ? convertType(*type) : unknownType(context);
}

/// Refuses an initializer that is not of the type that the input of its name declares.
void GraphImporter::checkDefault(const ValueInfoProto &info, const TensorProto &value, Location loc) {
  auto type = dyn_cast<TensorType>(convertType(info.type()));
  if (!type)
    return;
  ArrayRef<int64_t> dims(value.dims().data(), value.dims_size());
  bool fits = elementType(context, value.data_type()) == type.getElementType();
  if (type.hasRank()) {
    fits &= type.getRank() == value.dims_size();
    for (auto [size, found] : llvm::zip(type.getShape(), dims))
      fits &= ShapedType::isDynamic(size) || size == found;
  }
  if (!fits)
    (void)model.error(loc, "expected an initializer of the type of the input, " + llvm::formatv("{0}", type) +
                               ", found " + elementTypeName(value.data_type()) + " of shape " + shapeText(dims));
}

DictionaryAttr GraphImporter::describe(const ValueInfoProto &info) {
  SmallVector<StringRef> dims;
  for (const auto &dim : info.type().tensor_type().shape().dim())
    dims.push_back(dim.dim_param());
  if (static_cast<int64_t>(dims.size()) > kMaxRank)
    dims.clear();
  return builder.getDictionaryAttr({builder.getNamedAttr(onnx::kNameAttr, builder.getStringAttr(info.name())),
                                    builder.getNamedAttr(onnx::kDimsAttr, builder.getStrArrayAttr(dims))});
}

/// Refuses the name of an initializer or a node's output of a subgraph that a graph around it has too, whatever the
/// order of their nodes. The names of the outputs of the nodes that hold the subgraph are let pass, as ONNX's checker
/// does and exporters rely on; a subgraph's own inputs may shadow, too, as in ONNX Runtime.
void GraphImporter::checkShadowing(StringRef name, Location loc) {
  if (llvm::any_of(ArrayRef(scopes).drop_back(), [&](const Scope &scope) { return scope.has(name); }))
    (void)model.error(loc, "'" + name + "' is already the name of a value of the graph around the subgraph");
}

void GraphImporter::define(StringRef name, Value value, Location loc) {
  Scope &scope = scopes.back();
  if (scope.initializers.contains(name) || scope.sparseInitializers.contains(name) ||
      !scope.values.try_emplace(name, value).second)
    (void)model.error(loc, "'" + name + "' is already defined");
}

Value GraphImporter::createInitializer(Scope &scope, StringRef name, TensorProto &tensor) {
  OpBuilder::InsertionGuard guard(builder);
  if (scope.lastConstant)
    builder.setInsertionPointAfter(scope.lastConstant);
  else
    builder.setInsertionPointToStart(scope.block);
  Location loc = model.locationOf(name);
  llvm::Expected<ElementsAttr> value = convertTensor(model, tensor);
  if (!value)
    (void)model.error(loc, value.takeError());
  scope.lastConstant = value ? onnx::ConstantOp::create(builder, loc, *value).getOperation()
                             : ub::PoisonOp::create(builder, loc, unknownType(context)).getOperation();
  return scope.values[name] = scope.lastConstant->getResult(0);
}

Value GraphImporter::absent() {
  return onnx::NoneOp::create(builder, model.location());
}

/// Stands for a value that has an error, until all errors are found.
Value GraphImporter::poison() {
  return ub::PoisonOp::create(builder, model.location(), unknownType(context));
}

Value GraphImporter::lookup(StringRef name, Location loc) {
  if (name.empty()) {
    (void)model.error(loc, "an output of the graph without a name");
    return poison();
  }
  bool later = false; // a node that follows gives it
  for (Scope &scope : llvm::reverse(scopes)) {
    if (Value value = scope.values.lookup(name))
      return value;
    if (TensorProto *tensor = scope.initializers.lookup(name))
      return createInitializer(scope, name, *tensor);
    if (scope.sparseInitializers.contains(name)) // which `enter` refuses
      return poison();
    if (later && scope.has(name)) // which `checkShadowing` refuses
      return poison();
    later |= scope.outputs.contains(name);
  }
  if (later) {
    (void)model.error(loc, "uses '" + name + "' before it is computed; nodes must be sorted and without cycles");
    return poison();
  }
  (void)model.error(loc, "uses '" + name + "', which nothing defines");
  return poison();
}

/// Refuses a name that is not text, as diagnostics, metadata and reports are, and makes it text.
void GraphImporter::checkName(std::string &name, std::optional<Location> loc) {
  size_t offset = 0;
  if (llvm::json::isUTF8(name, &offset))
    return;
  name = llvm::json::fixUTF8(name);
  (void)model.error(loc.value_or(model.locationOf(name)),
                    "expected a name in UTF-8, found '" + name + "', invalid at byte " + Twine(offset));
}

void GraphImporter::checkNames(GraphProto &graph) {
  for (TensorProto &tensor : *graph.mutable_initializer())
    checkName(*tensor.mutable_name());
  for (auto &sparse : *graph.mutable_sparse_initializer())
    checkName(*sparse.mutable_values()->mutable_name());
  for (auto *infos : {graph.mutable_input(), graph.mutable_output()})
    for (ValueInfoProto &info : *infos) {
      checkName(*info.mutable_name());
      // A field that is set says which type it is.
      if (info.type().has_tensor_type() && info.type().tensor_type().has_shape())
        for (auto &dim : *info.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim())
          if (dim.has_dim_param())
            checkName(*dim.mutable_dim_param(), model.locationOf(info.name()));
    }
}

void GraphImporter::checkNames(NodeProto &node, Location loc) {
  for (std::string *name : {node.mutable_name(), node.mutable_op_type(), node.mutable_domain()})
    checkName(*name, loc);
  for (auto *names : {node.mutable_input(), node.mutable_output()})
    for (std::string &name : *names)
      checkName(name, loc);
  for (AttributeProto &attribute : *node.mutable_attribute())
    checkName(*attribute.mutable_name(), loc);
}

/// Refuses outputs of the main graph that no program can have. What the nodes compute is compared with the declared
/// types and shapes when they are lowered.
void GraphImporter::checkOutputs(const GraphProto &graph, ValueRange values) {
  llvm::StringSet<> seen;
  for (auto [info, value] : llvm::zip(graph.output(), values)) {
    Location loc = model.locationOf(info.name());
    // ONNX forbids two definitions of a name; an output of the graph is a use, of which it may have several. A program
    // gives its outputs by name, so there would be one array where the model lists two.
    if (!info.name().empty() && !seen.insert(info.name()).second)
      (void)model.error(loc, "'" + Twine(info.name()) +
                                 "' is listed twice as an output of the graph; an Identity gives it a second name");
    if (!info.type().has_tensor_type())
      continue;
    int32_t dataType = info.type().tensor_type().elem_type();
    Type element = elementType(context, dataType);
    if (!element && dataType != TensorProto::UNDEFINED) {
      (void)model.error(loc, "outputs of " + elementTypeName(dataType) + " are not supported");
      continue;
    }
    // Inputs and constants have types of their own.
    auto type = dyn_cast<ShapedType>(value.getType());
    if (element && type && type.getElementType() != element)
      (void)model.error(loc, "output of the graph is declared as " + elementTypeName(dataType) +
                                 ", found elements of " + llvm::formatv("{0}", type.getElementType()));
  }
}

void GraphImporter::enter(GraphProto &graph, Block *block) {
  Scope &scope = scopes.emplace_back();
  scope.block = block;
  for (TensorProto &tensor : *graph.mutable_initializer()) {
    Location loc = model.locationOf(tensor.name());
    if (tensor.name().empty())
      (void)model.error(model.location(), "an initializer without a name");
    else if (auto [it, fresh] = scope.initializers.try_emplace(tensor.name(), &tensor);
             !fresh && !areEqual(model, *it->second, tensor))
      (void)model.error(loc, "'" + Twine(tensor.name()) + "' is already defined, with another value");
    else if (fresh)
      checkShadowing(tensor.name(), loc);
  }
  for (const auto &sparse : graph.sparse_initializer()) {
    const std::string &name = sparse.values().name();
    Location loc = name.empty() ? model.location() : model.locationOf(name);
    bool fresh = scope.sparseInitializers.insert(name).second;
    if (fresh || name.empty())
      (void)model.error(loc, "sparse initializers are not supported");
    if (name.empty())
      continue;
    if (!fresh || scope.initializers.contains(name))
      (void)model.error(loc, "'" + Twine(name) + "' is already defined");
    else
      checkShadowing(name, loc);
  }
  for (const NodeProto &node : graph.node())
    for (const std::string &output : node.output())
      scope.outputs.insert(output);
  for (const ValueInfoProto &info : graph.value_info())
    scope.types[info.name()] = &info.type();
  for (const ValueInfoProto &info : graph.output())
    if (info.has_type())
      scope.types[info.name()] = &info.type();
}

void GraphImporter::importBody(GraphProto &graph) {
  for (NodeProto &node : *graph.mutable_node()) {
    if (model.tooManyErrors())
      break;
    importNode(node);
  }
  SmallVector<Value> outputs;
  for (const ValueInfoProto &info : graph.output())
    outputs.push_back(lookup(info.name(), model.locationOf(info.name().empty() ? "output" : info.name())));
  onnx::ReturnOp::create(builder, model.location(), outputs);
  // What nothing uses is only checked; kinds that are not supported do no harm.
  for (const TensorProto &tensor : graph.initializer())
    if (!scopes.back().values.contains(tensor.name()) && elementBytes(tensor.data_type()))
      if (llvm::Error error = checkTensor(model, tensor))
        (void)model.error(model.locationOf(tensor.name()), std::move(error));
}

void GraphImporter::importSubgraph(GraphProto &graph, Region &region, Location loc) {
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(&region);
  if (scopes.size() > kMaxDepth) {
    (void)model.error(loc, "expected subgraphs nested at most " + Twine(kMaxDepth) + " deep");
    onnx::ReturnOp::create(builder, loc, ValueRange());
    return;
  }
  checkNames(graph);
  enter(graph, block);
  for (const ValueInfoProto &info : graph.input()) {
    Location inputLoc = model.locationOf(info.name());
    define(info.name(), block->addArgument(convertType(info.type()), inputLoc), inputLoc);
  }
  importBody(graph);
  scopes.pop_back();
}

template <class Range, class Value> static SmallVector<Value> collect(const Range &range) {
  return SmallVector<Value>(range.begin(), range.end());
}

/// The fields of an attribute that hold something, as types.
static SmallVector<AttributeProto::AttributeType> filledFields(const AttributeProto &attribute) {
  SmallVector<AttributeProto::AttributeType> filled;
  auto add = [&](bool has, AttributeProto::AttributeType type) {
    if (has)
      filled.push_back(type);
  };
  add(attribute.has_f(), AttributeProto::FLOAT);
  add(attribute.has_i(), AttributeProto::INT);
  add(attribute.has_s(), AttributeProto::STRING);
  add(attribute.has_t(), AttributeProto::TENSOR);
  add(attribute.has_g(), AttributeProto::GRAPH);
  add(attribute.has_sparse_tensor(), AttributeProto::SPARSE_TENSOR);
  add(attribute.has_tp(), AttributeProto::TYPE_PROTO);
  add(attribute.floats_size(), AttributeProto::FLOATS);
  add(attribute.ints_size(), AttributeProto::INTS);
  add(attribute.strings_size(), AttributeProto::STRINGS);
  add(attribute.tensors_size(), AttributeProto::TENSORS);
  add(attribute.graphs_size(), AttributeProto::GRAPHS);
  add(attribute.sparse_tensors_size(), AttributeProto::SPARSE_TENSORS);
  add(attribute.type_protos_size(), AttributeProto::TYPE_PROTOS);
  return filled;
}

/// The value of an attribute; `unit` for kinds that no operator here takes, so
/// that the node is refused with the attribute's name. Null after an error.
Attribute GraphImporter::importAttribute(AttributeProto &attribute, Location loc) {
  for (AttributeProto::AttributeType type : filledFields(attribute))
    if (type != attribute.type()) {
      (void)model.error(loc, "attribute '" + Twine(attribute.name()) + "' is declared as " +
                                 AttributeProto::AttributeType_Name(attribute.type()) + " and holds " +
                                 AttributeProto::AttributeType_Name(type));
      return {};
    }
  switch (attribute.type()) {
  case AttributeProto::FLOAT:
    return builder.getF32FloatAttr(attribute.f());
  case AttributeProto::INT:
    return builder.getI64IntegerAttr(attribute.i());
  case AttributeProto::STRING:
    return builder.getStringAttr(attribute.s());
  case AttributeProto::FLOATS:
    return builder.getDenseF32ArrayAttr(collect<decltype(attribute.floats()), float>(attribute.floats()));
  case AttributeProto::INTS:
    return builder.getDenseI64ArrayAttr(collect<decltype(attribute.ints()), int64_t>(attribute.ints()));
  case AttributeProto::STRINGS:
    return builder.getStrArrayAttr(collect<decltype(attribute.strings()), StringRef>(attribute.strings()));
  case AttributeProto::TENSOR: {
    if (attribute.has_t() && !elementBytes(attribute.t().data_type()))
      return builder.getUnitAttr();
    llvm::Expected<ElementsAttr> value = convertTensor(model, *attribute.mutable_t());
    if (value)
      return *value;
    (void)model.error(loc, value.takeError(), "attribute '" + Twine(attribute.name()) + "': ");
    return {};
  }
  case AttributeProto::UNDEFINED:
    (void)model.error(loc, "attribute '" + Twine(attribute.name()) + "' has no type");
    return {};
  default:
    return builder.getUnitAttr();
  }
}

/// Constant nodes become constants; what has no tensor stays a node. Whether it
/// did.
bool GraphImporter::importConstant(NodeProto &node, Location loc) {
  if (node.op_type() != "Constant" || !(node.domain().empty() || node.domain() == "ai.onnx") || node.input_size() ||
      node.output_size() != 1 || node.attribute_size() != 1 || !node.attribute(0).ref_attr_name().empty())
    return false;
  AttributeProto &attribute = *node.mutable_attribute(0);
  StringRef name = attribute.name();
  ElementsAttr value;
  Attribute imported = importAttribute(attribute, loc);
  // An output without a name is not wanted.
  auto give = [&](Value result) {
    if (!node.output(0).empty())
      define(node.output(0), result, loc);
    return true;
  };
  if (!imported)
    return give(poison());
  auto vectorOf = [&](int64_t size, Type type) { return RankedTensorType::get({size}, type); };
  if (name == "value")
    value = dyn_cast<ElementsAttr>(imported);
  else if (auto floats = dyn_cast<DenseF32ArrayAttr>(imported); floats && name == "value_floats")
    value = DenseElementsAttr::get(vectorOf(floats.size(), builder.getF32Type()), floats.asArrayRef());
  else if (auto ints = dyn_cast<DenseI64ArrayAttr>(imported); ints && name == "value_ints")
    value = DenseElementsAttr::get(vectorOf(ints.size(), builder.getI64Type()), ints.asArrayRef());
  else if (isa<FloatAttr, IntegerAttr>(imported) && name == (isa<FloatAttr>(imported) ? "value_float" : "value_int"))
    value = DenseElementsAttr::get(RankedTensorType::get({}, cast<TypedAttr>(imported).getType()), imported);
  if (!value) {
    auto constant = onnx::NodeOp::create(builder, loc, unknownType(context), node.op_type(), ValueRange(), "",
                                         builder.getDictionaryAttr(builder.getNamedAttr(name, imported)),
                                         builder.getArrayAttr({}), /*subgraphsCount=*/0);
    return give(constant.getResult(0));
  }
  return give(onnx::ConstantOp::create(builder, loc, value));
}

void GraphImporter::importNode(NodeProto &node) {
  scopes.back().node = &node;
  Location loc = model.locationOf(prefix + llvm::json::fixUTF8(labelOf(node)));
  checkNames(node, loc);
  for (const std::string &output : node.output())
    if (!output.empty())
      checkShadowing(output, loc);
  bool refused = true;
  if (node.op_type().empty())
    (void)model.error(loc, "a node without an operator");
  else if (std::string overload = unknownText(node, kNodeOverload); !overload.empty())
    (void)model.error(loc, "operator '" + Twine(node.op_type()) + "' has the overload '" +
                               llvm::json::fixUTF8(overload) +
                               "', which is for functions of the model; overloaded ones are not supported");
  else if (auto called = model.functions.find({domainOf(node.domain()), node.op_type()});
           called != model.functions.end())
    return importCall(node, *called->second, loc);
  else
    refused = false;
  if (!refused && importConstant(node, loc))
    return;
  SmallVector<Value> inputs;
  llvm::StringMap<Value> found; // so that an error is told once however often the node uses the name
  for (const std::string &input : node.input()) {
    Value &value = found[input];
    if (!value)
      value = input.empty() ? absent() : lookup(input, loc);
    inputs.push_back(value);
  }

  NamedAttrList attributes;
  SmallVector<std::pair<StringRef, GraphProto *>> subgraphs;
  llvm::StringSet<> seen;
  Attribute unknown = ub::PoisonAttr::get(context);
  for (AttributeProto &attribute : *node.mutable_attribute()) {
    if (attribute.name().empty()) {
      (void)model.error(loc, "an attribute without a name");
    } else if (!seen.insert(attribute.name()).second) {
      (void)model.error(loc, "attribute '" + attribute.name() + "' is given twice");
      attributes.set(attribute.name(), unknown); // which one is meant is not known
    } else if (!attribute.ref_attr_name().empty()) {
      (void)model.error(loc, "attribute '" + Twine(attribute.name()) + "' refers to an attribute of a function");
      attributes.set(attribute.name(), unknown);
    } else if (attribute.type() == AttributeProto::GRAPH && attribute.has_g()) {
      subgraphs.emplace_back(attribute.name(), attribute.mutable_g());
    } else {
      Attribute value = importAttribute(attribute, loc);
      attributes.set(attribute.name(), value ? value : unknown);
    }
  }

  SmallVector<Type> types;
  for (const std::string &output : node.output())
    types.push_back(output.empty() ? unknownType(context) : declaredType(output));
  llvm::sort(subgraphs, [](const auto &a, const auto &b) { return a.first > b.first; });
  SmallVector<StringRef> names = llvm::map_to_vector(subgraphs, [](const auto &subgraph) { return subgraph.first; });
  auto op = onnx::NodeOp::create(builder, loc, types, builder.getStringAttr(node.op_type()), inputs,
                                 builder.getStringAttr(node.domain()), attributes.getDictionary(context),
                                 builder.getStrArrayAttr(names), subgraphs.size());
  for (auto [subgraph, region] : llvm::zip(subgraphs, op.getSubgraphs()))
    importSubgraph(*subgraph.second, region, loc);
  for (auto [output, result] : llvm::zip(node.output(), op.getOutputs()))
    if (!output.empty())
      define(output, refused ? poison() : result, loc);
  if (refused)
    op.erase();
}

/// Puts the nodes of a function in the place of its call. Its names are its own.
void GraphImporter::importCall(const NodeProto &node, const ::onnx::FunctionProto &function, Location loc) {
  bool fits = true;
  auto refuse = [&](const Twine &text) {
    (void)model.error(loc, text);
    fits = false;
  };
  if (llvm::is_contained(calls, &function))
    refuse("function '" + function.name() + "' calls itself");
  else if (calls.size() >= kMaxDepth)
    refuse("expected functions that call each other at most " + Twine(kMaxDepth) + " deep");
  else if ((calledNodes += function.node_size()) > kMaxCalledNodes)
    refuse("expected at most " + Twine(kMaxCalledNodes) + " nodes in all calls of functions");
  SmallVector<Value> inputs;
  for (const std::string &input : node.input())
    inputs.push_back(input.empty() ? absent() : lookup(input, loc));
  FailureOr<::onnx::FunctionProto> body = failure();
  if (fits)
    body = instantiate(model, function, node, loc);
  SmallVector<Value> results(node.output_size());
  if (succeeded(body)) {
    std::vector<Scope> outer = std::move(scopes);
    std::string label = prefix;
    prefix += llvm::json::fixUTF8(labelOf(node)) + "/";
    calls.push_back(&function);
    scopes.clear();
    Scope &scope = scopes.emplace_back();
    scope.block = builder.getInsertionBlock();
    for (const NodeProto &each : body->node())
      for (const std::string &output : each.output())
        scope.outputs.insert(output);
    for (auto [index, name] : llvm::enumerate(body->input()))
      define(name, index < inputs.size() ? inputs[index] : absent(), loc);
    for (NodeProto &each : *body->mutable_node()) {
      if (model.tooManyErrors())
        break;
      importNode(each);
    }
    for (auto [result, name] : llvm::zip(results, body->output()))
      result = lookup(name, loc);
    calls.pop_back();
    prefix = label;
    scopes = std::move(outer);
  }
  for (auto [output, result] : llvm::zip(node.output(), results))
    if (!output.empty())
      define(output, result ? result : poison(), loc);
}

void GraphImporter::importMain(GraphProto &graph, ModuleOp module) {
  builder.setInsertionPointToEnd(module.getBody());
  auto function = func::FuncOp::create(builder, model.location(), onnx::kMainFunction, builder.getFunctionType({}, {}));
  Block *block = function.addEntryBlock();
  builder.setInsertionPointToStart(block);
  checkNames(graph);
  enter(graph, block);

  SmallVector<DictionaryAttr> arguments, results;
  SmallVector<StringRef> defaults;
  for (const ValueInfoProto &info : graph.input()) {
    Location loc = model.locationOf(info.name());
    // An input with an initializer is a constant: the initializer is its value.
    if (scopes.back().initializers.contains(info.name())) {
      defaults.push_back(info.name());
      checkDefault(info, *scopes.back().initializers.lookup(info.name()), loc);
      continue;
    }
    if (scopes.back().sparseInitializers.contains(info.name()))
      continue;
    if (info.name().empty())
      (void)model.error(loc, "an input of the graph without a name");
    FailureOr<Type> type = convertInputType(info.type(), loc);
    define(info.name(), succeeded(type) ? block->addArgument(*type, loc) : poison(), loc);
    if (succeeded(type))
      arguments.push_back(describe(info));
  }
  if (graph.output_size() == 0)
    (void)model.error(model.location(), "expected a graph with outputs, found none");
  importBody(graph);
  checkOutputs(graph, block->getTerminator()->getOperands());
  for (const ValueInfoProto &info : graph.output())
    results.push_back(describe(info));
  if (!defaults.empty())
    module->setAttr(onnx::kDefaultsAttr, builder.getStrArrayAttr(defaults));
  function.setFunctionType(
      builder.getFunctionType(block->getArgumentTypes(), block->getTerminator()->getOperandTypes()));
  function.setAllArgAttrs(arguments);
  function.setAllResultAttrs(results);
}

void importGraph(Model &model, GraphProto &graph, ModuleOp module) {
  GraphImporter(model).importMain(graph, module);
}

} // namespace rnn::import
