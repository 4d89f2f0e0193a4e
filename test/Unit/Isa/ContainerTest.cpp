//===- ContainerTest.cpp - Program files, whole and damaged ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Isa/Container.h"
#include "RandomProgram.h"

#include <filesystem>
#include <gtest/gtest.h>

using namespace rnn::isa;

namespace {

class ContainerTest : public ::testing::Test {
protected:
  void SetUp() override {
    std::mt19937_64 random(7);
    contents.meta = {{"inputs", {"x"}}, {"options", nlohmann::json::object()}};
    // A constant of no elements, with and without an address, is a piece too.
    contents.constants = {{0, std::as_bytes(std::span(first))},
                          {64, {}},
                          {64, std::as_bytes(std::span(first)).first(0)},
                          {128, std::as_bytes(std::span(second))}};
    contents.programs = {randomProgram(random), randomProgram(random)};
    contents.target = "name: generic\n";
    contents.host = {{"x86-64-v3", {'E', 'L', 'F', '3'}}, {"x86-64-v4", {'E', 'L', 'F', '4'}}};
    auto written = containerBytes(contents);
    ASSERT_TRUE(written) << written.error().message;
    bytes = *written;
  }

  /// Whether a container holds exactly what was written.
  bool holdsContents(const Container &container) const {
    std::vector<std::byte> constants(128 + sizeof second);
    std::memcpy(constants.data(), first.data(), sizeof first);
    std::memcpy(constants.data() + 128, second.data(), sizeof second);
    if (container.hostCode().size() != contents.host.size())
      return false;
    for (size_t k = 0; k < contents.host.size(); ++k)
      if (container.hostCode()[k].cpu != contents.host[k].cpu ||
          !std::ranges::equal(container.hostCode()[k].elf, std::as_bytes(std::span(contents.host[k].elf))))
        return false;
    return container.meta() == contents.meta && std::ranges::equal(container.constants(), constants) &&
           container.programs() == contents.programs && container.target() == contents.target;
  }

  std::array<float, 5> first{1, 2, 3, 4, 5};
  std::array<float, 3> second{-1, -2, -3};
  ContainerContents contents;
  std::vector<std::byte> bytes;
};

TEST_F(ContainerTest, ComesBackFromMemoryAndFile) {
  auto container = Container::fromBytes(bytes);
  ASSERT_TRUE(container) << container.error().message;
  EXPECT_TRUE(holdsContents(*container));

  auto folder = std::filesystem::temp_directory_path() / ("isa-container-" + std::to_string(std::random_device()()));
  std::filesystem::create_directory(folder);
  std::string path = (folder / "model.rpu").string();
  auto written = writeContainer(contents, path);
  ASSERT_TRUE(written) << written.error().message;
  auto opened = Container::open(path);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(holdsContents(*opened));
  EXPECT_TRUE(std::ranges::equal(opened->bytes(), bytes));
  // No temporary file stays, neither after success nor after an error.
  EXPECT_FALSE(writeContainer(contents, folder.string()));
  EXPECT_FALSE(writeContainer(contents, (folder / "absent" / "model.rpu").string()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
  std::filesystem::remove_all(folder);
}

TEST_F(ContainerTest, TruncatedFilesAreRefused) {
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(Container::fromBytes({bytes.begin(), bytes.begin() + size})) << size;
}

TEST_F(ContainerTest, ChangedBytesAreRefusedOrWithoutEffect) {
  for (size_t at = 0; at < bytes.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<std::byte> changed = bytes;
      changed[at] ^= std::byte(1 << bit);
      if (auto container = Container::fromBytes(std::move(changed)))
        EXPECT_TRUE(holdsContents(*container)) << "byte " << at << " bit " << bit;
    }
}

TEST_F(ContainerTest, DamagedProgramsAreRefusedOrPrograms) {
  // Without the checksums of the file: the counts and codes themselves.
  std::vector<std::byte> whole = serialise(contents.programs[0]);
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(deserialise(std::span(whole).first(size))) << size;
  for (size_t at = 0; at < whole.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<std::byte> changed = whole;
      changed[at] ^= std::byte(1 << bit);
      if (auto program = deserialise(changed))
        EXPECT_TRUE(deserialise(serialise(*program))) << "byte " << at << " bit " << bit;
    }
}

} // namespace
