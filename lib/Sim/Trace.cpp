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
  writer->write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
  for (unsigned e = 1; e < isa::kEngineCount; ++e)
    writer->write(std::string(e > 1 ? ",\n" : "") + "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":" +
                  std::to_string(e) + ",\"args\":{\"name\":\"" + std::string(isa::kEngineNames[e]) + "\"}}");
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

static std::string quoted(std::string_view text) {
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

uint64_t TraceWriter::picoseconds(uint64_t cycle) const {
  return uint64_t(double(base + cycle) * 1e12 / clock + 0.5);
}

static std::string microseconds(uint64_t picoseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%" PRIu64 ".%06" PRIu64, picoseconds / 1000000, picoseconds % 1000000);
  return text;
}

void TraceWriter::slice(const Slice &s) {
  char numbers[224];
  uint64_t begin = picoseconds(s.begin), end = picoseconds(s.end);
  std::snprintf(numbers, sizeof numbers,
                ",\"ph\":\"X\",\"pid\":1,\"tid\":%u,\"ts\":%s,\"dur\":%s,\"args\":{\"instruction\":%" PRIu32
                ",\"step\":%" PRIu64 ",\"cycle\":%" PRIu64 ",\"cycles\":%" PRIu64 ",\"latency\":%" PRIu64 ",",
                unsigned(s.engine), microseconds(begin).c_str(), microseconds(end - begin).c_str(), s.instruction,
                s.step, base + s.begin, s.end - s.begin, s.visible - s.end);
  std::string engine(isa::kEngineNames[size_t(s.engine)]);
  write(",\n{\"name\":" + quoted(std::string(s.mnemonic) + " " + std::string(s.role)) + numbers +
        "\"engine\":" + quoted(engine) + ",\"layer\":" + quoted(s.program) + ",\"node\":" + quoted(s.node) + "}}");
  if (s.visible > s.end)
    latency(s, engine);
}

void TraceWriter::latency(const Slice &s, const std::string &engine) {
  std::vector<uint64_t> &ends = lanes[size_t(s.engine)];
  size_t lane =
      std::find_if(ends.begin(), ends.end(), [&](uint64_t end) { return end <= base + s.end; }) - ends.begin();
  if (lane == ends.size())
    ends.push_back(0);
  ends[lane] = base + s.visible;
  auto event = [&](char phase, uint64_t cycle, const std::string &more) {
    write(",\n{\"name\":" + quoted(engine + " latency") + ",\"cat\":\"latency\",\"ph\":\"" + phase + "\",\"id\":" +
          quoted(engine + std::to_string(lane)) + ",\"pid\":1,\"tid\":" + std::to_string(unsigned(s.engine)) +
          ",\"ts\":" + microseconds(picoseconds(cycle)) + more + "}");
  };
  event('b', s.end,
        ",\"args\":{\"instruction\":" + std::to_string(s.instruction) + ",\"step\":" + std::to_string(s.step) + "}");
  event('e', s.visible, "");
}

Result<void> TraceWriter::finish() {
  buffer += "\n]}\n";
  flush();
  return written ? file.commit() : written;
}

} // namespace rnn::sim
