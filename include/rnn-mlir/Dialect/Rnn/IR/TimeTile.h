//===- TimeTile.h - Steps and sequences of a tile ---------------*- C++ -*-===//
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

/// The steps of the longest tile of a schedule on a device, of `sequences` in lock-step: its projected values fill the
/// accumulators beside the products of a step, and its inputs and outputs, kept twice, the vector memory, whichever is
/// full first. At least 1; 1 for the plain schedule. `overlap` keeps the projected values twice and takes no more steps
/// than each weight of the projection has panels of 16 whole rows, where it has any.
int64_t longestTile(RecurrenceOp recurrence, ScheduleKind schedule, const target::TargetModel &model,
                    int64_t sequences = 1);

/// Whether a device can run sequences in lock-step with a schedule: not where they have lengths and the projection runs
/// beside the steps, or a history is given.
bool canRunInLockstep(RecurrenceOp recurrence, ScheduleKind schedule);

/// The sequences that a device runs in lock-step: the batch tile, or as many as there are, or 1 where it cannot.
int64_t lockstepSequences(RecurrenceOp recurrence);

/// The most sequences in lock-step of which `timeTile` steps fit the memories of the tile; 1 at least.
int64_t largestBatchTile(RecurrenceOp recurrence, ScheduleKind schedule, const target::TargetModel &model,
                         int64_t timeTile);

/// The sequences in lock-step that take the fewest cycles by the target's costs, with the longest tile of time steps
/// or, where it is not 0, with that of `timeTile`; of several the most. It fits the memories of the tile.
int64_t cheapestBatchTile(RecurrenceOp recurrence, ScheduleKind schedule, const target::TargetModel &model,
                          int64_t timeTile);

/// The steps of a sequence and the sequences of a batch by which tiles are chosen where they are known at run time
/// only: 100 steps, and of a layer whose weights do not all fit 8 sequences, of another 1.
int64_t assumedSteps(RecurrenceOp recurrence);
int64_t assumedBatch(RecurrenceOp recurrence, const target::TargetModel &model);

/// Of the tiles of the overlap schedule of at most so many steps and more than half of them, the longest of those that
/// leave the fewest panels of the projection to do between tiles.
int64_t evenTile(RecurrenceOp recurrence, int64_t longest);

} // namespace rnn
