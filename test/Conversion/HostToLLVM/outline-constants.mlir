// RUN: rnn-opt %s --rnn-outline-constants | FileCheck %s
// RUN: rnn-opt %s --rnn-outline-constants=bytes=60 | FileCheck %s --check-prefix=SIXTY

// 64 bytes are large, dense, splat or resource; 60 are not. What nothing uses goes.
// CHECK: func.func private @rnn_constant_0() -> memref<4x4xf32>
// CHECK-SAME: attributes {rnn.constant = dense<1.000000e+00> : tensor<4x4xf32>}
// CHECK: func.func private @rnn_constant_1() -> memref<64xi8>
// CHECK-SAME: attributes {rnn.constant = dense_resource<bytes> : tensor<64xi8>}
// CHECK-NOT: func.func private
// CHECK-NOT: memref.global {{.*}} @{{sixteen|resource|unused}}
// CHECK: memref.global "private" constant @fifteen
// CHECK: memref.global "private" @variable
// CHECK-NOT: memref.global {{.*}} @{{sixteen|resource|unused}}
// SIXTY-COUNT-3: func.func private @rnn_constant_
memref.global "private" constant @sixteen : memref<4x4xf32> = dense<1.0>
memref.global "private" constant @fifteen : memref<15xf32> = dense<1.0>
memref.global "private" constant @resource : memref<64xi8> = dense_resource<bytes>
memref.global "private" constant @unused : memref<64xf32> = dense<1.0>
memref.global "private" @variable : memref<64xf32> = uninitialized

// CHECK-LABEL: func.func @uses
// CHECK: %[[A:.*]] = call @rnn_constant_0() : () -> memref<4x4xf32>
// CHECK: %[[B:.*]] = call @rnn_constant_1() : () -> memref<64xi8>
// CHECK: %[[C:.*]] = memref.get_global @fifteen
// CHECK: %[[D:.*]] = call @rnn_constant_0()
// CHECK: %[[E:.*]] = memref.get_global @variable
// CHECK: return %[[A]], %[[B]], %[[C]], %[[D]], %[[E]]
func.func @uses() -> (memref<4x4xf32>, memref<64xi8>, memref<15xf32>, memref<4x4xf32>, memref<64xf32>) {
  %a = memref.get_global @sixteen : memref<4x4xf32>
  %b = memref.get_global @resource : memref<64xi8>
  %c = memref.get_global @fifteen : memref<15xf32>
  %d = memref.get_global @sixteen : memref<4x4xf32>
  %e = memref.get_global @variable : memref<64xf32>
  return %a, %b, %c, %d, %e : memref<4x4xf32>, memref<64xi8>, memref<15xf32>, memref<4x4xf32>, memref<64xf32>
}

{-#
  dialect_resources: {
    builtin: {
      bytes: "0x010000000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F40"
    }
  }
#-}
