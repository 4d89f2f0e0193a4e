//===- TrapTest.cpp - Every fault is provoked -------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Programs.h"

#include <algorithm>

using namespace rnn;
using namespace rnn::sim;
using namespace rnn::test;

/// A program from its assembly alone, without the checks of a program file.
static isa::Program unchecked(std::string_view text) {
  isa::Program program;
  auto instrs = isa::parse(text);
  EXPECT_TRUE(instrs) << (instrs ? "" : instrs.error().message);
  for (const isa::Instr &instr : *instrs) {
    EXPECT_TRUE(isa::encode(instr, program.code));
    program.roles.push_back(isa::Role::Control);
  }
  return program;
}

static Trap trapOf(const isa::Program &program, Launch launch = {}, const RunOptions &options = {}) {
  auto result = run(program, launch, options);
  EXPECT_FALSE(result) << "the program ran";
  return result ? Trap{} : result.trap();
}

static Launch sixteenFloats() {
  Launch launch;
  launch.constants = numbers(16);
  return launch;
}

/// Deletes the `which`-th wait of a program; false if there are fewer.
static bool deleteWait(isa::Program &program, size_t which) {
  auto instrs = *isa::decodeAll(program.code);
  program.code.clear();
  bool deleted = false;
  for (isa::Instr &instr : instrs) {
    std::visit(
        [&]<class I>(I &i) {
          if constexpr (I::kHasSync) {
            isa::Sync::List kept;
            for (uint8_t s : i.sync.waits) {
              if (which-- == 0)
                deleted = true;
              else
                kept.push_back(s);
            }
            i.sync.waits = kept;
          }
        },
        instr);
    EXPECT_TRUE(isa::encode(instr, program.code));
  }
  return deleted;
}

TEST(Trap, DeletingAnyWaitIsARace) {
  size_t waits = 0;
  for (;; ++waits) {
    isa::Program program = assemble(kRecurrence);
    if (!deleteWait(program, waits))
      break;
    Trap trap = trapOf(program, recurrenceLaunch(6));
    EXPECT_TRUE(trap.cause == TrapCause::Race || trap.cause == TrapCause::Uninitialised)
        << "wait " << waits << ": " << trap.message;
    EXPECT_EQ(trap.node, "rnn_1");
  }
  EXPECT_EQ(waits, 7u);
}

TEST(Trap, RaceNamesBothInstructionsTheAddressAndTheNode) {
  isa::Program program = assemble(kRecurrence);
  ASSERT_TRUE(deleteWait(program, 2));
  Trap trap = trapOf(program, recurrenceLaunch(2));
  EXPECT_EQ(trap.cause, TrapCause::Race);
  EXPECT_EQ(trap.message, "race: acc 0x0 ('sum' byte 0), read without an order to the write by instruction 5 (product "
                          "on mat), at instruction 7 (lanes on vec), node 'rnn_1'");
  EXPECT_EQ(trap.instruction, 7u);
  EXPECT_EQ(trap.other, 5u);
  EXPECT_EQ(trap.memory, isa::Memory::Acc);
}

TEST(Trap, UninitialisedRead) {
  Trap trap = trapOf(unchecked("lanes n=4 count=2\nlane.load source=acc[8] rd=r0\n"
                               "lane.store target=vector[0] value=r0\nhalt\n"));
  EXPECT_EQ(trap.cause, TrapCause::Uninitialised);
  EXPECT_EQ(trap.address, 8u);
  trap = trapOf(unchecked("lanes n=4 count=1\nlane.store target=vector[0] value=r7\nhalt\n"));
  EXPECT_EQ(trap.cause, TrapCause::Uninitialised);
  EXPECT_NE(trap.message.find("r7"), std::string::npos);
}

TEST(Trap, OutOfRange) {
  EXPECT_EQ(trapOf(unchecked("copy_in dst=vector[262112] src=dram[0] rows=1 bytes=64\nhalt\n"), sixteenFloats()).cause,
            TrapCause::OutOfRange);
  EXPECT_EQ(trapOf(unchecked("copy_in dst=vector[0] src=dram[4] rows=1 bytes=64\nhalt\n"), sixteenFloats()).cause,
            TrapCause::OutOfRange);
  EXPECT_EQ(
      trapOf(unchecked("copy_in dst=vector[0,pitch=-8] src=dram[0] rows=2 bytes=4\nhalt\n"), sixteenFloats()).cause,
      TrapCause::OutOfRange);
  EXPECT_EQ(trapOf(unchecked("set rd=s1 value=-4611686018427387904\n"
                             "copy_in dst=vector[0,pitch=s1] src=dram[0] rows=16 bytes=4\nhalt\n"),
                   sixteenFloats())
                .cause,
            TrapCause::OutOfRange);
}

TEST(Trap, Misaligned) {
  EXPECT_EQ(trapOf(unchecked("lanes n=1 count=2\nlane.constant value=0x00000000 rd=r0\n"
                             "lane.store target=vector[2] value=r0\nhalt\n"))
                .cause,
            TrapCause::Misaligned);
  Trap trap = trapOf(unchecked("lanes n=1 count=2\nlane.constant value=0x00000000 rd=r0\n"
                               "lane.store target=vector[3,format=f16] value=r0\nhalt\n"));
  EXPECT_EQ(trap.cause, TrapCause::Misaligned);
  EXPECT_NE(trap.message.find("an f16"), std::string::npos) << trap.message;
  EXPECT_EQ(trapOf(unchecked("fetch rd=s1 source=dram[2]\nhalt\n"), sixteenFloats()).cause, TrapCause::Misaligned);
}

TEST(Trap, Overlap) {
  std::string_view filled = "copy_in dst=vector[0] src=dram[0] rows=1 bytes=64 post=0\n";
  EXPECT_EQ(trapOf(unchecked(std::string(filled) + "lanes n=4 count=2 wait=0\nlane.load source=vector[0] rd=r0\n"
                                                   "lane.store target=vector[4] value=r0\nhalt\n"),
                   sixteenFloats())
                .cause,
            TrapCause::Overlap);
  EXPECT_EQ(
      trapOf(unchecked("copy_in dst=vector[0,pitch=4] src=dram[0,pitch=8] rows=2 bytes=8\nhalt\n"), sixteenFloats())
          .cause,
      TrapCause::Overlap);
}

TEST(Trap, InPlaceInAnotherFormatOverlaps) {
  // Number 1 of one format shares bytes with number 0 of the other.
  std::string_view filled = "copy_in dst=vector[0] src=dram[0] rows=1 bytes=64 post=0\n";
  for (auto [from, to] : {std::pair("vector[0]", "vector[0,format=f16]"), {"vector[0,format=f16]", "vector[0]"}})
    EXPECT_EQ(trapOf(unchecked(std::string(filled) + "lanes n=4 count=2 wait=0\nlane.load source=" + from +
                               " rd=r0\nlane.store target=" + to + " value=r0\nhalt\n"),
                     sixteenFloats())
                  .cause,
              TrapCause::Overlap);
}

TEST(Trap, InPlaceLaneProgramIsNoOverlap) {
  Launch launch = sixteenFloats();
  auto result = run(unchecked("copy_in dst=vector[0] src=dram[0] rows=1 bytes=64 post=0\nlanes n=16 count=2 wait=0\n"
                              "lane.load source=vector[0] rd=r0\nlane.store target=vector[0] value=r0\nhalt\n"),
                    launch);
  EXPECT_TRUE(result);
}

TEST(Trap, WriteProtected) {
  EXPECT_EQ(trapOf(unchecked("fill dst=dram[0] rows=1 bytes=64\nhalt\n"), sixteenFloats()).cause,
            TrapCause::WriteProtected);
  isa::Program program = unchecked("fill dst=dram[0,base=s1] rows=1 bytes=4\nhalt\n");
  program.arguments.push_back({"x", false, 4, {1}, 1, {0}});
  Launch launch;
  launch.data = {{1}};
  launch.shapes = {{1}};
  Trap trap = trapOf(program, launch);
  EXPECT_EQ(trap.cause, TrapCause::WriteProtected);
  EXPECT_NE(trap.message.find("'x' byte 0"), std::string::npos);
}

TEST(Trap, SemaphoreOverflow) {
  isa::Program program = unchecked("fence engine=3 post=5\nhalt\n");
  program.semaphores[5] = 65535;
  EXPECT_EQ(trapOf(program).cause, TrapCause::SemaphoreOverflow);
}

TEST(Trap, DeadlockPrintsTheCycleOfWaits) {
  Trap trap = trapOf(unchecked("fence engine=3 wait=0 post=1\nfence engine=4 wait=1 post=0\nhalt\n"));
  EXPECT_EQ(trap.cause, TrapCause::Deadlock);
  EXPECT_EQ(trap.message,
            "deadlock: instruction 0 (fence on mat) waits for semaphore 0, posted by instruction 1 (fence "
            "on vec); instruction 1 (fence on vec) waits for semaphore 1, posted by instruction 0 (fence "
            "on mat), at instruction 0 (fence on mat)");
  trap = trapOf(unchecked("fence engine=3 wait=0\nhalt\n"));
  EXPECT_NE(trap.message.find("which nothing posts"), std::string::npos);
}

TEST(Trap, DeadlockThroughAFullQueue) {
  // Nine fences fill the queue of mat, and what they wait for is behind them.
  std::string text;
  for (int i = 0; i < 9; ++i)
    text += "fence engine=3 wait=0\n";
  Trap trap = trapOf(unchecked(text + "fence engine=4 post=0\nhalt\n"));
  EXPECT_EQ(trap.cause, TrapCause::Deadlock);
  EXPECT_NE(trap.message.find("the sequencer waits for a place in the queue of mat"), std::string::npos);
}

TEST(Trap, DivisionByZero) {
  EXPECT_EQ(trapOf(unchecked("div rd=s1 ra=s2 rb=s0\nhalt\n")).cause, TrapCause::DivisionByZero);
}

TEST(Trap, Limits) {
  RunOptions options;
  options.maxCycles = 50;
  EXPECT_EQ(trapOf(unchecked("begin count=100\nfence engine=3\nend\nhalt\n"), {}, options).cause,
            TrapCause::CycleLimit);
  // Without instructions of engines: 1 cycle each for `begin`, `halt` and 48 times `end`.
  EXPECT_EQ(trapOf(unchecked("begin count=4000000000\nend\nhalt\n"), {}, options).cause, TrapCause::CycleLimit);
  EXPECT_EQ(trapOf(unchecked("begin count=49\nend\nhalt\n"), {}, options).cause, TrapCause::CycleLimit);
  Launch none;
  auto result = run(unchecked("begin count=48\nend\nhalt\n"), none, options);
  ASSERT_TRUE(bool(result));
  EXPECT_EQ(result->cycles, 50u);
  // `begin`, `halt` and 48 times `end` are 50 instructions.
  options.maxCycles = kDefaultMaxCycles;
  options.maxInstructions = 50;
  EXPECT_TRUE(bool(run(unchecked("begin count=48\nend\nhalt\n"), none, options)));
  EXPECT_EQ(trapOf(unchecked("begin count=49\nend\nhalt\n"), {}, options).cause, TrapCause::InstructionLimit);
}

TEST(Trap, ALaunchEndsWithinItsLimit) {
  // A copy that nothing waits for: its 64 bytes are visible after the setup and the latency of the DRAM.
  Launch constants;
  constants.constants.resize(16);
  isa::Program copy = unchecked("copy_in dst=vector[0] src=dram[0] rows=1 bytes=64\nhalt\n");
  auto whole = run(copy, constants);
  ASSERT_TRUE(bool(whole));
  target::TargetModel model = generic();
  ASSERT_GT(model.memory(isa::Memory::Dram).latency, 50u);
  EXPECT_GT(whole->cycles, uint64_t(model.memory(isa::Memory::Dram).latency));
  RunOptions options;
  options.maxCycles = whole->cycles;
  auto enough = run(copy, constants, options);
  ASSERT_TRUE(bool(enough));
  EXPECT_EQ(enough->cycles, whole->cycles);
  for (uint64_t cycles : {uint64_t(50), whole->cycles - 1}) {
    options.maxCycles = cycles;
    auto late = run(copy, constants, options);
    ASSERT_FALSE(bool(late)) << cycles;
    EXPECT_EQ(late.trap().cause, TrapCause::CycleLimit);
    EXPECT_EQ(late.trap().instruction, 0u);
  }
}

TEST(Trap, ALimitNamesTheInstructionThatIsRunning) {
  RunOptions options;
  options.maxCycles = 50;
  auto limit = [&](const std::string &text) { return trapOf(unchecked(text), {}, options); };
  // The sequencer's `end`, at 1 cycle each.
  Trap trap = limit("begin count=100\nend\nhalt\n");
  EXPECT_EQ(trap.instruction, 1u);
  EXPECT_TRUE(trap.message.starts_with("cycle limit: more than 50 cycles, at instruction 1 (end on seq)"))
      << trap.message;
  // An engine's instruction that would start beyond the limit, because one before it is long.
  std::string body = "lane.constant value=0x00000000 rd=r0\nlane.store target=vector[0] value=r0\n";
  std::string lanes = "lanes n=4096 count=2\n" + body;
  trap = limit(lanes + lanes + "halt\n");
  EXPECT_EQ(trap.instruction, 1u);
  EXPECT_NE(trap.message.find(", at instruction 1 (lanes on vec)"), std::string::npos) << trap.message;
  // One that would end beyond it, for which another waits.
  trap =
      limit("lanes n=4096 count=2 post=1\n" + body + "copy_in dst=vector[0] src=dram[0] rows=0 bytes=4 wait=1\nhalt\n");
  EXPECT_EQ(trap.instruction, 0u);
  options.maxCycles = kDefaultMaxCycles;
  options.maxInstructions = 50;
  EXPECT_EQ(limit("begin count=100\nend\nhalt\n").instruction, 1u);
}

TEST(Trap, ARunIsStoppedFromOutside) {
  RunOptions options;
  unsigned asked = 0;
  options.stop = [&] { return ++asked == 3; };
  Trap trap = trapOf(unchecked("begin count=4000000000\nend\nhalt\n"), {}, options);
  EXPECT_EQ(trap.cause, TrapCause::Stopped);
  EXPECT_TRUE(trap.message.starts_with("stopped, at instruction 1 (end on seq)")) << trap.message;
  EXPECT_EQ(asked, 3u);
  // Asked at the start of a program of a few instructions, which then runs to its end.
  Launch none;
  EXPECT_TRUE(bool(run(unchecked("halt\n"), none, options)));
  EXPECT_EQ(asked, 4u);
}

TEST(Trap, IntervalLimit) {
  // Rows with gaps between them are intervals of their own, in all memories together.
  RunOptions options;
  options.maxIntervals = 100;
  std::string text = "copy_in dst=vector[0,pitch=8] src=dram[0] rows=60 bytes=4\n"
                     "copy_in dst=acc[0,pitch=8] src=dram[0] rows=40 bytes=4\n";
  Launch launch = sixteenFloats();
  EXPECT_TRUE(run(unchecked(text + "halt\n"), launch, options));
  // Written again, they are the same intervals.
  EXPECT_TRUE(run(unchecked(text + text + "halt\n"), launch, options));
  Trap trap = trapOf(unchecked(text + "copy_in dst=acc[400] src=dram[0] rows=1 bytes=4\nhalt\n"), launch, options);
  EXPECT_EQ(trap.cause, TrapCause::IntervalLimit);
  EXPECT_EQ(trap.instruction, 2u);
  EXPECT_EQ(trap.address, 400u);
}

TEST(Trap, LoopNesting) {
  EXPECT_EQ(trapOf(unchecked("begin count=1\nhalt\n")).cause, TrapCause::LoopNesting);
  EXPECT_EQ(trapOf(unchecked("end\nhalt\n")).cause, TrapCause::LoopNesting);
  EXPECT_EQ(trapOf(unchecked("index rd=s1 level=0\nhalt\n")).cause, TrapCause::LoopNesting);
  EXPECT_EQ(trapOf(unchecked("fill dst=dram[0,i2=s1] rows=1 bytes=4\nhalt\n")).cause, TrapCause::LoopNesting);
  std::string nine;
  for (int i = 0; i < 9; ++i)
    nine = "begin count=1\n" + nine + "end\n";
  EXPECT_EQ(trapOf(unchecked(nine + "halt\n")).cause, TrapCause::LoopNesting);
}

TEST(Trap, InvalidOperand) {
  EXPECT_EQ(trapOf(unchecked("copy_in dst=dram[0] src=dram[0] rows=1 bytes=4\nhalt\n")).cause,
            TrapCause::InvalidOperand);
  Trap fence = trapOf(unchecked("fence engine=0\nhalt\n"));
  EXPECT_EQ(fence.cause, TrapCause::InvalidOperand);
  EXPECT_EQ(fence.message, "invalid operand: there is no queue of engine 0, at instruction 0 (fence on seq)");
  EXPECT_EQ(trapOf(unchecked("set rd=s1 value=-1\nfill dst=dram[0] rows=s1 bytes=4\nhalt\n")).cause,
            TrapCause::InvalidOperand);
}

TEST(Trap, RegistersThatDoNotExist) {
  isa::Program program = unchecked("halt\n");
  program.arguments.push_back({"x", false, 4, {1}, 64, {0}});
  EXPECT_EQ(trapOf(program).cause, TrapCause::InvalidOperand);
  program.arguments[0] = {"x", false, 4, {1}, 1, {200}};
  EXPECT_EQ(trapOf(program).cause, TrapCause::InvalidOperand);
}

TEST(Trap, InvalidProgram) {
  EXPECT_EQ(trapOf(unchecked("set rd=s1 value=1\n")).cause, TrapCause::InvalidProgram);
  isa::Program program = unchecked("halt\n");
  program.roles.clear();
  EXPECT_EQ(trapOf(program).cause, TrapCause::InvalidProgram);
  program.code[0].hi = ~uint64_t(0);
  EXPECT_EQ(trapOf(program).cause, TrapCause::InvalidProgram);
  // `set` has rd in bits 69:64.
  program = unchecked("set rd=s1 value=1\nhalt\n");
  program.code[0].hi ^= 1;
  EXPECT_EQ(trapOf(program).message, "invalid program: word 0: set: 'rd' is s0, which cannot be written");
}

TEST(Trap, ArgumentMismatch) {
  isa::Program program = assemble(kRecurrence);
  Launch launch = recurrenceLaunch(2);
  launch.shapes[0] = {2, 15};
  EXPECT_EQ(trapOf(program, launch).message,
            "argument mismatch: expected shape [?, 16] for argument 'x', found [2, 15], node 'rnn_1'");
  launch.shapes[0] = {int64_t(1) << 62, 16};
  EXPECT_EQ(trapOf(program, launch).cause, TrapCause::ArgumentMismatch);
  EXPECT_EQ(trapOf(program, {}).cause, TrapCause::ArgumentMismatch);
}

TEST(Trap, OutputIncomplete) {
  Launch launch = recurrenceLaunch(2);
  launch.data[1].resize(48);
  launch.shapes[1] = {3, 16};
  Trap trap = trapOf(assemble(kRecurrence), launch);
  EXPECT_EQ(trap.cause, TrapCause::OutputIncomplete);
  EXPECT_NE(trap.message.find("of the 192 bytes of 'y' the program wrote 128"), std::string::npos);
}
