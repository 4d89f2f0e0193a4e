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
  // format 96, pitch 101.
  EXPECT_EQ(words[0], (Word{5, 0x0cull << 56}));
  EXPECT_EQ(words[1].lo, 2 | 3 << 3 | 0x12345678ull << 9 | 7ull << 41);
  EXPECT_EQ(words[1].hi, 63ull << 19 | 1ull << 25 | 3ull << 28 | 0x7fffffcull << 37);
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

TEST(Codec, FormatsStandInViewsAndElements) {
  Lanes lanes;
  lanes.n = 16;
  lanes.body = {LaneLoad{.source = {{Memory::Acc}, Format::F16}, .rd = {2}}};
  lanes.count = 1;
  EXPECT_EQ(print(lanes), "lanes n=16 count=1\n  lane.load source=acc[0,format=f16] rd=r2");
  std::vector<Word> words;
  ASSERT_TRUE(encode(lanes, words));
  // Opcode 80 in 127:120, memory from bit 0, format from 96, rd from 100.
  EXPECT_EQ(words[1], (Word{3, 0x80ull << 56 | 1ull << 32 | 2ull << 36}));
  // No format has number 2.
  words[1].hi ^= 3ull << 32;
  auto decoded = decode(words);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().message, "lane.load: 'source' names format 2");
}

TEST(Codec, BytesHaveNoFormat) {
  CopyIn copy;
  copy.src.format = Format::F16;
  std::vector<Word> words;
  auto done = encode(copy, words);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "'src' of 'copy_in' is of bytes, which have no format");
  words.clear();
  copy.src.format = Format::F32;
  ASSERT_TRUE(encode(copy, words));
  words[2].hi |= 1ull << 32;
  auto decoded = decode(words);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().message, "copy_in: 'src' names format 1");
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
  copy.src.pitch = 1 << 26;
  done = encode(copy, words);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "pitch 67108864 does not fit 'src' in 'copy_in'");
  copy.src.pitch = -(1 << 26) - 1;
  EXPECT_FALSE(encode(copy, words));
  copy.src.pitchIsReg = true;
  copy.src.pitch = 63;
  EXPECT_TRUE(encode(copy, words));
  for (int32_t pitch : {-1, 64}) {
    copy.src.pitch = pitch;
    done = encode(copy, words);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "pitch s" + std::to_string(pitch) + " does not fit 'src' in 'copy_in'");
  }
  Add add;
  add.rd.number = 64;
  EXPECT_FALSE(encode(add, words));
  add.rd.number = 0;
  done = encode(add, words);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "'rd' of 'add' is s0, which cannot be written");
  Begin begin;
  begin.count = {true, 64};
  EXPECT_FALSE(encode(begin, words));
}

TEST(Codec, SemaphoresThatDoNotFitAreErrors) {
  for (Sync::List Sync::*list : {&Sync::waits, &Sync::posts}) {
    std::vector<Word> words;
    Fence fence;
    (fence.sync.*list).semaphores = {63, 63, 63, 63};
    (fence.sync.*list).size = 4;
    EXPECT_TRUE(encode(fence, words));
    (fence.sync.*list).size = 5;
    auto done = encode(fence, words);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "'fence' has 5 semaphores in a list, there is room for 4");
    for (uint8_t semaphore : {64, 128, 255}) {
      fence.sync = {};
      (fence.sync.*list).push_back(semaphore);
      done = encode(fence, words);
      ASSERT_FALSE(done) << unsigned(semaphore);
      EXPECT_EQ(done.error().message, "'fence' names semaphore " + std::to_string(semaphore) + ", there are 64");
    }
  }
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

TEST(Codec, NoInstructionWritesS0) {
  std::mt19937_64 random(kSeed);
  for (const Instr &instr : oneOfEach(random))
    std::visit(
        [&]<class T>(const T &one) {
          if constexpr (requires { requires std::is_same_v<decltype(one.rd), RegOut>; }) {
            T s1 = one;
            s1.rd.number = 1;
            std::vector<Word> words;
            ASSERT_TRUE(encode(s1, words));
            words[0].lo &= ~uint64_t(1);
            words[0].hi &= ~uint64_t(std::is_same_v<T, Set>);
            auto decoded = decode(words);
            ASSERT_FALSE(decoded) << T::kMnemonic;
            EXPECT_EQ(decoded.error().message, std::string(T::kMnemonic) + ": 'rd' is s0, which cannot be written");
          }
        },
        instr);
}

TEST(Assembly, ErrorsNameTheLine) {
  for (auto [text, message] :
       {std::pair{"halt\njump", "line 2: no instruction is called 'jump'"},
        {"add rd=s1 ra=s2", "line 1: expects 'rb='"},
        {"add rd=s64 ra=s2 rb=s3", "line 1: 's64' is no value for 'rd'"},
        {"add rd=s0 ra=s2 rb=s3", "line 1: 's0' is no value for 'rd'"},
        {"halt now=1", "line 1: 'halt' has no field 'now'"},
        {"index rd=s1 rd=s2 level=0", "line 1: 'rd' is given twice"},
        {"begin 4", "line 1: expects name=value, found '4'"},
        {"fill dst=acc[0,base=s1,base=s2] rows=1 bytes=4", "line 1: 'acc[0,base=s1,base=s2]' is no value for 'dst'"},
        {"fill dst=acc[0,i1=s0,i1=s2] rows=1 bytes=4", "line 1: 'acc[0,i1=s0,i1=s2]' is no value for 'dst'"},
        {"fill dst=acc[0,ring=0%0,ring=0%2] rows=1 bytes=4",
         "line 1: 'acc[0,ring=0%0,ring=0%2]' is no value for 'dst'"},
        {"fill dst=acc[0,pitch=8,pitch=s1] rows=1 bytes=4",
         "line 1: 'acc[0,pitch=8,pitch=s1]' is no value for 'dst'"}}) {
    auto parsed = parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().message, message);
  }
  EXPECT_FALSE(parse("lanes n=4 count=1"));
  EXPECT_FALSE(parse("lanes n=4 count=1\nhalt"));
}

TEST(Assembly, ValuesThatDoNotFitNameTheLineOfTheirInstruction) {
  auto parsed = parseProgram(".program {\"name\":\"p\"}\n"
                             "; a comment\n"
                             "set rd=s1 value=1\n"
                             "\n"
                             "fill dst=acc[0] rows=16777216 bytes=4\n"
                             "halt\n");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message, "line 5: value 16777216 does not fit the 24 bits of 'rows' in 'fill'");
}

TEST(Assembly, NumbersOfDirectivesFitOrAreErrors) {
  constexpr std::string_view argument =
      R"(.argument {"name":"x","output":false,"element_bytes":4,"shape":[3],"base":1,"dims":[2]})";
  constexpr std::string_view buffer = R"(.buffer {"name":"b","memory":"acc","address":0,"bytes":64})";
  constexpr std::string_view semaphore = R"(.semaphore {"number":1,"count":2})";
  constexpr std::string_view layer =
      R"(.layer {"node":"n","macs_per_step":1,"input_weight_bytes":1,"state_weight_bytes":1,"input_mat_cycles_per_step":1,"state_mat_cycles_per_step":1,"dram_bytes_per_call":1,)"
      R"("dram_bytes_per_sequence":1,"dram_bytes_per_step":1,"constant_bytes":1,"chain_cycles_per_step":1,"chain_cycles_once":0,"steps_argument":-1,)"
      R"("lengths_argument":-1})";
  auto parsed = [](std::string_view directive) {
    return parseProgram(".program {\"name\":\"p\"}\n" + std::string(directive) + "\nhalt\n");
  };
  for (std::string_view good : {argument, buffer, semaphore, layer})
    EXPECT_TRUE(parsed(good)) << good;
  struct Case {
    std::string_view directive, good, bad, range;
  };
  constexpr std::string_view byte = "0 to 255", word = "0 to 4294967295", half = "0 to 65535";
  constexpr std::string_view size = "0 to 18446744073709551615";
  constexpr std::string_view number = "-9223372036854775808 to 9223372036854775807";
  for (const Case &one : std::initializer_list<Case>{
           {argument, "\"base\":1", "\"base\":261", byte},
           {argument, "\"base\":1", "\"base\":-255", byte},
           {argument, "\"base\":1", "\"base\":true", byte},
           {argument, "\"dims\":[2]", "\"dims\":[256]", byte},
           {argument, "\"element_bytes\":4", "\"element_bytes\":4294967300", word},
           {argument, "\"shape\":[3]", "\"shape\":[9223372036854775808]", number},
           {argument, "\"shape\":[3]", "\"shape\":[3.0]", number},
           {buffer, "\"address\":0", "\"address\":-1", size},
           {buffer, "\"bytes\":64", "\"bytes\":1.75", size},
           {semaphore, "\"number\":1", "\"number\":4294967297", word},
           {semaphore, "\"count\":2", "\"count\":65537", half},
           {layer, "\"macs_per_step\":1", "\"macs_per_step\":1e30", number},
           {layer, "\"steps_argument\":-1", "\"steps_argument\":18446744073709551615", number}}) {
    std::string text(one.directive);
    size_t at = text.find(one.good);
    ASSERT_NE(at, text.npos);
    text.replace(at, one.good.size(), one.bad);
    auto program = parsed(text);
    ASSERT_FALSE(program) << text;
    std::string key(one.bad.substr(1, one.bad.find(':') - 2));
    EXPECT_TRUE(program.error().message.starts_with("line 2: expects an integer from " + std::string(one.range) +
                                                    " for '" + key + "', found "))
        << program.error().message;
  }
}

TEST(Assembly, KeysOfDirectivesAreThereAndOfTheirType) {
  auto message = [](const std::string &directive) {
    auto program = parseProgram(".program {\"name\":\"p\"}\n" + directive + "\nhalt\n");
    return program ? "none" : program.error().message;
  };
  EXPECT_EQ(message(R"(.argument {"name":"x","output":false,"element_bytes":4,"shape":[3],"dims":[2]})"),
            "line 2: '.argument' lacks the key 'base'");
  EXPECT_EQ(message(R"(.argument {"name":"x","output":0,"element_bytes":4,"shape":[3],"base":1,"dims":[2]})"),
            "line 2: expects true or false for 'output', found 0");
  EXPECT_EQ(message(R"(.argument {"name":"x","output":false,"element_bytes":4,"shape":3,"base":1,"dims":[2]})"),
            "line 2: expects a list of integers for 'shape', found 3");
  EXPECT_EQ(message(R"(.argument {"name":"x","output":false,"element_bytes":4,"shape":[3],"base":"r1","dims":[2]})"),
            "line 2: expects an integer from 0 to 255 for 'base', found \"r1\"");
  EXPECT_EQ(message(R"(.buffer {"name":"b","address":0,"bytes":64})"), "line 2: '.buffer' lacks the key 'memory'");
  EXPECT_EQ(message(R"(.buffer {"name":"b","memory":["acc"],"address":0,"bytes":64})"),
            "line 2: expects a text for 'memory', found [\"acc\"]");
  EXPECT_EQ(message(R"(.buffer {"name":null,"memory":"acc","address":0,"bytes":64})"),
            "line 2: expects a text for 'name', found null");
  EXPECT_EQ(message(R"(.semaphore {"count":2})"), "line 2: '.semaphore' lacks the key 'number'");
  EXPECT_EQ(message(".role {}"), "line 2: '.role' lacks the key 'role'");
  EXPECT_EQ(message(R"(.layer {"node":"n"})"), "line 2: '.layer' lacks the key 'macs_per_step'");
  auto unnamed = parseProgram(".program {\"name\":1}\nhalt\n");
  ASSERT_FALSE(unnamed);
  EXPECT_EQ(unnamed.error().message, "line 1: expects a text for 'name', found 1");
  EXPECT_EQ(message(".role " + std::string(100000, '[')), "line 2: expects a directive and a JSON object");
  EXPECT_EQ(message(".role {\"role\":" + std::string(100000, '[') + std::string(100000, ']') + "}"),
            "line 2: expects a directive and a JSON object");
}

TEST(Assembly, DirectivesSayEachThingOnce) {
  auto message = [](const std::string &directives) {
    auto program = parseProgram(".program {\"name\":\"p\"}\n" + directives + "\nhalt\n");
    return program ? "none" : program.error().message;
  };
  const std::string layer =
      R"(.layer {"node":"n","macs_per_step":1,"input_weight_bytes":1,"state_weight_bytes":1,"input_mat_cycles_per_step":1,"state_mat_cycles_per_step":1,"dram_bytes_per_call":1,)"
      R"("dram_bytes_per_sequence":1,"dram_bytes_per_step":1,"constant_bytes":1,"chain_cycles_per_step":1,"chain_cycles_once":0,"steps_argument":-1,)"
      R"("lengths_argument":-1})";
  const std::string semaphore = R"(.semaphore {"number":1,"count":2})";
  EXPECT_EQ(message(layer + "\n" + semaphore + "\n" + R"(.semaphore {"number":2,"count":2})"), "none");
  EXPECT_EQ(message(layer + "\n" + layer), "line 3: expects one .layer, found a second");
  EXPECT_EQ(message(R"(.program {"name":"q"})"), "line 2: expects one .program, found a second");
  EXPECT_EQ(message(semaphore + "\n\n" + R"(.semaphore {"number":1,"count":3})"), "line 4: semaphore 1 is given twice");
  EXPECT_EQ(message(R"(.semaphore {"number":1,"count":2,"cuont":3})"), "line 2: '.semaphore' has no key 'cuont'");
  EXPECT_EQ(message(R"(.role {"role":"recur","name":"r"})"), "line 2: '.role' has no key 'name'");
  EXPECT_EQ(message(R"(.buffer {"name":"b","memory":"acc","address":0,"bytes":64,"bytes":32})"),
            "line 2: key 'bytes' is given twice");
  std::string buffer = R"(.buffer {"name":"b","memory":"acc","address":0,"bytes":64})", other = buffer;
  other.replace(other.find("acc"), 3, "vector");
  EXPECT_EQ(message(buffer + "\n" + other), "none");
  EXPECT_EQ(message(buffer + "\n" + other + "\n" + buffer), "line 4: buffer 'b' in acc is given twice");
  std::string argument = R"(.argument {"name":"b","output":false,"element_bytes":4,"shape":[],"base":3,"dims":[]})";
  EXPECT_EQ(message(buffer + "\n" + argument), "none");
  EXPECT_EQ(message(argument + "\n" + argument), "line 3: argument 'b' is given twice");
  EXPECT_EQ(message(R"(.role {"role":"none"})"), "line 2: no role is called \"none\"");
  EXPECT_EQ(message(".role"), "line 2: expects a directive and a JSON object");
}

TEST(Assembly, NamesAreUtf8) {
  Program good;
  ASSERT_TRUE(encode(Halt{}, good.code));
  good.roles = {Role::Control};
  good.arguments.push_back({"", false, 4, {}, 1, {}});
  good.buffers.push_back({"", Memory::Vector, 0, 4});
  using Name = std::string &(*)(Program &);
  for (auto [name, message] :
       {std::pair<Name, std::string>{[](Program &p) -> std::string & { return p.name; },
                                     "the name of a program is not UTF-8"},
        {[](Program &p) -> std::string & { return p.layer.node; }, "program '': the name of the layer is not UTF-8"},
        {[](Program &p) -> std::string & { return p.arguments[0].name; },
         "program '': the name of argument 0 is not UTF-8"},
        {[](Program &p) -> std::string & { return p.buffers[0].name; },
         "program '': the name of buffer 0 is not UTF-8"}}) {
    // The first and the last of each length, and the neighbours of the surrogates.
    for (std::string_view text : {"plain", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                  "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
      Program program = good;
      name(program) = text;
      auto read = deserialise(serialise(program));
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_EQ(*read, program);
      auto parsed = parseProgram(printProgram(program));
      ASSERT_TRUE(parsed) << parsed.error().message;
      EXPECT_EQ(*parsed, program);
    }
    // A byte that follows nothing, texts that end early, overlong forms, surrogates, above U+10FFFF.
    for (std::string_view text :
         {"\x80", "a\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3(", "\xe2(\x82", "\xc0\x80", "\xc1\xbf",
          "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
      Program program = good;
      name(program) = text;
      auto read = deserialise(serialise(program));
      ASSERT_FALSE(read);
      EXPECT_EQ(read.error().message, message);
    }
  }
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
