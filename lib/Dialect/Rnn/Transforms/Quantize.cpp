//===- Quantize.cpp - Layers in other number formats ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>
#include <set>

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_QUANTIZE
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h.inc"

namespace {
/// A format of layers: the elements that it gives one of f32; null where it changes none.
struct Format {
  Type (*element)(MLIRContext *context);
};

/// One for each of kQuantizations.
constexpr Format kFormats[] = {
    {[](MLIRContext *) { return Type(); }},
    {[](MLIRContext *context) { return Type(Float16Type::get(context)); }},
};
static_assert(std::size(kFormats) == kQuantizations.size());

struct Quantize : impl::QuantizeBase<Quantize> {
  using QuantizeBase::QuantizeBase;

  void runOnOperation() override {
    if (failed(readFormats()))
      return signalPassFailure();
    SmallVector<RecurrentLayerOpInterface> layers;
    getOperation().walk([&](RecurrentLayerOpInterface layer) { layers.push_back(layer); });
    LogicalResult valid = success();
    for (RecurrentLayerOpInterface layer : layers)
      if (const Format *format = formatOf(layer))
        if (failed(convert(layer, *format)))
          valid = failure();
    if (failed(verifyNames(layers)) || failed(valid))
      return signalPassFailure();
    for (Value constant : rounded)
      release(constant);
  }

private:
  /// The formats that the option asks for: by name of a layer, and of those that it does not name.
  LogicalResult readFormats() {
    SmallVector<StringRef> parts;
    std::string text = percentDecoded(formats.getValue());
    StringRef(text).split(parts, ',');
    for (StringRef part : parts) {
      auto [layer, name] = part.trim().rsplit(':');
      bool whole = !part.contains(':');
      size_t place = placeOf(kQuantizations, whole ? layer : name);
      StringRef found = part.empty() ? "nothing" : part, of = whole ? "the layers that are not named" : layer;
      if (place == kQuantizations.size())
        return getOperation().emitError("quantize: expected ") << listed(kQuantizations) << ", found " << found;
      auto [at, fresh] = asked.insert({whole ? "" : layer.str(), Asked{&kFormats[place]}});
      if (!fresh)
        return getOperation().emitError("quantize: expected one format for ") << of << ", found " << text;
    }
    return success();
  }

  /// The names by which a layer may be called: its own, and that of the node of which it is a direction.
  SmallVector<std::string, 2> namesOf(RecurrentLayerOpInterface layer) {
    std::string name = onnx::nodeNameInFile(getOperation(), layer.getLoc());
    SmallVector<std::string, 2> names = {name};
    for (StringRef direction : {" (forward)", " (reverse)"})
      if (StringRef(name).ends_with(direction))
        names.push_back(StringRef(name).drop_back(direction.size()).str());
    return names;
  }

  const Format *formatOf(RecurrentLayerOpInterface layer) {
    const Format *found = nullptr;
    for (const std::string &name : namesOf(layer))
      if (auto at = asked.find(name); !name.empty() && at != asked.end()) {
        at->second.used = true;
        found = found ? found : at->second.format;
      }
    if (auto all = asked.find(""); !found && all != asked.end())
      found = all->second.format;
    return found;
  }

  /// Each layer that the option names is there.
  LogicalResult verifyNames(ArrayRef<RecurrentLayerOpInterface> layers) {
    std::string unknown, known;
    for (auto &[name, each] : asked)
      if (!name.empty() && !each.used)
        unknown += (unknown.empty() ? "'" : ", '") + name + "'";
    if (unknown.empty())
      return success();
    std::set<std::string> names;
    for (RecurrentLayerOpInterface layer : layers)
      if (std::string name = namesOf(layer).back(); !name.empty())
        names.insert(name);
    for (const std::string &name : names)
      known += (known.empty() ? "'" : ", '") + name + "'";
    if (known.empty())
      known = "none with a name";
    return getOperation().emitError("quantize: no layer is called ") << unknown << "; there are " << known;
  }

  /// An operand with elements of `element`.
  Value converted(OpBuilder &builder, Value value, Type element, ConstantRounding &rounding) {
    auto type = cast<RankedTensorType>(value.getType());
    // What another layer gave in this format.
    if (auto widened = value.getDefiningOp<arith::ExtFOp>();
        widened && getElementTypeOrSelf(widened.getIn().getType()) == element)
      return widened.getIn();
    std::optional<ConstantData> data = constantData(value);
    if (!data)
      return arith::TruncFOp::create(builder, value.getLoc(), type.clone(element), value);
    rounded.insert(value);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointAfterValue(value);
    return roundConstant(builder, value.getLoc(), *data, rounding);
  }

  LogicalResult convert(RecurrentLayerOpInterface layer, const Format &format) {
    Type element = format.element(&getContext()), given = layer.getX().getType().getElementType();
    if (!element || given == element)
      return success();
    if (!given.isF32())
      return layer.emitError("expects a layer of f32 to give it another format, found ") << given;
    OpBuilder builder(layer);
    ConstantRounding rounding;
    for (OpOperand &operand : layer->getOpOperands())
      if (Value value = operand.get(); getElementTypeOrSelf(value.getType()) == given) {
        operand.set(converted(builder, value, element, rounding));
        if (auto widened = value.getDefiningOp<arith::ExtFOp>(); widened && widened->use_empty())
          widened->erase();
      }
    builder.setInsertionPointAfter(layer);
    for (Value result : layer->getResults()) {
      auto type = cast<RankedTensorType>(result.getType());
      result.setType(type.clone(element));
      if (result.use_empty())
        continue;
      auto widened = arith::ExtFOp::create(builder, layer.getLoc(), type, result);
      result.replaceAllUsesExcept(widened, widened);
    }
    std::string type = llvm::formatv("{0}", element), lost = llvm::formatv("{0:e}", rounding.lost.value_or(0));
    if (rounding.lost)
      return layer.emitError("expects constants that ")
             << type << " holds, found " << lost << "; LAYER:none of the option quantize leaves a layer as it is";
    remark::passed(layer.getLoc(), remark::RemarkOpts::name("quantize").category("rnn-quantize")) << remark::add(
        "is of {0}: constants of up to {1} are rounded by up to {2}", type,
        llvm::formatv("{0:e2}", rounding.largest).str(), llvm::formatv("{0:e2}", rounding.largestError).str());
    ++numLayers;
    return success();
  }

  /// Erases a constant that nothing uses any more.
  void release(Value constant) {
    std::optional<ConstantData> data = constantData(constant);
    if (!constant.use_empty())
      return;
    constant.getDefiningOp()->erase();
    if (data && releaseConstants)
      releaseUnusedResource(getOperation(), data->bytes);
  }

  struct Asked {
    const Format *format;
    bool used = false;
  };
  /// By the name of a layer; without one, of those that have no other.
  std::map<std::string, Asked> asked;
  llvm::SetVector<Value> rounded;
};
} // namespace
} // namespace rnn
