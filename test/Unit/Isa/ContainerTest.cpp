//===- ContainerTest.cpp - Program files, whole and damaged ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Isa/Container.h"
#include "RandomProgram.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <zlib.h>

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

TEST_F(ContainerTest, OtherVersionsAreRefused) {
  // The version stands behind the eight bytes of the magic.
  uint32_t version;
  std::memcpy(&version, bytes.data() + 8, sizeof version);
  EXPECT_EQ(version, 2u);
  for (uint32_t other : {0u, 1u, 3u, ~0u}) {
    std::vector<std::byte> changed = bytes;
    std::memcpy(changed.data() + 8, &other, sizeof other);
    auto container = Container::fromBytes(std::move(changed));
    ASSERT_FALSE(container) << other;
    EXPECT_EQ(container.error().message,
              "has version " + std::to_string(other) + ", this program reads version 2; compile the model again");
  }
}

/// Bytes as docs/container.md has them.
struct Bytes {
  std::vector<std::byte> out;
  template <class T> Bytes &operator<<(T value) {
    for (size_t byte = 0; byte < sizeof value; ++byte)
      out.push_back(std::byte(static_cast<std::make_unsigned_t<T>>(value) >> (8 * byte)));
    return *this;
  }
  Bytes &operator<<(std::string_view text) {
    *this << uint32_t(text.size());
    for (char c : text)
      *this << c;
    return *this;
  }
};

/// A failure of this test or the next asks for another kContainerVersion.
TEST(ProgramBytes, AreThoseOfTheVersion) {
  ASSERT_EQ(kContainerVersion, 2u);
  Program program;
  program.name = "p";
  ASSERT_TRUE(encode(Halt(), program.code));
  program.roles = {Role::Output};
  program.semaphores[1] = 0x102;
  program.arguments.push_back({"x", true, 4, {-1, 3}, 5, {6, 0}});
  program.buffers.push_back({"h", Memory::Acc, 64, 128});
  program.layer = {"n", 1, 2, 3, 4, 5, 6, 0, -1};
  Bytes wanted;
  wanted << std::string_view("p") << uint32_t(1) << program.code[0].lo << program.code[0].hi << uint32_t(1)
         << uint8_t(5);
  for (unsigned semaphore = 0; semaphore < 64; ++semaphore)
    wanted << uint16_t(semaphore == 1 ? 0x102 : 0);
  wanted << uint32_t(1) << std::string_view("x") << uint8_t(1) << uint32_t(4) << uint8_t(5) << uint32_t(2)
         << int64_t(-1) << uint8_t(6) << int64_t(3) << uint8_t(0);
  wanted << uint32_t(1) << std::string_view("h") << uint8_t(3) << uint64_t(64) << uint64_t(128);
  wanted << std::string_view("n");
  for (int64_t number : {1, 2, 3, 4, 5, 6, 0, -1})
    wanted << number;
  EXPECT_EQ(serialise(program), wanted.out);
}

template <class... Ts> void describe(std::string &text, std::variant<Ts...> *) {
  auto one = [&]<class T>() {
    text += std::to_string(T::kOpcode) + " " + std::to_string(T::kWords);
    T::forEachField(*std::make_unique<T>(), [&](const FieldInfo &f, auto &) {
      text += " " + std::to_string(f.word) + ":" + std::to_string(f.lo) + "+" + std::to_string(f.width);
    });
    text += "\n";
  };
  (one.template operator()<Ts>(), ...);
}

TEST(InstructionBytes, AreThoseOfTheVersion) {
  ASSERT_EQ(kContainerVersion, 2u);
  std::string text;
  describe(text, static_cast<Instr *>(nullptr));
  describe(text, static_cast<MicroOp *>(nullptr));
  // Nothing but a mark of where the fields were when the version was taken.
  EXPECT_EQ(crc32(0, reinterpret_cast<const Bytef *>(text.data()), text.size()), 2166349487u) << text;
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
