//===- Files.h - The files that tools read and write ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

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

/// A file that is removed again unless `keepOutput` keeps it; null after an error has been printed.
inline std::unique_ptr<llvm::ToolOutputFile> openOutput(llvm::StringRef path) {
  std::string reason;
  std::unique_ptr<llvm::ToolOutputFile> file = mlir::openOutputFile(path, &reason);
  if (!file)
    llvm::errs() << path << ": error: " << reason << "\n";
  return file;
}

/// Keeps what was written where `done` succeeded. Fails, after printing an error, where it could not be written.
inline mlir::LogicalResult keepOutput(llvm::ToolOutputFile &file, mlir::LogicalResult done) {
  llvm::raw_fd_ostream &stream = file.os();
  stream.flush();
  if (std::error_code wrong = stream.error()) {
    llvm::errs() << file.getFilename() << ": error: cannot be written: " << wrong.message() << "\n";
    // The stream ends the program where an error is left.
    stream.clear_error();
    return mlir::failure();
  }
  if (succeeded(done))
    file.keep();
  return done;
}

} // namespace rnn
