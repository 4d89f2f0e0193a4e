// RUN: rnn-opt %s --split-input-file --verify-diagnostics --rnn-host-to-llvm

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expects an rpu.program named @layer}}
  %y = rpu.launch @layer ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @main() -> tensor<16777216x16777216x8xf32> {
  %one = arith.constant 1.0 : f32
  // expected-error @below {{takes an array of more than 2^48 bytes: 'memref<16777216x16777216x8xf32>'}}
  %empty = tensor.empty() : tensor<16777216x16777216x8xf32>
  %y = linalg.fill ins(%one : f32) outs(%empty : tensor<16777216x16777216x8xf32>) -> tensor<16777216x16777216x8xf32>
  return %y : tensor<16777216x16777216x8xf32>
}
