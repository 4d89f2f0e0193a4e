//===- Activations.cpp - Activations of recurrent operators -----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Activations.h"
#include "rnn-mlir/Conversion/OnnxToRnn/RecurrentNode.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace rnn {

/// The names the node lists, or the defaults.
static std::vector<std::string> activationNames(const Cell &cell, const RecurrentAttributes &attributes) {
  int64_t directions = attributes.directions();
  if (!attributes.activations) {
    std::vector<std::string> names;
    for (int64_t i = 0; i < directions; ++i)
      names.insert(names.end(), cell.activations.begin(), cell.activations.end());
    return names;
  }
  const std::vector<std::string> &names = *attributes.activations;
  auto isDefault = [&](const std::string &name) { return StringRef(name).equals_insensitive(cell.activations[0]); };
  if (cell.acceptsTwoDefaults && directions == 1 && names.size() == 2 && llvm::all_of(names, isDefault))
    return {cell.activations[0].str()};
  return names;
}

/// The next of the values given for a parameter, its default, or nothing. Any number where they are not known.
static std::optional<float> consume(const std::optional<std::vector<float>> &given, size_t &next,
                                    std::optional<float> byDefault) {
  if (!given)
    return 0;
  return next < given->size() ? (*given)[next++] : byDefault;
}

FailureOr<SmallVector<ActivationAttr>> resolveActivations(Location loc, const Cell &cell,
                                                          const RecurrentAttributes &attributes) {
  if (attributes.activationsRefused)
    return failure();
  std::vector<std::string> names = activationNames(cell, attributes);
  size_t expected = cell.activations.size() * attributes.directions();
  bool failed = attributes.direction.empty() || !attributes.alphas || !attributes.betas;
  // Whether it is known how many parameters the functions take.
  bool countable = !attributes.direction.empty();
  if (names.size() != expected && !attributes.direction.empty()) {
    emitError(loc, "attribute activations: expected ") << expected << " functions, found " << names.size();
    failed = true;
    countable = false;
  }
  Type f32 = Float32Type::get(loc.getContext());
  SmallVector<ActivationAttr> resolved;
  size_t alphas = 0, betas = 0;
  llvm::StringSet<> refused; // each once, however often it is listed
  for (const std::string &name : names) {
    const ActivationFunction *function = findActivation(name);
    if (!function) {
      failed = true;
      countable = false;
      if (!refused.insert(name).second)
        continue;
      InFlightDiagnostic error = emitError(loc, "attribute activations: unknown function '") << name << "', expected ";
      for (auto [index, known] : llvm::enumerate(activationFunctions()))
        error << (index == 0 ? "" : index + 1 == activationFunctions().size() ? " or " : ", ") << known.onnxName;
      continue;
    }
    FloatAttr alpha, beta;
    if (function->alpha.present)
      if (std::optional<float> value = consume(attributes.alphas, alphas, function->alpha.byDefault))
        alpha = FloatAttr::get(f32, *value);
    if (function->beta.present)
      if (std::optional<float> value = consume(attributes.betas, betas, function->beta.byDefault))
        beta = FloatAttr::get(f32, *value);
    if (bool(alpha) != function->alpha.present || bool(beta) != function->beta.present) {
      failed = true;
      if (!refused.insert(name).second)
        continue;
      emitError(loc, "attribute activations: ")
          << name << " has no default parameters, expected " << (alpha ? "" : "a value in activation_alpha")
          << (alpha || beta ? "" : " and ") << (beta ? "" : "a value in activation_beta");
      continue;
    }
    resolved.push_back(ActivationAttr::get(loc.getContext(), function->kind, alpha, beta));
  }
  auto checkSurplus = [&](StringRef attribute, const std::optional<std::vector<float>> &given, size_t used) {
    if (!countable || !given || given->size() == used)
      return;
    emitError(loc, "attribute ") << attribute << ": expected at most " << used
                                 << " values for the functions that take one, found " << given->size();
    failed = true;
  };
  checkSurplus("activation_alpha", attributes.alphas, alphas);
  checkSurplus("activation_beta", attributes.betas, betas);
  if (failed)
    return failure();
  return resolved;
}

} // namespace rnn
