// RUN: rnn-opt %s -rnn-attach-target="description={kind: host}" | FileCheck %s
// RUN: rnn-opt %s -rnn-attach-target="description=kind:%%20host" | FileCheck %s
// RUN: rnn-opt %s -rnn-attach-target="description=100%%2" | FileCheck %s --check-prefix=PERCENT

// A percent sign without two hexadecimal digits stands for itself.
// PERCENT: rnn.target = "100%2"

// CHECK: module attributes {rnn.target = "kind: host"}
module {
}
