//===- RpuToIsa.cpp - From the rpu dialect to device programs ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/RpuToIsa/RpuToIsa.h"

#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"
#include "rnn-mlir/Dialect/Rpu/IR/RpuBridge.h"
#include "rnn-mlir/Target/Chain.h"

#include "mlir/IR/Remarks.h"

using namespace mlir;

namespace rnn {
namespace {

/// Whether a case of an enum of the dialect is the same case of the instruction set's.
template <auto Dialect, auto Isa> constexpr bool kSame = static_cast<uint32_t>(Dialect) == static_cast<uint32_t>(Isa);

static_assert(kSame<rpu::Role::Control, isa::Role::Control> && kSame<rpu::Role::Weights, isa::Role::Weights> &&
              kSame<rpu::Role::Input, isa::Role::Input> && kSame<rpu::Role::Project, isa::Role::Project> &&
              kSame<rpu::Role::Recur, isa::Role::Recur> && kSame<rpu::Role::Output, isa::Role::Output> &&
              kSame<rpu::Role::Sequences, isa::Role::Sequences> && kSame<rpu::Role::Tiles, isa::Role::Tiles> &&
              kSame<rpu::Role::Steps, isa::Role::Steps>);
static_assert(kPanelRows == static_cast<int64_t>(isa::kPanelRows),
              "weights are encoded in the panels that product reads");
static_assert(rpu::getMaxEnumValForRole() + 1 == isa::kRoleNames.size());

/// Turns operands of ops into fields of instructions. The first problem is reported at the op; `failed` stays set.
class OperandEncoder {
public:
  OperandEncoder(rpu::ProgramOp program, ConstantSection &constants) : program(program), constants(constants) {}

  bool failed = false;

  void fail(Operation *op, const Twine &message) {
    if (!failed)
      op->emitOpError(message);
    failed = true;
  }

  // What the verifiers of ops and views check is not checked again.

  isa::Sync sync(Operation *, ArrayRef<int64_t> waits, ArrayRef<int64_t> posts) {
    isa::Sync result;
    for (int64_t semaphore : waits)
      result.waits.push_back(static_cast<uint8_t>(semaphore));
    for (int64_t semaphore : posts)
      result.posts.push_back(static_cast<uint8_t>(semaphore));
    return result;
  }

  isa::Reg reg(int64_t number) { return {static_cast<uint8_t>(number)}; }

  isa::RegOrImm regOrImm(Operation *op, StringRef field, rpu::RegOrImmAttr attr, unsigned bits) {
    if (attr.getValue() < 0 || (bits < 64 && attr.getValue() >> bits != 0))
      fail(op,
           "expects " + field + " from 0 to " + Twine((uint64_t(1) << bits) - 1) + ", found " + Twine(attr.getValue()));
    return {attr.getIsReg(), static_cast<uint32_t>(attr.getValue())};
  }

  isa::Address address(Operation *op, Value buffer, rpu::ViewAttr view) {
    isa::Address result;
    // Another op that makes a buffer stands before `op` and has been refused: it is no instruction.
    auto declared = cast<rpu::BufferOp>(buffer.getDefiningOp());
    result.memory = static_cast<isa::Memory>(declared.getMemory());
    int64_t address = view.getOffset();
    if (auto base = declared.getBase())
      result.base = *base;
    else if (auto argument = declared.getArgument())
      result.base = cast<rpu::ArgumentAttr>((*program.getArguments())[*argument]).getBase();
    else
      address += addressOf(declared);
    if (address < 0 || address > std::numeric_limits<uint32_t>::max())
      fail(op, "expects addresses below 4 GiB, found " + Twine(address));
    result.offset = static_cast<uint32_t>(address);
    llvm::copy(view.getStrides(), result.strides.begin());
    result.ringLevel = view.getRingLevel();
    result.ringDepth = view.getRingDepth();
    return result;
  }

  isa::View view(Operation *op, Value buffer, rpu::ViewAttr attr) {
    isa::View result;
    result.address = address(op, buffer, attr);
    rpu::RegOrImmAttr pitch = attr.getPitch();
    if (pitch.getValue() < -isa::kPitchLimit || pitch.getValue() >= isa::kPitchLimit)
      fail(op, "expects a pitch of " + Twine(isa::part::kPitch.width) + " bits, found " + Twine(pitch.getValue()));
    result.pitchIsReg = pitch.getIsReg();
    result.pitch = static_cast<int32_t>(pitch.getValue());
    result.format = static_cast<isa::Format>(attr.getFormat());
    return result;
  }

  isa::Element element(Operation *op, Value buffer, rpu::ViewAttr attr) {
    return {address(op, buffer, attr), static_cast<isa::Format>(attr.getFormat())};
  }

  /// Lane registers of the lane program being encoded.
  isa::LaneReg lane(Value value) { return {laneRegisters.lookup(value)}; }
  uint32_t bodySize(rpu::LanesOp op) { return op.getBody().front().getOperations().size(); }

  /// Gives each value of a lane program a register; one is free again after the last use of its value.
  void assignLanes(rpu::LanesOp op) {
    laneRegisters.clear();
    DenseMap<Value, Operation *> lastUse;
    for (Operation &micro : op.getBody().front())
      for (Value operand : micro.getOperands())
        lastUse[operand] = &micro;
    SmallVector<uint8_t> free;
    for (int number = isa::kLaneRegisters - 1; number >= 0; --number)
      free.push_back(number);
    for (Operation &micro : op.getBody().front()) {
      llvm::SmallPtrSet<void *, 4> released;
      for (Value operand : micro.getOperands())
        if (lastUse[operand] == &micro && laneRegisters.contains(operand) &&
            released.insert(operand.getAsOpaquePointer()).second)
          free.push_back(laneRegisters[operand]);
      for (Value result : micro.getResults()) {
        if (free.empty())
          return fail(op, "takes more than " + Twine(isa::kLaneRegisters) + " lane registers at once");
        laneRegisters[result] = free.back();
        free.pop_back();
        if (!lastUse.contains(result))
          free.push_back(laneRegisters[result]);
      }
    }
    if (op.getBody().front().getOperations().size() > 255)
      fail(op, "takes more than 255 micro-operations");
  }

  /// Address of a buffer in a memory of the tile, or offset of a constant.
  int64_t addressOf(rpu::BufferOp buffer) {
    if (auto constant = buffer.getConstant()) {
      auto [at, fresh] = constantOffsets.try_emplace(buffer, 0);
      if (!fresh)
        return at->second;
      std::optional<ConstantData> data = constantData(*constant);
      if (!data) {
        fail(buffer, "expects a constant with its elements at hand");
        return 0;
      }
      if (!data->splat)
        return at->second = placed(buffer, constants.add(data->bytes), data->bytes.size());
      std::optional<std::vector<char>> filled = expandSplat(*data);
      if (!filled) {
        fail(buffer, "expects a constant of at most 2 GiB, found " + Twine(expandedSize(*data)) + " bytes");
        return 0;
      }
      size_t bytes = filled->size();
      return at->second = placed(buffer, constants.own(std::move(*filled)), bytes);
    }
    if (!buffer.getAddress()) {
      fail(buffer, "has no address, run rpu-plan");
      return 0;
    }
    return *buffer.getAddress();
  }

private:
  /// Tells where a constant lies in DRAM.
  static int64_t placed(rpu::BufferOp buffer, int64_t offset, size_t bytes) {
    remark::passed(buffer.getLoc(), remark::RemarkOpts::name("place").category("rpu-to-isa"))
        << remark::add("{0} memory: {1} takes {2} bytes, [{3}, {4})", stringifyMemory(buffer.getMemory()),
                       buffer.getName(), bytes, offset, offset + int64_t(bytes));
    return offset;
  }

  rpu::ProgramOp program;
  ConstantSection &constants;
  DenseMap<Value, uint8_t> laneRegisters;
  DenseMap<Operation *, int64_t> constantOffsets;
};

/// Encodes the ops of a program in order.
class ProgramEncoder {
public:
  ProgramEncoder(rpu::ProgramOp op, ConstantSection &constants) : op(op), encoder(op, constants) {}

  FailureOr<isa::Program> run() {
    program.name = op.getSymName().str();
    FailureOr<const target::TargetModel *> model = targetOf(op);
    if (failed(model))
      return failure();
    if (rpu::LayerAttr layer = op.getLayerAttr()) {
      program.layer.node = layer.getNode().str();
      program.layer.macsPerStep = layer.getMacsPerStep();
      program.layer.inputWeightBytes = layer.getInputWeightBytes();
      program.layer.stateWeightBytes = layer.getStateWeightBytes();
      program.layer.inputMatCyclesPerStep = layer.getInputMatCyclesPerStep();
      program.layer.stateMatCyclesPerStep = layer.getStateMatCyclesPerStep();
      program.layer.dramBytesPerCall = layer.getDramBytesPerCall();
      program.layer.dramBytesPerSequence = layer.getDramBytesPerSequence();
      program.layer.dramBytesPerStep = layer.getDramBytesPerStep();
      program.layer.constantBytes = layer.getConstantBytes();
      program.layer.stepsArgument = layer.getStepsArgument();
      program.layer.lengthsArgument = layer.getLengthsArgument();
    }
    for (auto argument : op.getArgumentsAttr().getAsRange<rpu::ArgumentAttr>()) {
      isa::Argument encoded;
      encoded.name = argument.getName().str();
      encoded.output = argument.getOutput();
      encoded.elementBytes = argument.getElementBytes();
      encoded.shape = {argument.getShape().begin(), argument.getShape().end()};
      encoded.baseRegister = argument.getBase();
      encoded.dimRegisters = {argument.getDims().begin(), argument.getDims().end()};
      program.arguments.push_back(std::move(encoded));
    }
    for (auto [semaphore, count] : llvm::enumerate(op.getSemaphores()))
      program.semaphores[semaphore] = count;
    for (auto buffer : op.getBody().getOps<rpu::BufferOp>()) {
      // A buffer that nothing uses has no place on the tile.
      bool placed = buffer.getConstant() || buffer.getAddress() || !buffer->use_empty();
      if (!buffer.getArgument() && placed)
        program.buffers.push_back({buffer.getName().str(), static_cast<isa::Memory>(buffer.getMemory()),
                                   static_cast<uint64_t>(encoder.addressOf(buffer)), buffer.getBytes(),
                                   keptBy(buffer)});
    }
    // The set-up part first: what else may stand before it, `set`, belongs to every launch.
    for (auto setup : op.getBody().getOps<rpu::SetupOp>()) {
      encodeBlock(setup.getBody().front());
      program.setup = program.roles.size();
    }
    encodeBlock(op.getBody().front());
    if (encoder.failed)
      return failure();
    // The only bound that follows from the instructions, which must be in their order and have their addresses.
    if (auto instrs = isa::decodeAll(program.code); instrs && *model && (*model)->isDevice()) {
      target::Chain chain = target::chainOf(*instrs, program.roles, **model);
      program.layer.chainCyclesPerStep = static_cast<int64_t>(chain.perStep);
      program.layer.chainCyclesOnce = static_cast<int64_t>(chain.once);
    }
    // What a reader would refuse, such as a name that is no text, is not written.
    if (auto checked = isa::checkProgram(program); !checked)
      return op.emitError(checked.error().message);
    return std::move(program);
  }

private:
  /// How long a buffer of the tile holds what is in it: weights, where something of that role fills it. One of which a
  /// part stays is streamed.
  static isa::Keeps keptBy(rpu::BufferOp buffer) {
    isa::Keeps keeps = isa::Keeps::Scratch;
    for (Operation *user : buffer->getUsers()) {
      auto copy = dyn_cast<rpu::CopyInOp>(user);
      if (!copy || copy.getRole() != rpu::Role::Weights || copy.getDst() != buffer.getResult())
        continue;
      if (copy->getParentOfType<rpu::LoopOp>())
        return isa::Keeps::Streamed;
      keeps = llvm::isa<rpu::SetupOp>(copy->getParentOp()) ? isa::Keeps::Session : isa::Keeps::Launch;
    }
    return keeps;
  }

  void encodeBlock(Block &block) {
    for (Operation &inner : block)
      if (!encoder.failed)
        encodeOp(&inner);
  }

  void append(Operation *source, const isa::Instr &instr, isa::Role role) {
    if (auto done = isa::encode(instr, program.code); !done)
      return encoder.fail(source, done.error().message);
    program.roles.push_back(role);
  }

  template <class Op> void encodeInstr(Op inner) {
    if constexpr (requires { inner.getRole(); })
      append(inner, toInstr(inner, encoder), static_cast<isa::Role>(inner.getRole()));
    else
      append(inner, toInstr(inner, encoder), isa::Role::Control);
  }

  void encodeInstr(rpu::LanesOp lanes) {
    encoder.assignLanes(lanes);
    isa::Lanes instr = toInstr(lanes, encoder);
    for (Operation &micro : lanes.getBody().front())
      rpu::visitMicroOp(&micro, [&](auto typed) { instr.body.emplace_back(toInstr(typed, encoder)); });
    append(lanes, instr, static_cast<isa::Role>(lanes.getRole()));
  }

  void encodeOp(Operation *inner) {
    if (llvm::isa<rpu::BufferOp, rpu::SetupOp>(inner))
      return;
    if (auto loop = dyn_cast<rpu::LoopOp>(inner)) {
      isa::Begin begin;
      begin.count = encoder.regOrImm(loop, "a count", loop.getCount(), 32);
      append(loop, begin, static_cast<isa::Role>(loop.getRole()));
      encodeBlock(loop.getBody().front());
      append(loop, isa::End{}, isa::Role::Control);
      return;
    }
    if (!rpu::visitInstr(inner, [&](auto typed) { encodeInstr(typed); }))
      encoder.fail(inner, "is no instruction");
  }

  rpu::ProgramOp op;
  OperandEncoder encoder;
  isa::Program program;
};

} // namespace

FailureOr<isa::Program> encodeProgram(rpu::ProgramOp program, ConstantSection &constants) {
  if (!program.getArgumentsAttr())
    return program.emitOpError("is not in machine form, run convert-rnn-to-rpu");
  return ProgramEncoder(program, constants).run();
}

} // namespace rnn
