//===- Onnx.h - The onnx dialect --------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "rnn-mlir/Dialect/Onnx/IR/OnnxDialect.h.inc"

#define GET_TYPEDEF_CLASSES
#include "rnn-mlir/Dialect/Onnx/IR/OnnxTypes.h.inc"

#define GET_OP_CLASSES
#include "rnn-mlir/Dialect/Onnx/IR/OnnxOps.h.inc"

namespace rnn::onnx {

/// Names of the attributes of module, arguments and results.
inline constexpr llvm::StringLiteral kOpsetAttr = "onnx.opset";
inline constexpr llvm::StringLiteral kIrVersionAttr = "onnx.ir_version";
inline constexpr llvm::StringLiteral kProducerAttr = "onnx.producer";
inline constexpr llvm::StringLiteral kFileAttr = "onnx.file";
inline constexpr llvm::StringLiteral kNameAttr = "onnx.name";
inline constexpr llvm::StringLiteral kDimsAttr = "onnx.dims";
inline constexpr llvm::StringLiteral kDefaultsAttr = "onnx.defaults";

/// Name of the function that holds the graph.
inline constexpr llvm::StringLiteral kMainFunction = "main";

/// The location of a node: a NameLoc of `file:node`, which diagnostics print
/// in front of `: error: …`.
mlir::NameLoc nodeLocation(mlir::MLIRContext *context, llvm::StringRef file, llvm::StringRef node);

/// The text `file:node` of a location that contains one of `nodeLocation`, empty
/// where there is none. Fused and call-site locations are searched.
std::string nodeName(mlir::Location location);

/// The node of that text alone, without the module's file.
std::string nodeNameInFile(mlir::ModuleOp module, mlir::Location location);

/// The text as a program has it, without the folder of the module's file.
std::string nodeNameInProgram(mlir::ModuleOp module, mlir::Location location);

/// The version of the default domain that the operation's module was written
/// for (`onnx.opset`), 0 where it does not say.
int64_t opsetOf(mlir::Operation *op);

} // namespace rnn::onnx
