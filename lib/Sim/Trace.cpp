//===- Trace.cpp - What the engines did when, for Perfetto ------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Sim/Trace.h"

#include <cerrno>
#include <cinttypes>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace rnn::sim {

constexpr size_t kBufferBytes = 1 << 16;

Result<std::unique_ptr<TraceWriter>> TraceWriter::create(const std::string &path, double clock) {
  std::string temporary = path + ".XXXXXX";
  int fd = mkstemp(temporary.data());
  if (fd >= 0)
    fchmod(fd, 0644);
  std::FILE *file = fd < 0 ? nullptr : fdopen(fd, "w");
  if (!file) {
    Error error{path + ": error: cannot write the trace: " + std::strerror(errno)};
    if (fd >= 0)
      close(fd), unlink(temporary.c_str());
    return error;
  }
  std::unique_ptr<TraceWriter> writer(new TraceWriter(file, path, temporary, clock));
  writer->write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
  for (unsigned e = 1; e < isa::kEngineCount; ++e)
    writer->write(std::string(e > 1 ? ",\n" : "") + "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":" +
                  std::to_string(e) + ",\"args\":{\"name\":\"" + std::string(isa::kEngineNames[e]) + "\"}}");
  return writer;
}

TraceWriter::~TraceWriter() {
  if (!file)
    return;
  std::fclose(file);
  unlink(temporary.c_str());
}

void TraceWriter::write(std::string_view text) {
  buffer += text;
  if (buffer.size() < kBufferBytes)
    return;
  failed |= std::fwrite(buffer.data(), 1, buffer.size(), file) != buffer.size();
  buffer.clear();
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
  failed |= std::fwrite(buffer.data(), 1, buffer.size(), file) != buffer.size();
  failed |= std::fclose(file) != 0;
  file = nullptr;
  if (!failed && std::rename(temporary.c_str(), path.c_str()) == 0)
    return {};
  unlink(temporary.c_str());
  return Error{path + ": error: cannot write the trace: " + std::strerror(errno)};
}

} // namespace rnn::sim
