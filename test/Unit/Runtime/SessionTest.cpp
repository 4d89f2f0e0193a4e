//===- SessionTest.cpp - Running host code -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "../TemporaryFolder.h"

#include "rnn-mlir/Runtime/HostCpu.h"
#include "rnn-mlir/Runtime/Session.h"
#include "rnn-mlir/Target/TargetModel.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <new>

using namespace rnn;
using namespace rnn::runtime;

/// Allocations that succeed before one fails; below 0 all do.
static thread_local int64_t allocationsLeft = -1;

void *operator new(size_t size) {
  if (allocationsLeft >= 0 && allocationsLeft-- == 0)
    throw std::bad_alloc();
  if (void *memory = std::malloc(size ? size : 1))
    return memory;
  throw std::bad_alloc();
}
void operator delete(void *memory) noexcept {
  std::free(memory);
}
void operator delete(void *memory, size_t) noexcept {
  std::free(memory);
}

namespace {

std::shared_ptr<const Program> makeProgram(const std::string &cpu = nativeCpuName(), float added = 0.5f,
                                           std::vector<const char *> outputs = {"y", "z"},
                                           std::string_view yaml = target::find("cpu")->yaml, size_t constants = 16) {
  isa::ContainerContents contents;
  nlohmann::json vector = {{"name", "x"}, {"dtype", "float32"}, {"shape", {-1}}, {"dims", {"n"}}};
  contents.meta = {{"model", "m.onnx"}, {"target", "cpu"}, {"compiler", "test"}, {"inputs", {vector}}};
  for (const char *name : outputs) {
    vector["name"] = name;
    contents.meta["outputs"].push_back(vector);
  }
  contents.target = yaml;
  const float constant[16] = {added};
  contents.constants.push_back({0, std::as_bytes(std::span(constant).first(constants))});
  std::ifstream file(HOST_MODULE, std::ios::binary);
  contents.host.push_back({cpu, {std::istreambuf_iterator<char>(file), {}}});
  auto bytes = isa::containerBytes(contents);
  EXPECT_TRUE(bool(bytes));
  auto program = Program::fromBytes(std::move(*bytes));
  EXPECT_TRUE(bool(program)) << (program ? "" : program.error().message);
  return *program;
}

NamedArray input(std::vector<float> values, const std::string &name = "x") {
  Array array = *Array::zeros(DType::Float32, {int64_t(values.size())});
  std::memcpy(array.data.get(), values.data(), values.size() * 4);
  return {name, array};
}

std::vector<float> floats(const Array &array) {
  auto *begin = reinterpret_cast<const float *>(array.data.get());
  return {begin, begin + array.elements()};
}

struct SessionTest : testing::Test {
  std::unique_ptr<Session> session = std::move(*Session::create(makeProgram()));
  std::string errorOf(std::vector<NamedArray> inputs) {
    auto outputs = session->run(inputs);
    return outputs ? "" : outputs.error().message;
  }
};

TEST_F(SessionTest, RunsHostCodeAndKeepsOutputsApart) {
  NamedArray x = input({1, 2, 3});
  auto first = session->run({&x, 1});
  ASSERT_TRUE(bool(first)) << first.error().message;
  NamedArray other = input({10, 20, 30});
  auto second = session->run({&other, 1});
  ASSERT_TRUE(bool(second));
  EXPECT_EQ(floats((*first)[0]), (std::vector<float>{2.5, 4.5, 6.5}));
  EXPECT_EQ(floats((*second)[0]), (std::vector<float>{20.5, 40.5, 60.5}));
  // An input handed through is copied.
  EXPECT_EQ(floats((*first)[1]), (std::vector<float>{1, 2, 3}));
  EXPECT_NE((*first)[1].data, x.array.data);
  EXPECT_EQ(session->report()["runs"], 2);
}

TEST_F(SessionTest, OutputsOutliveTheSession) {
  NamedArray x = input({4});
  auto outputs = session->run({&x, 1});
  session.reset();
  EXPECT_EQ(floats((*outputs)[0]), std::vector<float>{8.5});
}

TEST_F(SessionTest, RefusalsAreLocatedAndLeaveTheSessionUsable) {
  EXPECT_EQ(errorOf({input({-1, 0})}), "m.onnx:node: error: expected a first element of at least 0 (inputs: x [2])");
  EXPECT_EQ(errorOf({input({1000})}), "m.onnx:node: error: needs another 1125899906842624 bytes of memory beside 0, "
                                      "beyond the memory limit of 8 GiB (inputs: x [1])");
  EXPECT_NE(errorOf({input({2000})}).find("expected a program below 0, found 7"), std::string::npos);
  EXPECT_EQ(errorOf({input({500})}), "m.onnx:node: error: expected at most 400, found 500 (inputs: x [1])");
  EXPECT_EQ(errorOf({input({1})}), "");
}

TEST_F(SessionTest, AResultWhoseAddressesWrapIsRefused) {
  // 2 strides of 2^61 floats are 2^64 bytes: both ends seem to lie in the block.
  EXPECT_EQ(errorOf({input({3000, 0, 0})}),
            "m.onnx:y: error: expected a result in memory of the session, found one outside");
}

TEST_F(SessionTest, MemoryMayEndAnywhere) {
  std::vector<NamedArray> x = {input({1, 2})}, launch = {input({2000})};
  for (const std::vector<NamedArray> &inputs : {x, launch}) {
    int64_t failures = 0;
    for (bool failed = true; failed; failures += failed) {
      Result<std::vector<Array>> outputs = Error{"thrown"};
      allocationsLeft = failures;
      try {
        outputs = session->run(inputs);
      } catch (const std::bad_alloc &) {
      }
      failed = allocationsLeft < 0;
      allocationsLeft = -1;
      EXPECT_TRUE(outputs ? floats((*outputs)[0]) == (std::vector<float>{2.5, 4.5}) : !outputs.error().message.empty())
          << failures;
      // Of a failed run nothing stays.
      EXPECT_EQ(floats((*session->run(x))[0]), (std::vector<float>{2.5, 4.5}));
    }
    EXPECT_GT(failures, 10);
  }
}

TEST_F(SessionTest, InputsAreCheckedAllAtOnce) {
  NamedArray wrong = {"x", *Array::zeros(DType::Int32, {2})};
  EXPECT_EQ(errorOf({wrong, input({1}, "w")}),
            "m.onnx:w: error: is no input of the model\nm.onnx:x: error: expected float32, found int32");
  EXPECT_EQ(errorOf({}), "m.onnx:x: error: expected a float32 input of shape [n], found none");
  NamedArray flat = {"x", *Array::zeros(DType::Float32, {1, 1})};
  EXPECT_EQ(errorOf({flat}), "m.onnx:x: error: expected shape [n], found [1, 1]");
}

TEST(Session, SessionsOfOneProcessAreApart) {
  NamedArray x = input({1});
  auto first = std::move(*Session::create(makeProgram(nativeCpuName(), 0.5f)));
  auto second = std::move(*Session::create(makeProgram(nativeCpuName(), 3)));
  EXPECT_EQ(floats((*first->run({&x, 1}))[0]), std::vector<float>{2.5});
  EXPECT_EQ(floats((*second->run({&x, 1}))[0]), std::vector<float>{5});
  second.reset();
  EXPECT_EQ(floats((*first->run({&x, 1}))[0]), std::vector<float>{2.5});
}

TEST(Session, MisalignedInputsAreCopied) {
  auto session = std::move(*Session::create(makeProgram()));
  std::vector<std::byte> bytes(9);
  float three = 3;
  std::memcpy(bytes.data() + 1, &three, 4);
  std::shared_ptr<std::byte> view(bytes.data() + 1, [](std::byte *) {});
  NamedArray x = {"x", {DType::Float32, {1}, view}};
  EXPECT_EQ(floats((*session->run({&x, 1}))[0]), std::vector<float>{6.5});
}

TEST(Session, MetadataOfOtherHostCodeAreFoundOut) {
  auto fewer = Session::create(makeProgram(nativeCpuName(), 0, {"y"}));
  ASSERT_FALSE(bool(fewer));
  EXPECT_EQ(fewer.error().message, "m.onnx: error: host code: expected inputs and outputs float32[?] -> float32[?] as "
                                   "in the metadata, found float32[?] -> float32[?] float32[?]");
}

TEST(Session, HostCodeSaysHowManyBytesOfConstantsItReads) {
  auto session = Session::create(makeProgram(nativeCpuName(), 0, {"y", "z"}, target::find("cpu")->yaml, 0));
  ASSERT_FALSE(bool(session));
  EXPECT_EQ(session.error().message, "m.onnx: error: host code: expected 4 bytes of constants, found 0");
}

TEST(Session, AMachineThatCannotRunTheHostCodeSaysSo) {
  auto session = Session::create(makeProgram("native:0-0-00000000"));
  ASSERT_FALSE(bool(session));
  const std::string &message = session.error().message;
  EXPECT_NE(message.find("expected a machine for host code of native:0-0-00000000, this machine runs "),
            std::string::npos);
  std::string level = canRun("x86-64-v4") ? "x86-64-v4" : canRun("x86-64-v3") ? "x86-64-v3" : "code of its own";
  EXPECT_NE(message.find("this machine runs " + level), std::string::npos) << message;
  EXPECT_NE(message.find("compile here for the host CPU native"), std::string::npos) << message;
}

TEST(Session, ErrorsNameTheFileThatAProgramWasOpenedFrom) {
  auto broken = makeProgram(nativeCpuName(), 0, {"y"}, "name: x\nkind: host\nsummary: y\nclock: 1\n");
  auto unnamed = Session::create(broken);
  ASSERT_FALSE(bool(unnamed));
  EXPECT_EQ(unnamed.error().message, "m.onnx:TARG:4:1: error: unknown key 'clock'");
  test::TemporaryFolder folder;
  std::string path = folder.file("broken-target.rpu");
  ASSERT_TRUE(bool(broken->save(path)));
  auto session = Session::create(*Program::open(path));
  ASSERT_FALSE(bool(session));
  EXPECT_EQ(session.error().message, path + ":TARG:4:1: error: unknown key 'clock'");
}

TEST(Session, ErrorsOfARunNameTheFileThatAProgramWasOpenedFrom) {
  test::TemporaryFolder folder;
  std::string path = folder.file("m.rpu");
  ASSERT_TRUE(bool(makeProgram()->save(path)));
  for (auto [called, place] : {std::pair(Program::CalledBy::File, path), {Program::CalledBy::Model, "m.onnx"}}) {
    auto session = Session::create(*Program::open(path, called));
    ASSERT_TRUE(bool(session));
    NamedArray refused = input({-1, 0}), nothing[] = {input({0}), input({0}, "w")};
    // Host code calls itself by the model.
    EXPECT_EQ((*session)->run({&refused, 1}).error().message,
              place + ":node: error: expected a first element of at least 0 (inputs: x [2])");
    EXPECT_EQ((*session)->run(nothing).error().message, place + ":w: error: is no input of the model");
  }
}

TEST(Session, TheBestHostCodeIsChosen) {
  std::vector<std::string> cpus = {"x86-64-v3", "other", nativeCpuName()};
  EXPECT_EQ(chooseHostCode(cpus), 2u);
  cpus.pop_back();
  EXPECT_EQ(chooseHostCode(cpus).has_value(), canRun("x86-64-v3"));
}

} // namespace
