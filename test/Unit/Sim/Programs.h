//===- Programs.h - Small programs for the tests ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "../Generic.h"
#include "rnn-mlir/Isa/Arithmetic.h"
#include "rnn-mlir/Isa/VectorOps.h"
#include "rnn-mlir/Sim/Simulator.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <vector>

namespace rnn::test {

inline isa::Program assemble(std::string_view text) {
  auto program = isa::parseProgram(text);
  EXPECT_TRUE(program) << (program ? "" : program.error().message);
  return program ? *program : isa::Program{};
}

/// One call with f32 arguments; shapes of rank 1 or as given.
struct Launch {
  std::vector<std::vector<float>> data;
  std::vector<std::vector<int64_t>> shapes;
  std::vector<float> constants;

  std::vector<sim::ArgumentView> views() {
    std::vector<sim::ArgumentView> result;
    for (size_t i = 0; i < data.size(); ++i)
      result.push_back({data[i].data(), shapes[i]});
    return result;
  }
};

inline sim::RunResult run(const isa::Program &program, Launch &launch, const sim::RunOptions &options = {},
                          const sim::Kernels &kernels = sim::availableKernels().front()) {
  static const target::TargetModel model = generic();
  sim::Simulator simulator(model, std::as_bytes(std::span(launch.constants)), kernels);
  auto views = launch.views();
  return simulator.run(program, views, options);
}

/// The sum of the parts of a layer's account in a report.
inline int64_t accountSum(const nlohmann::ordered_json &layer) {
  int64_t sum = 0;
  for (const auto &[key, value] : layer["account"].items())
    sum += key == "bound" ? 0 : value.get<int64_t>();
  return sum;
}

/// h[t] = tanh(W x[t] + R h[t-1]) with 16 of everything: x and y in DRAM, rings of two between the dma and the
/// engines. Semaphores: 1 h ready, 2 x free, 3 x full, 4 acc free, 5 acc full, 6 y free, 7 y full.
inline constexpr std::string_view kRecurrence = R"(.program {"name": "elman"}
.layer {"node": "rnn_1", "macs_per_step": 512, "input_weight_bytes": 1024, "state_weight_bytes": 1024, "input_mat_cycles_per_step": 1, "state_mat_cycles_per_step": 1, "dram_bytes_per_call": 0, "dram_bytes_per_sequence": 0, "dram_bytes_per_step": 128, "constant_bytes": 0, "chain_cycles_per_step": 27, "chain_cycles_once": 0, "steps_argument": 0, "lengths_argument": -1}
.argument {"name": "x", "output": false, "element_bytes": 4, "shape": [-1, 16], "base": 1, "dims": [3, 0]}
.argument {"name": "y", "output": true, "element_bytes": 4, "shape": [-1, 16], "base": 2, "dims": [0, 0]}
.buffer {"name": "h", "memory": "vector", "address": 0, "bytes": 64}
.buffer {"name": "sum", "memory": "acc", "address": 0, "bytes": 64}
.semaphore {"number": 2, "count": 2}
.semaphore {"number": 4, "count": 1}
.semaphore {"number": 6, "count": 2}
set value=64 rd=s4
.role {"role": "weights"}
copy_in dst=weight[0] src=dram[0] rows=1 bytes=2048
.role {"role": "control"}
lanes n=16 count=2 post=1
lane.constant value=0x00000000 rd=r0
lane.store target=vector[0] value=r0
.role {"role": "steps"}
begin count=s3
.role {"role": "input"}
copy_in dst=vector[64,i0=s4,ring=0%2] src=dram[0,base=s1,i0=s4] rows=1 bytes=64 wait=2 post=3
.role {"role": "project"}
product acc=acc[0] weight=weight[0] x=vector[64,i0=s4,ring=0%2] rows=16 cols=16 vectors=1 accumulate=0 round=0 wait=3,4 post=2
.role {"role": "recur"}
product acc=acc[0] weight=weight[1024] x=vector[0] rows=16 cols=16 vectors=1 accumulate=1 round=0 wait=1 post=5
lanes n=16 count=4 wait=5,6 post=1,4,7
lane.load source=acc[0] rd=r0
lane.tanh a=r0 rd=r1
lane.store target=vector[0] value=r1
lane.store target=vector[192,i0=s4,ring=0%2] value=r1
.role {"role": "output"}
copy_out dst=dram[0,base=s2,i0=s4] src=vector[192,i0=s4,ring=0%2] rows=1 bytes=64 wait=7 post=6
.role {"role": "control"}
end
halt
)";

/// Deterministic numbers between -0.5 and 0.5.
inline std::vector<float> numbers(size_t count, uint32_t seed = 1) {
  std::vector<float> result(count);
  for (float &value : result) {
    seed = seed * 1664525u + 1013904223u;
    value = float(seed >> 8) / float(1 << 24) - 0.5f;
  }
  return result;
}

inline Launch recurrenceLaunch(int64_t steps) {
  Launch launch;
  launch.constants = numbers(512);
  launch.data = {numbers(size_t(steps) * 16, 7), std::vector<float>(size_t(steps) * 16, -1.0f)};
  launch.shapes = {{steps, 16}, {steps, 16}};
  return launch;
}

/// What `kRecurrence` computes, in plain loops with the functions of the machine.
inline std::vector<float> recurrenceOutputs(const Launch &launch) {
  isa::ScalarOps ops;
  std::vector<float> h(16, 0.0f), y;
  const float *w = launch.constants.data(), *r = w + 256;
  for (size_t t = 0; t < launch.data[0].size() / 16; ++t) {
    std::vector<float> sum(16, 0.0f);
    for (unsigned i = 0; i < 16; ++i) {
      for (unsigned c = 0; c < 16; ++c)
        sum[i] = std::fma(w[c * 16 + i], launch.data[0][t * 16 + c], sum[i]);
      for (unsigned c = 0; c < 16; ++c)
        sum[i] = std::fma(r[c * 16 + i], h[c], sum[i]);
    }
    for (unsigned i = 0; i < 16; ++i)
      y.push_back(h[i] = isa::arithmetic::tanh(ops, sum[i]));
  }
  return y;
}

} // namespace rnn::test
