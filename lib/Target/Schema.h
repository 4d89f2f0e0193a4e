//===- Schema.h - The keys of a target's file -------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Target/TargetModel.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rnn::target {

/// A unit a number may be written in, and its factor to the unit of the model.
struct Unit {
  std::string_view name;
  double factor;
};

/// What stands for a key that is not written.
struct Default {
  enum Rule : uint8_t { Required, Value, OtherKey } rule = Required;
  double value = 0;
  std::string_view other; ///< path of the key whose value it has
};

/// One key of a target's file: its whole declaration. `*` in a path stands for each name of its list.
struct Key {
  std::string_view path;
  std::span<const Unit> units;               ///< of a number
  std::span<const std::string_view> choices; ///< of a word, or of several words
  bool several, whole;
  double least, most;
  Default absent;
  /// The value in the model's unit: a word's place among the choices, one bit for each of several.
  void (*set)(TargetModel &model, size_t index, double value);
  double (*get)(const TargetModel &model, size_t index);
  std::string_view meaning;

  bool isEnergy() const;
  bool isPower() const;
};

/// A section that a file may leave out whole; where it stands, its required keys are required.
struct OptionalSection {
  std::string_view path, meaning;
  void (*open)(TargetModel &model);
  bool (*isOpen)(const TargetModel &model);
};

/// A key with its whole path, and its index in the model: that of the name that `*` stands for, or 0.
struct Row {
  const Key *key;
  std::string path;
  size_t index;
};

/// The keys of targets of one kind, in the order in which a file is printed.
const std::vector<Row> &rows(Kind kind);

/// The optional sections of targets of one kind.
std::vector<const OptionalSection *> optionalSections(Kind kind);

/// The optional section that a path is in, or null.
const OptionalSection *optionalSectionOf(std::string_view path);

/// `number` as it is written in a file.
std::string numberText(double number);

} // namespace rnn::target
