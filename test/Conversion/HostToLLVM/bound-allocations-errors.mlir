// RUN: rnn-opt %s --verify-diagnostics --rnn-bound-allocations

func.func @too_large() -> (memref<70368744177665xf32>, memref<16777216x16777216x?xi16>) {
  %none = arith.constant 0 : index
  // expected-error @below {{takes an array of more than 2^48 bytes: 'memref<70368744177665xf32>'}}
  %line = memref.alloc() : memref<70368744177665xf32>
  // expected-error @below {{takes an array of more than 2^48 bytes: 'memref<16777216x16777216x?xi16>'}}
  %cube = memref.alloc(%none) : memref<16777216x16777216x?xi16>
  return %line, %cube : memref<70368744177665xf32>, memref<16777216x16777216x?xi16>
}
