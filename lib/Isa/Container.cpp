//===- Container.cpp - Reading and writing program files --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Isa/Container.h"

#include "rnn-mlir/Support/Json.h"
#include "rnn-mlir/Support/MappedFile.h"
#include "rnn-mlir/Support/WholeFile.h"

#include "ByteStream.h"

#include <algorithm>
#include <zlib.h>

namespace rnn::isa {
namespace {

constexpr char kMagic[8] = {'R', 'N', 'N', 'R', 'P', 'U', '\r', '\n'};
constexpr size_t kHeaderBytes = 16, kNameBytes = 32, kEntryBytes = kNameBytes + 8 + 8 + 8;
/// Behind the table: the CRC-32 of all bytes before it, and four zeros.
constexpr size_t kTableEndBytes = 8;
constexpr size_t kMaxSections = 64;
constexpr size_t kAlignment = 64;

size_t aligned(size_t at) {
  return (at + kAlignment - 1) / kAlignment * kAlignment;
}

uint32_t crcOf(std::span<const std::byte> bytes, uint32_t crc = 0) {
  // zlib takes a null pointer, which an empty piece may have, for a request to begin anew.
  return bytes.empty() ? crc : crc32_z(crc, reinterpret_cast<const Bytef *>(bytes.data()), bytes.size());
}

bool areZero(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte(0); });
}

/// Where bytes of a program file go, in order.
struct Sink {
  virtual ~Sink() = default;
  virtual bool write(std::span<const std::byte> bytes) = 0;
};

struct FileSink : Sink {
  explicit FileSink(WholeFile &file) : file(file) {}
  bool write(std::span<const std::byte> bytes) override { return bool(file.write(bytes)); }
  WholeFile &file;
};

struct MemorySink : Sink {
  bool write(std::span<const std::byte> bytes) override {
    out.insert(out.end(), bytes.begin(), bytes.end());
    return true;
  }
  std::vector<std::byte> out;
};

/// A section as a list of pieces at rising offsets, the gaps zero.
struct Planned {
  std::string name;
  std::vector<ContainerContents::Piece> pieces;
  uint64_t offset = 0;

  uint64_t size() const { return pieces.empty() ? 0 : pieces.back().offset + pieces.back().bytes.size(); }
  /// Calls f(bytes) for the content in order, gaps included.
  template <class F> bool forEach(F &&f) const {
    static constexpr std::array<std::byte, 4096> zeros{};
    uint64_t at = 0;
    for (const auto &piece : pieces) {
      for (uint64_t gap = piece.offset - at; gap > 0;) {
        size_t now = std::min<uint64_t>(gap, zeros.size());
        if (!f(std::span<const std::byte>(zeros).first(now)))
          return false;
        gap -= now;
      }
      if (!f(piece.bytes))
        return false;
      at = piece.offset + piece.bytes.size();
    }
    return true;
  }
};

template <class T> std::span<const std::byte> bytesOf(const T &container) {
  return std::as_bytes(std::span(container.data(), container.size()));
}

Result<void> writeTo(const ContainerContents &contents, Sink &sink) {
  std::string meta;
  try {
    meta = contents.meta.dump();
  } catch (const nlohmann::json::type_error &) {
    return Error{"a text of the metadata is not UTF-8"};
  }
  std::vector<std::byte> programs = serialisePrograms(contents.programs);
  std::vector<Planned> sections;
  sections.push_back({"META", {{0, bytesOf(meta)}}});
  sections.push_back({"CNST", contents.constants});
  sections.push_back({"PROG", {{0, bytesOf(programs)}}});
  sections.push_back({"TARG", {{0, bytesOf(contents.target)}}});
  for (const auto &host : contents.host) {
    if (host.cpu.size() + 6 > kNameBytes)
      return Error{"the name of CPU '" + host.cpu + "' is longer than " + std::to_string(kNameBytes - 6) + " bytes"};
    sections.push_back({"HOST:" + host.cpu, {{0, bytesOf(host.elf)}}});
  }
  uint64_t at = kHeaderBytes + kEntryBytes * sections.size() + kTableEndBytes;
  ByteWriter head;
  for (char c : kMagic)
    head.put(c);
  head.put<uint32_t>(kContainerVersion);
  head.put<uint32_t>(sections.size());
  for (Planned &section : sections) {
    section.offset = at = aligned(at);
    at += section.size();
    uint32_t crc = 0;
    section.forEach([&](std::span<const std::byte> bytes) { return crc = crcOf(bytes, crc), true; });
    std::string name = section.name;
    name.resize(kNameBytes);
    for (char c : name)
      head.put(c);
    head.put<uint64_t>(section.offset);
    head.put<uint64_t>(section.size());
    head.put<uint32_t>(crc);
    head.put<uint32_t>(0);
  }
  head.put<uint32_t>(crcOf(head.out));
  head.put<uint32_t>(0);
  if (!sink.write(head.out))
    return systemError("cannot write");
  uint64_t written = head.out.size();
  for (const Planned &section : sections) {
    std::vector<std::byte> gap(section.offset - written);
    if (!sink.write(gap) || !section.forEach([&](std::span<const std::byte> bytes) { return sink.write(bytes); }))
      return systemError("cannot write");
    written = section.offset + section.size();
  }
  return {};
}

} // namespace

Result<void> writeContainer(const ContainerContents &contents, const std::string &path) {
  auto file = WholeFile::create(path);
  if (!file)
    return file.error();
  FileSink sink(*file);
  if (auto done = writeTo(contents, sink); !done)
    return Error{path + ": error: " + done.error().message};
  return file->commit();
}

Result<std::vector<std::byte>> containerBytes(const ContainerContents &contents) {
  MemorySink sink;
  if (auto done = writeTo(contents, sink); !done)
    return done.error();
  return std::move(sink.out);
}

bool isContainer(std::span<const std::byte> bytes) {
  return bytes.size() >= sizeof kMagic && std::memcmp(bytes.data(), kMagic, sizeof kMagic) == 0;
}

Result<Container> Container::open(const std::string &path) {
  auto file = readFile(path);
  if (!file)
    return file.error();
  if (file->bytes.empty())
    return Error{path + ": error: is empty"};
  auto container = parse(std::move(file->owner), file->bytes);
  if (!container)
    return Error{path + ": error: " + container.error().message};
  return container;
}

Result<Container> Container::fromBytes(std::vector<std::byte> bytes) {
  auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  askForLargePages(owner->data(), owner->size(), /*filled=*/true);
  return parse(owner, *owner);
}

Result<Container> Container::parse(std::shared_ptr<const void> owner, std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  if (bytes.size() < kHeaderBytes || !isContainer(bytes))
    return Error{"is no program file"};
  reader.get<uint64_t>();
  uint32_t version = reader.get<uint32_t>(), count = reader.get<uint32_t>();
  if (version != kContainerVersion)
    return Error{"has version " + std::to_string(version) + ", this program reads version " +
                 std::to_string(kContainerVersion) + "; compile the model again"};
  if (count > kMaxSections || count * kEntryBytes + kTableEndBytes > reader.rest.size())
    return Error{"is truncated in the table of sections"};
  size_t tableEnd = kHeaderBytes + count * kEntryBytes;
  if (ByteReader(bytes.subspan(tableEnd)).get<uint32_t>() != crcOf(bytes.first(tableEnd)))
    return Error{"does not have the checksum of its table of sections"};
  // A byte that nothing reads is zero, so that a file has one meaning.
  size_t end = tableEnd + kTableEndBytes;
  if (!areZero(bytes.first(end).last(4)))
    return Error{"has padding that is not zero behind its table of sections"};

  Container container;
  container.owner = std::move(owner);
  container.file = bytes;
  std::span<const std::byte> programs;
  for (uint32_t k = 0; k < count; ++k) {
    const char *name = reinterpret_cast<const char *>(reader.rest.data());
    Section section{std::string(name, ::strnlen(name, kNameBytes)), 0, 0, 0};
    bool padded = areZero(reader.rest.first(kNameBytes).subspan(section.name.size()));
    reader.rest = reader.rest.subspan(kNameBytes);
    section.offset = reader.get<uint64_t>();
    section.size = reader.get<uint64_t>();
    section.crc = reader.get<uint32_t>();
    padded &= reader.get<uint32_t>() == 0;
    std::string what = "section '" + section.name + "'";
    if (!padded)
      return Error{what + " has padding in the table of sections that is not zero"};
    if (section.offset > bytes.size() || section.size > bytes.size() - section.offset)
      return Error{what + " has " + std::to_string(section.size) + " bytes from byte " +
                   std::to_string(section.offset) + " of " + std::to_string(bytes.size())};
    if (section.offset != aligned(end))
      return Error{what + " is expected at byte " + std::to_string(aligned(end)) + ", found at " +
                   std::to_string(section.offset)};
    if (!areZero(bytes.first(section.offset).subspan(end)))
      return Error{what + " follows padding that is not zero"};
    end = section.offset + section.size;
    std::span<const std::byte> content = bytes.subspan(section.offset, section.size);
    if (crcOf(content) != section.crc)
      return Error{what + " does not have its checksum"};
    for (const Section &other : container.table)
      if (other.name == section.name)
        return Error{what + " occurs twice"};
    std::string text(section.name == "META" || section.name == "TARG" ? reinterpret_cast<const char *>(content.data())
                                                                      : "",
                     section.name == "META" || section.name == "TARG" ? content.size() : 0);
    if (section.name == "META") {
      auto object = parseJson(text);
      if (!object || !object->is_object())
        return Error{what + " is no JSON object"};
      container.metadata = std::move(*object);
    } else if (section.name == "CNST") {
      container.constantBytes = content;
    } else if (section.name == "PROG") {
      programs = content;
    } else if (section.name == "TARG") {
      container.targetText = std::move(text);
    } else if (section.name.starts_with("HOST:")) {
      container.host.push_back({section.name.substr(5), content});
    } else {
      return Error{what + " is unknown"};
    }
    container.table.push_back(std::move(section));
  }
  if (end != bytes.size())
    return Error{"has " + std::to_string(bytes.size() - end) + " bytes behind its last section"};
  if (container.metadata.is_null() || programs.empty())
    return Error{"lacks a section META or PROG"};
  auto read = deserialisePrograms(programs);
  if (!read)
    return Error{"section 'PROG': " + read.error().message};
  container.devicePrograms = std::move(*read);
  return container;
}

} // namespace rnn::isa
