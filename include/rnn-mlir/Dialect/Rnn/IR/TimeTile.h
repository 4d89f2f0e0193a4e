//===- TimeTile.h - Steps of a tile on a device -----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Target/TargetModel.h"

namespace rnn {

/// Whether the projection of a tile can run beside the steps of the one before: all of it are products of a step's own
/// input that run ahead, and no input is handed on.
bool canOverlap(const Projection &projection, RecurrenceOp recurrence);

/// The steps of the longest tile of a schedule on a device: its projected values fill the accumulators beside the
/// products of a step, and its inputs and outputs, kept twice, the vector memory, whichever is full first. At least 1;
/// 1 for the plain schedule. `overlap` keeps the projected values twice and takes no more steps than each weight of the
/// projection has panels of 16 whole rows, where it has any.
int64_t longestTile(RecurrenceOp recurrence, ScheduleKind schedule, const target::TargetModel &model);

/// Of the tiles of the overlap schedule of at most so many steps and more than half of them, the longest of those that
/// leave the fewest panels of the projection to do between tiles.
int64_t evenTile(RecurrenceOp recurrence, int64_t longest);

} // namespace rnn
