// RUN: rnn-opt %s -rnn-attach-target="description={kind: host}" | FileCheck %s

// CHECK: module attributes {rnn.target = "kind: host"}
module {
}
