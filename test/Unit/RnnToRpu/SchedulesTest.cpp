//===- SchedulesTest.cpp - One layer, every schedule ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h"
#include "rnn-mlir/Conversion/RpuToIsa/RpuToIsa.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"
#include "rnn-mlir/Dialect/Rpu/Transforms/Passes.h"
#include "rnn-mlir/Sim/Simulator.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

#include <gtest/gtest.h>

#include <random>

using namespace mlir;
using namespace rnn;

namespace {

struct Schedule {
  ScheduleKind kind;
  int64_t tile;
  int64_t sequences = 1;
};

std::ostream &operator<<(std::ostream &stream, const Schedule &schedule) {
  return stream << stringifyScheduleKind(schedule.kind).str() << " with a tile of " << schedule.tile << " and of "
                << schedule.sequences << " sequences";
}

/// A layer and the sizes of its input.
struct Layer {
  std::string op;
  int64_t hidden, inputs, steps = 13, batch = 1;
  bool reverse = false;
  std::vector<int32_t> lengths = {};
  std::string attributes = "";
  bool biases = false;

  int64_t gates() const { return op == "lstm" ? 4 : op == "gru" ? 3 : 1; }
};

struct Outcome {
  std::vector<std::vector<float>> outputs;
  uint64_t cycles = 0, weightBytes = 0, dramBytes = 0, chain = 0;
  Schedule chosen{};
};

class SchedulesTest : public testing::Test {
protected:
  MLIRContext context;
  target::TargetModel model;
  std::string yaml;

  SchedulesTest() {
    context.loadDialect<RnnDialect, rpu::RpuDialect, func::FuncDialect, linalg::LinalgDialect>();
    yaml = target::read("generic")->yaml;
    model = *target::TargetModel::parse(yaml, "generic");
  }

  /// Sets the capacity of the weight memory, 2 MiB else.
  void weightMemory(int64_t bytes) {
    size_t at = yaml.find("capacity: {value: 2, unit: MiB");
    ASSERT_NE(at, std::string::npos);
    yaml.replace(at, 30, "capacity: {value: " + std::to_string(bytes) + ", unit: B");
    auto parsed = target::TargetModel::parse(yaml, "generic");
    ASSERT_TRUE(parsed) << parsed.error().message;
    model = *parsed;
  }

  static std::string literal(std::mt19937 &random, size_t count, float scale) {
    std::vector<float> values(count);
    std::uniform_real_distribution<float> uniform(-scale, scale);
    for (float &value : values)
      value = uniform(random);
    return "dense<\"0x" + llvm::toHex(StringRef(reinterpret_cast<const char *>(values.data()), count * sizeof(float))) +
           "\">";
  }

  static std::string moduleOf(const Layer &layer) {
    std::mt19937 random(7);
    std::string h = std::to_string(layer.hidden), i = std::to_string(layer.inputs),
                rows = std::to_string(layer.gates() * layer.hidden);
    std::string w = "tensor<" + rows + "x" + i + "xf32>", r = "tensor<" + rows + "x" + h + "xf32>",
                x = "tensor<?x?x" + i + "xf32>", y = "tensor<?x?x" + h + "xf32>", s = "tensor<?x" + h + "xf32>";
    std::string states = layer.op == "lstm" ? s + ", " + s : s;
    std::string activations = layer.op == "lstm"  ? "#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>"
                              : layer.op == "gru" ? "#rnn.act<sigmoid>, #rnn.act<tanh>"
                                                  : "#rnn.act<tanh>";
    bool lengths = !layer.lengths.empty();
    std::string text =
        "func.func @main(%x: " + x + (lengths ? ", %l: tensor<?xi32>" : "") + ") -> (" + y + ", " + s + ") {\n";
    text += "%w = arith.constant " + literal(random, layer.gates() * layer.hidden * layer.inputs, 0.3f) + " : " + w +
            "\n%r = arith.constant " + literal(random, layer.gates() * layer.hidden * layer.hidden, 0.2f) + " : " + r +
            "\n";
    std::string b = "tensor<" + rows + "xf32>";
    if (layer.biases)
      text += "%b = arith.constant " + literal(random, layer.gates() * layer.hidden, 0.3f) + " : " + b + "\n";
    text += (layer.op == "lstm" ? "%y, %h, %c" : "%y, %h") + std::string(" = rnn.") + layer.op + " %x, %w, %r" +
            (layer.biases ? " input_bias(%b)" : "") + (lengths ? " lengths(%l)" : "") + " {activations = [" +
            activations + "]" + (layer.reverse ? ", reverse" : "") + layer.attributes + "} : (" + x + ", " + w + ", " +
            r + (layer.biases ? ", " + b : "") + (lengths ? ", tensor<?xi32>" : "") + ") -> (" + y + ", " + states +
            ")\n";
    return text + "return %y, %h : " + y + ", " + s + "\n}\n";
  }

  /// Compiles the layer with a schedule and runs it.
  Outcome run(const Layer &layer, Schedule schedule) { return run(layer, moduleOf(layer), schedule); }

  /// The same of a module that takes and gives what one of the layer does.
  Outcome run(const Layer &layer, const std::string &text, Schedule schedule) {
    Outcome outcome;
    auto module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    (*module)->setAttr(kTargetAttr, StringAttr::get(&context, yaml));
    PassManager passes(&context);
    ScheduleOptions options;
    options.schedule = schedule.kind;
    options.timeTile = schedule.tile;
    options.batchTile = schedule.sequences;
    passes.addPass(createSchedule(options));
    passes.addPass(createEncodeWeights());
    passes.addPass(createExpandActivations());
    passes.addPass(createOutline());
    ChooseScheduleOptions choice;
    choice.timeTile = schedule.tile;
    choice.batchTile = schedule.sequences;
    passes.addPass(createChooseSchedule(choice));
    EXPECT_TRUE(succeeded(passes.run(*module)));
    module->walk([&](RecurrenceOp recurrence) {
      outcome.chosen = {recurrence.getSchedule(), static_cast<int64_t>(recurrence.getTimeTile()),
                        static_cast<int64_t>(recurrence.getBatchTile())};
    });
    PassManager lowering(&context);
    lowering.addNestedPass<rpu::ProgramOp>(createConvertRnnToRpu());
    lowering.addPass(rpu::createPlan());
    lowering.addNestedPass<rpu::ProgramOp>(rpu::createSync());
    EXPECT_TRUE(succeeded(lowering.run(*module)));
    ConstantSection section;
    FailureOr<isa::Program> program = encodeProgram(*module->getOps<rpu::ProgramOp>().begin(), section);
    EXPECT_TRUE(succeeded(program));
    if (failed(program))
      return outcome;
    std::vector<std::byte> constants(section.size());
    for (const ConstantSection::Piece &piece : section.all())
      std::memcpy(constants.data() + piece.offset, piece.bytes.data(), piece.bytes.size());

    std::mt19937 random(11);
    std::uniform_real_distribution<float> uniform(-1, 1);
    std::vector<float> x(layer.steps * layer.batch * layer.inputs);
    for (float &value : x)
      value = uniform(random);
    std::vector<float> y(layer.steps * layer.batch * layer.hidden), h(layer.batch * layer.hidden);
    std::vector<int32_t> lengths = layer.lengths;
    std::vector<int64_t> xShape = {layer.steps, layer.batch, layer.inputs},
                         yShape = {layer.steps, layer.batch, layer.hidden}, hShape = {layer.batch, layer.hidden},
                         lengthsShape = {layer.batch};
    std::vector<sim::ArgumentView> views = {{x.data(), xShape}};
    if (!lengths.empty())
      views.push_back({lengths.data(), lengthsShape});
    views.push_back({y.data(), yShape});
    views.push_back({h.data(), hShape});
    sim::Simulator simulator(model, constants);
    sim::RunResult result = simulator.run(*program, views);
    EXPECT_TRUE(result) << result.trap().message;
    if (!result)
      return outcome;
    outcome.outputs = {y, h};
    outcome.cycles = result->cycles;
    outcome.chain = program->layer.chainCyclesPerStep;
    outcome.weightBytes = result->bytesRead[size_t(isa::Memory::Weight)];
    outcome.dramBytes = result->bytesRead[size_t(isa::Memory::Dram)];
    return outcome;
  }

  static bool sameBits(const Outcome &a, const Outcome &b) {
    if (a.outputs.size() != b.outputs.size() || a.outputs.empty())
      return false;
    for (size_t k = 0; k < a.outputs.size(); ++k)
      if (a.outputs[k].size() != b.outputs[k].size() ||
          std::memcmp(a.outputs[k].data(), b.outputs[k].data(), a.outputs[k].size() * sizeof(float)) != 0)
        return false;
    return true;
  }

  void expectSameBits(const Layer &layer) {
    Outcome plain = run(layer, {ScheduleKind::Plain, 1});
    for (Schedule schedule : {Schedule{ScheduleKind::Mwl, 0},
                              {ScheduleKind::Mwl, 4},
                              {ScheduleKind::Overlap, 0},
                              {ScheduleKind::Overlap, 1},
                              {ScheduleKind::Overlap, 2},
                              {ScheduleKind::Overlap, 3},
                              {ScheduleKind::Overlap, 40},
                              {ScheduleKind::Plain, 1, 2},
                              {ScheduleKind::Mwl, 4, 3},
                              {ScheduleKind::Mwl, 0, 5},
                              {ScheduleKind::Overlap, 2, 2},
                              {ScheduleKind::Auto, 0, 0},
                              {ScheduleKind::Auto, 0}})
      EXPECT_TRUE(sameBits(plain, run(layer, schedule))) << layer.op << " of " << layer.hidden << ", " << schedule;
  }

  /// Cycles of a step of a long sequence.
  double steady(Layer layer, Schedule schedule) {
    layer.steps = 256;
    uint64_t some = run(layer, schedule).cycles;
    layer.steps = 512;
    return double(run(layer, schedule).cycles - some) / 256;
  }
};

TEST_F(SchedulesTest, SameBitsOfEveryCell) {
  for (std::string op : {"lstm", "gru", "elman"})
    for (int64_t hidden : {1, 40})
      for (bool reverse : {false, true})
        expectSameBits({.op = op, .hidden = hidden, .inputs = 9, .batch = 2, .reverse = reverse});
  expectSameBits({.op = "gru", .hidden = 48, .inputs = 17, .attributes = ", linear_before_reset"});
}

TEST_F(SchedulesTest, SameBitsOfSequencesOfDifferentLengths) {
  for (std::string op : {"lstm", "gru"})
    expectSameBits({.op = op, .hidden = 50, .inputs = 20, .steps = 23, .batch = 5, .lengths = {0, 23, 1, 7, 12}});
}

TEST_F(SchedulesTest, SameBitsOfSequencesWithoutSteps) {
  expectSameBits({.op = "lstm", .hidden = 20, .inputs = 5, .steps = 0, .batch = 2});
  expectSameBits({.op = "lstm", .hidden = 20, .inputs = 5, .steps = 1, .batch = 3});
}

TEST_F(SchedulesTest, SameBitsOfWeightsThatAreStreamed) {
  // Both weights, or that of the projection alone, pass through rings, whole or in part.
  for (int64_t bytes : {33000, 70000, 140000}) {
    weightMemory(bytes);
    for (std::string op : {"lstm", "gru"})
      expectSameBits({.op = op, .hidden = 88, .inputs = 70, .steps = 17, .batch = 2});
    yaml = target::read("generic")->yaml;
  }
}

// h = tanh(W x + W h + W tanh(W h)): the weight is on the tile, or streamed, once for all that multiply it.
TEST_F(SchedulesTest, AWeightOfSeveralProductsIsOnTheTileOnce) {
  std::mt19937 random(7);
  Layer layer{.op = "elman", .hidden = 72, .inputs = 72, .steps = 11, .batch = 2};
  std::string w = "tensor<72x72xf32>", v = "tensor<72xf32>", p = " : (" + w + ", " + v + ") -> " + v + "\n",
              acc = " : (" + w + ", " + v + ", " + v + ") -> " + v + "\n";
  auto text = [&](StringRef kind, int64_t tile) {
    std::mt19937 random(7);
    return "func.func @main(%x: tensor<?x?x72xf32>) -> (tensor<?x?x72xf32>, tensor<?x72xf32>) {\n%w = arith.constant " +
           literal(random, 72 * 72, 0.2f) + " : " + w + "\n%y, %h = rnn.recurrence " + kind.str() +
           " %x project {\n^bb0(%v: " + v + "):\n%p = rnn.product %w, %v" + p + "rnn.yield %p : " + v +
           "\n} step {\n^bb0(%p: " + v + ", %s: " + v + "):\n%a = rnn.product %w, %s" + p + "%b = math.tanh %a : " + v +
           "\n%c = rnn.product %w, %b acc(%p)" + acc + "%d = rnn.product %w, %s acc(%c)" + acc +
           "%n = math.tanh %d : " + v + "\nrnn.yield %n, %n : " + v + ", " + v +
           "\n} {time_tile = " + std::to_string(tile) +
           " : i64} : (tensor<?x?x72xf32>) -> (tensor<?x?x72xf32>, tensor<?x72xf32>)\nreturn %y, %h : "
           "tensor<?x?x72xf32>, tensor<?x72xf32>\n}\n";
  };
  Outcome first;
  // Five panels of 72 * 16 * 4 = 4608 bytes: all stay, or two beside a ring of two.
  for (int64_t bytes : {5 * 4608, 4 * 4608}) {
    weightMemory(bytes);
    for (auto [kind, tile] : {std::pair{"plain", 1}, {"mwl", 4}, {"overlap", 1}, {"overlap", 2}, {"auto", 1}}) {
      Outcome outcome = run(layer, text(kind, tile), {ScheduleKind::Mwl, tile});
      if (first.outputs.empty())
        first = outcome;
      EXPECT_TRUE(sameBits(first, outcome)) << kind << " in " << bytes;
    }
    yaml = target::read("generic")->yaml;
  }
}

// An LSTM as large as silero's. Its recurrence alone takes 772 cycles a step: 512 * 128 * 4 bytes of weights at 512
// bytes a cycle are 512, then 12 of mat's pipeline; 30 cycles of micro-operations for each of 8 groups of 16 lanes are
// 240, then 8 of their pipeline. The projection takes another 256 cycles of mat.
TEST_F(SchedulesTest, OverlapHidesTheProjection) {
  Layer layer{.op = "lstm", .hidden = 128, .inputs = 128, .biases = true};
  EXPECT_EQ(run(layer, {ScheduleKind::Overlap, 0}).chain, 772u);
  double mwl = steady(layer, {ScheduleKind::Mwl, 0}), overlap = steady(layer, {ScheduleKind::Overlap, 0});
  RecordProperty("mwl", std::to_string(mwl));
  RecordProperty("overlap", std::to_string(overlap));
  EXPECT_GE(mwl, 772 + 256);
  EXPECT_LE(overlap, 1.08 * 772);
}

// A row of an input weight is read once for the vectors of a tile, and again for the next tile.
TEST_F(SchedulesTest, WeightsAreReadOnceForATile) {
  Layer layer{.op = "lstm", .hidden = 64, .inputs = 64, .steps = 96};
  uint64_t input = 256 * 64 * 4, state = input;
  EXPECT_EQ(run(layer, {ScheduleKind::Plain, 1}).weightBytes, 96 * (input + state));
  EXPECT_EQ(run(layer, {ScheduleKind::Mwl, 32}).weightBytes, 3 * input + 96 * state);
  EXPECT_EQ(run(layer, {ScheduleKind::Overlap, 16}).weightBytes, 6 * input + 96 * state);
}

// What of the weights is brought for one sequence serves a tile of them; of x, 256 bytes a step and sequence come
// beside.
TEST_F(SchedulesTest, WeightsAreFetchedOnceForSequencesInLockStep) {
  weightMemory(33000);
  for (Schedule schedule :
       {Schedule{ScheduleKind::Plain, 1, 8}, {ScheduleKind::Mwl, 2, 8}, {ScheduleKind::Overlap, 2, 8}}) {
    auto weights = [&](int64_t batch) {
      Layer layer{.op = "lstm", .hidden = 64, .inputs = 64, .steps = 16, .batch = batch};
      return run(layer, schedule).dramBytes - batch * 16 * 256;
    };
    EXPECT_EQ(weights(8), weights(1)) << schedule;
    EXPECT_EQ(weights(11), weights(16)) << schedule;
    EXPECT_GT(weights(11), weights(8)) << schedule;
  }
}

// A product of several vectors reads a row of a weight once, and mat's pipeline is filled once.
TEST_F(SchedulesTest, LockStepIsCheaperThanOneAfterAnother) {
  Layer layer{.op = "lstm", .hidden = 128, .inputs = 64, .steps = 40, .batch = 8};
  uint64_t apart = run(layer, {ScheduleKind::Mwl, 8, 1}).cycles,
           together = run(layer, {ScheduleKind::Mwl, 8, 8}).cycles;
  EXPECT_LT(double(together), 0.8 * double(apart));
}

// An LSTM of 512 units has 4 MiB of recurrent weights: of 2 MiB of memory a part stays, and the others are brought at
// each step. Without that it would be all of them.
TEST_F(SchedulesTest, PartOfAWeightStays) {
  Layer layer{.op = "lstm", .hidden = 512, .inputs = 16, .steps = 8};
  uint64_t eight = run(layer, {ScheduleKind::Mwl, 8}).dramBytes;
  layer.steps = 16;
  double step = double(run(layer, {ScheduleKind::Mwl, 8}).dramBytes - eight) / 8;
  EXPECT_LE(step, 1.1 * (2 << 20));
}

TEST_F(SchedulesTest, AutoTakesWhatIsCheapest) {
  for (auto [op, hidden] : {std::pair<std::string, int64_t>{"lstm", 128}, {"gru", 96}, {"elman", 64}}) {
    Layer layer{.op = op, .hidden = hidden, .inputs = 64, .steps = 100};
    Outcome chosen = run(layer, {ScheduleKind::Auto, 0});
    EXPECT_NE(chosen.chosen.kind, ScheduleKind::Auto);
    for (Schedule other : {Schedule{ScheduleKind::Plain, 1},
                           {ScheduleKind::Mwl, 0},
                           {ScheduleKind::Overlap, 0},
                           {ScheduleKind::Mwl, 16}})
      EXPECT_LE(double(chosen.cycles), 1.02 * double(run(layer, other).cycles)) << op << ", " << other;
  }
}
} // namespace
