//===- CommandLine.h - Reads a command line with CLI11 -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <CLI/CLI.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rnn::driver {

/// Says in the help what a value is, its unit and its default.
CLI::Option *shown(CLI::Option *option, const std::string &kind);

/// Refuses what is no whole number from `least` to `most`.
std::function<std::string(const std::string &)> wholeNumber(uint64_t least, uint64_t most);

/// Refuses standard output where a file appears whole or not at all.
std::string notStandardOutput(const std::string &path);

/// The names between the commas; the last of `a,` is empty.
std::vector<std::string> commaSeparated(const std::string &text);

/// The end of a command's help: examples of its use, a line each, and the exit codes.
void addExamples(CLI::App &command, const std::string &examples);

/// The error of a command that `app` does not have.
std::string noCommand(const std::string &word, const CLI::App &app);

/// Reads the command line into the options of `app`. Returns the exit code where there is nothing more to do: a help or
/// the version was asked for and is printed, or the command line is wrong, which is printed.
std::optional<int> parse(CLI::App &app, int argc, char **argv);

} // namespace rnn::driver
