// An output that cannot be written is an error.
// RUN: not rnn-opt %s -o /dev/full 2>&1 | FileCheck %s
// CHECK: /dev/full: error: cannot be written: No space left on device
func.func @f() {
  return
}
