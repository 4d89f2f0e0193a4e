//===- Trace.cpp - What the engines did when, for Perfetto ------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Sim/Trace.h"

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

void TraceWriter::slice(const Slice &s) {
  char numbers[224];
  double scale = 1e6 / clock;
  std::snprintf(numbers, sizeof numbers,
                ",\"ph\":\"X\",\"pid\":1,\"tid\":%u,\"ts\":%.6f,\"dur\":%.6f,\"args\":{\"instruction\":%" PRIu32
                ",\"step\":%" PRIu64 ",\"cycle\":%" PRIu64 ",\"cycles\":%" PRIu64 ",",
                unsigned(s.engine), double(base + s.begin) * scale, double(s.end - s.begin) * scale, s.instruction,
                s.step, base + s.begin, s.end - s.begin);
  write(",\n{\"name\":" + quoted(std::string(s.mnemonic) + " " + std::string(s.role)) + numbers +
        "\"engine\":" + quoted(isa::kEngineNames[size_t(s.engine)]) + ",\"layer\":" + quoted(s.program) +
        ",\"node\":" + quoted(s.node) + "}}");
}

Result<void> TraceWriter::finish() {
  buffer += "\n]}\n";
  flush();
  return written ? file.commit() : written;
}

} // namespace rnn::sim
