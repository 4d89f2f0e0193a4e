//===- rnnc.cpp - Compiles, runs and inspects programs -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "rnn-mlir/Compiler/Library.h"
#include "rnn-mlir/Runtime/Session.h"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace rnn::tool {
namespace {

/// Says in the help what a value is, its unit and its default.
CLI::Option *shown(CLI::Option *option, const std::string &kind) {
  option->capture_default_str();
  std::string value = option->get_default_str();
  if (value.starts_with('['))
    value = value.substr(1, value.size() - 2);
  return option->option_text(kind + (value.empty() ? "" : " (default " + value + ")") +
                             (option->get_required() && !kind.empty() ? " (required)" : ""));
}

/// Refuses what is none of `choices`.
template <size_t N> auto oneOf(const std::array<Choice, N> &choices) {
  return [&choices](const std::string &text) {
    bool known = placeOf(choices, text) < N;
    return known ? std::string() : "expected " + listed(choices) + ", found " + text;
  };
}

/// `a (meaning of a), b (meaning of b)`.
template <size_t N> std::string meanings(const std::array<Choice, N> &choices) {
  std::string text;
  for (const Choice &each : choices)
    text.append(text.empty() ? "" : ", ").append(each.name).append(" (").append(each.meaning).append(")");
  return text;
}

/// Options of the compiler, shared by `compile` and `check`.
struct CompileFlags {
  CompileOptions options;
  /// Options that the compiler does not have yet, refused by name where they are given.
  std::vector<CLI::Option *> later;
  std::string ignored;
  bool verbose = false;

  void add(CLI::App &app) {
    shown(app.add_option("--schedule", options.schedule, "order of the products of a layer: " + meanings(kSchedules))
              ->check(oneOf(kSchedules)),
          listed(kSchedules, "|", "|"));
    shown(app.add_option("--time-tile", options.timeTile,
                         "time steps of a tile of the mwl schedule; 0: chosen by the compiler")
              ->check(CLI::Range(int64_t(0), int64_t(1) << 30)),
          "STEPS");
    shown(app.add_option("--host-cpu", options.hostCpu,
                         "CPUs to carry host code for, comma separated: " + listed(kHostCpus, ", ", ", ") +
                             "; a model of\nrecurrent layers alone has none on a target with a device")
              ->check([](const std::string &text) {
                std::string wrong;
                for (const std::string &cpu : CLI::detail::split(text, ','))
                  if (wrong.empty())
                    wrong = oneOf(kHostCpus)(CLI::detail::trim_copy(cpu));
                return wrong;
              }),
          "CPU,...");
    auto add = [&](const char *name, const char *kind, const char *help) {
      later.push_back(shown(app.add_option(name, ignored, std::string(help) + " (not supported yet)"), kind));
    };
    add("--circulant", "ELEMENTS", "block size of block-circulant weights");
    add("--delta", "x:VALUE,h:VALUE", "thresholds of delta updates");
    add("--quantize", "w8a16", "bits of weights and activations");
    add("--calibrate", "DIR", "data sets to calibrate with");
  }

  /// Errors: an option was given that the compiler does not have yet; all are named.
  Result<void> check() const {
    std::string names;
    for (const CLI::Option *option : later)
      if (option->count())
        names += (names.empty() ? "" : ", ") + option->get_name();
    return names.empty() ? Result<void>() : Error{"not supported yet: " + names};
  }
};

int compileCommand(const std::string &model, CompileFlags &flags, const std::string &output) {
  if (auto good = flags.check(); !good)
    return fail(good.error().message);
  if (sameFile(model, output))
    return fail(output + ": error: is the model, and would be overwritten");
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
  app.footer("Exit code: 0; 1 after an error, which is printed as FILE:NODE: error: TEXT; 2 for a wrong command line.");
  app.failure_message([](const CLI::App *, const CLI::Error &error) {
    return "rnnc: error: " + std::string(error.what()) + " (see --help)\n";
  });

  std::string model, output, name;
  bool json = false;
  CompileFlags flags;
  RunSettings runSettings;
  CheckSettings check;

  CLI::App *compile = app.add_subcommand("compile", "compile an ONNX model (or .mlir module) into a program file");
  shown(compile->add_option("MODEL", model, "the .onnx or .mlir file")->required(), "FILE");
  shown(compile->add_option("--target", flags.options.target, "a target's name (see rnnc targets) or FILE.yaml"),
        "NAME|FILE.yaml");
  shown(compile->add_option("-o,--output", output, "the program file to write")->required(), "FILE");
  flags.add(*compile);
  compile->add_flag("-v,--verbose", flags.verbose, "print the compiler's remarks");

  CLI::App *runApp = app.add_subcommand("run", "run a program file once");
  shown(runApp->add_option("PROGRAM", runSettings.program, "the program file")->required(), "FILE");
  shown(runApp->add_option("--input", runSettings.inputs, "an input from a .npy or TensorProto file; repeatable")
            ->take_all(),
        "NAME=FILE");
  shown(runApp->add_option("--data", runSettings.data,
                           "a folder with input_K.pb; outputs are compared with its output_K.pb"),
        "DIR");
  shown(runApp->add_option("--output", runSettings.output, "the folder for output_K.npy, in the order of the model"),
        "DIR");
  shown(runApp->add_option("--report", runSettings.report, "write the report: cycles, seconds, joules"),
        "FILE.json|FILE.html");
  shown(runApp->add_option("--trace", runSettings.trace, "write a trace for Perfetto, in microseconds"), "FILE.json");
  shown(runApp
            ->add_option("--memory-limit", runSettings.memoryLimit,
                         "memory for outputs and intermediate arrays, 0.001 to 1048576 GiB")
            ->check([](const std::string &text) {
              double value = 0;
              bool inside = CLI::detail::lexical_cast(text, value) && runtime::memoryLimitBytes(value);
              return inside ? std::string() : "expected 0.001 to 1048576 GiB, found " + text;
            }),
        "GiB");
  shown(runApp->add_option("--max-cycles", runSettings.maxCycles,
                           "cycles of the device after which a launch is an error; 0: no limit"),
        "CYCLES");

  CLI::App *checkApp =
      app.add_subcommand("check", "compile and run ONNX-style tests and compare their outputs; an error if one fails");
  shown(checkApp->add_option("DIR", check.folder, "a folder with tests, at any depth")->required(), "");
  shown(checkApp->add_option("--target", check.targets, "a target's name or FILE.yaml; repeatable")
            ->take_all()
            ->delimiter(','),
        "NAME|FILE.yaml");
  shown(checkApp->add_option("--json", check.json, "write one record a test and target"), "FILE");
  auto tolerance = [](const std::string &text) {
    double value = 0;
    bool good = CLI::detail::lexical_cast(text, value) && std::isfinite(value) && value >= 0;
    return good ? std::string() : "expected a finite number of at least 0, found " + text;
  };
  shown(checkApp
            ->add_option("--rtol", check.rtol,
                         "tolerance relative to the largest magnitude of an output (default 1e-4, or the test's own)")
            ->check(tolerance),
        "NUMBER");
  shown(checkApp->add_option("--atol", check.atol, "absolute tolerance (default 1e-5, or the test's own)")
            ->check(tolerance),
        "NUMBER");
  shown(checkApp->add_option("--jobs", check.jobs, "tests run at a time; 0: one for each core"), "COUNT");
  shown(checkApp->add_option("--timeout", check.timeout, "time after which a test has failed, 1 to 86400 s")
            ->check(CLI::Range(1u, 86400u)),
        "SECONDS");
  CompileFlags checkFlags;
  checkFlags.add(*checkApp);

  CLI::App *targets = app.add_subcommand("targets", "list the targets, or print one");
  shown(targets->add_option("NAME", name, "print this target's description"), "");
  targets->add_flag("--json", json, "print the list as JSON, clocks in Hz");

  CLI::App *assembly = app.add_subcommand("asm", "print the assembly of a program file");
  CLI::App *listing = app.add_subcommand("dis", "print a program file's instructions with their words");
  for (CLI::App *each : {assembly, listing}) {
    shown(each->add_option("PROGRAM", model, "the program file")->required(), "FILE");
    shown(each->add_option("-o,--output", output, "the file to write (default standard output)"), "FILE");
  }
  CLI::App *info = app.add_subcommand("info", "print what a program file holds, sizes in bytes");
  shown(info->add_option("PROGRAM", model, "the program file")->required(), "FILE");
  info->add_flag("--json", json, "print as JSON");

  CLI::App *reproduce = app.add_subcommand(
      "reproduce", "print the papers' claims: paper, claim, published, simulated, deviation, how it was obtained");
  shown(reproduce->add_option("CLAIM", name,
                              "one claim by its name (default all); grades are V verified, C recalled\n"
                              "and confirmed by arithmetic, D derived"),
        "");
  shown(reproduce->add_option("--json", output, "write one record a claim; deviations as fractions"), "FILE");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) ? kWrongCommandLine : 0;
  }
  if (*compile)
    return compileCommand(model, flags, output);
  if (*runApp)
    return runCommand(runSettings);
  if (*checkApp) {
    if (auto good = checkFlags.check(); !good)
      return fail(good.error().message);
    check.compile = checkFlags.options;
    return checkCommand(check);
  }
  if (*targets)
    return targetsCommand(name, json);
  if (*reproduce)
    return reproduceCommand(name, output);
  if (*assembly)
    return assemblyCommand(model, output);
  if (*listing)
    return listingCommand(model, output);
  return infoCommand(model, json);
}

} // namespace
} // namespace rnn::tool

int main(int argc, char **argv) {
  // A file that grows beyond the limit is an error of writing.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    int code = rnn::tool::run(argc, argv);
    if (code == 0 && (std::fflush(stdout) != 0 || std::ferror(stdout)))
      return rnn::tool::fail(std::string("cannot write to standard output: ") + std::strerror(errno));
    return code;
  } catch (const std::exception &error) {
    return rnn::tool::fail(error.what());
  }
}
