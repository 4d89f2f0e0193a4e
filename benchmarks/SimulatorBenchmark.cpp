//===- SimulatorBenchmark.cpp - Products, and an LSTM layer on the simulator -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Sim/Simulator.h"

#include <benchmark/benchmark.h>

using namespace rnn;

static std::vector<float> numbers(size_t count) {
  std::vector<float> result(count);
  uint32_t seed = 1;
  for (float &value : result) {
    seed = seed * 1664525u + 1013904223u;
    value = (float(seed >> 8) / float(1 << 24) - 0.5f) * 0.1f;
  }
  return result;
}

/// A product of `rows` by `cols` weights with `vectors` vectors, on the machine's best kernels.
static void product(benchmark::State &state) {
  auto rows = uint64_t(state.range(0)), cols = uint64_t(state.range(1)), vectors = uint64_t(state.range(2));
  auto weight = numbers(rows * cols), x = numbers(cols * vectors), acc = numbers(rows * vectors);
  const sim::Kernels &kernels = sim::availableKernels().front();
  auto operand = [](std::vector<float> &values, uint64_t pitch) {
    return sim::Numbers{reinterpret_cast<std::byte *>(values.data()), int64_t(pitch * sizeof(float)), isa::Format::F32};
  };
  sim::ProductOperands operands{.acc = operand(acc, rows),
                                .weight = operand(weight, 0),
                                .x = operand(x, cols),
                                .rows = rows,
                                .cols = cols,
                                .vectors = vectors,
                                .accumulate = true};
  for (auto _ : state)
    kernels.product(operands);
  state.SetLabel(std::string(kernels.name));
  state.counters["MAC/s"] =
      benchmark::Counter(double(rows * cols * vectors), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(product)->Args({512, 128, 1})->Args({512, 128, 16})->Args({1024, 256, 1})->Args({4096, 1024, 1});

/// An LSTM of H cells and inputs in the plain order; what the compiler makes of one, written out.
static std::string lstm(int64_t h) {
  auto n = [](int64_t v) { return std::to_string(v); };
  int64_t row = 4 * h, weights = 4 * h * h * 4;
  std::string load = "copy_in dst=weight[0,pitch=" + n(row * 4) + "] src=dram[0,pitch=" + n(row * 4) +
                     "] rows=" + n(2 * h) + " bytes=" + n(row * 4) + "\n";
  std::string text = R"(.program {"name": "lstm"}
.argument {"name": "x", "output": false, "element_bytes": 4, "shape": [-1, )" +
                     n(h) + R"(], "base": 1, "dims": [3, 0]}
.argument {"name": "y", "output": true, "element_bytes": 4, "shape": [-1, )" +
                     n(h) + R"(], "base": 2, "dims": [0, 0]}
.semaphore {"number": 2, "count": 2}
.semaphore {"number": 4, "count": 1}
.semaphore {"number": 6, "count": 2}
set rd=s4 value=)" + n(row) +
                     "\n" + load;
  int64_t hAt = 0, cAt = row, xAt = 2 * row, yAt = 4 * row, bias = 6 * row;
  auto vector = [&](int64_t at) { return "vector[" + n(at) + "]"; };
  text += "copy_in dst=" + vector(bias) + " src=dram[0] rows=1 bytes=" + n(4 * row) + "\n";
  text += "lanes n=" + n(h) +
          " count=3 post=1\nlane.constant value=0x00000000 rd=r0\nlane.store target=" + vector(hAt) +
          " value=r0\nlane.store target=" + vector(cAt) + " value=r0\n";
  std::string ring = ",i0=s4,ring=0%2]";
  text += "begin count=s3\n";
  text +=
      "copy_in dst=vector[" + n(xAt) + ring + " src=dram[0,base=s1,i0=s4] rows=1 bytes=" + n(row) + " wait=2 post=3\n";
  text += "product acc=acc[0] weight=weight[0] x=vector[" + n(xAt) + ring + " rows=" + n(4 * h) + " cols=" + n(h) +
          " vectors=1 accumulate=0 round=0 wait=3,4 post=2\n";
  text += "product acc=acc[0] weight=weight[" + n(weights) + "] x=" + vector(hAt) + " rows=" + n(4 * h) +
          " cols=" + n(h) + " vectors=1 accumulate=1 round=0 wait=1 post=5\n";
  std::vector<std::string> body;
  for (int gate = 0; gate < 4; ++gate) {
    std::string r = n(gate), b = n(4 + gate);
    body.push_back("lane.load source=acc[" + n(gate * row) + "] rd=r" + r);
    body.push_back("lane.load source=" + vector(bias + gate * row) + " rd=r" + b);
    body.push_back("lane.add a=r" + r + " b=r" + b + " rd=r" + r);
    body.push_back(std::string(gate == 3 ? "lane.tanh" : "lane.sigmoid") + " a=r" + r + " rd=r" + r);
  }
  body.push_back("lane.load source=" + vector(cAt) + " rd=r8");
  body.push_back("lane.mul a=r2 b=r8 rd=r8");
  body.push_back("lane.fma a=r0 b=r3 c=r8 rd=r8");
  body.push_back("lane.store target=" + vector(cAt) + " value=r8");
  body.push_back("lane.tanh a=r8 rd=r9");
  body.push_back("lane.mul a=r1 b=r9 rd=r9");
  body.push_back("lane.store target=" + vector(hAt) + " value=r9");
  body.push_back("lane.store target=vector[" + n(yAt) + ring + " value=r9");
  text += "lanes n=" + n(h) + " count=" + n(int64_t(body.size())) + " wait=5,6 post=1,4,7\n";
  for (const std::string &line : body)
    text += line + "\n";
  text += "copy_out dst=dram[0,base=s2,i0=s4] src=vector[" + n(yAt) + ring + " rows=1 bytes=" + n(row) +
          " wait=7 post=6\nend\nhalt\n";
  return text;
}

/// Values, cycles and hazards of T steps; the time to beat is that of a native library.
static void lstmOnSimulator(benchmark::State &state) {
  int64_t h = state.range(0), steps = state.range(1);
  auto program = isa::parseProgram(lstm(h));
  auto model = target::TargetModel::parse(target::find("generic")->yaml, "generic");
  if (!program || !model) {
    state.SkipWithError((program ? model.error() : program.error()).message.c_str());
    return;
  }
  model->memory(isa::Memory::Weight).capacity = 64 << 20;
  auto constants = numbers(size_t(8 * h * h)), x = numbers(size_t(steps * h)), y = numbers(size_t(steps * h));
  sim::Simulator simulator(*model, std::as_bytes(std::span(constants)));
  std::vector<int64_t> shape = {steps, h};
  std::vector<sim::ArgumentView> arguments = {{x.data(), shape}, {y.data(), shape}};
  uint64_t cycles = 0, instructions = 0;
  for (auto _ : state) {
    auto result = simulator.run(*program, arguments);
    if (!result) {
      state.SkipWithError(result.trap().message.c_str());
      return;
    }
    cycles = result->cycles;
    for (uint64_t n : result->instructions)
      instructions += n;
  }
  state.counters["cycles"] = double(cycles);
  state.counters["instr/s"] = benchmark::Counter(double(instructions), benchmark::Counter::kIsRate);
}
BENCHMARK(lstmOnSimulator)
    ->Args({16, 1000})
    ->Args({128, 100})
    ->Args({256, 100})
    ->Args({1024, 100})
    ->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
