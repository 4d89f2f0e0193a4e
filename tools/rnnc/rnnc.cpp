//===- rnnc.cpp - Compiles, runs and inspects programs -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "rnn-mlir/Compiler/Library.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <map>

namespace rnn::tool {
namespace {

/// Options of the compiler, shared by `compile` and `check`.
struct CompileFlags {
  CompileOptions options;
  /// Options of the contract that this version refuses, with what was given.
  std::map<std::string, std::string> refused = {
      {"--circulant", ""}, {"--delta", ""}, {"--quantize", ""}, {"--calibrate", ""}};
  bool verbose = false;

  void add(CLI::App &app) {
    app.add_option("--schedule", options.schedule,
                   "order of the products of a layer: mwl (input products of a tile of steps first) or plain")
        ->check(CLI::IsMember({"mwl", "plain"}))
        ->capture_default_str();
    app.add_option("--time-tile", options.timeTile,
                   "time steps of a tile of the mwl schedule; 0: chosen by the compiler")
        ->check(CLI::Range(int64_t(0), int64_t(1) << 30))
        ->capture_default_str();
    app.add_option("--host-cpu", options.hostCpu,
                   "CPUs to carry host code for, comma separated: x86-64-v3, x86-64-v4, native")
        ->capture_default_str();
    app.add_option("--circulant", refused["--circulant"],
                   "block size of block-circulant weights (not in this version)");
    app.add_option("--delta", refused["--delta"], "thresholds of delta updates, x:VALUE,h:VALUE (not in this version)");
    app.add_option("--quantize", refused["--quantize"], "bits of weights and activations, w8a16 (not in this version)");
    app.add_option("--calibrate", refused["--calibrate"], "data sets to calibrate with (not in this version)");
    app.add_flag("-v,--verbose", verbose, "print the compiler's remarks");
  }

  /// The name of a refused option that was given; empty if none.
  std::string given() const {
    for (const auto &[name, value] : refused)
      if (!value.empty())
        return name;
    return "";
  }
};

int refuse(const std::string &option) {
  return fail(option + " is not supported by this version of the compiler");
}

int compileCommand(const std::string &model, CompileFlags flags, const std::string &output) {
  if (std::string option = flags.given(); !option.empty())
    return refuse(option);
  Result<void> done;
  {
    Progress progress;
    progress.phase("loading the compiler");
    auto compiler = loadCompiler();
    if (!compiler)
      return fail(compiler.error().message);
    flags.options.progress = [&](std::string_view phase) { progress.phase(phase); };
    if (flags.verbose)
      flags.options.note = [](std::string_view note) { std::fprintf(stderr, "%.*s\n", int(note.size()), note.data()); };
    done = (*compiler)->file(model, flags.options, output);
  }
  return done ? 0 : fail(done.error().message);
}

int run(int argc, char **argv) {
  CLI::App app("rnnc compiles recurrent neural networks from ONNX and runs them on a simulated accelerator.", "rnnc");
  app.set_version_flag("--version", std::string("rnnc ") + RNN_VERSION);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App *, const CLI::Error &error) {
    return "rnnc: error: " + std::string(error.what()) + " (see --help)\n";
  });

  std::string model, output, name;
  bool json = false;
  CompileFlags flags;
  RunSettings runSettings;
  CheckSettings check;

  CLI::App *compile = app.add_subcommand("compile", "compile an ONNX model (or .mlir module) into a program file");
  compile->add_option("MODEL", model, "the .onnx or .mlir file")->required();
  compile->add_option("--target", flags.options.target, "a target's name (see rnnc targets) or FILE.yaml")
      ->capture_default_str();
  compile->add_option("-o,--output", output, "the program file to write")->required();
  flags.add(*compile);

  CLI::App *runApp = app.add_subcommand("run", "run a program file once");
  runApp->add_option("PROGRAM", runSettings.program, "the program file")->required();
  runApp->add_option("--input", runSettings.inputs, "NAME=FILE: an input from a .npy or TensorProto file; repeatable")
      ->take_all();
  runApp->add_option("--data", runSettings.data, "a folder with input_K.pb; outputs are compared with its output_K.pb");
  runApp->add_option("--output", runSettings.output, "the folder for output_K.npy, in the order of the model");
  runApp->add_option("--report", runSettings.report, "write the report to FILE.json or FILE.html");
  runApp->add_option("--trace", runSettings.trace, "write a trace for Perfetto to FILE.json");
  runApp->add_option("--memory-limit", runSettings.memoryLimit, "memory of host code, GiB")
      ->check(CLI::Range(0.001, 1048576.0))
      ->capture_default_str();
  runApp->add_option("--max-cycles", runSettings.maxCycles, "cycles after which a launch is an error; 0: no limit")
      ->capture_default_str();

  CLI::App *checkApp = app.add_subcommand("check", "compile and run ONNX-style tests and compare their outputs");
  checkApp->add_option("DIR", check.folder, "a folder with tests, at any depth")->required();
  checkApp->add_option("--target", check.targets, "a target's name or FILE.yaml; repeatable")
      ->take_all()
      ->delimiter(',')
      ->capture_default_str();
  checkApp->add_option("--json", check.json, "write one record a test and target to FILE");
  checkApp->add_option("--rtol", check.rtol,
                       "tolerance relative to the largest magnitude of an output (default 1e-4, or the test's own)");
  checkApp->add_option("--atol", check.atol, "absolute tolerance (default 1e-5, or the test's own)");
  checkApp->add_option("--jobs", check.jobs, "tests run at a time; 0: one for each core")->capture_default_str();
  checkApp->add_option("--timeout", check.timeout, "seconds after which a test has failed")
      ->check(CLI::Range(1u, 86400u))
      ->capture_default_str();
  CompileFlags checkFlags;
  checkFlags.add(*checkApp);

  CLI::App *targets = app.add_subcommand("targets", "list the targets, or print one");
  targets->add_option("NAME", name, "print this target's description");
  targets->add_flag("--json", json, "print the list as JSON");

  CLI::App *assembly = app.add_subcommand("asm", "print the assembly of a program file");
  CLI::App *listing = app.add_subcommand("dis", "print a program file's instructions with their words");
  for (CLI::App *each : {assembly, listing}) {
    each->add_option("PROGRAM", model, "the program file")->required();
    each->add_option("-o,--output", output, "the file to write (default standard output)");
  }
  CLI::App *info = app.add_subcommand("info", "print what a program file holds");
  info->add_option("PROGRAM", model, "the program file")->required();
  info->add_flag("--json", json, "print as JSON");

  CLI11_PARSE(app, argc, argv);
  if (*compile)
    return compileCommand(model, flags, output);
  if (*runApp)
    return runCommand(runSettings);
  if (*checkApp) {
    if (std::string option = checkFlags.given(); !option.empty())
      return refuse(option);
    check.compile = checkFlags.options;
    return checkCommand(check);
  }
  if (*targets)
    return targetsCommand(name, json);
  if (*assembly)
    return assemblyCommand(model, output);
  if (*listing)
    return listingCommand(model, output);
  return infoCommand(model, json);
}

} // namespace
} // namespace rnn::tool

int main(int argc, char **argv) {
  try {
    return rnn::tool::run(argc, argv);
  } catch (const std::exception &error) {
    return rnn::tool::fail(error.what());
  }
}
