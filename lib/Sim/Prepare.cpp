//===- Prepare.cpp - A program made ready to run ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Prepare.h"

#include <bitset>

namespace rnn::sim {

using isa::Memory;

namespace {

static_assert(isa::kSemaphores <= 64);

class Preparer {
public:
  explicit Preparer(const isa::Program &program) : result(std::make_unique<PreparedProgram>()) {
    result->program = program;
  }

  std::variant<std::unique_ptr<PreparedProgram>, Trap> run() {
    auto decoded = isa::decodeAll(result->program.code);
    if (!decoded)
      return fault(TrapCause::InvalidProgram, decoded.error().message);
    result->instrs = std::move(*decoded);
    if (result->instrs.size() != result->program.roles.size())
      return fault(TrapCause::InvalidProgram, "expected a role for each of " + std::to_string(result->instrs.size()) +
                                                  " instructions, found " +
                                                  std::to_string(result->program.roles.size()));
    for (const isa::Argument &argument : result->program.arguments) {
      checkRegister(argument.baseRegister);
      for (uint8_t dim : argument.dimRegisters)
        checkRegister(dim);
    }
    std::vector<std::pair<size_t, size_t>> ranges;
    for (index = 0; index < result->instrs.size(); ++index) {
      size_t first = result->operands.size();
      std::visit([&](const auto &instr) { add(instr); }, result->instrs[index]);
      ranges.emplace_back(first, result->operands.size() - first);
      result->maxOperands = std::max(result->maxOperands, ranges.back().second);
    }
    if (!open.empty() && !trap)
      return index = open.back(), fault(TrapCause::LoopNesting, "'begin' without 'end'");
    followSetup();
    if (trap)
      return *trap;
    for (size_t i = 0; i < ranges.size(); ++i)
      result->code[i].operands = std::span<const Operand>(result->operands).subspan(ranges[i].first, ranges[i].second);
    return std::move(result);
  }

private:
  Trap fault(TrapCause cause, const std::string &text) const {
    return makeTrap(cause, text, *result,
                    index < result->instrs.size() ? std::optional(uint32_t(index)) : std::nullopt);
  }
  void report(TrapCause cause, const std::string &text) {
    if (!trap)
      trap = fault(cause, text);
  }

  /// The set-up part has no loops: every instruction of it runs once.
  void followSetup() {
    std::array<int64_t, isa::kSemaphores> counts;
    std::ranges::copy(result->program.semaphores, counts.begin());
    if (result->program.setup > result->code.size())
      return report(TrapCause::InvalidProgram, "expected a set-up part of at most " +
                                                   std::to_string(result->code.size()) + " instructions, found " +
                                                   std::to_string(result->program.setup));
    for (index = 0; index < result->program.setup; ++index) {
      const PreparedInstr &instr = result->code[index];
      if (instr.engine == isa::Engine::Seq)
        report(TrapCause::InvalidProgram, "expected instructions of engines in the set-up part");
      for (uint8_t s : instr.sync.waits)
        --counts[s];
      for (uint8_t s : instr.sync.posts)
        ++counts[s];
    }
    for (size_t s = 0; s < counts.size(); ++s) {
      if (counts[s] < 0 || counts[s] > int64_t(isa::kMaxTokens))
        report(TrapCause::InvalidProgram, "expected semaphore " + std::to_string(s) + " to be left with 0 to " +
                                              std::to_string(isa::kMaxTokens) + " by the set-up part, found " +
                                              std::to_string(counts[s]));
      result->laterSemaphores[s] = uint16_t(counts[s]);
    }
  }

  void checkRegister(uint32_t number) {
    if (number >= isa::kRegisters)
      report(TrapCause::InvalidOperand, "there is no register s" + std::to_string(number));
  }

  void addOperand(const isa::FieldInfo &info, const isa::Address &address, bool pitchIsReg, int32_t pitch) {
    Operand operand{};
    operand.memory = address.memory;
    operand.base = address.base;
    operand.offset = address.offset;
    operand.pitchIsReg = pitchIsReg;
    operand.pitch = pitch;
    if (pitchIsReg)
      checkRegister(uint32_t(pitch));
    if (!info.allows(address.memory))
      report(TrapCause::InvalidOperand, "the memory " + std::string(isa::kMemoryNames[size_t(address.memory)]) +
                                            " is none this operand may be in");
    for (unsigned level = 0; level < isa::kLoopLevels; ++level)
      if (address.strides[level]) {
        operand.terms[operand.termCount++] = {uint8_t(level), address.strides[level]};
        if (level >= open.size())
          report(TrapCause::LoopNesting,
                 "a stride on level " + std::to_string(level) + " inside " + std::to_string(open.size()) + " loops");
      }
    operand.ringLevel = address.ringLevel;
    operand.ringDepth = address.ringDepth;
    result->operands.push_back(operand);
  }

  template <class F> void addField(const isa::FieldInfo &info, const F &field, size_t first, PreparedInstr &prepared) {
    if constexpr (std::is_same_v<F, isa::View>) {
      if (field.address.memory == Memory::Dram)
        prepared.dramOperand = int8_t(result->operands.size() - first);
      addOperand(info, field.address, field.pitchIsReg, field.pitch);
    }
    if constexpr (std::is_same_v<F, isa::RegOrImm>) {
      prepared.sizes[prepared.sizeCount++] = field;
      if (field.isReg)
        checkRegister(field.value);
    }
  }

  template <class I> void add(const I &instr) {
    PreparedInstr prepared{};
    prepared.instr = &result->instrs[index];
    prepared.engine = isa::engineOf(result->instrs[index]);
    prepared.role = result->program.roles[index];
    size_t first = result->operands.size();
    I::forEachField(instr,
                    [&](const isa::FieldInfo &info, const auto &field) { addField(info, field, first, prepared); });
    if constexpr (I::kHasSync) {
      prepared.sync = instr.sync;
      for (uint8_t semaphore : instr.sync.waits)
        prepared.waitMask |= uint64_t(1) << semaphore;
      for (uint8_t semaphore : instr.sync.posts)
        prepared.postMask |= uint64_t(1) << semaphore;
    }
    special(instr, prepared);
    if (prepared.role == isa::Role::Recur)
      for (size_t begin : open)
        result->code[begin].recurs |= result->code[begin].loop == isa::Role::Steps;
    result->code.push_back(std::move(prepared));
  }

  /// What an instruction needs beside the checks of its fields.
  template <class I> void special(const I &, PreparedInstr &) {}
  void special(const isa::Begin &, PreparedInstr &prepared) {
    prepared.loop = prepared.role;
    if (open.size() == isa::kLoopLevels)
      report(TrapCause::LoopNesting, "more than " + std::to_string(isa::kLoopLevels) + " loops in one another");
    open.push_back(index);
  }
  void special(const isa::End &, PreparedInstr &prepared) {
    if (open.empty())
      return report(TrapCause::LoopNesting, "'end' without 'begin'");
    prepared.target = uint32_t(open.back() + 1);
    prepared.loop = result->code[open.back()].loop;
    prepared.recurs = result->code[open.back()].recurs;
    result->code[open.back()].target = uint32_t(index + 1);
    open.pop_back();
  }
  void special(const isa::Index &instr, PreparedInstr &) {
    if (instr.level >= open.size())
      report(TrapCause::LoopNesting, "no loop of level " + std::to_string(instr.level) + " is open");
  }
  void special(const isa::Fence &instr, PreparedInstr &) {
    if (instr.engine == 0 || instr.engine >= isa::kEngineCount)
      report(TrapCause::InvalidOperand, "there is no queue of engine " + std::to_string(instr.engine));
  }

  /// The operands of a lane program are those of its micro-operations; no register is read before it is written.
  void special(const isa::Lanes &instr, PreparedInstr &) {
    std::bitset<isa::kLaneRegisters> written;
    for (const isa::MicroOp &micro : instr.body)
      std::visit(
          [&]<class Op>(const Op &op) {
            std::optional<isa::LaneReg> target;
            Op::forEachField(op, [&]<class F>(const isa::FieldInfo &info, const F &field) {
              if constexpr (std::is_same_v<F, isa::Element>)
                addOperand(info, field.address, false, 0);
              if constexpr (std::is_same_v<F, isa::LaneReg>) {
                if (info.name == "rd")
                  target = field;
                else if (!written[field.number])
                  report(TrapCause::Uninitialised, "lane register r" + std::to_string(field.number) + " is read by '" +
                                                       std::string(Op::kMnemonic) + "' before it is written");
              }
            });
            if (target)
              written.set(target->number);
          },
          micro);
  }

  std::unique_ptr<PreparedProgram> result;
  std::vector<size_t> open;
  size_t index = SIZE_MAX;
  std::optional<Trap> trap;
};

} // namespace

std::string describe(uint32_t index, const isa::Instr &instr) {
  return "instruction " + std::to_string(index) + " (" + std::string(isa::mnemonicOf(instr)) + " on " +
         std::string(isa::kEngineNames[size_t(isa::engineOf(instr))]) + ")";
}

Trap makeTrap(TrapCause cause, const std::string &text, const PreparedProgram &program, std::optional<uint32_t> index) {
  Trap trap{};
  trap.cause = cause;
  trap.instruction = index;
  trap.program = program.program.name;
  trap.node = program.program.layer.node;
  trap.message = std::string(trapCauseName(cause));
  if (!text.empty())
    trap.message += ": " + text;
  if (index && *index < program.instrs.size()) {
    trap.engine = isa::engineOf(program.instrs[*index]);
    trap.message += ", at " + describe(*index, program.instrs[*index]);
  }
  if (!trap.node.empty())
    trap.message += ", node '" + trap.node + "'";
  return trap;
}

std::variant<std::unique_ptr<PreparedProgram>, Trap> prepare(const isa::Program &program) {
  return Preparer(program).run();
}

} // namespace rnn::sim
