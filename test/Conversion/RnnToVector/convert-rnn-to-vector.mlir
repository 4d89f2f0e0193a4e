// RUN: rnn-opt %s -convert-rnn-to-vector -split-input-file | FileCheck %s

// The inputs of a tile are copied beside one another and multiplied, then the steps run; each sum rises over the columns.
// CHECK-LABEL: func.func @elman
// CHECK-SAME: %[[X:.*]]: tensor<?x?x3xf32>, %[[W:.*]]: tensor<17x3xf32, {{.*}}>, %[[R:.*]]: tensor<17x17xf32, {{.*}}>
func.func @elman(%x: tensor<?x?x3xf32>, %w: tensor<17x3xf32, #rnn.panels<16>>, %r: tensor<17x17xf32, #rnn.panels<16>>) -> tensor<?x?x17xf32> {
  // CHECK-DAG: %[[WS:.*]] = rnn.reinterpret %[[W]]
  // CHECK-DAG: %[[RS:.*]] = rnn.reinterpret %[[R]]
  // CHECK-DAG: %[[WB:.*]] = bufferization.to_buffer %[[WS]]
  // CHECK-DAG: %[[RB:.*]] = bufferization.to_buffer %[[RS]]
  // CHECK: scf.for %[[SEQUENCE:.*]] =
  // CHECK-NOT: memref.alloc
  // CHECK: %[[INPUT:.*]] = memref.load %{{.*}}[%{{.*}}, %[[SEQUENCE]], %{{.*}}] : memref<?x?x3xf32>
  // CHECK: memref.store %[[INPUT]], %[[TILE:.*]][%{{.*}}] : memref<40xf32>
  // CHECK: iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
  // CHECK: vector.load %[[WB]][%{{.*}}, %{{.*}}, %{{.*}}] : memref<2x3x16xf32>, vector<16xf32>
  // CHECK: memref.load %[[TILE]][%{{.*}}] : memref<40xf32>
  // CHECK-COUNT-6: vector.fma
  // CHECK: iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>)
  // CHECK: vector.load %[[RB]]
  // CHECK: vector.fma
  // CHECK: rnn.activation tanh %{{.*}} : vector<16xf32>
  // CHECK: %[[LAYER:.*]] = arith.constant 0 : i64
  // CHECK: call @rnn_count_steps(%[[LAYER]], %{{.*}}) : (i64, i64) -> ()
  // CHECK: bufferization.to_tensor %{{.*}} restrict :
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    %p = rnn.product %w, %v : (tensor<17x3xf32, #rnn.panels<16>>, tensor<3xf32>) -> tensor<17xf32>
    rnn.yield %p : tensor<17xf32>
  } step {
  ^bb0(%p: tensor<17xf32>, %s: tensor<17xf32>):
    %a = rnn.product %r, %s acc(%p) : (tensor<17x17xf32, #rnn.panels<16>>, tensor<17xf32>, tensor<17xf32>) -> tensor<17xf32>
    %t = rnn.activation tanh %a : tensor<17xf32>
    rnn.yield %t, %t : tensor<17xf32>, tensor<17xf32>
  } {time_tile = 8 : i64} : (tensor<?x?x3xf32>) -> (tensor<?x?x17xf32>, tensor<?x17xf32>)
  return %y : tensor<?x?x17xf32>
}

// -----

// Results nobody uses have no buffer; lengths bound the steps, and a length of zero gives zeros.
// CHECK-LABEL: func.func @final
// CHECK-NOT: memref.alloc({{.*}}) {{.*}} : memref<?x?x3xf32>
// CHECK: %[[GIVEN:.*]] = memref.load %{{.*}} : memref<?xi32>
// CHECK: %[[LENGTH:.*]] = arith.index_cast %[[GIVEN]]
// CHECK: scf.for %{{.*}} = %{{.*}} to %[[LENGTH]]
// CHECK: %[[EMPTY:.*]] = arith.cmpi eq, %[[LENGTH]]
// CHECK: arith.select %[[EMPTY]]
func.func @final(%x: tensor<?x?x3xf32>, %lengths: tensor<?xi32>) -> tensor<?x3xf32> {
  %one = arith.constant dense<1.0> : tensor<3xf32>
  %y, %h = rnn.recurrence plain %x lengths(%lengths) project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield
  } step {
  ^bb0(%s: tensor<3xf32>):
    %t = arith.addf %s, %one : tensor<3xf32>
    rnn.yield %t, %t : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x3xf32>, tensor<?xi32>) -> (tensor<?x?x3xf32>, tensor<?x3xf32>)
  return %h : tensor<?x3xf32>
}

// Odd steps take the blocks of whole panels from the last (panel 4 of 9) to the first; panel 8 is the rest.
// CHECK-LABEL: func.func @turns
// CHECK: scf.for %[[TILE:[a-z0-9]+]] = %{{.*}} to %dim{{ }}
// CHECK: scf.for
// CHECK: scf.for %[[IN_TILE:[a-z0-9]+]] =
// CHECK: %[[STEP:.*]] = arith.addi %[[TILE]], %[[IN_TILE]]
// CHECK: %[[BIT:.*]] = arith.andi %[[STEP]], %{{.*}}
// CHECK: %[[ODD:.*]] = arith.cmpi ne, %[[BIT]]
// CHECK: scf.for %[[PANEL:.*]] = %{{.*}} to %c8{{.*}} step %c4{{.*}} {
// CHECK: %[[MIRRORED:.*]] = arith.subi %c4{{.*}}, %[[PANEL]]
// CHECK: arith.select %[[ODD]], %[[MIRRORED]], %[[PANEL]]
func.func @turns(%x: tensor<?x?x4xf32>, %r: tensor<144x144xf32, #rnn.panels<16>>) -> tensor<?x?x144xf32> {
  %y, %h = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
  ^bb0(%s: tensor<144xf32>):
    %p = rnn.product %r, %s : (tensor<144x144xf32, #rnn.panels<16>>, tensor<144xf32>) -> tensor<144xf32>
    rnn.yield %p, %p : tensor<144xf32>, tensor<144xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> (tensor<?x?x144xf32>, tensor<?x144xf32>)
  return %y : tensor<?x?x144xf32>
}
