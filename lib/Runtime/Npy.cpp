//===- Npy.cpp - NumPy's file format -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "FileBytes.h"
#include "rnn-mlir/Runtime/ArrayFiles.h"
#include "rnn-mlir/Support/Utf8.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace rnn::runtime {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

const std::map<std::string_view, DType> kCodes = {
    {"b1", DType::Bool},   {"i1", DType::Int8},    {"i2", DType::Int16},   {"i4", DType::Int32},
    {"i8", DType::Int64},  {"u1", DType::UInt8},   {"u2", DType::UInt16},  {"u4", DType::UInt32},
    {"u8", DType::UInt64}, {"f2", DType::Float16}, {"f4", DType::Float32}, {"f8", DType::Float64}};

/// Reads the header, a Python dictionary of three known keys.
class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : text(text), rest(text) {}

  std::string descr;
  bool fortran = false;
  std::vector<int64_t> shape;
  /// What was expected instead of what stands at `offset()`, of the first fault.
  std::string_view expected;
  size_t offset() const { return text.size() - rest.size(); }

  bool parse() {
    unsigned seen = 0;
    if (!take("{"))
      return fail("a dictionary");
    while (!take("}")) {
      std::string key;
      peek();
      size_t at = offset();
      if (!quoted(key))
        return fail("a key in quotes");
      unsigned bit = key == "descr" ? 1 : key == "shape" ? 2 : key == "fortran_order" ? 4 : 0;
      if (!bit || seen & bit) {
        rest = text.substr(at);
        return fail("the keys descr, fortran_order and shape, each once");
      }
      seen |= bit;
      if (!take(":"))
        return fail("':'");
      if (!(bit == 1 ? quoted(descr) : bit == 2 ? tuple() : boolean()))
        return fail(bit == 1 ? "a text in quotes" : bit == 2 ? "a tuple of sizes" : "True or False");
      if (!take(",") && peek() != '}')
        return fail("',' or '}'");
    }
    if (seen != 7)
      return fail("the keys descr, fortran_order and shape, each once");
    peek();
    if (!rest.empty())
      return fail("spaces and a new line");
    return true;
  }

private:
  /// What is expected where the text stands; the innermost is told.
  bool fail(std::string_view what) {
    if (expected.empty())
      expected = what;
    return false;
  }
  char peek() {
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\n'))
      rest.remove_prefix(1);
    return rest.empty() ? '\0' : rest.front();
  }
  bool take(std::string_view word) {
    peek();
    if (!rest.starts_with(word))
      return false;
    rest.remove_prefix(word.size());
    return true;
  }
  bool quoted(std::string &out) {
    char quote = peek();
    if (quote != '\'' && quote != '"')
      return false;
    size_t end = rest.find(quote, 1);
    if (end == std::string_view::npos)
      return false;
    out = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return true;
  }
  bool boolean() { return (fortran = take("True")) || take("False"); }
  bool tuple() {
    if (!take("("))
      return false;
    while (!take(")")) {
      peek();
      int64_t size;
      auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
      if (error != std::errc() || size < 0 || shape.size() == 32)
        return fail("at most 32 sizes of 0 to 2^63 - 1");
      rest.remove_prefix(end - rest.data());
      take("L");
      shape.push_back(size);
      // One size without a comma is a number in parentheses.
      if (!take(",") && (peek() != ')' || shape.size() == 1))
        return fail("','");
    }
    return true;
  }

  std::string_view text, rest;
};

/// Copies an array stored first dimension fastest to row-major order.
void fromFortran(const std::byte *from, const Array &to) {
  size_t width = dtypeBytes(to.dtype), rank = to.shape.size();
  std::vector<int64_t> index(rank);
  std::byte *out = to.data.get();
  for (uint64_t k = 0, n = to.elements(); k < n; ++k) {
    uint64_t at = 0;
    for (size_t d = rank; d-- > 0;)
      at = at * to.shape[d] + index[d];
    std::memcpy(out + k * width, from + at * width, width);
    for (size_t d = rank; d-- > 0 && ++index[d] == to.shape[d];)
      index[d] = 0;
  }
}

} // namespace

bool isNpy(const std::string &path) {
  auto file = mapFile(path);
  return file && std::ranges::equal(file->bytes.first(std::min(file->bytes.size(), kMagic.size())),
                                    std::as_bytes(std::span(kMagic)));
}

Result<Array> readNpy(const std::string &path) {
  auto file = mapFile(path);
  if (!file)
    return file.error();
  std::span<const std::byte> bytes = file->bytes;
  std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  if (text.empty())
    return Error{path + ": error: is empty, expected a .npy file"};
  if (!text.starts_with(kMagic) || text.size() < 12)
    return Error{path + ": error: is no .npy file"};
  unsigned major = uint8_t(text[6]);
  if (major < 1 || major > 3)
    return Error{path + ": error: has .npy format " + std::to_string(major) + ", expected 1, 2 or 3"};
  size_t lengthBytes = major == 1 ? 2 : 4, begin = 8 + lengthBytes, length = 0;
  for (size_t k = 0; k < lengthBytes; ++k)
    length |= size_t(uint8_t(text[8 + k])) << 8 * k;
  if (length > text.size() - begin)
    return Error{path + ": error: is truncated in its header"};
  HeaderParser header(text.substr(begin, length));
  if (!header.parse())
    return Error{path + ": error: has a malformed header: expected " + std::string(header.expected) + " at byte " +
                 std::to_string(begin + header.offset())};
  auto code = kCodes.find(std::string_view(header.descr).substr(header.descr.empty() ? 0 : 1));
  if (code == kCodes.end() || std::string_view("<|=").find(header.descr[0]) == std::string_view::npos)
    return Error{path + ": error: has element type '" + printable(header.descr) +
                 "', expected a little-endian number or boolean"};
  std::optional<uint64_t> wanted = byteCount(code->second, header.shape);
  uint64_t found = text.size() - begin - length;
  if (!wanted || *wanted != found)
    return Error{path + ": error: holds " + std::to_string(found) + " bytes of data, its shape " +
                 shapeText(header.shape) +
                 (wanted ? " needs " + std::to_string(*wanted) : std::string(" is too large"))};
  auto array = Array::zeros(code->second, header.shape);
  if (!array)
    return Error{path + ": error: " + array.error().message};
  const std::byte *data = bytes.data() + begin + length;
  if (header.fortran && header.shape.size() > 1)
    fromFortran(data, *array);
  else if (found)
    std::memcpy(array->data.get(), data, found);
  if (auto good = checkElements(*array); !good)
    return Error{path + ": error: " + good.error().message};
  return array;
}

Result<WholeFile> npyFile(const Array &array, const std::string &path) {
  std::string shape;
  for (int64_t size : array.shape)
    shape += std::to_string(size) + ",";
  if (array.shape.size() > 1)
    shape.pop_back();
  std::string code;
  for (const auto &[name, dtype] : kCodes)
    if (dtype == array.dtype)
      code = (dtypeBytes(dtype) == 1 ? "|" : "<") + std::string(name);
  std::string dictionary = "{'descr': '" + code + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  // The data begin at a multiple of 64.
  size_t total = (10 + dictionary.size() + 1 + 63) / 64 * 64;
  dictionary.resize(total - 11, ' ');
  dictionary += '\n';
  std::string head(kMagic);
  head += {'\x01', '\x00', char(dictionary.size() & 255), char(dictionary.size() >> 8)};
  head += dictionary;
  std::span<const std::byte> pieces[] = {std::as_bytes(std::span(head)), {array.data.get(), array.bytes()}};
  return WholeFile::holding(path, pieces);
}

} // namespace rnn::runtime
