//===- Diagnostics.h - Errors as the user reads them ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"

namespace rnn::onnx {

/// The diagnostic as `file:node: error: text`, or `file:line:column: …` where its
/// location knows no node; notes follow, each on a line of its own.
std::string formatDiagnostic(const mlir::Diagnostic &diagnostic);

/// The same line for a text.
std::string formatDiagnostic(mlir::Location location, llvm::StringRef severity, const llvm::Twine &text);

/// Marks a diagnostic by its metadata.
void mark(mlir::Diagnostic &diagnostic, llvm::StringLiteral mark);
bool isMarked(mlir::Diagnostic &diagnostic, llvm::StringRef mark);

/// An error that is no refusal of the model: a file or program of the system cannot be read, written or run.
mlir::InFlightDiagnostic emitSystemError(mlir::Location location);
bool isSystemError(mlir::Diagnostic &diagnostic);

/// Where an error about an input or output of the module's graph is: as `nodeLocation` of its name, or `otherwise`
/// where it has no name or the module no file.
mlir::Location valueLocation(mlir::ModuleOp module, mlir::StringAttr name, mlir::Location otherwise);

/// Prints the diagnostics of its scope as `formatDiagnostic` writes them.
class NodeDiagnosticHandler : public mlir::ScopedDiagnosticHandler {
public:
  NodeDiagnosticHandler(mlir::MLIRContext *context, llvm::raw_ostream &os);
};

} // namespace rnn::onnx
