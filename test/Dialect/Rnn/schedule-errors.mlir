// RUN: not rnn-opt %s -split-input-file -rnn-schedule="time-tile=-3" 2>&1 | FileCheck %s --check-prefix=TILE
// RUN: not rnn-opt %s -split-input-file -rnn-schedule 2>&1 | FileCheck %s
// RUN: not rnn-opt %s -split-input-file -rnn-schedule="schedule=plain time-tile=3" 2>&1 | FileCheck %s --check-prefix=PLAIN

// PLAIN: error: time-tile: expects 0 or 1 with schedule=plain, which has no tiles, found 3

// TILE: error: time-tile: expects a time tile of 1 to 2^30, and of 1 with the plain schedule, or 0 to choose, found -3
module {}

// -----

// CHECK: rnn.target:1:7: error: expected 'device' or 'host'
module attributes {rnn.target = "kind: toaster"} {}
