//===- Module.cpp - The Python package's native part -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Compiler/Library.h"
#include "rnn-mlir/Runtime/Session.h"
#include "rnn-mlir/Target/TargetModel.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <filesystem>
#include <mutex>
#include <unistd.h>

namespace nb = nanobind;
using namespace nb::literals;
using namespace rnn;
using namespace rnn::runtime;

namespace {

struct CompileError : std::runtime_error {
  using runtime_error::runtime_error;
};
struct RunError : std::runtime_error {
  using runtime_error::runtime_error;
};

using Input = nb::ndarray<nb::ro, nb::c_contig, nb::device::cpu>;
using Output = nb::ndarray<nb::numpy, nb::c_contig>;

/// A program file, shared by its sessions.
struct PyProgram {
  std::shared_ptr<const Program> program;
};

/// A session; its runs take turns.
struct PySession {
  std::shared_ptr<const Program> program;
  std::unique_ptr<Session> session;
  std::mutex mutex;
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
  return {std::move(*program)};
}

PyProgram compileAny(nb::object model, const CompileOptions &options, const std::string &name) {
  if (nb::isinstance<nb::bytes>(model)) {
    nb::bytes bytes = nb::borrow<nb::bytes>(model);
    std::span<const std::byte> view(static_cast<const std::byte *>(bytes.data()), bytes.size());
    nb::gil_scoped_release unlocked;
    auto compiled = compiler().bytes(view, name, options);
    if (!compiled)
      throw CompileError(compiled.error().message);
    return checked(Program::fromBytes(std::move(*compiled)));
  }
  auto path = nb::cast<std::string>(model);
  nb::gil_scoped_release unlocked;
  TemporaryFile file;
  if (auto compiled = compiler().file(path, options, file.path); !compiled)
    throw CompileError(compiled.error().message);
  return checked(Program::open(file.path));
}

/// An array's element type is none that inputs have, or not this machine's byte order.
RunError wrongType(const Metadata &meta, const std::string &name, nb::handle value) {
  std::string expected = "an array of numbers";
  for (const TensorInfo &info : meta.inputs)
    if (info.name == name)
      expected = dtypeName(info.dtype);
  nb::object found = value.attr("dtype");
  return RunError(meta.model + ":" + name + ": error: expected " + expected + ", found " +
                  nb::str(nb::handle(found)).c_str());
}

/// The arrays as inputs; their memory is used in place, `views` keeps it alive.
std::vector<NamedArray> toInputs(const Metadata &meta, const nb::dict &arrays, std::vector<Input> &views) {
  std::vector<NamedArray> inputs;
  for (auto [key, value] : arrays) {
    auto name = nb::cast<std::string>(key);
    Input array;
    std::optional<DType> dtype;
    if (nb::try_cast<Input>(value, array))
      dtype = fromDlpack(array.dtype());
    if (!dtype)
      throw wrongType(meta, name, value);
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

nb::dict runSession(PySession &self, const nb::dict &arrays) {
  std::vector<Input> views;
  std::vector<NamedArray> inputs = toInputs(self.program->metadata(), arrays, views);
  std::optional<Result<std::vector<Array>>> outputs;
  {
    nb::gil_scoped_release unlocked;
    std::lock_guard turn(self.mutex);
    outputs.emplace(self.session->run(inputs));
  }
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
  nb::exception<CompileError>(m, "CompileError", error);
  nb::exception<RunError>(m, "RunError", error);
  m.attr("version") = RNN_VERSION;
  const CompileOptions options;
  nb::dict defaults;
  defaults["target"] = options.target;
  defaults["schedule"] = options.schedule;
  defaults["time_tile"] = options.timeTile;
  defaults["host_cpu"] = options.hostCpu;
  defaults["memory_limit"] = kDefaultMemoryLimitGiB;
  m.attr("defaults") = defaults;

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
      .def_prop_ro("model", [](const PyProgram &self) { return self.program->metadata().model; })
      .def_prop_ro("target", [](const PyProgram &self) { return self.program->metadata().target; })
      .def_prop_ro("inputs", [](const PyProgram &self) { return describe(self.program->metadata().inputs); })
      .def_prop_ro("outputs", [](const PyProgram &self) { return describe(self.program->metadata().outputs); });

  nb::class_<PySession>(m, "Session")
      .def(
          "__init__",
          [](PySession *self, const PyProgram &program, double memoryLimit) {
            SessionOptions options;
            std::optional<uint64_t> bytes = memoryLimitBytes(memoryLimit);
            if (!bytes) {
              std::string found = nb::cast<std::string>(nb::str(nb::float_(memoryLimit)));
              throw nb::value_error(("memory_limit: expected 0.001 to 1048576 GiB, found " + found).c_str());
            }
            options.memoryLimit = *bytes;
            auto session = Session::create(program.program, options);
            if (!session)
              throw RunError(session.error().message);
            new (self) PySession{program.program, std::move(*session), {}};
          },
          "program"_a, "memory_limit"_a)
      .def("run", runSession, "inputs"_a)
      .def_prop_ro("host_cpu", [](const PySession &self) { return self.session->hostCpu(); })
      .def_prop_ro("report", [](PySession &self) {
        std::lock_guard turn(self.mutex);
        return toPython(self.session->report());
      });

  m.def(
      "compile",
      [](nb::object model, const std::string &target, const std::string &schedule, int64_t timeTile,
         const std::string &hostCpu, const std::string &name) {
        CompileOptions options;
        options.target = target;
        options.schedule = schedule;
        options.timeTile = timeTile;
        options.hostCpu = hostCpu;
        return compileAny(model, options, name);
      },
      "model"_a, "target"_a, "schedule"_a, "time_tile"_a, "host_cpu"_a, "name"_a);

  m.def("targets", [] {
    nb::dict all;
    for (const target::BuiltinTarget &each : target::list()) {
      auto model = target::TargetModel::parse(each.yaml, each.name);
      all[std::string(each.name).c_str()] = model ? model->summary : "";
    }
    return all;
  });
}
