//===- Commands.h - The commands of rnnc -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Pipelines/Compile.h"
#include "rnn-mlir/Runtime/Session.h"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace rnn::driver {

/// Shows a phase and the seconds it takes on the terminal, once the work lasts longer than one.
class Progress {
public:
  Progress();
  ~Progress();
  void phase(std::string_view text);

private:
  void show();

  std::mutex mutex;
  std::condition_variable wake;
  std::string text;
  bool done = false, shown = false;
  std::thread thread;
};

/// Prints a line as `rnnc: remark: …`.
void remark(const std::string &text);

/// How every command ends. One that a signal stopped ends with 128 and the signal's number.
struct ExitCode {
  int code;
  std::string_view meaning;
};
inline constexpr ExitCode kDone = {0, "done; for check: no test failed"};
inline constexpr ExitCode kFailed = {1,
                                     "a model, program or data set is at fault, a comparison failed, or a file cannot "
                                     "be read or written"};
inline constexpr ExitCode kMisused = {2, "the command line is wrong: a command, option, target or claim that there is "
                                         "not, or a value that cannot be"};

/// Prints an error, each line as `rnnc: error: …` unless it names its place. Returns the exit code of `why`.
int fail(const std::string &message, const ExitCode &why = kFailed);

/// Checks the files that a command is to write before it does its work; empty names, and `-` for standard output, are
/// none. Returns the exit code where, after a printed error, one would overwrite an input or another output, or cannot
/// be written.
std::optional<int> checkOutputs(const std::vector<std::string> &inputs, const std::vector<std::string> &outputs);

/// The paths of what lies in a folder; of none where there is no such folder.
std::vector<std::string> filesIn(const std::string &folder);

/// What is wrong with a data set of `wanted` outputs for a model of `outputs`; an empty text where it has no more.
std::string outputsBeyond(const std::string &folder, size_t wanted, size_t outputs);

/// Checks a folder that a command is to make where there is none; an empty name is none. Errors: it cannot be made.
Result<void> checkFolder(const std::string &folder);

/// A folder of its own for files that are removed at the end. From its making on, SIGINT and SIGTERM are noted instead
/// of ending the process, which would leave it behind; ignored signals stay ignored.
struct Scratch {
  Scratch();
  ~Scratch();
  /// The exit code where, after a printed error, it could not be made.
  std::optional<int> failed() const;
  /// The signal that asked to stop, or 0.
  static int stoppedBy();

  std::filesystem::path path;

private:
  std::string reason;
};

struct CompileSettings {
  std::string model, output;
  CompileOptions options;
  bool verbose = false;
};
int compileCommand(CompileSettings settings);

struct RunSettings {
  std::string program, data, output, report, trace;
  std::vector<std::string> inputs;
  double memoryLimit = runtime::kDefaultMemoryLimitGiB;
  /// Nothing is the default.
  std::optional<uint64_t> maxCycles;
  uint64_t runs = 1;
};
int runCommand(const RunSettings &settings);

struct CheckSettings {
  std::string folder, json;
  std::vector<std::string> targets = {std::string(kDefaultTarget)};
  std::optional<double> rtol, atol;
  unsigned jobs = 0, timeout = 120;
  bool strict = false;
  CompileOptions compile;
};
int checkCommand(const CheckSettings &settings);

/// A table of the papers' claims, or of the one called `claim`; as JSON into a file where `json` names one.
int reproduceCommand(const std::string &claim, const std::string &json);

struct TargetSettings {
  std::string target;
  bool json = false, yaml = false;
};
/// Lists the built-in targets, or checks and prints the one that is called `target` or described in that file.
int targetsCommand(const TargetSettings &settings);
int infoCommand(const std::string &program, bool json);
/// Assembly, program after program; `rnn-translate --asm-to-binary` takes it.
int assemblyCommand(const std::string &program, const std::string &output);
/// A listing: address, words, instruction, role.
int listingCommand(const std::string &program, const std::string &output);

} // namespace rnn::driver
