//===- Diagnostics.cpp - Errors as the user reads them ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Onnx/IR/Diagnostics.h"

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"

#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace rnn::onnx {

static std::string placeOf(Location location) {
  if (std::string name = nodeName(location); !name.empty())
    return name;
  // A whole file is its line 0.
  if (auto line = location->findInstanceOf<FileLineColLoc>(); line && line.getLine() == 0)
    return line.getFilename().str();
  else if (line)
    return (line.getFilename().getValue() + ":" + Twine(line.getLine()) + ":" + Twine(line.getColumn())).str();
  return "<unknown>";
}

static StringRef severityOf(const Diagnostic &diagnostic) {
  switch (diagnostic.getSeverity()) {
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Remark:
    return "remark";
  case DiagnosticSeverity::Note:
    return "note";
  }
  llvm_unreachable("all severities are handled");
}

std::string formatDiagnostic(Location location, StringRef severity, const Twine &text) {
  return (placeOf(location) + ": " + severity + ": " + text).str();
}

std::string formatDiagnostic(const Diagnostic &diagnostic) {
  std::string text = formatDiagnostic(diagnostic.getLocation(), severityOf(diagnostic), diagnostic.str());
  llvm::raw_string_ostream os(text);
  for (const Diagnostic &note : const_cast<Diagnostic &>(diagnostic).getNotes())
    os << "\n" << formatDiagnostic(note);
  return text;
}

void mark(Diagnostic &diagnostic, StringLiteral mark) {
  diagnostic.getMetadata().push_back(DiagnosticArgument(StringRef(mark)));
}

bool isMarked(Diagnostic &diagnostic, StringRef mark) {
  return llvm::any_of(diagnostic.getMetadata(), [&](DiagnosticArgument &each) {
    return each.getKind() == DiagnosticArgument::DiagnosticArgumentKind::String && each.getAsString() == mark;
  });
}

static constexpr StringLiteral kSystemError = "system error";

InFlightDiagnostic emitSystemError(Location location) {
  InFlightDiagnostic diagnostic = emitError(location);
  mark(*diagnostic.getUnderlyingDiagnostic(), kSystemError);
  return diagnostic;
}

bool isSystemError(Diagnostic &diagnostic) {
  return isMarked(diagnostic, kSystemError);
}

Location valueLocation(ModuleOp module, StringAttr name, Location otherwise) {
  auto file = module->getAttrOfType<StringAttr>(kFileAttr);
  return name && file ? nodeLocation(module.getContext(), file, name) : otherwise;
}

NodeDiagnosticHandler::NodeDiagnosticHandler(MLIRContext *context, llvm::raw_ostream &os)
    : ScopedDiagnosticHandler(context) {
  setHandler([&os](Diagnostic &diagnostic) { os << formatDiagnostic(diagnostic) << "\n"; });
}

} // namespace rnn::onnx
