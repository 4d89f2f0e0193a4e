//===- Session.cpp - Runs a program file -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Runtime/Session.h"

#include "Device.h"
#include "FileBytes.h"
#include "HostCode.h"
#include "Inputs.h"
#include "SessionReport.h"
#include "rnn-mlir/Runtime/HostCpu.h"
#include "rnn-mlir/Sim/Trace.h"
#include "rnn-mlir/Support/Choices.h"

#include <algorithm>
#include <chrono>

namespace rnn::runtime {
namespace {

/// A memref descriptor's words beside its sizes and strides.
constexpr size_t kDescriptorWords = 3;

/// Words of the largest descriptor. Arguments are padded to it and results followed by room for some, so that metadata
/// that do not belong to the host code are found out before memory is spoilt.
constexpr size_t kLargestDescriptor = kDescriptorWords + 2 * kMaxRank;
constexpr size_t kSpareTensors = 64;

/// Writes the descriptor of a contiguous array.
void describe(const Array &array, std::vector<int64_t> &words) {
  int64_t address = reinterpret_cast<int64_t>(array.data.get());
  words = {address, address, 0};
  words.insert(words.end(), array.shape.begin(), array.shape.end());
  std::vector<int64_t> strides(array.shape.size());
  int64_t stride = 1;
  for (size_t k = strides.size(); k-- > 0; stride *= std::max<int64_t>(array.shape[k], 1))
    strides[k] = stride;
  words.insert(words.end(), strides.begin(), strides.end());
  words.resize(kLargestDescriptor);
}

/// A result's descriptor, which may say anything.
struct Described {
  std::byte *allocated;
  /// The address of the element with index 0 in every dimension.
  uint64_t data;
  std::span<const int64_t> sizes, strides;

  Described(const int64_t *words, size_t rank, size_t width)
      : allocated(reinterpret_cast<std::byte *>(words[0])), data(uint64_t(words[1]) + uint64_t(words[2]) * width),
        sizes(words + kDescriptorWords, rank), strides(words + kDescriptorWords + rank, rank) {}

  bool contiguous() const {
    int64_t expected = 1;
    for (size_t k = sizes.size(); k-- > 0; expected *= sizes[k])
      if (sizes[k] > 1 && strides[k] != expected)
        return false;
    return true;
  }

  /// The addresses of the first and the past-the-end byte of the elements; for arrays that have some. Nothing where
  /// these are no addresses.
  std::optional<std::pair<uint64_t, uint64_t>> extent(size_t width) const {
    int64_t low = 0, high = int64_t(width);
    bool wraps = false;
    for (size_t k = 0; k < sizes.size(); ++k) {
      int64_t span, bytes, &end = strides[k] < 0 ? low : high;
      wraps |= __builtin_mul_overflow(sizes[k] - 1, strides[k], &span);
      wraps |= __builtin_mul_overflow(span, int64_t(width), &bytes);
      wraps |= __builtin_add_overflow(end, bytes, &end);
    }
    uint64_t first, last;
    wraps |= __builtin_add_overflow(data, low, &first) || __builtin_add_overflow(data, high, &last);
    return wraps ? std::nullopt : std::optional(std::pair(first, last));
  }

  /// Reads the elements; these must be known to lie in memory of the session.
  void copyTo(const Array &array) const {
    size_t width = dtypeBytes(array.dtype), rank = sizes.size();
    std::vector<int64_t> index(rank);
    for (uint64_t k = 0, n = array.elements(); k < n; ++k) {
      int64_t at = 0;
      for (size_t d = 0; d < rank; ++d)
        at += index[d] * strides[d];
      std::memcpy(array.data.get() + k * width, reinterpret_cast<const std::byte *>(data) + at * int64_t(width), width);
      for (size_t d = rank; d-- > 0 && ++index[d] == sizes[d];)
        index[d] = 0;
    }
  }
};

/// ` (inputs: x [0, 64], h [2, 1, 8])`: the inputs whose shapes are known at run time only; empty without any.
std::string runTimeShapes(const Metadata &meta, const std::vector<Array> &inputs) {
  std::string text;
  for (size_t k = 0; k < inputs.size(); ++k)
    if (std::ranges::any_of(meta.inputs[k].shape, [](int64_t size) { return size < 0; }))
      text += (text.empty() ? " (inputs: " : ", ") + meta.inputs[k].name + " " + shapeText(inputs[k].shape);
  return text.empty() ? "" : text + ")";
}

/// Errors: the shape of an output is not what the model declares, or none.
Result<void> checkShape(const TensorInfo &info, const std::vector<int64_t> &shape) {
  bool fits = shape.size() == info.shape.size() && byteCount(info.dtype, shape);
  for (size_t k = 0; k < shape.size() && fits; ++k)
    fits = info.shape[k] < 0 || info.shape[k] == shape[k];
  return fits ? Result<void>() : Error{"expected a result of shape " + shapeText(info) + ", found " + shapeText(shape)};
}

/// The host code that this machine runs, and how to compile for it.
std::string ownHostCpus() {
  std::string level;
  for (const Choice &each : kHostCpus)
    if (each.name != kNativeCpu && canRun(each.name))
      level = each.name;
  std::string own = "code of its own (" + nativeCpuName() + "); compile here for the host CPU native";
  return level.empty() ? own : level + " and " + own + ", or for " + level + " (--host-cpu)";
}

class SessionImpl : public Session {
public:
  SessionImpl(std::shared_ptr<const Program> program, target::TargetModel model, const SessionOptions &options)
      : program(program), meta(program->metadata()), device(program, std::move(model), options), options(options) {}

  Result<void> loadHostCode();
  Result<std::vector<Array>> run(std::span<const NamedArray> inputs) override;
  bool trapped() const override { return device.trapped(); }
  nlohmann::ordered_json report() const override;
  void resetReport() override;
  void reset() override { device.reset(); }
  void setTrace(sim::TraceWriter *trace) override { device.setTrace(trace); }
  const std::string &hostCpu() const override { return cpu; }

private:
  Result<std::vector<Array>> runHostCode(const std::vector<Array> &inputs);
  Result<std::vector<Array>> runLaunches(const std::vector<Array> &inputs);
  Result<std::vector<Array>> collect(const std::vector<int64_t> &results, const std::vector<Array> &inputs);
  Result<Array> collectOne(const TensorInfo &info, const Described &result, const std::vector<Array> &inputs,
                           const std::vector<Array> &outputs);
  bool launchFromHost(int64_t number, std::span<const RnnTensor> arguments);
  Error hostError(std::string_view text) const;

  std::shared_ptr<const Program> program;
  const Metadata &meta;
  Device device;
  SessionOptions options;
  std::string cpu;
  std::optional<Error> launchError;
  std::unique_ptr<HostCode> host;
  uint64_t runs = 0, steps = 0;
  double seconds = 0;
};

Result<void> SessionImpl::loadHostCode() {
  const std::vector<isa::HostCode> &all = program->container().hostCode();
  std::vector<std::string> names;
  std::string list;
  for (const isa::HostCode &each : all) {
    names.push_back(each.cpu);
    list += (list.empty() ? "" : ", ") + each.cpu;
  }
  if (names.empty())
    return program->errorAt("", "the program file holds neither launches nor host code");
  std::optional<size_t> best = chooseHostCode(names);
  if (!best)
    return program->errorAt("", "expected a machine for host code of " + list + ", this machine runs " + ownHostCpus());
  auto launch = [this](int64_t number, std::span<const RnnTensor> arguments) {
    return launchFromHost(number, arguments);
  };
  auto loaded = HostCode::load(all[*best].elf, program->container().constants(), typesText(meta), options, launch);
  if (!loaded)
    return program->errorAt("", loaded.error().message);
  host = std::move(*loaded);
  cpu = all[*best].cpu;
  return {};
}

bool SessionImpl::launchFromHost(int64_t number, std::span<const RnnTensor> arguments) {
  std::vector<sim::ArgumentView> views;
  const auto &programs = program->container().programs();
  std::span<const isa::Argument> declared;
  if (number >= 0 && uint64_t(number) < programs.size())
    declared = programs[number].arguments;
  for (const RnnTensor &tensor : arguments) {
    // What the program says of an array is what host code says: it neither reads nor writes beyond it.
    if (size_t k = views.size(); k < declared.size() && (declared[k].elementBytes != tensor.width ||
                                                         declared[k].output != bool(tensor.output))) {
      launchError = program->errorAt(
          "launch", std::string("expected an ") + (tensor.output ? "output" : "input") + " of elements of " +
                        std::to_string(tensor.width) + " bytes as argument '" + declared[k].name + "', found an " +
                        (declared[k].output ? "output" : "input") + " of " + std::to_string(declared[k].elementBytes));
      return false;
    }
    if (tensor.rank < 0 || tensor.rank > int64_t(kMaxRank)) {
      launchError = program->errorAt("launch", "expected a rank of at most " + std::to_string(kMaxRank) + ", found " +
                                                   std::to_string(tensor.rank));
      return false;
    }
    views.push_back({tensor.data, {tensor.sizes, size_t(tensor.rank)}});
  }
  if (auto done = device.launch(number, views); !done) {
    launchError = done.error();
    return false;
  }
  return true;
}

/// What host code says; where that comes from a node it is `model:node: error: text`.
Error SessionImpl::hostError(std::string_view text) const {
  constexpr std::string_view separator = ": error: ";
  std::string model = meta.model + ":", node;
  size_t end = text.find(separator, model.size());
  if (text.starts_with(model) && end != std::string_view::npos) {
    node = text.substr(model.size(), end - model.size());
    text.remove_prefix(end + separator.size());
  }
  return program->errorAt(node, std::string(text));
}

Result<std::vector<Array>> SessionImpl::run(std::span<const NamedArray> inputs) {
  device.beginRun();
  if (host)
    host->resetSteps();
  auto ordered = orderInputs(*program, inputs);
  if (!ordered)
    return ordered.error();
  auto begun = std::chrono::steady_clock::now();
  auto outputs = host ? runHostCode(*ordered) : runLaunches(*ordered);
  seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  ++runs;
  steps += std::max(device.steps(), host ? host->steps() : 0);
  return outputs;
}

Result<std::vector<Array>> SessionImpl::runHostCode(const std::vector<Array> &inputs) {
  std::vector<std::vector<int64_t>> descriptors(inputs.size());
  size_t words = 0;
  for (const TensorInfo &info : meta.outputs)
    words += kDescriptorWords + 2 * info.shape.size();
  std::vector<int64_t> results(words + kSpareTensors * kLargestDescriptor), nothing(kLargestDescriptor);
  std::vector<void *> arguments = {results.data()};
  for (size_t k = 0; k < inputs.size(); ++k) {
    describe(inputs[k], descriptors[k]);
    arguments.push_back(descriptors[k].data());
  }
  arguments.resize(arguments.size() + kSpareTensors, nothing.data());
  launchError.reset();
  struct Release {
    ~Release() { memory.reset(); }
    Arena &memory;
  } release{host->memory()};
  bool good = host->call(arguments.data());
  Result<std::vector<Array>> outputs = Error{};
  if (good && std::any_of(results.begin() + words, results.end(), [](int64_t word) { return word != 0; })) {
    outputs = program->errorAt("", "expected the outputs of the metadata, found more in the host code");
  } else if (good) {
    outputs = collect(results, inputs);
  } else if (launchError) {
    outputs = *launchError;
  } else {
    outputs = hostError(host->message() + runTimeShapes(meta, inputs));
  }
  return outputs;
}

Result<std::vector<Array>> SessionImpl::collect(const std::vector<int64_t> &results, const std::vector<Array> &inputs) {
  std::vector<Array> outputs;
  const int64_t *at = results.data();
  for (const TensorInfo &info : meta.outputs) {
    size_t rank = info.shape.size();
    auto output = collectOne(info, Described(at, rank, dtypeBytes(info.dtype)), inputs, outputs);
    if (!output)
      return program->errorAt(info.name, output.error().message);
    outputs.push_back(std::move(*output));
    at += kDescriptorWords + 2 * rank;
  }
  return outputs;
}

Result<Array> SessionImpl::collectOne(const TensorInfo &info, const Described &result, const std::vector<Array> &inputs,
                                      const std::vector<Array> &outputs) {
  std::vector<int64_t> shape(result.sizes.begin(), result.sizes.end());
  if (auto good = checkShape(info, shape); !good)
    return good.error();
  std::optional<uint64_t> bytes = byteCount(info.dtype, shape);
  Arena &memory = host->memory();
  uint64_t block = memory.size(result.allocated), before = result.data - reinterpret_cast<uint64_t>(result.allocated);
  if (block && result.contiguous() && before <= block && *bytes <= block - before) {
    std::shared_ptr<std::byte> owner = memory.take(result.allocated);
    return Array{info.dtype, std::move(shape), {owner, reinterpret_cast<std::byte *>(result.data)}};
  }
  // An input handed through, a part of something, a constant, or memory another output has taken.
  auto copy = Array::zeros(info.dtype, std::move(shape));
  if (!copy || *bytes == 0)
    return copy;
  auto extent = result.extent(dtypeBytes(info.dtype));
  auto inside = [extent](const std::byte *memory, uint64_t size) {
    uint64_t begin = reinterpret_cast<uint64_t>(memory);
    return extent && begin <= extent->first && extent->second <= begin + size;
  };
  auto known = [&](const Array &array) { return inside(array.data.get(), array.bytes()); };
  std::span<const std::byte> constants = program->container().constants();
  if (!inside(result.allocated, block) && !inside(constants.data(), constants.size()) &&
      std::none_of(inputs.begin(), inputs.end(), known) && std::none_of(outputs.begin(), outputs.end(), known))
    return Error{"expected a result in memory of the session, found one outside"};
  result.copyTo(*copy);
  return copy;
}

Result<std::vector<Array>> SessionImpl::runLaunches(const std::vector<Array> &inputs) {
  auto sizes = [&](const std::vector<SizeSource> &sources) {
    std::vector<int64_t> shape;
    for (const SizeSource &source : sources)
      shape.push_back(source.input < 0 ? source.value : inputs[source.input].shape[source.dim]);
    return shape;
  };
  uint64_t left = options.memoryLimit;
  auto make = [&](const std::string &name, DType dtype, std::vector<int64_t> shape) -> Result<Array> {
    std::optional<uint64_t> bytes = byteCount(dtype, shape);
    if (!bytes || *bytes > left)
      return program->errorAt(name, "expected to fit into the " + memoryLimitText(options) + ", found shape " +
                                        shapeText(shape));
    left -= *bytes;
    auto array = Array::zeros(dtype, std::move(shape));
    if (!array)
      return program->errorAt(name, array.error().message);
    return array;
  };
  std::vector<Array> arrays[] = {inputs, {}, {}};
  std::vector<Array> &outputs = arrays[size_t(ArrayKind::Output)];
  for (size_t k = 0; k < meta.outputs.size(); ++k) {
    std::vector<int64_t> shape = sizes(meta.outputSizes[k]);
    if (auto good = checkShape(meta.outputs[k], shape); !good)
      return program->errorAt(meta.outputs[k].name, good.error().message);
    auto output = make(meta.outputs[k].name, meta.outputs[k].dtype, std::move(shape));
    if (!output)
      return output.error();
    outputs.push_back(std::move(*output));
  }
  for (const TemporaryInfo &info : meta.temporaries) {
    auto array = make("temporary", info.dtype, sizes(info.shape));
    if (!array)
      return array.error();
    arrays[size_t(ArrayKind::Temporary)].push_back(std::move(*array));
  }
  for (const LaunchPlan &plan : meta.launches) {
    const auto &programs = program->container().programs();
    if (plan.program >= programs.size() || programs[plan.program].arguments.size() != plan.arguments.size())
      return program->errorAt("launch", "expected a program of the file, with its number of arguments");
    std::vector<std::vector<int64_t>> shapes;
    std::vector<sim::ArgumentView> views;
    for (size_t k = 0; k < plan.arguments.size(); ++k) {
      const ArgumentSource &source = plan.arguments[k];
      const isa::Argument &argument = programs[plan.program].arguments[k];
      const Array &array = arrays[size_t(source.kind)][source.index];
      shapes.push_back(sizes(source.shape));
      if (dtypeBytes(array.dtype) != argument.elementBytes || (argument.output && source.kind == ArrayKind::Input))
        return program->errorAt("launch", "expected an array of elements of " + std::to_string(argument.elementBytes) +
                                              " bytes for argument '" + argument.name + "'" +
                                              (argument.output ? ", and one that is no input" : ""));
      if (byteCount(array.dtype, shapes.back()) != array.bytes())
        return program->errorAt("launch", "expected an argument of " + std::to_string(array.bytes()) +
                                              " bytes, found shape " + shapeText(shapes.back()));
      views.push_back({array.data.get(), {}});
    }
    for (size_t k = 0; k < views.size(); ++k)
      views[k].shape = shapes[k];
    if (auto done = device.launch(plan.program, views); !done)
      return done.error();
  }
  return std::move(outputs);
}

nlohmann::ordered_json SessionImpl::report() const {
  ReportFacts facts;
  facts.model = meta.model;
  facts.target = device.target().name;
  facts.machine = device.target().summary;
  facts.hostCpu = cpu;
  facts.clock = device.target().isDevice() ? device.target().clock : 0;
  facts.runs = runs;
  facts.steps = steps;
  facts.programs = program->container().programs().size();
  facts.first = device.firstRuns();
  facts.later = device.laterRuns();
  facts.hostSeconds = cpu.empty() ? 0 : seconds - device.simulationTime();
  facts.simulationSeconds = device.simulationTime();
  return makeReport(facts, device.statistics());
}

void SessionImpl::resetReport() {
  runs = steps = 0;
  seconds = 0;
  device.resetStatistics();
}

} // namespace

std::string memoryLimitText(const SessionOptions &options) {
  char text[48];
  std::snprintf(text, sizeof text, "memory limit of %.4g GiB", double(options.memoryLimit) / double(1 << 30));
  return text + (options.memoryLimitName.empty() ? "" : " (" + options.memoryLimitName + ")");
}

Result<std::shared_ptr<const Program>> Program::make(isa::Container container, const std::string &file) {
  std::string where = file.empty() ? "program file" : file;
  auto meta = Metadata::parse(container.meta());
  if (!meta)
    return Error{where + ": error: " + meta.error().message};
  if (uint64_t size = container.constants().size(); meta->deviceConstants.value_or(0) > size)
    return Error{where + ": error: metadata: expected a number in 0.." + std::to_string(size) +
                 " at 'device_constants'"};
  std::string called = file.empty() ? meta->model : file;
  return std::shared_ptr<const Program>(new Program(std::move(container), std::move(*meta), called));
}

Result<std::shared_ptr<const Program>> Program::open(const std::string &path, CalledBy called) {
  auto container = isa::Container::open(path);
  if (!container)
    return container.error();
  return make(std::move(*container), called == CalledBy::File ? path : "");
}

Result<std::shared_ptr<const Program>> Program::fromBytes(std::vector<std::byte> bytes) {
  auto container = isa::Container::fromBytes(std::move(bytes));
  if (!container)
    return Error{"program file: error: " + container.error().message};
  return make(std::move(*container), "");
}

Error Program::errorAt(const std::string &name, const std::string &text) const {
  return {where + (name.empty() ? "" : ":" + name) + ": error: " + text};
}

Result<target::TargetModel> Program::targetModel() const {
  return target::TargetModel::parse(file.target(), where + ":TARG");
}

Result<void> Program::save(const std::string &path) const {
  std::span<const std::byte> bytes = file.bytes();
  return writeWhole(path, {&bytes, 1});
}

/// Refuses what `name` asks for where no device program could obey it.
static Result<void> requireDevicePrograms(const Program &program, const std::string &name) {
  if (program.container().programs().empty())
    return program.errorAt(name, "expected device programs, found none: all of the model is host code");
  return {};
}

Result<std::unique_ptr<sim::TraceWriter>> createTrace(const Program &program, const std::string &path,
                                                      const std::string &name) {
  if (auto good = requireDevicePrograms(program, name); !good)
    return good.error();
  auto model = program.targetModel();
  if (!model)
    return model.error();
  return sim::TraceWriter::create(path, model->clock);
}

Result<std::unique_ptr<Session>> Session::create(std::shared_ptr<const Program> program,
                                                 const SessionOptions &options) {
  auto model = program->targetModel();
  if (!model)
    return model.error();
  if (options.maxCycles)
    if (auto good = requireDevicePrograms(*program, options.maxCyclesName); !good)
      return good.error();
  bool launchesOnly = !program->metadata().launches.empty();
  auto session = std::make_unique<SessionImpl>(program, std::move(*model), options);
  if (!launchesOnly)
    if (auto loaded = session->loadHostCode(); !loaded)
      return loaded.error();
  return std::unique_ptr<Session>(std::move(session));
}

} // namespace rnn::runtime
