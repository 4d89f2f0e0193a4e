//===- Trace.cpp - What the engines did when, for Perfetto ------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Sim/Trace.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <span>

namespace rnn::sim {

constexpr size_t kBufferBytes = 1 << 16;

Result<std::unique_ptr<TraceWriter>> TraceWriter::create(const std::string &path, double clock) {
  auto file = WholeFile::create(path);
  if (!file)
    return file.error();
  std::unique_ptr<TraceWriter> writer(new TraceWriter(std::move(*file), clock));
  writer->write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
  return writer;
}

void TraceWriter::flush() {
  if (written)
    written = file.write(std::as_bytes(std::span(buffer)));
  buffer.clear();
}

void TraceWriter::write(std::string_view text) {
  buffer += text;
  if (buffer.size() >= kBufferBytes)
    flush();
}

static std::string jsonString(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      result += escape;
      continue;
    }
    result += c;
  }
  return result + "\"";
}

TraceWriter::Picoseconds TraceWriter::picoseconds(uint64_t cycle) const {
  return Picoseconds((static_cast<long double>(base) + cycle) * 1e12L / clock + 0.5L);
}

/// Microseconds with six decimals; those beyond 2^64 are as many.
static std::string microseconds(unsigned __int128 picoseconds) {
  char text[32];
  uint64_t whole = uint64_t(std::min<unsigned __int128>(picoseconds / 1000000, UINT64_MAX));
  std::snprintf(text, sizeof text, "%" PRIu64 ".%06u", whole, unsigned(picoseconds % 1000000));
  return text;
}

void TraceWriter::event(const std::string &text) {
  write((empty ? "\n" : ",\n") + text);
  empty = false;
}

size_t TraceWriter::processOf(const Slice &s) {
  size_t number = std::find(programs.begin(), programs.end(), s.program) - programs.begin() + 1;
  if (number <= programs.size())
    return number;
  programs.emplace_back(s.program);
  std::string process = ",\"ph\":\"M\",\"pid\":" + std::to_string(number);
  std::string name = s.node.empty() || s.node == s.program ? std::string(s.program)
                                                           : std::string(s.node) + " (" + std::string(s.program) + ")";
  event("{\"name\":\"process_name\"" + process + ",\"args\":{\"name\":" + jsonString(name) + "}}");
  for (unsigned track = 0; track <= unsigned(Track::Channel); ++track) {
    std::string thread = process + ",\"tid\":" + std::to_string(track + 1);
    std::string_view trackName = track < isa::kEngineCount ? isa::kEngineNames[track] : "dram channel";
    event("{\"name\":\"thread_name\"" + thread + ",\"args\":{\"name\":" + jsonString(trackName) + "}}");
    event("{\"name\":\"thread_sort_index\"" + thread + ",\"args\":{\"sort_index\":" + std::to_string(track) + "}}");
  }
  return number;
}

/// Where an instruction is, as fields of the arguments.
static std::string positionText(const TraceWriter::Position &position) {
  std::string text;
  for (auto [key, value] : {std::pair("sequence", position.sequence), {"tile", position.tile}, {"step", position.step}})
    if (value >= 0)
      text += ",\"" + std::string(key) + "\":" + std::to_string(value);
  return text;
}

void TraceWriter::slice(const Slice &s) {
  size_t process = processOf(s);
  std::string name(s.mnemonic);
  constexpr Track sequencer = trackOf(isa::Engine::Seq);
  if (s.track == sequencer && s.engine != isa::Engine::Seq)
    name = "issue " + name;
  else if (s.track != sequencer)
    name += " " + std::string(s.role);
  Picoseconds begin = picoseconds(s.begin), end = picoseconds(s.end);
  char numbers[224];
  std::snprintf(numbers, sizeof numbers,
                ",\"ph\":\"X\",\"pid\":%zu,\"tid\":%u,\"ts\":%s,\"dur\":%s,\"args\":{\"instruction\":%" PRIu32
                ",\"cycle\":%" PRIu64 ",\"cycles\":%" PRIu64 ",\"latency\":%" PRIu64,
                process, unsigned(s.track) + 1, microseconds(begin).c_str(), microseconds(end - begin).c_str(),
                s.instruction, base + s.begin, s.end - s.begin, s.visible - s.end);
  event("{\"name\":" + jsonString(name) + numbers + positionText(s.position) +
        ",\"engine\":" + jsonString(isa::kEngineNames[size_t(s.engine)]) + ",\"role\":" + jsonString(s.role) +
        ",\"layer\":" + jsonString(s.program) + ",\"node\":" + jsonString(s.node) + "}}");
  if (s.visible > s.end)
    latency(s, process);
}

void TraceWriter::latency(const Slice &s, size_t process) {
  std::vector<uint64_t> &ends = lanes[size_t(s.engine)];
  size_t lane =
      std::find_if(ends.begin(), ends.end(), [&](uint64_t end) { return end <= base + s.end; }) - ends.begin();
  if (lane == ends.size())
    ends.push_back(0);
  ends[lane] = base + s.visible;
  std::string engine(isa::kEngineNames[size_t(s.engine)]), pid = std::to_string(process);
  auto phase = [&](char letter, uint64_t cycle, const std::string &more) {
    event("{\"name\":" + jsonString(engine + " latency") + ",\"cat\":\"latency\",\"ph\":\"" + letter +
          "\",\"id\":" + jsonString(pid + "." + engine + std::to_string(lane)) + ",\"pid\":" + pid + ",\"tid\":" +
          std::to_string(unsigned(s.track) + 1) + ",\"ts\":" + microseconds(picoseconds(cycle)) + more + "}");
  };
  phase('b', s.end, ",\"args\":{\"instruction\":" + std::to_string(s.instruction) + positionText(s.position) + "}");
  phase('e', s.visible, "");
}

Result<void> TraceWriter::finish() {
  buffer += "\n]}\n";
  flush();
  return written ? file.commit() : written;
}

} // namespace rnn::sim
