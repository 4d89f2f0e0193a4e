//===- Driver.cpp - The commands of rnnc and their options -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Driver/Driver.h"

#include "CommandLine.h"
#include "Commands.h"
#include "rnn-mlir/Driver/Claims.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>

namespace rnn::driver {
namespace {

/// Processes beyond these are a mistake.
constexpr unsigned kMaxJobs = 4096;

/// So are runs.
constexpr uint64_t kMostRuns = 1000000000;

/// A text of several words in lines for a help.
std::string wrapped(const std::string &text) {
  constexpr size_t kWidth = 80;
  std::string lines;
  for (size_t at = 0, line = 0; at < text.size();) {
    size_t end = std::min(text.find(' ', at), text.size());
    bool fits = line + end - at < kWidth;
    if (at > 0)
      lines += fits ? " " : "\n";
    line = (fits ? line + 1 : 0) + end - at;
    lines += text.substr(at, end - at);
    at = end + 1;
  }
  return lines;
}

/// The options of the compiler, shared by `compile` and `check`.
struct CompileFlags {
  /// By row; empty for those that the command has none of.
  std::array<std::string, kOptionCount> texts;

  void add(CLI::App &app, bool withTarget) {
    for (size_t row = 0; row < kOptionCount; ++row) {
      const CompileOption &option = kCompileOptions[row];
      texts[row] = option.standard;
      if (!withTarget && row == optionRow("target"))
        continue;
      shown(app.add_option(spelled(option, OptionSpelling::Flag), texts[row], wrapped(helpText(option)))
                ->check([&option](const std::string &text) { return wrongValue(option, text); }),
            placeholder(option));
    }
  }

  CompileOptions options() const {
    CompileOptions options;
    options.spelling = OptionSpelling::Flag;
    for (size_t row = 0; row < kOptionCount; ++row)
      if (auto good = options.values.set(row, texts[row]); !good)
        throw std::logic_error(good.error().message); // checked where it was read
    return options;
  }
};

/// A command on the command line, and what performs it once its options are read; that returns the exit code.
struct Command {
  CLI::App *app;
  std::function<int()> perform;
};

Command addCompile(CLI::App &app) {
  auto settings = std::make_shared<CompileSettings>();
  auto flags = std::make_shared<CompileFlags>();
  CLI::App *command = app.add_subcommand("compile", "compile an ONNX model (or .mlir module) into a program file");
  shown(command->add_option("MODEL", settings->model, "the .onnx or .mlir file")->required(), "FILE");
  shown(command->add_option("-o,--output", settings->output, "the program file to write")
            ->required()
            ->check(notStandardOutput),
        "FILE");
  addExamples(*command, "  rnnc compile model.onnx --target=generic -v -o model.rpu\n"
                        "  rnnc compile model.onnx --target=cpu --host-cpu=native -o model.rpu\n");
  flags->add(*command, /*withTarget=*/true);
  command->add_flag("-v,--verbose", settings->verbose, "print the compiler's remarks");
  return {command, [=] {
            settings->options = flags->options();
            return compileCommand(*settings);
          }};
}

Command addRun(CLI::App &app) {
  auto settings = std::make_shared<RunSettings>();
  CLI::App *command = app.add_subcommand("run", "run a program file");
  shown(command->add_option("PROGRAM", settings->program, "the program file")->required(), "FILE");
  shown(command
            ->add_option("--input", settings->inputs,
                         "an input from a .npy or TensorProto file, behind the last =; repeatable")
            ->take_all()
            ->allow_extra_args(false),
        "NAME=FILE");
  shown(command->add_option("--data", settings->data,
                            "a folder with input_K.pb; prints how far the outputs are from its output_K.pb,\n"
                            "without judging (see rnnc check)"),
        "DIR");
  shown(command->add_option("--output", settings->output, "the folder for output_K.npy, in the order of the model")
            ->check(notStandardOutput),
        "DIR");
  shown(command
            ->add_option("--report", settings->report,
                         "write the report: cycles, seconds, joules; JSON where the\n"
                         "name ends in .json, a page where it ends in .html")
            ->check(notStandardOutput)
            ->check([](const std::string &path) {
              bool known = path.ends_with(".json") || path.ends_with(".html") || path.empty();
              return known ? std::string() : "expected a name that ends in .json or .html, found " + path;
            }),
        "FILE");
  shown(command->add_option("--trace", settings->trace, "write a trace for Perfetto as JSON, in microseconds")
            ->check(notStandardOutput),
        "FILE");
  shown(command
            ->add_option("--runs", settings->runs,
                         "run so often with the same inputs; the report adds the runs up and tells the first,\n"
                         "which loads the weights, from the later ones")
            ->check(wholeNumber(1, kMostRuns)),
        "COUNT");
  addExamples(*command, "  rnnc run model.rpu --input x=x.npy --output out --report=report.html --trace=trace.json\n"
                        "  rnnc run model.rpu --data test_data_set_0 --runs=10\n");
  shown(command
            ->add_option("--memory-limit", settings->memoryLimit,
                         "memory for outputs and intermediate arrays, 0.001 to 1048576 GiB")
            ->check([](const std::string &text) {
              double value = 0;
              bool inside = CLI::detail::lexical_cast(text, value) && runtime::memoryLimitBytes(value);
              return inside ? std::string() : "expected 0.001 to 1048576 GiB, found " + text;
            }),
        "GiB");
  shown(command
            ->add_option("--max-cycles", settings->maxCycles,
                         "cycles of the device after which a launch is an error (default " +
                             std::to_string(sim::kDefaultMaxCycles) + ", and " +
                             std::to_string(sim::kDefaultMaxInstructions) + " instructions; with it at most " +
                             std::to_string(sim::kMostInstructions) + " instructions)")
            ->check(wholeNumber(1, UINT64_MAX)),
        "CYCLES");
  return {command, [=] { return runCommand(*settings); }};
}

/// The names in their order, each once.
std::vector<std::string> withoutRepetitions(const std::vector<std::string> &names) {
  std::vector<std::string> once;
  for (const std::string &name : names)
    if (!std::ranges::count(once, name))
      once.push_back(name);
  return once;
}

Command addCheck(CLI::App &app) {
  auto settings = std::make_shared<CheckSettings>();
  auto flags = std::make_shared<CompileFlags>();
  CLI::App *command = app.add_subcommand("check", "compile and run ONNX-style tests and compare their outputs");
  addExamples(
      *command,
      "  rnnc check tests --target=generic --target=cpu --json=results.json\n\n"
      "A line for each test and target is PASS, FAIL or REFUSED NAME [TARGET]: DETAIL. REFUSED says that\n"
      "the compiler refuses the model. A test whose name begins with EXPECT_FAIL_ passes where the compiler\n"
      "or, at run time, the model's host code refuses it. The exit code is 1 where a line is FAIL, and with --strict\n"
      "where one is REFUSED, too.\n");
  shown(command->add_option("DIR", settings->folder, "a folder with tests, at any depth")->required(), "DIR");
  shown(command
            ->add_option("--target", settings->targets, "a target's name or FILE.yaml; repeatable, each\nis taken once")
            ->take_all()
            ->allow_extra_args(false)
            ->check([](const std::string &text) {
              bool named = text.empty() || !std::ranges::count(commaSeparated(text), "");
              return named ? std::string() : "expected names between the commas, found " + text;
            }),
        "NAME|FILE.yaml");
  command->add_flag("--strict", settings->strict, "exit with 1 where a model is refused, too");
  shown(command->add_option("--json", settings->json, "write one record a test and target")->check(notStandardOutput),
        "FILE");
  auto tolerance = [](const std::string &text) {
    double value = 0;
    bool good = CLI::detail::lexical_cast(text, value) && std::isfinite(value) && value >= 0;
    return good ? std::string() : "expected a finite number of at least 0, found " + text;
  };
  shown(command
            ->add_option("--rtol", settings->rtol,
                         "tolerance relative to the largest magnitude of an output (default 1e-4, 2^-10 where it is of "
                         "f16, or the test's own)")
            ->check(tolerance),
        "NUMBER");
  shown(command->add_option("--atol", settings->atol, "absolute tolerance (default 1e-5, or the test's own)")
            ->check(tolerance),
        "NUMBER");
  shown(command->add_option("--jobs", settings->jobs, "tests run at a time; 0: one for each core")
            ->check(wholeNumber(0, kMaxJobs)),
        "COUNT");
  shown(command->add_option("--timeout", settings->timeout, "time after which a test has failed, 1 to 86400 s")
            ->check(wholeNumber(1, 86400)),
        "SECONDS");
  flags->add(*command, /*withTarget=*/false);
  return {command, [=] {
            settings->compile = flags->options();
            settings->targets = withoutRepetitions(commaSeparated(CLI::detail::join(settings->targets, ",")));
            return checkCommand(*settings);
          }};
}

Command addTargets(CLI::App &app) {
  auto settings = std::make_shared<TargetSettings>();
  CLI::App *command = app.add_subcommand("targets", "list the targets, or check and print one");
  shown(command->add_option("TARGET", settings->target,
                            "check this machine and print it: what it can do, and each number with its source"),
        "NAME|FILE.yaml");
  CLI::Option *json =
      command->add_flag("--json", settings->json, "print as JSON: the list with clocks in Hz, or the machine TARGET");
  command->add_flag("--yaml", settings->yaml, "print the text that describes TARGET, whole where it has a base")
      ->excludes(json);
  addExamples(*command, "  rnnc targets epur\n  rnnc targets generic --yaml > mine.yaml\n  rnnc targets mine.yaml\n");
  return {command, [=] { return targetsCommand(*settings); }};
}

/// A command that prints a program file as text.
Command addListing(CLI::App &app, const std::string &name, const std::string &meaning,
                   int (*print)(const std::string &program, const std::string &output)) {
  auto program = std::make_shared<std::string>();
  auto output = std::make_shared<std::string>("-");
  CLI::App *command = app.add_subcommand(name, meaning);
  shown(command->add_option("PROGRAM", *program, "the program file")->required(), "FILE");
  shown(command->add_option("-o,--output", *output, "the file to write; -: standard output"), "FILE");
  addExamples(*command, "  rnnc " + name + " model.rpu -o model.s\n");
  return {command, [=] { return print(*program, *output); }};
}

Command addInfo(CLI::App &app) {
  auto program = std::make_shared<std::string>();
  auto json = std::make_shared<bool>();
  CLI::App *command = app.add_subcommand("info", "print what a program file holds, sizes in bytes");
  shown(command->add_option("PROGRAM", *program, "the program file")->required(), "FILE");
  command->add_flag("--json", *json, "print as JSON");
  addExamples(*command, "  rnnc info model.rpu --json\n");
  return {command, [=] { return infoCommand(*program, *json); }};
}

Command addReproduce(CLI::App &app) {
  auto claim = std::make_shared<std::string>();
  auto json = std::make_shared<std::string>();
  CLI::App *command = app.add_subcommand(
      "reproduce", "print the papers' claims: paper, claim, published, simulated, deviation, how it was obtained");
  std::string grades;
  for (const Grade &grade : kGrades)
    grades.append(grades.empty() ? "" : ", ").append(1, grade.letter).append(" ").append(grade.meaning);
  shown(command->add_option("CLAIM", *claim, wrapped("one claim by its name (default all); grades are " + grades)), "");
  shown(command->add_option("--json", *json, "write one record a claim; deviations as fractions")
            ->check(notStandardOutput),
        "FILE");
  addExamples(*command, "  rnnc reproduce epur-mwl-weight-reads\n  rnnc reproduce --json=claims.json\n");
  return {command, [=] { return reproduceCommand(*claim, *json); }};
}

/// `overview` is the help of rnnc: once a command is chosen, the parser gives that of the command alone.
Command addHelp(CLI::App &app, const std::string &overview) {
  auto name = std::make_shared<std::string>();
  CLI::App *command = app.add_subcommand("help", "print the help of rnnc or of a command");
  shown(command->add_option("COMMAND", *name, "the command"), "COMMAND");
  addExamples(*command, "  rnnc help compile\n");
  return {command, [=, &app, &overview] {
            if (name->empty()) {
              std::fputs(overview.c_str(), stdout);
              return kDone.code;
            }
            const auto named = app.get_subcommands([&](const CLI::App *each) { return each->get_name() == *name; });
            if (named.empty())
              return fail(noCommand(*name, app), kMisused);
            std::fputs(named.front()->help("rnnc").c_str(), stdout);
            return kDone.code;
          }};
}

int perform(int argc, char **argv) {
  CLI::App app("rnnc compiles recurrent neural networks from ONNX and runs them on a simulated accelerator.", "rnnc");
  const std::string version = std::string("rnnc ") + RNN_VERSION;
  app.set_version_flag("--version", version);
  app.require_subcommand(1);
  addExamples(app, "  rnnc compile model.onnx --target=generic -o model.rpu\n"
                   "  rnnc run model.rpu --input x=x.npy --output out --report=report.html\n");
  app.failure_message([](const CLI::App *, const CLI::Error &error) {
    return "rnnc: error: " + std::string(error.what()) + " (see --help)\n";
  });
  std::string overview;
  const std::array commands = {
      addCompile(app),
      addRun(app),
      addCheck(app),
      addTargets(app),
      addListing(app, "asm", "print the assembly of a program file", assemblyCommand),
      addListing(app, "dis", "print a program file's instructions with their words", listingCommand),
      addInfo(app),
      addReproduce(app),
      addHelp(app, overview),
  };
  for (const Command &each : commands)
    each.app->set_version_flag("--version", version);
  overview = app.help();
  if (auto code = parse(app, argc, argv))
    return *code;
  auto chosen = std::ranges::find_if(commands, [](const Command &each) { return each.app->parsed(); });
  return chosen->perform();
}

} // namespace

int run(int argc, char **argv) {
  try {
    int code = perform(argc, argv);
    if (code == 0 && (std::fflush(stdout) != 0 || std::ferror(stdout)))
      return fail(std::string("cannot write to standard output: ") + std::strerror(errno));
    return code;
  } catch (const std::exception &error) {
    return fail(error.what());
  }
}

} // namespace rnn::driver
