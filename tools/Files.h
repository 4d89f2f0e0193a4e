//===- Files.h - The files that tools read and write ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/ModuleText.h"
#include "rnn-mlir/Support/WholeFile.h"

#include "mlir/Support/FileUtilities.h"
#include "mlir/Support/LLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

namespace rnn {

/// The file's contents; null after an error has been printed.
inline std::unique_ptr<llvm::MemoryBuffer> openInput(llvm::StringRef path) {
  std::string reason;
  std::unique_ptr<llvm::MemoryBuffer> buffer = mlir::openInputFile(path, &reason);
  if (!buffer)
    llvm::errs() << path << ": error: " << reason << "\n";
  return buffer;
}

/// The text of a module; null after an error has been printed, also where MLIR's parser would not survive it.
inline std::unique_ptr<llvm::MemoryBuffer> openModule(llvm::StringRef path) {
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInput(path);
  llvm::StringRef text = buffer ? buffer->getBuffer() : "";
  std::optional<TextFault> fault = screenModuleText(text);
  if (!fault)
    return buffer;
  llvm::StringRef before = text.take_front(fault->at);
  llvm::errs() << path << ":" << before.count('\n') + 1 << ":" << before.size() - (before.rfind('\n') + 1) + 1
               << ": error: " << fault->message << "\n";
  return nullptr;
}

/// Where a tool writes: a file appears whole or not at all, a device or standard output is written as it comes.
class OutputFile {
public:
  /// Null after an error has been printed.
  static std::unique_ptr<OutputFile> open(const std::string &path) {
    std::unique_ptr<OutputFile> output(new OutputFile(path));
    struct stat existing;
    if (path == "-" || (::stat(path.c_str(), &existing) == 0 && !S_ISREG(existing.st_mode))) {
      std::string reason;
      output->device = mlir::openOutputFile(path, &reason);
      if (!output->device) {
        llvm::errs() << path << ": error: " << reason << "\n";
        return nullptr;
      }
      output->device->keep();
      return output;
    }
    auto file = WholeFile::create(path);
    if (!file) {
      llvm::errs() << file.error().message << "\n";
      return nullptr;
    }
    output->file.emplace(std::move(*file));
    return output;
  }

  llvm::raw_ostream &os() {
    if (device)
      return device->os();
    return text;
  }

  /// Ends the output. Where `done` is a failure there will be no file. Fails, after printing an error, where it cannot
  /// be written.
  mlir::LogicalResult close(mlir::LogicalResult done) {
    if (device) {
      device->os().flush();
      if (std::error_code wrong = device->os().error()) {
        llvm::errs() << path << ": error: cannot be written: " << wrong.message() << "\n";
        // The stream ends the program where an error is left.
        device->os().clear_error();
        return mlir::failure();
      }
      return done;
    }
    if (failed(done))
      return done;
    auto written = file->write(std::as_bytes(std::span(bytes)));
    if (written)
      written = file->commit();
    if (!written)
      llvm::errs() << written.error().message << "\n";
    return mlir::success(bool(written));
  }

private:
  explicit OutputFile(std::string path) : path(std::move(path)) {}

  std::string path, bytes;
  llvm::raw_string_ostream text{bytes};
  std::unique_ptr<llvm::ToolOutputFile> device;
  std::optional<WholeFile> file;
};

} // namespace rnn
