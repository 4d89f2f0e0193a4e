//===- ClaimsTest.cpp - Claims as data --------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Driver/Claims.h"

#include <gtest/gtest.h>

#include <set>

using namespace rnn;
using namespace rnn::driver;

static Result<double> valueOf(std::string_view text) {
  return evaluate(text, [](std::string_view name) -> Result<double> {
    if (name == "run.layers[].bytes" || name == "T")
      return 8.0;
    return Error{"unknown"};
  });
}

TEST(Claims, ArithmeticHasTheUsualOrder) {
  EXPECT_EQ(*valueOf("1 + 2 * 3 - 4 / 2"), 5);
  EXPECT_EQ(*valueOf("(1 + 2) * -3"), -9);
  EXPECT_EQ(*valueOf("100 / 5 / 2"), 10);
  EXPECT_EQ(*valueOf("run.layers[].bytes / T"), 1);
  EXPECT_EQ(*valueOf("max(T, 9) - min(T, 9)"), 1);
  EXPECT_EQ(*valueOf("1e-3*1000"), 1);
}

TEST(Claims, WrongArithmeticIsRefusedAtItsCharacter) {
  EXPECT_EQ(valueOf("1 +").error().message, "expected a number or a name at character 4 of '1 +'");
  EXPECT_EQ(valueOf("(1").error().message, "expected ')' at character 3 of '(1'");
  EXPECT_EQ(valueOf("1 2").error().message, "expected an operator at character 3 of '1 2'");
  EXPECT_EQ(valueOf("2 * other").error().message, "unknown at character 10 of '2 * other'");
  EXPECT_FALSE(valueOf(""));
  EXPECT_FALSE(valueOf("max(1)"));
}

TEST(Claims, LayersFollowOneAnother) {
  Workload workload{{{"lstm", 3, 4}, {"gru", 0, 5}}, 7, 2};
  workload.layers[0].bidirectional = workload.layers[0].peepholes = workload.layers[0].bias = true;
  auto module = moduleOf(workload);
  ASSERT_TRUE(module) << module.error().message;
  for (const char *part :
       {"%x: tensor<?x2x3xf32>", "peephole(", "input_bias(", "{reverse, activations", "tensor.insert_slice", "rnn.gru",
        "tensor<15x8xf32>", "-> (tensor<?x2x5xf32> {onnx.name = \"y\"})"})
    EXPECT_NE(module->find(part), std::string::npos) << part << *module;
}

TEST(Claims, LayersWithoutRecurrentWeightsHaveNone) {
  Workload workload{{{"sru", 4, 4}, {"qrnn", 0, 5}}, 7, 1};
  workload.layers[0].bias = true;
  auto module = moduleOf(workload);
  ASSERT_TRUE(module) << module.error().message;
  for (const char *part : {"rnn.sru %x, %v0 bias(%v1) {output_activation = #rnn.act<tanh>} : (tensor<?x1x4xf32>, "
                           "tensor<12x4xf32>, tensor<8xf32>)",
                           "rnn.qrnn fo %v2#0, %v3 {window = 2 : i64} : (tensor<?x1x4xf32>, tensor<15x8xf32>)"})
    EXPECT_NE(module->find(part), std::string::npos) << part << *module;
}

TEST(Claims, ImpossibleWorkloadsAreRefused) {
  EXPECT_EQ(moduleOf({{{"lstn", 3, 4}}, 1, 1}).error().message, "there is no layer of the cell 'lstn'");
  EXPECT_FALSE(moduleOf({{}, 1, 1}));
  EXPECT_FALSE(moduleOf({{{"lstm", 0, 4}}, 1, 1}));
  EXPECT_FALSE(moduleOf({{{"lstm", 3, 0}}, 1, 1}));
  EXPECT_FALSE(moduleOf({{{"lstm", 3, 4}, {"gru", 5, 4}}, 1, 1}));
  Workload peepholes{{{"gru", 3, 4}}, 1, 1};
  peepholes.layers[0].peepholes = true;
  EXPECT_EQ(moduleOf(peepholes).error().message, "a layer of the cell 'gru' has no peepholes");
}

TEST(Claims, ARunIsDescribedByAllThatIsNotAsByDefault) {
  RunSpec run{.name = "tile", .target = "epur", .workload = {.layers = {{"lstm", 120, 320}}, .steps = 9}};
  EXPECT_EQ(describe(run), "tile is lstm-320 on 120 inputs, 9 steps on epur");
  LayerSpec behind{"lstm", 0, 320};
  run.workload.layers.push_back(behind);
  EXPECT_EQ(describe(run), "tile is 2 lstm-320 on 120 inputs, 9 steps on epur");
  run.workload.layers.back().peepholes = true;
  EXPECT_EQ(describe(run), "tile is lstm-320 on 120 inputs, lstm-320 with peepholes, 9 steps on epur");
  run.workload = {.layers = {{"qrnn", 8, 8}}, .steps = 9, .batch = 2};
  run.workload.layers[0].bias = true;
  run.workload.layers[0].window = 3;
  run.options["schedule"] = "plain";
  EXPECT_EQ(describe(run), "tile is qrnn-8 on 8 inputs with biases and a window of 3, 9 steps of 2 sequences on epur "
                           "--schedule=plain");
}

TEST(Claims, RunsOfAnotherLayerAreOtherRuns) {
  const RunSpec run{.name = "tile", .target = "epur", .workload = {.layers = {{"lstm", 120, 320}}, .steps = 9}};
  EXPECT_EQ(run, RunSpec(run));
  for (auto change : std::initializer_list<void (*)(LayerSpec &)>{
           [](LayerSpec &layer) { layer.bias = true; }, [](LayerSpec &layer) { layer.peepholes = true; },
           [](LayerSpec &layer) { layer.window = 3; }, [](LayerSpec &layer) { layer.inputs = 121; }}) {
    RunSpec other = run;
    change(other.workload.layers[0]);
    EXPECT_NE(run, other);
    EXPECT_NE(describe(run), describe(other));
  }
}

TEST(Claims, NamesOfACaseAreNumbersInArithmetic) {
  const Case values = {{"T", "128"}, {"schedule", "plain"}, {"size", "12 KiB"}};
  EXPECT_EQ(*numberIn(values, "T"), 128);
  EXPECT_EQ(numberIn(values, "schedule").error().message, "expected a number for the case's 'schedule', found 'plain'");
  EXPECT_EQ(numberIn(values, "size").error().message, "expected a number for the case's 'size', found '12 KiB'");
  EXPECT_FALSE(numberIn(values, "U"));
}

TEST(Claims, AllFilesAreWellFormedAndEveryClaimHasAnIdOfItsOwn) {
  auto claims = allClaims();
  ASSERT_TRUE(claims) << claims.error().message;
  std::set<std::string> ids;
  for (const Claim &claim : *claims) {
    EXPECT_TRUE(ids.insert(claim.id).second) << claim.id;
    EXPECT_TRUE(claim.place.starts_with("benchmarks/claims/")) << claim.place;
    // A recalled figure stands beside the arithmetic that gives it.
    if (claim.grade == "C" && claim.value.empty())
      EXPECT_TRUE(claim.computed) << claim.id;
    for (const Case &values : claim.cases) {
      auto runs = claim.runs(values);
      ASSERT_TRUE(runs) << claim.id << runs.error().message;
      for (const RunSpec &run : *runs)
        EXPECT_TRUE(moduleOf(run.workload)) << claim.id;
    }
  }
  for (const char *fixed :
       {"epur-mwl-weight-reads", "epur-weight-memory", "epur-eesen-frame", "single-stream-dram-T",
        "single-stream-sru-4", "single-stream-sru-16", "chipmunk-efficiency", "muntaniala-throughput",
        "deltarnn-throughput", "edgedrnn-throughput", "clstm-speed", "ernn-efficiency"})
    EXPECT_TRUE(ids.count(fixed)) << fixed;
}
