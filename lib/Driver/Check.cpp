//===- Check.cpp - rnnc check -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "TestCases.h"
#include "rnn-mlir/Compiler/Library.h"
#include "rnn-mlir/Driver/JsonKeys.h"
#include "rnn-mlir/Runtime/Report.h"
#include "rnn-mlir/Runtime/Session.h"
#include "rnn-mlir/Support/MappedFile.h"
#include "rnn-mlir/Target/TargetModel.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rnn::driver {
namespace {

using namespace runtime;
using nlohmann::ordered_json;
using SteadyClock = std::chrono::steady_clock;
namespace fs = std::filesystem;

enum class Status { Pass, Fail, Refused };
constexpr const char *kStatusNames[] = {"PASS", "FAIL", "REFUSED"};

/// The errors of a text, which are its lines; notes stay with the error before them.
std::vector<std::string> errorsOf(const std::string &text) {
  std::vector<std::string> errors;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (!errors.empty() && line.find(": note: ") != std::string::npos)
      errors.back() += "\n" + line;
    else
      errors.push_back(line);
  return errors;
}

/// A test that passed for `detail`, or did not for the errors in `detail`; of these the first, without its notes, is in
/// the line that is printed.
ordered_json outcome(Status status, const std::string &detail) {
  std::vector<std::string> errors = errorsOf(detail);
  std::string line = errors.empty() ? "" : errors[0].substr(0, errors[0].find('\n'));
  if (errors.size() > 1)
    line += " (and " + std::to_string(errors.size() - 1) + " more)";
  ordered_json result = {{"status", kStatusNames[int(status)]}, {"detail", line}};
  if (status != Status::Pass)
    result["errors"] = errors;
  return result;
}

/// One test on one target.
struct Job {
  const TestCase *test;
  std::string target;
  ordered_json result;
  bool finished = false;
};

/// The tolerances of an output without others: a right f32 result is well within them, and right results of f16, and of
/// layers whose numbers are f16, may be rounded to neighbours, a place of the largest number apart.
constexpr double kRelative = 1e-4, kRelativeOfHalf = 0x1p-10, kAbsolute = 1e-5;

/// Whether layers have a number format other than that of the model.
static bool isQuantized(const OptionValues &options) {
  return options.get<"quantize">() != kQuantizations[0].name;
}

/// How far a data set came: `Stopped` where it cannot be read or the simulation trapped.
enum class Came { Stopped, Refused, Through };

/// Runs one data set; the worst difference goes into `result`. Returns what is wrong, or an empty text.
std::string runDataSet(const TestCase &test, const std::string &folder, const Metadata &meta, Session &session,
                       const CheckSettings &settings, ordered_json &result, Came &came) {
  auto inputs = readDataSet(folder, "input");
  auto wanted = readDataSet(folder, "output");
  if (!inputs || !wanted)
    return (inputs ? wanted.error() : inputs.error()).message;
  if (wanted->empty() && !test.expectFailure)
    return folder + ": error: expected output_0.pb, found none";
  auto outputs = session.run(nameInputs(meta, std::move(*inputs)));
  if (!outputs) {
    came = session.trapped() ? Came::Stopped : Came::Refused;
    // A refusal that is expected is told as it came.
    return (test.expectFailure ? "" : fs::path(folder).filename().string() + ": ") + outputs.error().message;
  }
  came = Came::Through;
  if (std::string beyond = outputsBeyond(folder, wanted->size(), outputs->size()); !beyond.empty())
    return beyond;
  result["outputs"] = outputs->size();
  result["outputs_compared"] = std::min(result.value("outputs_compared", wanted->size()), wanted->size());
  for (size_t k = 0; k < wanted->size(); ++k) {
    bool half = (*wanted)[k].array.dtype == DType::Float16 || (meta.options && isQuantized(*meta.options));
    double relative = half ? kRelativeOfHalf : kRelative;
    auto difference =
        compare((*outputs)[k], (*wanted)[k].array, settings.rtol.value_or(test.tolerance.value_or(relative)),
                settings.atol.value_or(test.tolerance.value_or(kAbsolute)));
    std::string where = fs::path(folder).filename().string() + " output '" + meta.outputs[k].name + "': ";
    if (!difference)
      return where + difference.error().message;
    result["largest_absolute"] = std::max(result.value("largest_absolute", 0.0), difference->absolute);
    // Nothing is relative to zeros.
    if (difference->magnitude > 0)
      result["largest_relative"] =
          std::max(result.value("largest_relative", 0.0), difference->absolute / difference->magnitude);
    if (difference->outside) {
      char text[160];
      std::snprintf(text, sizeof text,
                    "%llu of %llu elements beyond the tolerance, largest difference %.3g, largest magnitude %.3g",
                    (unsigned long long)difference->outside, (unsigned long long)(*outputs)[k].elements(),
                    difference->absolute, difference->magnitude);
      return where + text;
    }
  }
  return "";
}

/// Why the model of a test cannot be read; nothing where it can.
std::optional<std::string> findNoModel(const TestCase &test) {
  auto file = mapFile(test.model);
  if (file)
    return std::nullopt;
  fs::path model = test.model, folder = model.parent_path();
  std::error_code error;
  bool link = fs::is_symlink(fs::symlink_status(model, error));
  if (fs::exists(model, error) || error)
    return file.error().message;
  std::string found;
  for (const fs::directory_entry &entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".onnx" && entry.path() != model)
      if (std::string name = entry.path().filename().string(); found.empty() || name < found)
        found = name;
  std::string expected = model.filename().string();
  if (!test.dataSets.empty())
    expected += " beside " + fs::path(test.dataSets.front()).lexically_relative(folder).string();
  if (folder.parent_path().filename() == "golden")
    expected += ", or " + folder.filename().string() + ".onnx beside golden";
  return folder.string() + ": error: expected " + expected + ", found " +
         (link            ? "a link to nothing"
          : found.empty() ? "none"
                          : found);
}

/// A test, from the model to its comparison, in the process that is made for it.
ordered_json runTest(const TestCase &test, const std::string &target, const CheckSettings &settings,
                     const std::string &programFile) {
  auto refusal = [&](const std::string &why) {
    ordered_json result = outcome(Status::Refused, why);
    if (test.expectFailure) {
      result["status"] = kStatusNames[int(Status::Pass)];
      result["detail"] = "refused: " + result["detail"].get<std::string>();
    }
    return result;
  };
  if (auto missing = findNoModel(test))
    return outcome(Status::Fail, *missing);
  auto compiler = loadCompiler();
  if (!compiler)
    return outcome(Status::Fail, compiler.error().message);
  CompileOptions options = settings.compile;
  if (auto good = options.values.set(optionRow("target"), target); !good)
    return outcome(Status::Fail, good.error().message);
  if (auto compiled = (*compiler)->file(test.model, options, programFile); !compiled)
    return compiled.error().refusal ? refusal(compiled.error().message)
                                    : outcome(Status::Fail, compiled.error().message);
  auto program = Program::open(programFile, Program::CalledBy::Model);
  if (!program)
    return outcome(Status::Fail, program.error().message);
  auto session = Session::create(*program);
  if (!session)
    return outcome(Status::Fail, session.error().message);
  if (test.dataSets.empty() && !test.expectFailure)
    return outcome(Status::Fail, "expected test_data_set_0 beside the model, found none");
  ordered_json numbers = {{"data_sets", test.dataSets.size()}};
  for (const std::string &folder : test.dataSets) {
    Came came = Came::Stopped;
    std::string wrong = runDataSet(test, folder, (*program)->metadata(), **session, settings, numbers, came);
    if (wrong.empty())
      continue;
    if (test.expectFailure && came == Came::Through)
      break;
    bool refused = test.expectFailure && came == Came::Refused;
    ordered_json result = refused ? refusal(wrong) : outcome(Status::Fail, wrong);
    result.update(numbers);
    return result;
  }
  if (test.expectFailure)
    return outcome(Status::Fail, "expected a refusal, as the name begins with EXPECT_FAIL_, found a model "
                                 "that compiles and runs");
  char text[160];
  std::snprintf(text, sizeof text, "largest difference %.3g, ", numbers.value("largest_absolute", 0.0));
  std::string detail = text;
  if (numbers.contains("largest_relative")) {
    std::snprintf(text, sizeof text, "relative %.3g", numbers["largest_relative"].get<double>());
    detail += text;
  } else {
    detail += "absolute: all expected values are 0";
  }
  if (size_t outputs = numbers["outputs"], compared = numbers["outputs_compared"]; compared < outputs)
    detail += "; " + std::to_string(compared) + " of " + std::to_string(outputs) + " outputs compared";
  ordered_json result = outcome(Status::Pass, detail);
  result.update(numbers);
  ordered_json report = (*session)->report();
  for (const char *key : {"steps", "cycles", "energy"})
    result[key] = report[key];
  return result;
}

/// A test in a process of its own, which leads a group of what it starts.
struct Running {
  Job *job;
  pid_t process;
  int pipe;
  SteadyClock::time_point begun;
  std::string text;
};

bool start(Job &job, const CheckSettings &settings, const std::string &programFile, std::vector<Running> &running) {
  int ends[2];
  // No program that a test starts may hold its pipe open.
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return false;
  pid_t parent = ::getpid(), process = ::fork();
  if (process < 0) {
    ::close(ends[0]);
    ::close(ends[1]);
    return false;
  }
  // Both do it, as either may be first.
  ::setpgid(process, process);
  if (process == 0) {
    // It ends with `rnnc check`, however that ends, and its group with it.
    if (::getpgrp() != ::getpid())
      ::_exit(1);
    for (int number : {SIGINT, SIGTERM})
      std::signal(number, [](int) { ::kill(0, SIGKILL); });
    if (::prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || ::getppid() != parent)
      ::_exit(1);
    ::close(ends[0]);
    std::string text;
    try {
      text = jsonText(runTest(*job.test, job.target, settings, programFile), -1);
    } catch (const std::exception &error) {
      text = jsonText(outcome(Status::Fail, error.what()), -1);
    }
    bool written = true;
    for (size_t at = 0; at < text.size() && written;) {
      ssize_t done = ::write(ends[1], text.data() + at, text.size() - at);
      written = done > 0;
      at += written ? done : 0;
    }
    ::_exit(written ? 0 : 1);
  }
  ::close(ends[1]);
  running.push_back({&job, process, ends[0], SteadyClock::now(), ""});
  return true;
}

/// Kills a test with all that it started; returns how it ended.
int end(const Running &each) {
  // While its leader is not waited for, no other group has its number.
  ::kill(-each.process, SIGKILL);
  int status = 0;
  ::waitpid(each.process, &status, 0);
  ::close(each.pipe);
  return status;
}

/// Reads what a process has to say; true when it is over.
bool advance(Running &each, unsigned timeout) {
  bool late = SteadyClock::now() - each.begun > std::chrono::seconds(timeout);
  if (late)
    ::kill(-each.process, SIGKILL);
  pollfd ready{each.pipe, POLLIN, 0};
  while (::poll(&ready, 1, late ? -1 : 0) > 0) {
    char buffer[4096];
    ssize_t size = ::read(each.pipe, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR)
      continue;
    if (size > 0) {
      each.text.append(buffer, size);
      continue;
    }
    siginfo_t over;
    ::waitid(P_PID, each.process, &over, WEXITED | WNOWAIT);
    int status = end(each);
    ordered_json result = ordered_json::parse(each.text, nullptr, false);
    if (late && !(WIFEXITED(status) && result.is_object()))
      result = outcome(Status::Fail, "takes longer than " + std::to_string(timeout) + " s");
    else if (!result.is_object())
      result = outcome(Status::Fail, WIFSIGNALED(status) ? "ended by signal " + std::to_string(WTERMSIG(status))
                                                         : "ended with code " + std::to_string(WEXITSTATUS(status)));
    each.job->result = {{"name", each.job->test->name}, {"target", each.job->target}};
    each.job->result.update(result);
    each.job->result["seconds"] = std::chrono::duration<double>(SteadyClock::now() - each.begun).count();
    each.job->finished = true;
    return true;
  }
  return false;
}

void print(const ordered_json &result) {
  std::printf("%s %s [%s]: %s\n", result["status"].get<std::string>().c_str(),
              result["name"].get<std::string>().c_str(), result["target"].get<std::string>().c_str(),
              result["detail"].get<std::string>().c_str());
  std::fflush(stdout);
}

/// The processes that are under way; none outlives it.
struct Processes {
  ~Processes() {
    for (const Running &each : running)
      end(each);
  }
  std::vector<Running> running;
};

/// Runs the jobs, several at a time, and prints them in order.
Result<void> runAll(std::vector<Job> &jobs, const CheckSettings &settings, const fs::path &scratch) {
  size_t width = settings.jobs ? settings.jobs : std::max(1u, std::thread::hardware_concurrency());
  bool terminal = ::isatty(STDERR_FILENO);
  auto begun = SteadyClock::now();
  Processes processes;
  std::vector<Running> &running = processes.running;
  size_t next = 0, printed = 0;
  auto stopped = [&](const std::string &why) {
    if (terminal)
      std::fputs("\r\033[K", stderr);
    return Error{why};
  };
  while (printed < jobs.size()) {
    if (int signal = Scratch::stoppedBy())
      return stopped("stopped by signal " + std::to_string(signal));
    while (next < jobs.size() && running.size() < width) {
      if (!start(jobs[next], settings, scratch / (std::to_string(next) + ".rpu"), running))
        return stopped(std::string("cannot start a process: ") + std::strerror(errno));
      ++next;
    }
    std::vector<pollfd> pipes;
    for (const Running &each : running)
      pipes.push_back({each.pipe, POLLIN, 0});
    ::poll(pipes.data(), pipes.size(), 200);
    std::erase_if(running, [&](Running &each) {
      bool over = advance(each, settings.timeout);
      std::error_code ignored;
      if (over)
        fs::remove(scratch / (std::to_string(each.job - jobs.data()) + ".rpu"), ignored);
      return over;
    });
    if (terminal && printed < jobs.size() && jobs[printed].finished)
      std::fputs("\r\033[K", stderr);
    for (; printed < jobs.size() && jobs[printed].finished; ++printed)
      print(jobs[printed].result);
    if (terminal && printed < jobs.size() && SteadyClock::now() - begun > std::chrono::seconds(1))
      std::fprintf(stderr, "\r\033[K%zu of %zu", printed, jobs.size());
  }
  return {};
}

} // namespace

int checkCommand(const CheckSettings &settings) {
  if (auto code = checkOutputs({}, {settings.json}))
    return *code;
  // Loaded once, before the processes of the tests are made.
  auto compiler = loadCompiler();
  if (!compiler)
    return fail(compiler.error().message);
  CompileOptions options = settings.compile;
  for (const std::string &target : settings.targets) {
    if (auto good = options.values.set(optionRow("target"), target); !good)
      return fail(good.error().message, kMisused);
    if (auto good = (*compiler)->check(options); !good)
      return fail(good.error().message, kMisused);
  }
  auto tests = findTests(settings.folder);
  if (!tests)
    return fail(tests.error().message);
  std::vector<std::string> inputs;
  for (const TestCase &test : *tests) {
    inputs.push_back(test.model);
    for (const std::string &folder : test.dataSets)
      for (std::string &file : filesIn(folder))
        inputs.push_back(std::move(file));
  }
  if (auto code = checkOutputs(inputs, {settings.json}))
    return *code;
  Scratch scratch;
  if (auto code = scratch.failed())
    return *code;
  std::vector<Job> jobs;
  for (const TestCase &test : *tests)
    for (const std::string &target : settings.targets)
      jobs.push_back({&test, target, {}, false});
  if (auto done = runAll(jobs, settings, scratch.path); !done) {
    int code = fail(done.error().message);
    return Scratch::stoppedBy() ? 128 + Scratch::stoppedBy() : code;
  }

  ordered_json records = ordered_json::array();
  size_t counts[3] = {};
  for (const Job &job : jobs) {
    for (int k = 0; k < 3; ++k)
      counts[k] += job.result["status"] == kStatusNames[k];
    records.push_back(declared(checkKeys(), job.result));
  }
  if (!settings.json.empty())
    if (auto done = writeTextFile(settings.json, jsonText(records, 1) + "\n"); !done)
      return fail(done.error().message);
  std::printf("%zu passed, %zu failed, %zu refused\n", counts[0], counts[1], counts[2]);
  bool good = counts[int(Status::Fail)] == 0 && (counts[int(Status::Refused)] == 0 || !settings.strict);
  return good ? kDone.code : kFailed.code;
}

} // namespace rnn::driver
