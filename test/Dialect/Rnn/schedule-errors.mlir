// RUN: not rnn-opt %s -rnn-schedule="time-tile=-3" 2>&1 | FileCheck %s

// CHECK: error: expected a time tile of at least 1, or 0 to choose, found -3
module {}
