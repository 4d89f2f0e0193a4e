//===- CommandLine.cpp - Reads a command line with CLI11 -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "CommandLine.h"

#include "Commands.h"
#include "rnn-mlir/Support/Suggestion.h"

#include <algorithm>
#include <charconv>

namespace rnn::driver {
namespace {

/// Behind it are arguments only.
constexpr std::string_view kEndOfOptions = "--";

/// The end of every help.
std::string exitCodes() {
  std::string text = "Errors are printed as FILE:NODE: error: TEXT. Exit code:\n";
  for (const ExitCode &each : {kDone, kFailed, kMisused})
    text.append("  ").append(std::to_string(each.code)).append("  ").append(each.meaning).append("\n");
  return text;
}

/// `a, b or c`: the commands of `app`.
std::string listedCommands(const CLI::App &app) {
  std::string text;
  const auto commands = app.get_subcommands([](const CLI::App *) { return true; });
  for (size_t k = 0; k < commands.size(); ++k)
    text += (k == 0 ? "" : k + 1 < commands.size() ? ", " : " or ") + commands[k]->get_name();
  return text;
}

/// The error of a command line without a command.
std::string missingCommand(const CLI::App &app, const std::string &where = "") {
  return "expected a command" + where + ": " + listedCommands(app) + " (see rnnc --help)";
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

} // namespace

CLI::Option *shown(CLI::Option *option, const std::string &kind) {
  option->capture_default_str();
  std::string value = option->get_default_str();
  if (value.starts_with('['))
    value = value.substr(1, value.size() - 2);
  return option->option_text(kind + (value.empty() ? "" : " (default " + value + ")") +
                             (option->get_required() && !kind.empty() ? " (required)" : ""));
}

std::function<std::string(const std::string &)> wholeNumber(uint64_t least, uint64_t most) {
  return [least, most](const std::string &text) {
    uint64_t value = 0;
    auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool good = status == std::errc() && end == text.data() + text.size() && least <= value && value <= most;
    return good ? std::string()
                : "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ", found " +
                      text;
  };
}

std::string notStandardOutput(const std::string &path) {
  return path == "-" ? "expected a file, found -, and standard output is none; ./- is a file of that name" : "";
}

std::vector<std::string> commaSeparated(const std::string &text) {
  std::vector<std::string> names(1);
  for (char c : text)
    if (c == ',')
      names.emplace_back();
    else
      names.back() += c;
  return names;
}

void addExamples(CLI::App &command, const std::string &examples) {
  command.footer("Examples:\n" + examples + "\n" + exitCodes());
}

std::string noCommand(const std::string &word, const CLI::App &app) {
  std::vector<std::string> known;
  for (const CLI::App *each : app.get_subcommands([](const CLI::App *) { return true; }))
    known.push_back(each->get_name());
  return "there is no command '" + word + "'" + suggestion(word, known) + " (see rnnc --help)";
}

std::optional<int> parse(CLI::App &app, int argc, char **argv) {
  if (std::string wrong = givenEquals(argc, argv); !wrong.empty())
    return fail(wrong, kMisused);
  try {
    app.parse(reversedArguments(argc, argv));
  } catch (const CLI::ParseError &error) {
    bool asked = error.get_exit_code() == 0;
    auto end = std::find(argv, argv + argc, kEndOfOptions);
    std::vector<std::string> arguments(end == argv + argc ? end : end + 1, argv + argc);
    if (std::string unknown = asked ? "" : notUnderstood(app, arguments); !unknown.empty())
      return fail(unknown, kMisused);
    if (app.get_subcommands().empty() && dynamic_cast<const CLI::RequiredError *>(&error))
      return fail(missingCommand(app, arguments.empty() ? "" : " before --"), kMisused);
    if (std::string twice = asked ? "" : givenTwice(app); !twice.empty())
      return fail(twice, kMisused);
    if (std::string empty = asked ? "" : givenEmpty(app); !empty.empty())
      return fail(empty, kMisused);
    return app.exit(error) ? kMisused.code : kDone.code;
  }
  if (std::string empty = givenEmpty(app); !empty.empty())
    return fail(empty, kMisused);
  return std::nullopt;
}

} // namespace rnn::driver
