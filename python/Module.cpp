//===- Module.cpp - The Python package's native part -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Compiler/Library.h"
#include "rnn-mlir/Runtime/Session.h"
#include "rnn-mlir/Sim/Trace.h"
#include "rnn-mlir/Support/Utf8.h"
#include "rnn-mlir/Target/TargetModel.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <unistd.h>

namespace nb = nanobind;
using namespace nb::literals;
using namespace rnn;
using namespace rnn::runtime;

namespace {

// Python decodes C strings: these end at a NUL and are UTF-8.
struct CompileError : std::runtime_error {
  explicit CompileError(const std::string &text) : runtime_error(readable(text)) {}
};
struct RunError : std::runtime_error {
  explicit RunError(const std::string &text) : runtime_error(readable(text)) {}
};

using Input = nb::ndarray<nb::ro, nb::c_contig, nb::device::cpu>;
using Output = nb::ndarray<nb::numpy, nb::c_contig>;

/// A program file, shared by its sessions.
struct PyProgram {
  std::shared_ptr<const Program> program;
  /// What the compiler said where it made the program.
  std::vector<std::string> remarks;
};

/// Who uses a session: nobody or, by its process, one thread.
class Turn {
public:
  /// Waits for its turn. Throws where another thread of the process that this one was forked from had it then: nobody
  /// will give it back, and what it left half done is no session.
  void lock() {
    for (pid_t user = 0; !owner.compare_exchange_strong(user, ::getpid()); user = 0) {
      if (user != ::getpid())
        throw RunError("error: the session was in use by another thread when this process was forked; make one here");
      owner.wait(user);
    }
  }
  void unlock() {
    owner = 0;
    owner.notify_one();
  }

private:
  std::atomic<pid_t> owner = 0;
};

/// A session; its runs take turns.
struct PySession {
  std::shared_ptr<const Program> program;
  std::unique_ptr<Session> session;
  Turn turn;
};

nb::dlpack::dtype toDlpack(DType dtype) {
  using Code = nb::dlpack::dtype_code;
  Code code = dtype == DType::Bool     ? Code::Bool
              : dtype <= DType::Int64  ? Code::Int
              : dtype <= DType::UInt64 ? Code::UInt
                                       : Code::Float;
  return {uint8_t(code), uint8_t(8 * dtypeBytes(dtype)), 1};
}

std::optional<DType> fromDlpack(nb::dlpack::dtype dtype) {
  for (int k = 0; k <= int(DType::Float64); ++k)
    if (toDlpack(DType(k)) == dtype)
      return DType(k);
  return std::nullopt;
}

/// A JSON value as Python's.
nb::object toPython(const nlohmann::ordered_json &value) {
  if (value.is_object()) {
    nb::dict dict;
    for (const auto &[key, each] : value.items())
      dict[key.c_str()] = toPython(each);
    return dict;
  }
  if (value.is_array()) {
    nb::list list;
    for (const auto &each : value)
      list.append(toPython(each));
    return list;
  }
  if (value.is_string())
    return nb::str(value.get_ref<const std::string &>().c_str());
  if (value.is_boolean())
    return nb::bool_(value.get<bool>());
  if (value.is_number_float())
    return nb::float_(value.get<double>());
  if (value.is_number_unsigned())
    return nb::int_(value.get<uint64_t>());
  if (value.is_number())
    return nb::int_(value.get<int64_t>());
  return nb::none();
}

nb::list describe(const std::vector<TensorInfo> &tensors) {
  nb::list list;
  for (const TensorInfo &info : tensors) {
    nb::list shape;
    for (size_t k = 0; k < info.shape.size(); ++k)
      if (info.shape[k] >= 0)
        shape.append(info.shape[k]);
      else if (info.dims[k].empty())
        shape.append(nb::none());
      else
        shape.append(info.dims[k]);
    nb::dict entry;
    entry["name"] = info.name;
    entry["dtype"] = nb::str(dtypeName(info.dtype).data(), dtypeName(info.dtype).size());
    entry["shape"] = nb::tuple(shape);
    list.append(entry);
  }
  return list;
}

/// A name of its own for a program file, removed at the end.
struct TemporaryFile {
  std::string path = (std::filesystem::temp_directory_path() / "rnn-mlir-XXXXXX").string();
  TemporaryFile() {
    int fd = ::mkstemp(path.data());
    if (fd < 0)
      throw CompileError("cannot create a temporary file");
    ::close(fd);
  }
  ~TemporaryFile() { ::unlink(path.c_str()); }
};

const CompilerLibrary &compiler() {
  auto loaded = loadCompiler();
  if (!loaded)
    throw CompileError(loaded.error().message);
  return **loaded;
}

PyProgram checked(Result<std::shared_ptr<const Program>> program) {
  if (!program)
    throw RunError(program.error().message);
  return {std::move(*program), {}};
}

/// The options that Python gives as texts, by their keywords.
CompileOptions toOptions(const nb::dict &given) {
  CompileOptions options;
  options.spelling = OptionSpelling::Keyword;
  for (auto [key, value] : given) {
    auto keyword = nb::cast<std::string>(key);
    if (auto set = options.values.set(optionRow(keyword), nb::cast<std::string>(value)); !set)
      throw CompileError(keyword + ": " + set.error().message);
  }
  return options;
}

/// Refuses options that cannot be together, or not yet.
void check(const CompileOptions &options) {
  if (auto good = compiler().check(options); !good) {
    std::string_view text = good.error().message;
    constexpr std::string_view kUnlocated = "error: ";
    text.remove_prefix(text.starts_with(kUnlocated) ? kUnlocated.size() : 0);
    throw CompileError(std::string(text));
  }
}

/// The table of options.
nb::list describeOptions() {
  constexpr std::string_view kKinds[] = {"integer", "choice", "choices", "layer choices", "path", "text"};
  nb::list list;
  for (const CompileOption &option : kCompileOptions) {
    nb::dict entry;
    entry["name"] = std::string(option.name);
    entry["keyword"] = spelled(option, OptionSpelling::Keyword);
    entry["kind"] = std::string(kKinds[size_t(option.kind)]);
    entry["passes"] = option.scope == OptionScope::Passes;
    entry["later"] = option.scope == OptionScope::Later;
    entry["default"] = std::string(option.standard);
    entry["help"] = helpText(option);
    entry["least"] = option.least;
    entry["most"] = option.most;
    nb::list choices;
    for (const Choice &each : option.choices)
      choices.append(std::string(each.name));
    entry["choices"] = choices;
    list.append(entry);
  }
  return list;
}

PyProgram compileAny(nb::object model, CompileOptions &options, const std::string &name) {
  std::vector<std::string> remarks;
  options.note = [&](std::string_view note) { remarks.emplace_back(note); };
  auto finished = [&](Result<std::shared_ptr<const Program>> program) {
    PyProgram result = checked(std::move(program));
    result.remarks = std::move(remarks);
    return result;
  };
  if (nb::isinstance<nb::bytes>(model)) {
    nb::bytes bytes = nb::borrow<nb::bytes>(model);
    std::span<const std::byte> view(static_cast<const std::byte *>(bytes.data()), bytes.size());
    nb::gil_scoped_release unlocked;
    auto compiled = compiler().bytes(view, name, options);
    if (!compiled)
      throw CompileError(compiled.error().message);
    return finished(Program::fromBytes(std::move(*compiled)));
  }
  auto path = nb::cast<std::string>(model);
  nb::gil_scoped_release unlocked;
  TemporaryFile file;
  if (auto compiled = compiler().file(path, options, file.path); !compiled)
    throw CompileError(compiled.error().message);
  return finished(Program::open(file.path, Program::CalledBy::Model));
}

/// An array's element type is none that inputs have, or not this machine's byte order.
RunError wrongType(const Program &program, const std::string &name, nb::handle value) {
  std::string expected = "an array of numbers";
  for (const TensorInfo &info : program.metadata().inputs)
    if (info.name == name)
      expected = dtypeName(info.dtype);
  nb::object found = value.attr("dtype");
  std::string text = "expected " + expected + ", found " + nb::str(nb::handle(found)).c_str();
  return RunError(program.errorAt(name, text).message);
}

/// The arrays as inputs; their memory is used in place, `views` keeps it alive.
std::vector<NamedArray> toInputs(const Program &program, const nb::dict &arrays, std::vector<Input> &views) {
  std::vector<NamedArray> inputs;
  for (auto [key, value] : arrays) {
    auto name = nb::cast<std::string>(key);
    Input array;
    std::optional<DType> dtype;
    if (nb::try_cast<Input>(value, array))
      dtype = fromDlpack(array.dtype());
    if (!dtype)
      throw wrongType(program, name, value);
    views.push_back(array);
    auto *data = const_cast<std::byte *>(static_cast<const std::byte *>(array.data()));
    NamedArray &input = inputs.emplace_back(name, Array{*dtype, {}, {data, [](std::byte *) {}}});
    for (size_t k = 0; k < array.ndim(); ++k)
      input.array.shape.push_back(int64_t(array.shape(k)));
  }
  return inputs;
}

nb::object toOutput(const Array &array) {
  auto *owner = new std::shared_ptr<std::byte>(array.data);
  nb::capsule capsule(owner, [](void *p) noexcept { delete static_cast<std::shared_ptr<std::byte> *>(p); });
  std::vector<size_t> shape(array.shape.begin(), array.shape.end());
  return nb::cast(Output(array.data.get(), shape.size(), shape.data(), capsule, nullptr, toDlpack(array.dtype)));
}

/// Whether a signal, as that of Ctrl-C, has raised an exception. Python handles signals in the main thread alone; it is
/// asked ten times a second at most.
class Interrupts {
public:
  bool operator()() {
    auto now = std::chrono::steady_clock::now();
    if (::gettid() != ::getpid() || now - *asked < std::chrono::milliseconds(100))
      return false;
    *asked = now;
    nb::gil_scoped_acquire locked;
    return PyErr_CheckSignals() != 0;
  }

private:
  using Time = std::chrono::steady_clock::time_point;
  /// Shared by copies.
  std::shared_ptr<Time> asked = std::make_shared<Time>();
};

/// Runs with a trace that becomes a file after a run without an error.
Result<std::vector<Array>> runTraced(PySession &self, std::span<const NamedArray> inputs, const std::string &path) {
  auto trace = createTrace(*self.program, path, "trace");
  if (!trace)
    return trace.error();
  Result<std::vector<Array>> outputs = [&] {
    struct Traced {
      Session &session;
      ~Traced() { session.setTrace(nullptr); }
    } traced{*self.session};
    traced.session.setTrace(trace->get());
    return traced.session.run(inputs);
  }();
  if (outputs)
    if (auto done = (*trace)->finish(); !done)
      return done.error();
  return outputs;
}

nb::dict runSession(PySession &self, const nb::dict &arrays, const std::string &trace) {
  std::vector<Input> views;
  std::vector<NamedArray> inputs = toInputs(*self.program, arrays, views);
  std::optional<Result<std::vector<Array>>> outputs;
  {
    nb::gil_scoped_release unlocked;
    std::lock_guard turn(self.turn);
    outputs.emplace(trace.empty() ? self.session->run(inputs) : runTraced(self, inputs, trace));
  }
  if (PyErr_Occurred())
    throw nb::python_error();
  if (!*outputs)
    throw RunError(outputs->error().message);
  nb::dict named;
  const auto &infos = self.program->metadata().outputs;
  for (size_t k = 0; k < infos.size(); ++k)
    named[infos[k].name.c_str()] = toOutput((**outputs)[k]);
  return named;
}

} // namespace

NB_MODULE(_rnn_mlir, m) {
  nb::object error = nb::exception<std::runtime_error>(m, "Error", PyExc_RuntimeError);
  error.attr("__doc__") =
      "What went wrong with a model, a program or an array; the base of CompileError and RunError. The "
      "text is that of rnnc, each line as `file:node: error: text`.";
  nb::object compileError = nb::exception<CompileError>(m, "CompileError", error);
  compileError.attr("__doc__") =
      "A model that cannot be read or is refused, all refusals in one text, or an option that "
      "the compiler does not take.";
  nb::object runError = nb::exception<RunError>(m, "RunError", error);
  runError.attr("__doc__") =
      "A program file that cannot be read or written, inputs that are not the model's, or a run that "
      "failed: refused by the model's host code, trapped on the device, or beyond a limit.";
  for (nb::object each : {error, compileError, runError})
    each.attr("__module__") = "rnn_mlir";
  m.attr("version") = RNN_VERSION;
  m.attr("options") = describeOptions();
  m.attr("memory_limit") = kDefaultMemoryLimitGiB;

  nb::class_<PyProgram>(m, "Program")
      .def_static("load",
                  [](const std::string &path) {
                    nb::gil_scoped_release unlocked;
                    return checked(Program::open(path));
                  })
      .def_static("from_bytes",
                  [](nb::bytes bytes) {
                    auto *begin = static_cast<const std::byte *>(bytes.data());
                    return checked(Program::fromBytes({begin, begin + bytes.size()}));
                  })
      .def("save",
           [](const PyProgram &self, const std::string &path) {
             nb::gil_scoped_release unlocked;
             if (auto done = self.program->save(path); !done)
               throw RunError(done.error().message);
           })
      .def("to_bytes",
           [](const PyProgram &self) {
             auto bytes = self.program->container().bytes();
             return nb::bytes(bytes.data(), bytes.size());
           })
      .def("error_at", [](const PyProgram &self, const std::string &name,
                          const std::string &text) { return self.program->errorAt(name, text).message; })
      .def_prop_ro("info", [](const PyProgram &self) { return toPython(programInfo(*self.program)); })
      .def_prop_ro("remarks", [](const PyProgram &self) { return self.remarks; })
      .def_prop_ro("model", [](const PyProgram &self) { return self.program->metadata().model; })
      .def_prop_ro("target", [](const PyProgram &self) { return self.program->metadata().target; })
      .def_prop_ro("inputs", [](const PyProgram &self) { return describe(self.program->metadata().inputs); })
      .def_prop_ro("outputs", [](const PyProgram &self) { return describe(self.program->metadata().outputs); });

  nb::class_<PySession>(m, "Session")
      .def(
          "__init__",
          [](PySession *self, const PyProgram &program, double memoryLimit, uint64_t maxCycles) {
            SessionOptions options;
            std::optional<uint64_t> bytes = memoryLimitBytes(memoryLimit);
            if (!bytes) {
              std::string found = nb::cast<std::string>(nb::str(nb::float_(memoryLimit)));
              throw nb::value_error(("memory_limit: expected 0.001 to 1048576 GiB, found " + found).c_str());
            }
            options.memoryLimit = *bytes;
            options.memoryLimitName = "memory_limit";
            if (maxCycles)
              options.maxCycles = maxCycles;
            options.maxCyclesName = "max_cycles";
            options.stop = Interrupts();
            auto session = Session::create(program.program, options);
            if (!session)
              throw RunError(session.error().message);
            new (self) PySession{program.program, std::move(*session), {}};
          },
          "program"_a, "memory_limit"_a, "max_cycles"_a)
      .def("run", runSession, "inputs"_a, "trace"_a)
      .def("reset",
           [](PySession &self) {
             nb::gil_scoped_release unlocked;
             std::lock_guard turn(self.turn);
             self.session->reset();
           })
      .def("reset_report",
           [](PySession &self) {
             nb::gil_scoped_release unlocked;
             std::lock_guard turn(self.turn);
             self.session->resetReport();
           })
      .def_prop_ro("host_cpu", [](const PySession &self) { return self.session->hostCpu(); })
      .def_prop_ro("report", [](PySession &self) {
        nlohmann::ordered_json report;
        {
          nb::gil_scoped_release unlocked;
          std::lock_guard turn(self.turn);
          report = self.session->report();
        }
        return toPython(report);
      });

  m.def(
      "compile",
      [](nb::object model, const std::string &name, const nb::dict &given) {
        CompileOptions options = toOptions(given);
        {
          nb::gil_scoped_release unlocked;
          check(options);
        }
        return compileAny(model, options, name);
      },
      "model"_a, "name"_a, "options"_a);

  m.def("targets", [] {
    nb::dict all;
    for (const target::BuiltinTarget &each : target::list()) {
      auto model = target::TargetModel::parse(each.yaml, each.name);
      all[std::string(each.name).c_str()] = model ? model->summary : "";
    }
    return all;
  });
}
