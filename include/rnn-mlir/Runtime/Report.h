//===- Report.h - Reports of runs for people -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/Result.h"

#include <nlohmann/json.hpp>

#include <string>

namespace rnn::runtime {

/// The documentation of a report's keys: a table in Markdown with name, unit and meaning.
std::string reportTable();

/// The units of the keys beside those of the layers; empty for texts.
nlohmann::ordered_json reportUnits();

/// A page that shows a report and needs nothing else.
std::string reportHtml(const nlohmann::ordered_json &report);

/// The report in a few lines of text.
std::string reportSummary(const nlohmann::ordered_json &report);

/// Writes a text file, whole or not at all.
Result<void> writeTextFile(const std::string &path, const std::string &text);

} // namespace rnn::runtime
