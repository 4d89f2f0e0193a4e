//===- Run.cpp - rnnc run -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "rnn-mlir/Driver/JsonKeys.h"
#include "rnn-mlir/Runtime/Report.h"
#include "rnn-mlir/Runtime/Session.h"
#include "rnn-mlir/Sim/Trace.h"

#include <cstdio>
#include <filesystem>
#include <sys/resource.h>

namespace rnn::driver {
namespace {

using namespace runtime;

Result<Array> readArray(const std::string &path) {
  if (path.ends_with(".npy") || isNpy(path))
    return readNpy(path);
  auto tensor = readTensorProto(path);
  if (!tensor)
    return tensor.error();
  return std::move(tensor->array);
}

/// What an option `--input` names.
struct InputFile {
  std::string name, path;
};

Result<std::vector<InputFile>> inputFiles(const RunSettings &settings) {
  std::vector<InputFile> files;
  for (const std::string &option : settings.inputs) {
    // Names may hold an equals sign, paths seldom do.
    size_t equals = option.rfind('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == option.size())
      return Error{"--input expects NAME=FILE, found '" + option + "'"};
    files.push_back({option.substr(0, equals), option.substr(equals + 1)});
  }
  return files;
}

Result<std::vector<NamedArray>> readInputs(const RunSettings &settings, const std::vector<InputFile> &files,
                                           const Metadata &meta) {
  std::vector<NamedArray> inputs;
  for (const InputFile &file : files) {
    auto array = readArray(file.path);
    if (!array)
      return array.error();
    inputs.push_back({file.name, std::move(*array)});
  }
  if (settings.data.empty())
    return inputs;
  if (std::error_code ignored; !std::filesystem::is_directory(settings.data, ignored))
    return Error{settings.data + ": error: expected a folder with input_0.pb"};
  auto data = readDataSet(settings.data, "input");
  if (!data)
    return data.error();
  if (data->empty() && !meta.inputs.empty())
    return Error{settings.data + ": error: expected input_0.pb, found none"};
  std::vector<NamedArray> named = nameInputs(meta, std::move(*data));
  for (NamedArray &each : named)
    inputs.push_back(std::move(each));
  return inputs;
}

/// Raises the limit of open files so that `count` more can be.
void allowFiles(size_t count) {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, limit.rlim_cur + count);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::string outputFile(const std::string &folder, size_t number) {
  return folder + "/output_" + std::to_string(number) + ".npy";
}

/// The outputs and the report as files that wait for their names.
Result<std::vector<WholeFile>> filesOf(const RunSettings &settings, const std::vector<Array> &outputs,
                                       const nlohmann::ordered_json &report) {
  std::vector<WholeFile> files;
  auto add = [&](Result<WholeFile> file) -> Result<void> {
    if (!file)
      return file.error();
    files.push_back(std::move(*file));
    return {};
  };
  if (!settings.output.empty()) {
    std::error_code error;
    std::filesystem::create_directories(settings.output, error);
    if (error)
      return Error{settings.output + ": error: cannot create the folder: " + error.message()};
    allowFiles(outputs.size());
    for (size_t k = 0; k < outputs.size(); ++k)
      if (auto added = add(npyFile(outputs[k], outputFile(settings.output, k))); !added)
        return added.error();
  }
  if (!settings.report.empty()) {
    std::string text = settings.report.ends_with(".html") ? reportHtml(report) : jsonText(report, 2) + "\n";
    std::span<const std::byte> bytes = std::as_bytes(std::span(text));
    if (auto added = add(WholeFile::holding(settings.report, {&bytes, 1})); !added)
      return added.error();
  }
  return std::move(files);
}

/// Prints how far the outputs are from those of the data set, and which it has none for.
Result<void> printDifferences(const std::string &folder, const Metadata &meta, const std::vector<Array> &outputs) {
  auto wanted = readDataSet(folder, "output");
  if (!wanted)
    return wanted.error();
  if (std::string beyond = outputsBeyond(folder, wanted->size(), outputs.size()); !beyond.empty())
    return Error{beyond};
  for (size_t k = 0; k < wanted->size(); ++k) {
    auto difference = compare(outputs[k], (*wanted)[k].array, 0, 0);
    if (!difference)
      return Error{folder + ": error: output '" + meta.outputs[k].name + "': " + difference.error().message};
    std::printf("%s: largest difference %.3g, largest magnitude %.3g\n", meta.outputs[k].name.c_str(),
                difference->absolute, difference->magnitude);
  }
  if (wanted->size() < outputs.size())
    remark(folder + " has expected values for " + std::to_string(wanted->size()) + " of " +
           std::to_string(outputs.size()) + " outputs");
  remark("run judges no differences; rnnc check compares them with a tolerance");
  return {};
}

Result<void> run(const RunSettings &settings, const std::vector<InputFile> &files,
                 const std::shared_ptr<const Program> &program) {
  const Metadata &meta = program->metadata();
  SessionOptions options;
  options.memoryLimit = memoryLimitBytes(settings.memoryLimit).value_or(options.memoryLimit);
  options.maxCycles = settings.maxCycles;
  options.memoryLimitName = "--memory-limit";
  options.maxCyclesName = "--max-cycles";
  std::unique_ptr<sim::TraceWriter> trace;
  if (!settings.trace.empty()) {
    auto created = createTrace(*program, settings.trace, "--trace");
    if (!created)
      return created.error();
    trace = std::move(*created);
    options.trace = trace.get();
  }
  auto inputs = readInputs(settings, files, meta);
  if (!inputs)
    return inputs.error();
  auto session = Session::create(program, options);
  if (!session)
    return session.error();
  auto outputs = [&] {
    Progress progress;
    progress.phase("running");
    auto last = (*session)->run(*inputs);
    for (uint64_t run = 1; run < settings.runs && last; ++run)
      last = (*session)->run(*inputs);
    return last;
  }();
  if (!outputs)
    return outputs.error();

  nlohmann::ordered_json report = (*session)->report();
  auto written = filesOf(settings, *outputs, report);
  if (!written)
    return written.error();
  if (trace)
    if (auto done = trace->finish(); !done)
      return done;
  for (WholeFile &file : *written)
    if (auto done = file.commit(); !done)
      return done;
  for (size_t k = 0; k < outputs->size(); ++k)
    std::printf("%s: %s %s\n", meta.outputs[k].name.c_str(), std::string(dtypeName((*outputs)[k].dtype)).c_str(),
                shapeText((*outputs)[k].shape).c_str());
  if (!settings.data.empty())
    if (auto done = printDifferences(settings.data, meta, *outputs); !done)
      return done;
  std::fputs(reportSummary(report).c_str(), stdout);
  return {};
}

} // namespace

int runCommand(const RunSettings &settings) {
  auto files = inputFiles(settings);
  if (!files)
    return fail(files.error().message, kMisused);
  std::vector<std::string> inputs = filesIn(settings.data);
  inputs.push_back(settings.program);
  for (const InputFile &file : *files)
    inputs.push_back(file.path);
  if (auto code = checkOutputs(inputs, {settings.report, settings.trace}))
    return *code;
  if (auto good = checkFolder(settings.output); !good)
    return fail(good.error().message);
  auto program = Program::open(settings.program);
  if (!program)
    return fail(program.error().message);
  if (std::error_code ignored; std::filesystem::is_directory(settings.output, ignored)) {
    std::vector<std::string> outputs;
    for (size_t k = 0; k < (*program)->metadata().outputs.size(); ++k)
      outputs.push_back(outputFile(settings.output, k));
    outputs.insert(outputs.end(), {settings.report, settings.trace});
    if (auto code = checkOutputs(inputs, outputs))
      return *code;
  }
  auto done = run(settings, *files, *program);
  return done ? 0 : fail(done.error().message);
}

} // namespace rnn::driver
