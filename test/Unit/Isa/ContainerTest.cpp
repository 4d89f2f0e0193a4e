//===- ContainerTest.cpp - Program files, whole and damaged ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Isa/Container.h"
#include "../TemporaryFolder.h"
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

  rnn::test::TemporaryFolder folder;
  std::string path = folder.file("model.rpu");
  auto written = writeContainer(contents, path);
  ASSERT_TRUE(written) << written.error().message;
  auto opened = Container::open(path);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(holdsContents(*opened));
  EXPECT_TRUE(std::ranges::equal(opened->bytes(), bytes));
  // No temporary file stays, neither after success nor after an error.
  EXPECT_FALSE(writeContainer(contents, folder.path.string()));
  EXPECT_FALSE(writeContainer(contents, folder.file("absent/model.rpu")));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path), {}), 1);
}

/// Such bytes lie in large pages where the system has them.
TEST_F(ContainerTest, LargeConstantsComeBackFromMemoryAndFile) {
  std::vector<uint64_t> large((size_t(9) << 20) / sizeof(uint64_t));
  std::mt19937_64 random(3);
  for (uint64_t &word : large)
    word = random();
  contents.constants = {{0, std::as_bytes(std::span(large))}};
  auto written = containerBytes(contents);
  ASSERT_TRUE(written) << written.error().message;
  auto container = Container::fromBytes(*written);
  ASSERT_TRUE(container) << container.error().message;
  EXPECT_TRUE(std::ranges::equal(container->constants(), std::as_bytes(std::span(large))));
  rnn::test::TemporaryFolder folder;
  ASSERT_TRUE(writeContainer(contents, folder.file("model.rpu")));
  auto opened = Container::open(folder.file("model.rpu"));
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(std::ranges::equal(opened->constants(), std::as_bytes(std::span(large))));
}

TEST_F(ContainerTest, MetadataIsUtf8) {
  contents.meta["inputs"][0] = "\xff";
  auto written = containerBytes(contents);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "a text of the metadata is not UTF-8");
}

TEST_F(ContainerTest, OtherVersionsAreRefused) {
  // The version stands behind the eight bytes of the magic.
  uint32_t version;
  std::memcpy(&version, bytes.data() + 8, sizeof version);
  EXPECT_EQ(version, kContainerVersion);
  for (uint32_t other : {0u, kContainerVersion - 1, kContainerVersion + 1, ~0u}) {
    std::vector<std::byte> changed = bytes;
    std::memcpy(changed.data() + 8, &other, sizeof other);
    auto container = Container::fromBytes(std::move(changed));
    ASSERT_FALSE(container) << other;
    EXPECT_EQ(container.error().message, "has version " + std::to_string(other) + ", this program reads version " +
                                             std::to_string(kContainerVersion) + "; compile the model again");
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

/// A failure of this test or those of InstructionBytes asks for another kContainerVersion.
TEST(ProgramBytes, AreThoseOfTheVersion) {
  ASSERT_EQ(kContainerVersion, 7u);
  Program program;
  program.name = "p";
  ASSERT_TRUE(encode(Halt(), program.code));
  program.roles = {Role::Output};
  program.setup = 0x10203;
  program.semaphores[1] = 0x102;
  program.arguments.push_back({"x", true, 4, {-1, 3}, 5, {6, 0}});
  program.buffers.push_back({"h", Memory::Acc, 64, 128, Keeps::Session});
  program.layer = {"n", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, -1};
  Bytes wanted;
  wanted << std::string_view("p") << uint32_t(1) << program.code[0].lo << program.code[0].hi << uint32_t(1)
         << uint8_t(5) << uint32_t(0x10203);
  for (unsigned semaphore = 0; semaphore < 64; ++semaphore)
    wanted << uint16_t(semaphore == 1 ? 0x102 : 0);
  wanted << uint32_t(1) << std::string_view("x") << uint8_t(1) << uint32_t(4) << uint8_t(5) << uint32_t(2)
         << int64_t(-1) << uint8_t(6) << int64_t(3) << uint8_t(0);
  wanted << uint32_t(1) << std::string_view("h") << uint8_t(3) << uint64_t(64) << uint64_t(128) << uint8_t(3);
  wanted << std::string_view("n");
  for (int64_t number : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, -1})
    wanted << number;
  EXPECT_EQ(serialise(program), wanted.out);
}

/// A line for each instruction: mnemonic, opcode, words, and `field@word:lo+width` for each field.
template <class... Ts> void describe(std::vector<std::string> &lines, std::variant<Ts...> *) {
  auto one = [&]<class T>() {
    std::string &line = lines.emplace_back(T::kMnemonic);
    line += " " + std::to_string(T::kOpcode) + " " + std::to_string(T::kWords);
    T::forEachField(*std::make_unique<T>(), [&](const FieldInfo &f, auto &) {
      line += " " + std::string(f.name) + "@" + std::to_string(f.word) + ":" + std::to_string(f.lo) + "+" +
              std::to_string(f.width);
    });
  };
  (one.template operator()<Ts>(), ...);
}

/// From the records of RpuInstr.td at this version. A size has one bit more than its immediate: whether it is a
/// register.
TEST(ProgramBytes, ItemsMayBeAsSmallAsTheyCanBe) {
  Program program;
  program.arguments.assign(100, Argument{.elementBytes = 4, .baseRegister = 1});
  program.buffers.resize(100);
  auto read = deserialise(serialise(program));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, program);
}

TEST(InstructionBytes, HaveTheFieldsOfTheVersion) {
  ASSERT_EQ(kContainerVersion, 7u);
  std::vector<std::string> wanted = {
      "halt 1 1",
      "begin 2 1 count@0:0+33",
      "end 3 1",
      "set 4 1 rd@0:64+6 value@0:0+64",
      "index 11 1 rd@0:0+6 level@0:6+3",
      "fetch 12 2 rd@0:0+6 source@1:0+128",
      "copy_in 16 3 dst@1:0+128 src@2:0+128 rows@0:0+25 bytes@0:25+25",
      "copy_out 17 3 dst@1:0+128 src@2:0+128 rows@0:0+25 bytes@0:25+25",
      "fill 18 2 dst@1:0+128 rows@0:0+25 bytes@0:25+25",
      "product 32 4 acc@1:0+128 weight@2:0+128 x@3:0+128 rows@0:0+20 cols@0:20+20 vectors@0:40+21 accumulate@0:61+1 "
      "round@0:62+1",
      "lanes 48 1 n@0:0+20 count@0:20+8",
      "fence 49 1 engine@0:0+3",
      "lane.load 128 1 source@0:0+100 rd@0:100+5",
      "lane.splat 129 1 source@0:0+100 rd@0:100+5",
      "lane.store 130 1 target@0:0+100 value@0:100+5",
      "lane.constant 131 1 value@0:0+32 rd@0:100+5",
      "lane.fma 154 1 a@0:0+5 b@0:5+5 c@0:10+5 rd@0:100+5",
      "lane.select 155 1 a@0:0+5 b@0:5+5 c@0:10+5 rd@0:100+5"};
  auto scalar = [&](const char *name, int opcode) {
    wanted.push_back(name + (" " + std::to_string(opcode)) + " 1 rd@0:0+6 ra@0:6+6 rb@0:12+6");
  };
  for (auto [name, opcode] : {std::pair("add", 5), {"sub", 6}, {"mul", 7}, {"div", 8}, {"min", 9}, {"max", 10}})
    scalar(name, opcode);
  auto lane = [&](const char *name, int opcode, const char *operands) {
    wanted.push_back("lane." + (name + (" " + std::to_string(opcode))) + " 1" + operands + " rd@0:100+5");
  };
  for (auto [name, opcode] : {std::pair("add", 144),
                              {"sub", 145},
                              {"mul", 146},
                              {"div", 147},
                              {"min", 148},
                              {"max", 149},
                              {"ge", 150},
                              {"gt", 151}})
    lane(name, opcode, " a@0:0+5 b@0:5+5");
  for (auto [name, opcode] : {std::pair("neg", 152),
                              {"abs", 153},
                              {"exp", 160},
                              {"expm1", 161},
                              {"log1p", 162},
                              {"sigmoid", 163},
                              {"tanh", 164}})
    lane(name, opcode, " a@0:0+5");
  std::vector<std::string> found;
  describe(found, static_cast<Instr *>(nullptr));
  describe(found, static_cast<MicroOp *>(nullptr));
  std::ranges::sort(wanted);
  std::ranges::sort(found);
  EXPECT_EQ(found, wanted);
}

TEST(InstructionBytes, HaveTheNumbersOfTheVersion) {
  ASSERT_EQ(kContainerVersion, 7u);
  auto count = [](auto... values) {
    int next = 0;
    return ((static_cast<int>(values) == next++) && ...);
  };
  EXPECT_TRUE(count(Engine::Seq, Engine::Load, Engine::Store, Engine::Mat, Engine::Vec));
  EXPECT_TRUE(count(Memory::Dram, Memory::Weight, Memory::Vector, Memory::Acc));
  EXPECT_TRUE(count(Format::F32, Format::F16));
  EXPECT_TRUE(count(Role::Control, Role::Weights, Role::Input, Role::Project, Role::Recur, Role::Output));
  EXPECT_TRUE(count(Keeps::Scratch, Keeps::Streamed, Keeps::Launch, Keeps::Session));
}

/// A bit field at its place in a word.
uint64_t at(unsigned lo, uint64_t value) {
  return value << lo;
}

TEST(InstructionBytes, HaveSemaphoresSizesAndViewsInTheirPlaces) {
  ASSERT_EQ(kContainerVersion, 7u);
  CopyIn copy;
  copy.rows = {true, 2};
  copy.bytes = {false, 7};
  copy.sync.waits.push_back(3);
  copy.sync.waits.push_back(5);
  copy.sync.posts.push_back(63);
  copy.dst = {{Memory::Acc, 9, 0x1020304, {1, 2, 3, 63, 5, 6, 7, 8}, 4, 9}, false, -4};
  copy.src = {{}, true, 17};
  std::vector<Word> words;
  ASSERT_TRUE(encode(copy, words));
  // Waits from bit 64 on, posts from bit 92 on, each in seven bits: the semaphore, and above it whether there is one.
  Word head = {at(0, 2) | at(24, 1) | at(25, 7), at(0, 0x40 | 3) | at(7, 0x40 | 5) | at(28, 0x40 | 63) | at(56, 0x10)};
  // The memory, the base and the offset, eight strides of six bits from bit 41 on, of which the fourth lies in both
  // halves, the ring's level and depth, the format, and the pitch: whether it is a register, and 27 bits in two's
  // complement.
  Word dst = {at(0, 3) | at(3, 9) | at(9, 0x1020304) | at(41, 1) | at(47, 2) | at(53, 3) | at(59, 31),
              at(0, 1) | at(1, 5) | at(7, 6) | at(13, 7) | at(19, 8) | at(25, 4) | at(28, 9) | at(37, 0x7fffffc)};
  Word src = {0, at(36, 1) | at(37, 17)};
  EXPECT_EQ(words, (std::vector<Word>{head, dst, src}));
}

TEST_F(ContainerTest, TruncatedFilesAreRefused) {
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(Container::fromBytes({bytes.begin(), bytes.begin() + size})) << size;
}

TEST_F(ContainerTest, ChangedBytesAreRefused) {
  for (size_t at = 0; at < bytes.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<std::byte> changed = bytes;
      changed[at] ^= std::byte(1 << bit);
      EXPECT_FALSE(Container::fromBytes(std::move(changed))) << "byte " << at << " bit " << bit;
    }
}

/// The places in a file of docs/container.md.
constexpr size_t kTable = 16, kEntry = 56, kOffset = 32, kReserved = 52;

/// A file with another table of sections, which has its checksum.
class TableTest : public ContainerTest {
protected:
  template <class T> void put(size_t at, T value) { std::memcpy(bytes.data() + at, &value, sizeof value); }
  template <class T> T get(size_t at) const {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
  }
  std::string errorOf() {
    size_t end = kTable + kEntry * get<uint32_t>(12);
    put(end, uint32_t(crc32_z(0, reinterpret_cast<const Bytef *>(bytes.data()), end)));
    auto container = Container::fromBytes(bytes);
    return container ? "no error" : container.error().message;
  }
};

TEST_F(TableTest, TheFileAsWrittenIsRead) {
  EXPECT_EQ(errorOf(), "no error");
}

TEST_F(TableTest, BytesBehindTheLastSectionAreRefused) {
  bytes.resize(bytes.size() + 3);
  EXPECT_EQ(errorOf(), "has 3 bytes behind its last section");
}

TEST_F(TableTest, OverlapsAreRefused) {
  // Both hosts' code has the same size, so only its place and checksum differ.
  size_t third = kTable + 4 * kEntry, fourth = kTable + 5 * kEntry;
  uint64_t expected = get<uint64_t>(fourth + kOffset), found = get<uint64_t>(third + kOffset);
  put(fourth + kOffset, found);
  put(fourth + kOffset + 16, get<uint32_t>(third + kOffset + 16));
  EXPECT_EQ(errorOf(), "section 'HOST:x86-64-v4' is expected at byte " + std::to_string(expected) + ", found at " +
                           std::to_string(found));
}

TEST_F(TableTest, GapsAreRefused) {
  size_t last = kTable + 5 * kEntry;
  uint64_t offset = get<uint64_t>(last + kOffset);
  bytes.insert(bytes.begin() + offset, 64, std::byte(0));
  put(last + kOffset, offset + 64);
  EXPECT_EQ(errorOf(), "section 'HOST:x86-64-v4' is expected at byte " + std::to_string(offset) + ", found at " +
                           std::to_string(offset + 64));
}

TEST_F(TableTest, PaddingOfAnEntryIsZero) {
  put(kTable + kReserved, 1u);
  EXPECT_EQ(errorOf(), "section 'META' has padding in the table of sections that is not zero");
  put(kTable + kReserved, 0u);
  put(kTable + 31, 'x');
  EXPECT_EQ(errorOf(), "section 'META' has padding in the table of sections that is not zero");
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
