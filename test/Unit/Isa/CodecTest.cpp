//===- CodecTest.cpp - Instructions to words and text, and back ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "RandomProgram.h"

#include <gtest/gtest.h>

using namespace rnn::isa;

namespace {

constexpr uint64_t kSeed = 20261121;

TEST(Codec, EveryInstructionComesBackFromWordsAndText) {
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937_64 random(kSeed);
  for (int round = 0; round < 200; ++round)
    for (const Instr &instr : oneOfEach(random)) {
      std::string text = print(instr);
      std::vector<Word> words, again, assembled;
      auto encoded = encode(instr, words);
      ASSERT_TRUE(encoded) << text << ": " << encoded.error().message;
      auto decoded = decode(words);
      ASSERT_TRUE(decoded) << text << ": " << decoded.error().message;
      EXPECT_EQ(decoded->words, words.size());
      ASSERT_TRUE(encode(decoded->instr, again));
      EXPECT_EQ(words, again) << text;
      auto parsed = parse(text);
      ASSERT_TRUE(parsed) << text << ": " << parsed.error().message;
      ASSERT_EQ(parsed->size(), 1u);
      ASSERT_TRUE(encode(parsed->front(), assembled));
      EXPECT_EQ(words, assembled) << text;
      EXPECT_EQ(print(parsed->front()), text);
    }
}

TEST(Codec, PartsStandWhereTheManualSays) {
  Fetch fetch;
  fetch.rd.number = 5;
  fetch.source.address = {Memory::Vector, 3, 0x12345678, {7, 0, 0, 0, 0, 0, 0, 63}, 1, 3};
  fetch.source.pitch = -4;
  std::vector<Word> words;
  ASSERT_TRUE(encode(fetch, words));
  // Opcode 0c in 127:120, rd in 5:0. The view: memory from bit 0, base 3, offset 9, strides 41 and 83, ring 89 and 92,
  // pitch 97.
  EXPECT_EQ(words[0], (Word{5, 0x0cull << 56}));
  EXPECT_EQ(words[1].lo, 2 | 3 << 3 | 0x12345678ull << 9 | 7ull << 41);
  EXPECT_EQ(words[1].hi, 63ull << 19 | 1ull << 25 | 3ull << 28 | 0x7ffffffcull << 33);
  Fence fence;
  fence.engine = 3;
  fence.sync.waits.push_back(1);
  fence.sync.posts.push_back(2);
  fence.sync.posts.push_back(63);
  words.clear();
  ASSERT_TRUE(encode(fence, words));
  // Slots of 7 bits from bit 64 and 92 on.
  EXPECT_EQ(words[0], (Word{3, 0x31ull << 56 | 0x41 | 0x42ull << 28 | 0x7full << 35}));
}

TEST(Codec, RefusesStreamsThatEndEarly) {
  std::mt19937_64 random(kSeed);
  for (const Instr &instr : oneOfEach(random)) {
    std::vector<Word> words;
    ASSERT_TRUE(encode(instr, words));
    for (size_t size = 0; size < words.size(); ++size)
      EXPECT_FALSE(decode(std::span(words).first(size))) << print(instr);
  }
}

TEST(Codec, WordsWithOneBitChangedAreRefusedOrAnotherInstruction) {
  std::mt19937_64 random(kSeed);
  for (const Instr &instr : oneOfEach(random)) {
    std::vector<Word> words;
    ASSERT_TRUE(encode(instr, words));
    for (size_t bit = 0; bit < words.size() * 128; ++bit) {
      std::vector<Word> changed = words, again;
      Word &word = changed[bit / 128];
      (bit % 128 < 64 ? word.lo : word.hi) ^= uint64_t(1) << bit % 64;
      auto decoded = decodeAll(changed);
      if (!decoded)
        continue;
      for (const Instr &one : *decoded)
        ASSERT_TRUE(encode(one, again));
      EXPECT_EQ(changed, again) << "bit " << bit << " of " << print(instr);
    }
  }
}

TEST(Codec, ValuesThatDoNotFitAreErrors) {
  std::vector<Word> words;
  Product product;
  product.rows = 1u << 20;
  auto done = encode(product, words);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "value 1048576 does not fit the 20 bits of 'rows' in 'product'");
  CopyIn copy;
  copy.src.pitch = 1 << 30;
  EXPECT_FALSE(encode(copy, words));
  copy.src.pitch = -(1 << 30) - 1;
  EXPECT_FALSE(encode(copy, words));
  Add add;
  add.rd.number = 64;
  EXPECT_FALSE(encode(add, words));
  Begin begin;
  begin.count = {true, 64};
  EXPECT_FALSE(encode(begin, words));
}

TEST(Codec, RefusesUnknownOpcodesAndReservedBits) {
  Word unknown{0, uint64_t(0xff) << 56};
  auto decoded = decodeAll({{unknown}});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().message, "word 0: no instruction has opcode 0xff");
  std::vector<Word> words;
  ASSERT_TRUE(encode(Halt{}, words));
  words[0].lo = 1;
  EXPECT_FALSE(decode(words));
}

TEST(Assembly, ErrorsNameTheLine) {
  for (auto [text, message] : {std::pair{"halt\njump", "line 2: no instruction is called 'jump'"},
                               {"add rd=s1 ra=s2", "line 1: expects 'rb='"},
                               {"add rd=s64 ra=s2 rb=s3", "line 1: 's64' is no value for 'rd'"},
                               {"halt now=1", "line 1: 'halt' has no field 'now'"},
                               {"index rd=s1 rd=s2 level=0", "line 1: 'rd' is given twice"},
                               {"begin 4", "line 1: expects name=value, found '4'"}}) {
    auto parsed = parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().message, message);
  }
  EXPECT_FALSE(parse("lanes n=4 count=1"));
  EXPECT_FALSE(parse("lanes n=4 count=1\nhalt"));
}

TEST(Assembly, ProgramsComeBackWhole) {
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937_64 random(kSeed);
  for (int round = 0; round < 20; ++round) {
    Program program = randomProgram(random);
    std::string text = printProgram(program);
    auto parsed = parseProgram(text);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(*parsed, program);
    EXPECT_EQ(printProgram(*parsed), text);
    auto read = deserialise(serialise(program));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, program);
  }
}

TEST(Assembly, DamagedTextIsRefusedOrAProgram) {
  std::mt19937_64 random(kSeed);
  std::string text = printProgram(randomProgram(random));
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = text;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    if (auto parsed = parseProgram(damaged))
      EXPECT_TRUE(deserialise(serialise(*parsed)));
    (void)parseProgram(std::string_view(text).substr(0, random() % text.size()));
  }
}

} // namespace
