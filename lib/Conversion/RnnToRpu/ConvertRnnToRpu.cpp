//===- ConvertRnnToRpu.cpp - From recurrences to instructions ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "LayerPlan.h"
#include "ProgramBuilder.h"
#include "StepCompiler.h"

#include "rnn-mlir/Conversion/RnnToRpu/Passes.h"
#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_CONVERTRNNTORPU
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h.inc"

namespace {

constexpr int64_t kFloatBytes = 4;

/// Levels of the loops of a program.
enum Level : unsigned { Batch, Chunk, Step, Panel };

/// Turns one program.
class ProgramConversion {
public:
  ProgramConversion(rpu::ProgramOp source, RecurrenceOp recurrence, Block *body,
                    const llvm::DenseMap<Operation *, WeightPlan> &plans)
      : source(source), recurrence(recurrence), plans(plans), program(body, recurrence.getLoc()) {}

  LogicalResult run();
  ArrayAttr arguments() { return program.builder.getArrayAttr(argumentAttrs); }
  rpu::LayerAttr layer();

private:
  // Set-up.
  LogicalResult verifyProgram();
  void declareArguments();
  void declareBuffers();
  void loadOnce();
  void describePlan(ProductOp product, const WeightPlan &plan, StringRef name, bool inStep);
  std::string readsOf(bool inStep);
  Value dramOf(Value value, const Twine &name);

  // The body of the batch loop.
  void clearState(unsigned index, rpu::Role role);
  void startSequence();
  LogicalResult emitChunks();
  void projectChunk(rpu::RegOrImmAttr steps);
  LogicalResult emitStep();
  void finishSequence();

  /// A product with its weight resident or streamed; `level` is the level of a loop over panels.
  void emitProduct(ProductOp product, unsigned level, const Place &acc, int64_t accPitch, const Place &x,
                   int64_t xPitch, rpu::RegOrImmAttr vectors, bool accumulate, rpu::Role role);

  rpu::ProgramOp source;
  RecurrenceOp recurrence;
  const llvm::DenseMap<Operation *, WeightPlan> &plans;
  ProgramBuilder program;

  SmallVector<Attribute> argumentAttrs;
  /// Number and address register of the argument of a program input, and of each output.
  struct DramArgument {
    int64_t number;
    Reg base;
  };
  llvm::DenseMap<Value, DramArgument> inputs;
  /// By result of the recurrence; absent where nothing uses it.
  llvm::DenseMap<unsigned, DramArgument> outputs;

  Reg steps = 0, batch = 0, length = 0;
  /// Bytes between sequences and between steps of x and y in DRAM.
  Reg xBatch = 0, xTime = 0, yBatch = 0, yTime = 0;
  Place xRing, yRing;
  SmallVector<Place> states;
  /// For each projected value: where a step's vector lies in the chunk, and the bytes of a vector.
  SmallVector<std::pair<Place, int64_t>> projected;
  llvm::DenseMap<Operation *, Place> weights;
  /// Of a product whose weight is streamed, the weight in DRAM.
  llvm::DenseMap<Operation *, Value> streamed;
  llvm::DenseMap<Value, Place> captured;

  int64_t tile() const { return static_cast<int64_t>(const_cast<RecurrenceOp &>(recurrence).getTimeTile()); }
};

void ProgramConversion::declareArguments() {
  auto declare = [&](Type type, StringRef name, bool output, bool wantsDims) -> DramArgument {
    auto tensor = cast<RankedTensorType>(type);
    SmallVector<int64_t> shape, dims;
    for (int64_t size : tensor.getShape())
      shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
    DramArgument argument{static_cast<int64_t>(argumentAttrs.size()), program.newReg()};
    dims.assign(shape.size(), 0);
    if (wantsDims) {
      dims[0] = steps = program.newReg();
      dims[1] = batch = program.newReg();
    }
    argumentAttrs.push_back(rpu::ArgumentAttr::get(source.getContext(), program.builder.getStringAttr(name), output,
                                                   tensor.getElementTypeBitWidth() / 8, shape, argument.base, dims));
    return argument;
  };
  for (BlockArgument argument : source.getBody().getArguments()) {
    bool isX = argument == recurrence.getX();
    std::string name = isX                                   ? "x"
                       : argument == recurrence.getLengths() ? "lengths"
                                                             : "in_" + std::to_string(argument.getArgNumber());
    inputs[argument] = declare(argument.getType(), name, false, isX);
  }
  for (auto [index, value] : llvm::enumerate(source.getBody().front().getTerminator()->getOperands())) {
    unsigned number = cast<OpResult>(value).getResultNumber();
    std::string name = number == 0 ? "y" : "state_" + std::to_string(number - 1);
    outputs[number] = declare(value.getType(), name, true, false);
  }
}

/// The buffer in DRAM of a constant or an argument.
Value ProgramConversion::dramOf(Value value, const Twine &name) {
  ElementsAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return program.constantBuffer(name, constant,
                                  cast<RankedTensorType>(value.getType()).getNumElements() * kFloatBytes);
  return program.argumentBuffer(name, inputs.lookup(value).number);
}

void ProgramConversion::declareBuffers() {
  int64_t columns = lastSize(recurrence.getX());
  xRing = {program.tileBuffer(rpu::Memory::Vector, "x", 2 * tile() * columns * kFloatBytes), 0, {}};
  xRing = xRing.ring(Chunk, 2, tile() * columns * kFloatBytes);
  if (outputs.contains(0)) {
    int64_t bytes = lastSize(recurrence.getY()) * kFloatBytes;
    yRing = {program.tileBuffer(rpu::Memory::Vector, "y", 2 * tile() * bytes), 0, {}};
    yRing = yRing.ring(Chunk, 2, tile() * bytes);
  }
  for (auto [index, final] : llvm::enumerate(recurrence.getFinals()))
    states.push_back(
        {program.tileBuffer(rpu::Memory::Vector, "state_" + Twine(index), lastSize(final) * kFloatBytes), 0, {}});
  for (auto [index, value] : llvm::enumerate(recurrence.getProject().front().getTerminator()->getOperands())) {
    int64_t bytes = lastSize(value) * kFloatBytes;
    projected.emplace_back(
        Place{program.tileBuffer(rpu::Memory::Acc, "projected_" + Twine(index), tile() * bytes), 0, {}}, bytes);
  }
}

/// How often a launch reads a streamed weight: a product of numbers and of `steps` and `batch`, the sizes of x.
std::string ProgramConversion::readsOf(bool inStep) {
  auto type = cast<RankedTensorType>(recurrence.getX().getType());
  auto size = [&](unsigned dim, StringRef name) {
    return type.isDynamicDim(dim) ? name.str() : std::to_string(type.getDimSize(dim));
  };
  std::string times = size(0, "steps");
  if (!inStep && tile() > 1)
    times = type.isDynamicDim(0) ? "ceil(" + times + " / " + std::to_string(tile()) + ")"
                                 : std::to_string(llvm::divideCeil(type.getDimSize(0), tile()));
  return times + " * " + size(1, "batch");
}

/// Tells where the weight of a product is while the layer runs.
void ProgramConversion::describePlan(ProductOp product, const WeightPlan &plan, StringRef name, bool inStep) {
  auto options = remark::RemarkOpts::name("weights").category("convert-rnn-to-rpu");
  if (plan.resident())
    remark::passed(product.getLoc(), options)
        << remark::add("{0} is resident: panels of {1} bytes, {2} in one copy", name, plan.panelBytes, plan.panels);
  else
    remark::missed(product.getLoc(), options)
        << remark::add("{0} is streamed at every {1} of every sequence, up to {6} times in all, as it does not fit and "
                       "sequences run one after "
                       "another: panels of {2} bytes, {3} in {4} copies of up to {5}",
                       name, inStep ? "time step" : "time tile", plan.panelBytes, plan.panels, plan.copies(),
                       plan.panelsPerCopy, readsOf(inStep));
}

/// Copies what stays on the tile: resident weights, and the vectors the step reads.
void ProgramConversion::loadOnce() {
  unsigned count = 0;
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (ProductOp product : region->getOps<ProductOp>()) {
      const WeightPlan &plan = plans.at(product);
      std::string name = "weight_" + std::to_string(count++);
      Place place{program.tileBuffer(rpu::Memory::Weight, name, plan.bytes()), 0, {}};
      weights[product] = place;
      describePlan(product, plan, name, region == &recurrence.getStep());
      Value dram = dramOf(product.getWeight(), name);
      if (plan.resident())
        program.copyIn(place, program.imm(plan.panelBytes), dram, program.viewOf({}, program.imm(plan.panelBytes)),
                       program.imm(plan.panels), plan.panelBytes, rpu::Role::Weights);
      else
        streamed[product] = dram;
    }
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(recurrence.getStep(), recurrence.getStep(), used);
  for (auto constant : recurrence.getStep().getOps<arith::ConstantOp>())
    used.insert(constant);
  for (Value value : used) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    // A lane program makes a splat itself; a product or the part of a vector needs it in memory.
    bool inLanes = splatOf(value) && llvm::none_of(value.getUsers(), llvm::IsaPred<ProductOp, tensor::ExtractSliceOp>);
    if (!type || type.getRank() != 1 || !type.getElementType().isF32() || inLanes)
      continue;
    std::string name = "vector_" + std::to_string(captured.size());
    int64_t bytes = type.getNumElements() * kFloatBytes;
    Place place{program.tileBuffer(rpu::Memory::Vector, name, bytes), 0, {}};
    program.copyIn(place, program.imm(bytes), dramOf(value, name), program.viewOf({}), program.imm(1), bytes,
                   rpu::Role::Weights);
    captured[value] = place;
  }
}

/// Writes zeros to a state.
void ProgramConversion::clearState(unsigned index, rpu::Role role) {
  program.lanes(lastSize(recurrence.getFinals()[index]), role, [&](OpBuilder &lane) {
    Value zero = rpu::LaneConstantOp::create(lane, program.loc, lane.getF32Type(), APFloat(0.0f));
    rpu::LaneStoreOp::create(lane, program.loc, states[index].buffer, program.view(states[index]), zero);
  });
}

/// The length of the sequence, and its initial state.
void ProgramConversion::startSequence() {
  if (Value lengths = recurrence.getLengths()) {
    length = program.newReg();
    rpu::FetchOp::create(program.builder, program.loc, length, dramOf(lengths, "lengths"),
                         program.viewOf({program.constant(kFloatBytes)}));
  } else {
    length = steps;
  }
  for (auto [index, state] : llvm::enumerate(states)) {
    int64_t bytes = lastSize(recurrence.getFinals()[index]) * kFloatBytes;
    if (!recurrence.getInit().empty())
      program.copyIn(state, program.imm(bytes), dramOf(recurrence.getInit()[index], "init_" + Twine(index)),
                     program.viewOf({program.constant(bytes)}), program.imm(1), bytes, rpu::Role::Input);
    else
      clearState(index, rpu::Role::Input);
  }
}

void ProgramConversion::emitProduct(ProductOp product, unsigned level, const Place &acc, int64_t accPitch,
                                    const Place &x, int64_t xPitch, rpu::RegOrImmAttr vectors, bool accumulate,
                                    rpu::Role role) {
  const WeightPlan &plan = plans.at(product);
  int64_t rows = lastSize(product.getResult()), cols = lastSize(product.getX());
  const Place &weight = weights[product];
  if (plan.resident()) {
    program.product(acc, accPitch, weight, x, xPitch, rows, cols, vectors, accumulate, role);
    return;
  }
  // All copies but the last in a loop; the last may be smaller.
  int64_t copyBytes = plan.panelsPerCopy * plan.panelBytes, copyRows = plan.panelsPerCopy * kPanelRows;
  int64_t whole = plan.copies() - 1;
  Value dram = streamed.at(product);
  auto dramView = [&](int64_t offset, bool stepping) {
    Place place{dram, offset, {}};
    return program.view(stepping ? place.stepping(level, copyBytes) : place, program.imm(plan.panelBytes));
  };
  auto one = [&](const Place &slot, rpu::ViewAttr from, int64_t panels, const Place &to, int64_t count) {
    program.copyIn(slot, program.imm(plan.panelBytes), dram, from, program.imm(panels), plan.panelBytes,
                   rpu::Role::Weights);
    program.product(to, accPitch, slot, x, xPitch, count, cols, vectors, accumulate, role);
  };
  if (whole > 0)
    program.loop(program.imm(whole), [&] {
      one(weight.ring(level, 2, copyBytes), dramView(0, true), plan.panelsPerCopy,
          acc.stepping(level, copyRows * kFloatBytes), copyRows);
    });
  one(weight.at(whole % 2 * copyBytes), dramView(whole * copyBytes, false), plan.panels - whole * plan.panelsPerCopy,
      acc.at(whole * copyRows * kFloatBytes), rows - whole * copyRows);
}

void ProgramConversion::projectChunk(rpu::RegOrImmAttr count) {
  int64_t xBytes = lastSize(recurrence.getX()) * kFloatBytes;
  auto yield = cast<YieldOp>(recurrence.getProject().front().getTerminator());
  for (auto [value, place] : llvm::zip(yield.getValues(), projected))
    emitProduct(value.getDefiningOp<ProductOp>(), Step, place.first, place.second, xRing, xBytes, count,
                /*accumulate=*/false, rpu::Role::Project);
}

LogicalResult ProgramConversion::emitStep() {
  StepCompiler compiler(recurrence, program);
  Block &step = recurrence.getStep().front();
  for (auto [index, place] : llvm::enumerate(projected))
    compiler.setPlace(step.getArgument(index), place.first.stepping(Step, place.second));
  for (auto [index, state] : llvm::enumerate(states)) {
    compiler.setPlace(step.getArgument(projected.size() + index), state);
    compiler.setTarget(index + 1, state);
  }
  for (auto &[value, place] : captured)
    compiler.setPlace(value, place);
  if (outputs.contains(0))
    compiler.setTarget(0, yRing.stepping(Step, lastSize(recurrence.getY()) * kFloatBytes));
  return compiler.compile([&](ProductOp product, const Place &acc, const Place &x, bool accumulate) {
    emitProduct(product, Panel, acc, 0, x, 0, program.imm(1), accumulate, rpu::Role::Recur);
  });
}

LogicalResult ProgramConversion::emitChunks() {
  OpBuilder &builder = program.builder;
  Location loc = program.loc;
  bool reverse = recurrence.getReverse();
  int64_t xBytes = lastSize(recurrence.getX()) * kFloatBytes;
  Reg tileReg = program.timeTile(tile()), one = program.constant(1);
  Reg chunks =
      program.scalar<rpu::DivOp>(program.scalar<rpu::SubOp>(program.scalar<rpu::AddOp>(length, tileReg), one), tileReg);

  // Address of the first step processed, bytes to the next step, bytes to the next chunk; backward in reverse.
  struct Walk {
    Value buffer;
    Reg pitch, chunk;
  };
  auto walk = [&](const DramArgument &argument, StringRef name, Reg time) {
    Reg pitch = reverse ? program.scalar<rpu::SubOp>(0, time) : time;
    Reg chunk = program.scalar<rpu::MulOp>(pitch, tileReg);
    if (!reverse)
      return Walk{program.argumentBuffer(name, argument.number), pitch, chunk};
    Reg last = program.scalar<rpu::MulOp>(program.scalar<rpu::SubOp>(length, one), time);
    Reg base = program.scalar<rpu::AddOp>(argument.base, last);
    return Walk{program.argumentBuffer(name + "_from_last", argument.number, base), pitch, chunk};
  };
  Walk x = walk(inputs[recurrence.getX()], "x", xTime), y{};
  bool wantsY = outputs.contains(0);
  if (wantsY)
    y = walk(outputs[0], "y", yTime);

  LogicalResult result = success();
  program.loop(program.reg(chunks), [&] {
    Reg index = program.newReg();
    rpu::IndexOp::create(builder, loc, index, Chunk);
    Reg done = program.scalar<rpu::MulOp>(index, tileReg);
    Reg count = program.scalar<rpu::MinOp>(program.scalar<rpu::SubOp>(length, done), tileReg);
    program.copyIn(xRing, program.imm(xBytes), x.buffer, program.viewOf({xBatch, x.chunk}, program.reg(x.pitch)),
                   program.reg(count), xBytes, rpu::Role::Input);
    projectChunk(program.reg(count));
    program.loop(program.reg(count), [&] { result = emitStep(); });
    if (wantsY) {
      int64_t bytes = lastSize(recurrence.getY()) * kFloatBytes;
      program.copyOut(y.buffer, program.viewOf({yBatch, y.chunk}, program.reg(y.pitch)), yRing, program.imm(bytes),
                      program.reg(count), bytes, rpu::Role::Output);
    }
  });
  return result;
}

/// Zeros past the length, and the final states.
void ProgramConversion::finishSequence() {
  if (recurrence.getLengths()) {
    Reg one = program.constant(1);
    if (outputs.contains(0)) {
      Reg rest = program.scalar<rpu::SubOp>(steps, length);
      Reg base = program.scalar<rpu::AddOp>(outputs[0].base, program.scalar<rpu::MulOp>(length, yTime));
      rpu::FillOp::create(program.builder, program.loc,
                          program.argumentBuffer("y_past_length", outputs[0].number, base),
                          program.viewOf({yBatch}, program.reg(yTime)), program.reg(rest),
                          program.imm(lastSize(recurrence.getY()) * kFloatBytes), ArrayRef<int64_t>(),
                          ArrayRef<int64_t>(), rpu::Role::Output);
    }
    // Runs once for a length of 0, not at all otherwise.
    Reg empty = program.scalar<rpu::SubOp>(one, program.scalar<rpu::MinOp>(length, one));
    bool wanted =
        llvm::any_of(llvm::seq<unsigned>(1, states.size() + 1), [&](unsigned k) { return outputs.contains(k); });
    if (wanted)
      program.loop(program.reg(empty), [&] {
        for (unsigned index = 0; index < states.size(); ++index)
          if (outputs.contains(index + 1))
            clearState(index, rpu::Role::Output);
      });
  }
  for (auto [index, state] : llvm::enumerate(states)) {
    if (!outputs.contains(index + 1))
      continue;
    int64_t bytes = lastSize(recurrence.getFinals()[index]) * kFloatBytes;
    program.copyOut(program.argumentBuffer("state_" + Twine(index), outputs[index + 1].number),
                    program.viewOf({program.constant(bytes)}), state, program.imm(bytes), program.imm(1), bytes,
                    rpu::Role::Output);
  }
}

/// A program takes arrays, holds constants and the recurrence, and returns results of that, each once.
LogicalResult ProgramConversion::verifyProgram() {
  Block &body = source.getBody().front();
  if (!llvm::isa<BlockArgument>(recurrence.getX()))
    return recurrence.emitError("expects x to be an argument of the program");
  for (Type type : body.getArgumentTypes()) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || tensor.getEncoding() || !(tensor.getElementType().isF32() || tensor.getElementType().isInteger(32)))
      return source.emitError("expects arguments that are tensors of f32, or of i32 for lengths, found ") << type;
  }
  if (!llvm::isa<rpu::ReturnOp>(body.back()))
    return source.emitError("expects a program that ends in rpu.return");
  for (Operation &op : body) {
    if (auto end = dyn_cast<rpu::ReturnOp>(op)) {
      SmallPtrSet<void *, 4> returned;
      if (!llvm::all_of(end.getOperands(), [&](Value value) {
            return value.getDefiningOp() == recurrence && returned.insert(value.getAsOpaquePointer()).second;
          }))
        return end.emitError("expects results of the recurrence, each once");
    } else if (&op != recurrence.getOperation() && !llvm::isa<arith::ConstantOp>(op)) {
      return op.emitError("expects a program of constants and one recurrence, found ") << op.getName();
    }
  }
  return success();
}

LogicalResult ProgramConversion::run() {
  if (failed(verifyProgram()))
    return failure();
  declareArguments();
  declareBuffers();
  auto bytes = [&](Value value) { return program.constant(lastSize(value) * kFloatBytes); };
  xBatch = bytes(recurrence.getX());
  xTime = program.scalar<rpu::MulOp>(batch, xBatch);
  if (outputs.contains(0)) {
    yBatch = bytes(recurrence.getY());
    yTime = program.scalar<rpu::MulOp>(batch, yBatch);
  }
  loadOnce();
  LogicalResult result = success();
  program.loop(program.reg(batch), [&] {
    startSequence();
    result = emitChunks();
    finishSequence();
  });
  rpu::HaltOp::create(program.builder, program.loc);
  if (program.exhausted())
    return recurrence.emitError("takes more than ") << isa::kRegisters - 1 << " scalar registers";
  return result;
}

/// What bounds the time of the layer, whatever its schedule: nothing here depends on tiles or on where weights are.
rpu::LayerAttr ProgramConversion::layer() {
  int64_t macs = 0, perCall = 0, perSequence = 0, perStep = 0;
  std::array<int64_t, 2> weightBytes{};
  SmallPtrSet<void *, 8> seen;
  // In the order of the operation: project, step.
  for (auto [index, region] : llvm::enumerate(recurrence->getRegions()))
    for (ProductOp product : region.getOps<ProductOp>()) {
      int64_t elements = lastSize(product.getResult()) * lastSize(product.getX());
      macs += elements;
      if (seen.insert(product.getWeight().getAsOpaquePointer()).second)
        weightBytes[index] += elements * kFloatBytes;
    }
  perStep += lastSize(recurrence.getX()) * kFloatBytes;
  if (outputs.contains(0))
    perStep += lastSize(recurrence.getY()) * kFloatBytes;
  for (auto [index, final] : llvm::enumerate(recurrence.getFinals()))
    perSequence += lastSize(final) * kFloatBytes * (!recurrence.getInit().empty() + outputs.contains(index + 1));
  for (auto &[value, place] : captured)
    perCall += cast<RankedTensorType>(value.getType()).getNumElements() * kFloatBytes;
  std::string node = onnx::nodeNameInFile(source->getParentOfType<ModuleOp>(), recurrence.getLoc());
  if (node.empty())
    node = source.getSymName().str();
  // Constant lengths are no argument.
  auto lengths = inputs.find(recurrence.getLengths());
  return rpu::LayerAttr::get(source.getContext(), program.builder.getStringAttr(node), macs, weightBytes[0],
                             weightBytes[1], perCall, perSequence, perStep, inputs.at(recurrence.getX()).number,
                             lengths == inputs.end() ? -1 : lengths->second.number);
}

struct ConvertRnnToRpu : impl::ConvertRnnToRpuBase<ConvertRnnToRpu> {
  void runOnOperation() override {
    rpu::ProgramOp program = getOperation();
    auto recurrences = llvm::to_vector(program.getOps<RecurrenceOp>());
    if (recurrences.size() != 1) {
      program.emitError("expects a program with one recurrence, found ") << recurrences.size();
      return signalPassFailure();
    }
    RecurrenceOp recurrence = recurrences.front();
    FailureOr<target::TargetModel> model = requireTarget(program);
    if (failed(model))
      return signalPassFailure();
    if (failed(verifySteps(recurrence)))
      return signalPassFailure();
    auto plans = planWeights(recurrence, *model);
    if (failed(plans))
      return signalPassFailure();
    for (auto &[product, plan] : *plans)
      ++(plan.resident() ? numResident : numStreamed);

    Region converted;
    ProgramConversion conversion(program, recurrence, &converted.emplaceBlock(), *plans);
    if (failed(conversion.run()))
      return signalPassFailure();
    program.setArgumentsAttr(conversion.arguments());
    program.setLayerAttr(conversion.layer());
    program.getBody().takeBody(converted);
  }
};
} // namespace
} // namespace rnn
