//===- Evaluate.h - What a node makes of constants --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

namespace rnn::onnx {

/// The elements of tensors that operations make of constants alone, as attributes whose types have the tensors' shapes;
/// null for a tensor that is not made of constants, by an operation that is not interpreted, or at more cost than
/// `steps`, which every element and operation takes from. A check that would end a run leaves the tensor alone.
llvm::SmallVector<mlir::TypedAttr> evaluate(llvm::ArrayRef<mlir::Value> values, int64_t &steps);

} // namespace rnn::onnx
