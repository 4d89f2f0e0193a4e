//===- Session.h - Runs a program file -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Container.h"
#include "rnn-mlir/Runtime/ArrayFiles.h"
#include "rnn-mlir/Runtime/Metadata.h"
#include "rnn-mlir/Sim/Limits.h"

#include <functional>
#include <memory>

namespace rnn::sim {
class TraceWriter;
} // namespace rnn::sim
namespace rnn::target {
struct TargetModel;
} // namespace rnn::target

namespace rnn::runtime {

inline constexpr double kDefaultMemoryLimitGiB = 8;

/// A limit in GiB as bytes; nothing outside 0.001 to 1048576, and for NaN.
inline std::optional<uint64_t> memoryLimitBytes(double gib) {
  return gib >= 0.001 && gib <= 1048576 ? std::optional(uint64_t(gib * double(1 << 30))) : std::nullopt;
}

struct SessionOptions {
  /// Bytes that host code may hold at a time.
  uint64_t memoryLimit = *memoryLimitBytes(kDefaultMemoryLimitGiB);
  /// Cycles after which a launch is stopped with an error; needs device programs. Where absent the limits are
  /// `sim::kDefaultMaxCycles` and `sim::kDefaultMaxInstructions`.
  std::optional<uint64_t> maxCycles;
  /// What sets these two, for messages; may be empty.
  std::string memoryLimitName, maxCyclesName;
  /// Asked at the start of a launch and now and then, on the thread of the run: true ends the run with an error. May be
  /// empty. Host code is not stopped.
  std::function<bool()> stop;
  /// Receives every simulated instruction; must outlive the session.
  sim::TraceWriter *trace = nullptr;
};

/// What messages call the limit of memory: `memory limit of 8 GiB`, and what sets it.
std::string memoryLimitText(const SessionOptions &options);

/// The arrays of a data set as inputs of the model: by their own names where these are the model's, else by position.
/// One element stands for a scalar, as in many data sets.
std::vector<NamedArray> nameInputs(const Metadata &meta, std::vector<NamedArray> data);

/// A program file, its metadata read and checked.
class Program {
public:
  /// What errors call a program that was opened from a file: the file, or, where the user does not know that, its
  /// model.
  enum class CalledBy : uint8_t { File, Model };

  static Result<std::shared_ptr<const Program>> open(const std::string &path, CalledBy called = CalledBy::File);
  /// Errors call the program by its model.
  static Result<std::shared_ptr<const Program>> fromBytes(std::vector<std::byte> bytes);

  const isa::Container &container() const { return file; }
  const Metadata &metadata() const { return meta; }
  /// An error of the program or of a run, `file:name: error: text`; without the name where that is empty.
  Error errorAt(const std::string &name, const std::string &text) const;
  /// The target that the file describes. Errors have their line and column in the section, `file:TARG:line:column`.
  Result<target::TargetModel> targetModel() const;
  /// Writes the program file, whole or not at all.
  Result<void> save(const std::string &path) const;

private:
  Program(isa::Container container, Metadata metadata, const std::string &where)
      : file(std::move(container)), meta(std::move(metadata)), where(where) {}
  /// `file` is empty for one that is called by its model.
  static Result<std::shared_ptr<const Program>> make(isa::Container container, const std::string &file);

  isa::Container file;
  Metadata meta;
  /// What errors call the program.
  std::string where;
};

/// What `rnnc info --json` prints: the model, its inputs and outputs, sections, programs and buffers; sizes in bytes.
nlohmann::ordered_json programInfo(const Program &program);

/// A trace of the program's launches, for `SessionOptions::trace`, that becomes the file `path`. `name` is what asks
/// for it, for messages. Errors: there are no device programs, the target is malformed, the file cannot be created.
Result<std::unique_ptr<sim::TraceWriter>> createTrace(const Program &program, const std::string &path,
                                                      const std::string &name);

/// A program ready to run: host code loaded, a simulator for its target. Weights and other constants that fit stay on
/// the device's tile from run to run, unless one ends in an error of the device. Not for use by two threads at once.
class Session {
public:
  /// Errors: the target is malformed, cycles are limited and there are no device programs, no host code that this
  /// machine can run, host code that cannot be loaded.
  static Result<std::unique_ptr<Session>> create(std::shared_ptr<const Program> program,
                                                 const SessionOptions &options = {});
  virtual ~Session() = default;

  /// Runs the model once. Inputs may come in any order, all must be there. Returns the outputs in the model's order.
  /// Errors: an input is missing, unknown, or not of the model's dtype and shape; host code refused; a device program
  /// trapped.
  virtual Result<std::vector<Array>> run(std::span<const NamedArray> inputs) = 0;
  /// Whether the last run ended in a trap.
  virtual bool trapped() const = 0;

  /// What the runs since the last reset took and cost. The keys are those of `reportTable`.
  virtual nlohmann::ordered_json report() const = 0;
  virtual void resetReport() = 0;
  /// Empties the device's tile, so that the next run loads the weights again. The report is left as it is.
  virtual void reset() = 0;
  /// Receives every instruction of later runs in place of the one before; must outlive them. May be null.
  virtual void setTrace(sim::TraceWriter *trace) = 0;
  /// The name of the host code in use; empty where the program has none.
  virtual const std::string &hostCpu() const = 0;
};

} // namespace rnn::runtime
