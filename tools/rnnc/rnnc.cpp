//===- rnnc.cpp - Compiles, runs and inspects programs -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "rnn-mlir/Compiler/Library.h"
#include "rnn-mlir/Runtime/Session.h"
#include "rnn-mlir/Support/Suggestion.h"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace rnn::tool {
namespace {

/// Processes beyond these are a mistake.
constexpr unsigned kMaxJobs = 4096;

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

/// Refuses what is no whole number from `least` to `most`.
auto wholeNumber(uint64_t least, uint64_t most) {
  return [least, most](const std::string &text) {
    uint64_t value = 0;
    auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool good = status == std::errc() && end == text.data() + text.size() && least <= value && value <= most;
    return good ? std::string()
                : "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ", found " +
                      text;
  };
}

/// Behind it are arguments only.
constexpr std::string_view kEndOfOptions = "--";

std::string noCommand(const std::string &word, const CLI::App &app) {
  std::vector<std::string> known;
  for (const CLI::App *each : app.get_subcommands([](const CLI::App *) { return true; }))
    known.push_back(each->get_name());
  return "there is no command '" + word + "'" + suggestion(word, known) + " (see rnnc --help)";
}

/// Which command, option or argument of the command line is none; empty where all are understood. `arguments` stand
/// behind the end of the options.
std::string notUnderstood(const CLI::App &app, const std::vector<std::string> &arguments) {
  std::vector<std::string> rest = app.remaining(/*recurse=*/true);
  std::erase(rest, kEndOfOptions);
  if (rest.empty())
    return "";
  const std::vector<CLI::App *> chosen = app.get_subcommands();
  const CLI::App &command = chosen.empty() ? app : *chosen.back();
  std::string name = chosen.empty() ? "rnnc" : "rnnc " + command.get_name();
  std::string help = " (see " + name + " --help)";
  std::vector<std::string> known;
  auto isOption = [&](const std::string &word) {
    return word.starts_with('-') && std::ranges::find(arguments, word) == arguments.end();
  };
  auto option = std::find_if(rest.begin(), rest.end(), isOption);
  if (chosen.empty() && option != rest.begin())
    return noCommand(rest.front(), app);
  if (option == rest.end())
    return name + " expects no further argument, found '" + rest.front() + "'" + help;
  for (const CLI::Option *each : command.get_options())
    for (const std::string &flag : each->get_lnames())
      known.push_back("--" + flag);
  std::string word = option->substr(0, option->find('='));
  return name + " has no option " + word + suggestion(word, known) + help;
}

/// Which option is given more often than it may be; empty where none is.
std::string givenTwice(const CLI::App &app) {
  for (const CLI::App *command : app.get_subcommands())
    for (const CLI::Option *option : command->get_options())
      if (option->count() > 1 && option->get_items_expected_max() == 1)
        return "rnnc " + command->get_name() + " takes " + option->get_name() + " once, found it " +
               std::to_string(option->count()) + " times (see rnnc " + command->get_name() + " --help)";
  return "";
}

/// The arguments in the reverse order, as the parser takes them. `--option=` becomes two, the option and an empty text,
/// as else the parser takes the next argument for its value.
std::vector<std::string> reversedArguments(int argc, char **argv) {
  std::vector<std::string> arguments;
  bool options = true;
  for (int k = 1; k < argc; ++k) {
    std::string argument = argv[k];
    options &= argument != kEndOfOptions;
    bool emptied = options && argument.starts_with("--") && argument.find('=') + 1 == argument.size();
    arguments.push_back(emptied ? argument.substr(0, argument.size() - 1) : argument);
    if (emptied)
      arguments.emplace_back();
  }
  std::reverse(arguments.begin(), arguments.end());
  return arguments;
}

/// Which option of one letter has an equals sign before its value; empty where none has.
std::string givenEquals(int argc, char **argv) {
  for (int k = 1; k < argc && argv[k] != kEndOfOptions; ++k) {
    std::string_view argument = argv[k];
    if (argument.size() > 2 && argument[0] == '-' && argument[1] != '-' && argument[2] == '=') {
      std::string option(argument.substr(0, 2));
      return "expected '" + option + " VALUE' or '" + option + "VALUE', found '" + std::string(argument) + "'";
    }
  }
  return "";
}

/// The names between the commas; the last of `a,` is empty.
std::vector<std::string> commaSeparated(const std::string &text) {
  std::vector<std::string> names(1);
  for (char c : text)
    if (c == ',')
      names.emplace_back();
    else
      names.back() += c;
  return names;
}

/// Which option or argument has an empty text for its value; an empty text where none has.
std::string givenEmpty(const CLI::App &app) {
  for (const CLI::App *command : app.get_subcommands())
    for (const CLI::Option *option : command->get_options())
      if (std::ranges::count(option->results(), "")) {
        std::string kind = option->get_option_text();
        kind = kind.substr(0, kind.find(" ("));
        std::string value = kind == "FILE" ? "a file" : kind == "DIR" ? "a folder" : kind;
        return option->get_name() + ": expected " + (value.empty() ? "a value" : value) + ", found none";
      }
  return "";
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
                         "time steps of a tile of the mwl schedule (plain has none); 0: chosen by the compiler")
              ->check(wholeNumber(0, kMostTimeTile)),
          "STEPS");
    shown(app.add_option("--host-cpu", options.hostCpu,
                         "CPUs to carry host code for, comma separated: " + listed(kHostCpus, ", ", ", ") +
                             "; a model of\nrecurrent layers of one direction alone has none on a target with a device")
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
    return fail(good.error().message, kMisused);
  if (auto code = checkOutputs({model}, {output}))
    return *code;
  bool unsupported = false, misused = false;
  flags.options.unsupported = [&] { unsupported = true; };
  auto compileAll = [&]() -> Result<void> {
    Progress progress;
    progress.phase("loading the compiler");
    auto compiler = loadCompiler();
    if (!compiler)
      return compiler.error();
    if (auto good = (*compiler)->check(flags.options); !good) {
      misused = true;
      return good;
    }
    flags.options.progress = [&](std::string_view phase) { progress.phase(phase); };
    if (flags.verbose)
      flags.options.note = [](std::string_view note) { std::fprintf(stderr, "%.*s\n", int(note.size()), note.data()); };
    return (*compiler)->file(model, flags.options, output);
  };
  // The line of the progress is gone before an error is printed.
  auto done = compileAll();
  if (done)
    return 0;
  std::string seeAlso = unsupported ? "\nrnnc: note: build/docs/operators.md has what is supported" : "";
  return fail(done.error().message + seeAlso, misused ? kMisused : kFailed);
}

/// The end of every help.
std::string exitCodes() {
  std::string text = "Errors are printed as FILE:NODE: error: TEXT. Exit code:\n";
  for (const ExitCode &each : {kDone, kFailed, kMisused})
    text.append("  ").append(std::to_string(each.code)).append("  ").append(each.meaning).append("\n");
  return text;
}

/// The end of a command's help: examples of its use, a line each.
void addExamples(CLI::App &command, const std::string &examples) {
  command.footer("Examples:\n" + examples + "\n" + exitCodes());
}

/// Refuses standard output where a file appears whole or not at all.
std::string notStandardOutput(const std::string &path) {
  return path == "-" ? "expected a file, found -, and standard output is none; ./- is a file of that name" : "";
}

int run(int argc, char **argv) {
  CLI::App app("rnnc compiles recurrent neural networks from ONNX and runs them on a simulated accelerator.", "rnnc");
  const std::string version = std::string("rnnc ") + RNN_VERSION;
  app.set_version_flag("--version", version);
  app.require_subcommand(1);
  addExamples(app, "  rnnc compile model.onnx --target=generic -o model.rpu\n"
                   "  rnnc run model.rpu --input x=x.npy --output out --report=report.html\n");
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
  shown(compile->add_option("-o,--output", output, "the program file to write")->required()->check(notStandardOutput),
        "FILE");
  addExamples(*compile, "  rnnc compile model.onnx --target=generic -v -o model.rpu\n"
                        "  rnnc compile model.onnx --target=cpu --host-cpu=native -o model.rpu\n");
  flags.add(*compile);
  compile->add_flag("-v,--verbose", flags.verbose, "print the compiler's remarks");

  CLI::App *runApp = app.add_subcommand("run", "run a program file once");
  shown(runApp->add_option("PROGRAM", runSettings.program, "the program file")->required(), "FILE");
  shown(runApp->add_option("--input", runSettings.inputs, "an input from a .npy or TensorProto file; repeatable")
            ->take_all()
            ->allow_extra_args(false),
        "NAME=FILE");
  shown(runApp->add_option("--data", runSettings.data,
                           "a folder with input_K.pb; prints how far the outputs are from its output_K.pb,\n"
                           "without judging (see rnnc check)"),
        "DIR");
  shown(runApp->add_option("--output", runSettings.output, "the folder for output_K.npy, in the order of the model")
            ->check(notStandardOutput),
        "DIR");
  shown(runApp
            ->add_option("--report", runSettings.report,
                         "write the report: cycles, seconds, joules; JSON where the\n"
                         "name ends in .json, a page where it ends in .html")
            ->check(notStandardOutput)
            ->check([](const std::string &path) {
              bool known = path.ends_with(".json") || path.ends_with(".html") || path.empty();
              return known ? std::string() : "expected a name that ends in .json or .html, found " + path;
            }),
        "FILE");
  shown(runApp->add_option("--trace", runSettings.trace, "write a trace for Perfetto as JSON, in microseconds")
            ->check(notStandardOutput),
        "FILE");
  addExamples(*runApp, "  rnnc run model.rpu --input x=x.npy --output out --report=report.html --trace=trace.json\n"
                       "  rnnc run model.rpu --data test_data_set_0\n");
  shown(runApp
            ->add_option("--memory-limit", runSettings.memoryLimit,
                         "memory for outputs and intermediate arrays, 0.001 to 1048576 GiB")
            ->check([](const std::string &text) {
              double value = 0;
              bool inside = CLI::detail::lexical_cast(text, value) && runtime::memoryLimitBytes(value);
              return inside ? std::string() : "expected 0.001 to 1048576 GiB, found " + text;
            }),
        "GiB");
  shown(runApp
            ->add_option("--max-cycles", runSettings.maxCycles,
                         "cycles of the device after which a launch is an error (default " +
                             std::to_string(sim::kDefaultMaxCycles) + ", and " +
                             std::to_string(sim::kDefaultMaxInstructions) + " instructions)")
            ->check(wholeNumber(1, UINT64_MAX)),
        "CYCLES");

  CLI::App *checkApp = app.add_subcommand("check", "compile and run ONNX-style tests and compare their outputs");
  addExamples(
      *checkApp,
      "  rnnc check tests --target=generic --target=cpu --json=check.json\n\n"
      "A line for each test and target is PASS, FAIL or REFUSED NAME [TARGET]: DETAIL. REFUSED says that\n"
      "the compiler refuses the model. A test whose name begins with EXPECT_FAIL_ passes where the compiler\n"
      "or, at run time, the model's host code refuses it. The exit code is 1 where a line is FAIL, and with --strict\n"
      "where one is REFUSED, too.\n");
  shown(checkApp->add_option("DIR", check.folder, "a folder with tests, at any depth")->required(), "DIR");
  shown(checkApp->add_option("--target", check.targets, "a target's name or FILE.yaml; repeatable")
            ->take_all()
            ->allow_extra_args(false)
            ->check([](const std::string &text) {
              bool named = text.empty() || !std::ranges::count(commaSeparated(text), "");
              return named ? std::string() : "expected names between the commas, found " + text;
            }),
        "NAME|FILE.yaml");
  checkApp->add_flag("--strict", check.strict, "exit with 1 where a model is refused, too");
  shown(checkApp->add_option("--json", check.json, "write one record a test and target")->check(notStandardOutput),
        "FILE");
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
  shown(checkApp->add_option("--jobs", check.jobs, "tests run at a time; 0: one for each core")
            ->check(wholeNumber(0, kMaxJobs)),
        "COUNT");
  shown(checkApp->add_option("--timeout", check.timeout, "time after which a test has failed, 1 to 86400 s")
            ->check(wholeNumber(1, 86400)),
        "SECONDS");
  CompileFlags checkFlags;
  checkFlags.add(*checkApp);

  CLI::App *targets = app.add_subcommand("targets", "list the targets, or check and print one");
  shown(targets->add_option("TARGET", name, "check this target's description and print it"), "NAME|FILE.yaml");
  targets->add_flag("--json", json, "print as JSON: the list with clocks in Hz, or the description of NAME");
  addExamples(*targets, "  rnnc targets generic > mine.yaml\n  rnnc targets mine.yaml\n");

  CLI::App *assembly = app.add_subcommand("asm", "print the assembly of a program file");
  CLI::App *listing = app.add_subcommand("dis", "print a program file's instructions with their words");
  for (CLI::App *each : {assembly, listing}) {
    shown(each->add_option("PROGRAM", model, "the program file")->required(), "FILE");
    shown(each->add_option("-o,--output", output, "the file to write; -: standard output"), "FILE (default -)");
    addExamples(*each, "  rnnc " + each->get_name() + " model.rpu -o model.s\n");
  }
  CLI::App *info = app.add_subcommand("info", "print what a program file holds, sizes in bytes");
  shown(info->add_option("PROGRAM", model, "the program file")->required(), "FILE");
  info->add_flag("--json", json, "print as JSON");
  addExamples(*info, "  rnnc info model.rpu --json\n");

  CLI::App *reproduce = app.add_subcommand(
      "reproduce", "print the papers' claims: paper, claim, published, simulated, deviation, how it was obtained");
  shown(reproduce->add_option("CLAIM", name,
                              "one claim by its name (default all); grades are V verified, C recalled\n"
                              "and confirmed by arithmetic, D derived"),
        "");
  shown(reproduce->add_option("--json", output, "write one record a claim; deviations as fractions")
            ->check(notStandardOutput),
        "FILE");
  addExamples(*reproduce, "  rnnc reproduce epur-mwl-weight-reads\n  rnnc reproduce --json=claims.json\n");

  CLI::App *help = app.add_subcommand("help", "print the help of rnnc or of a command");
  shown(help->add_option("COMMAND", name, "the command"), "COMMAND");
  addExamples(*help, "  rnnc help compile\n");

  for (CLI::App *command : app.get_subcommands([](const CLI::App *) { return true; }))
    command->set_version_flag("--version", version);
  if (std::string wrong = givenEquals(argc, argv); !wrong.empty())
    return fail(wrong, kMisused);
  // Once a command is chosen, the help is that of the command.
  const std::string overview = app.help();
  try {
    app.parse(reversedArguments(argc, argv));
  } catch (const CLI::ParseError &error) {
    bool asked = error.get_exit_code() == 0;
    auto end = std::find(argv, argv + argc, kEndOfOptions);
    std::vector<std::string> arguments(end == argv + argc ? end : end + 1, argv + argc);
    if (std::string unknown = asked ? "" : notUnderstood(app, arguments); !unknown.empty())
      return fail(unknown, kMisused);
    if (std::string twice = asked ? "" : givenTwice(app); !twice.empty())
      return fail(twice, kMisused);
    if (std::string empty = asked ? "" : givenEmpty(app); !empty.empty())
      return fail(empty, kMisused);
    return app.exit(error) ? kMisused.code : kDone.code;
  }
  if (std::string empty = givenEmpty(app); !empty.empty())
    return fail(empty, kMisused);
  if (*compile)
    return compileCommand(model, flags, output);
  if (*runApp)
    return runCommand(runSettings);
  if (*checkApp) {
    if (auto good = checkFlags.check(); !good)
      return fail(good.error().message, kMisused);
    check.compile = checkFlags.options;
    check.targets = commaSeparated(CLI::detail::join(check.targets, ","));
    return checkCommand(check);
  }
  if (*help) {
    const auto named = app.get_subcommands([&](const CLI::App *each) { return each->get_name() == name; });
    if (name.empty()) {
      std::fputs(overview.c_str(), stdout);
    } else if (named.empty()) {
      return fail(noCommand(name, app), kMisused);
    } else {
      std::fputs(named.front()->help("rnnc").c_str(), stdout);
    }
    return kDone.code;
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
