// RUN: not rnn-opt %s -split-input-file -rnn-schedule="time-tile=-3" 2>&1 | FileCheck %s --check-prefix=TILE
// RUN: not rnn-opt %s -split-input-file -rnn-schedule 2>&1 | FileCheck %s
// RUN: not rnn-opt %s -split-input-file -rnn-schedule="schedule=plain time-tile=3" 2>&1 | FileCheck %s --check-prefix=PLAIN

// PLAIN: error: expected no time tile with the plain schedule, found 3

// TILE: error: expected a time tile of at least 1, or 0 to choose, found -3
module {}

// -----

// CHECK: rnn.target:1:7: error: expected 'device' or 'host'
module attributes {rnn.target = "kind: toaster"} {}
