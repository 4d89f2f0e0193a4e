// RUN: rnn-opt %s | rnn-opt | FileCheck %s

// CHECK-LABEL: @sru
// CHECK: rnn.sru %{{.*}}, %{{.*}} : (
func.func @sru(%x: tensor<?x2x4xf32>, %w: tensor<12x4xf32>) -> tensor<?x2x4xf32> {
  %y, %c = rnn.sru %x, %w : (tensor<?x2x4xf32>, tensor<12x4xf32>) -> (tensor<?x2x4xf32>, tensor<2x4xf32>)
  return %y : tensor<?x2x4xf32>
}

// CHECK-LABEL: @all_operands
// CHECK: rnn.sru %{{.*}}, %{{.*}} bias(%{{.*}}) peephole(%{{.*}}) highway(%{{.*}}) init(%{{.*}}) lengths(%{{.*}}) {output_activation = #rnn.act<tanh>, reverse}
func.func @all_operands(%x: tensor<?x2x3xf32>, %w: tensor<12x3xf32>, %b: tensor<8xf32>, %v: tensor<8xf32>,
                        %p: tensor<4x3xf32>, %c0: tensor<2x4xf32>, %l: tensor<2xi32>) -> tensor<2x4xf32> {
  %y, %c = rnn.sru %x, %w bias(%b) peephole(%v) highway(%p) init(%c0) lengths(%l)
    {reverse, output_activation = #rnn.act<tanh>}
    : (tensor<?x2x3xf32>, tensor<12x3xf32>, tensor<8xf32>, tensor<8xf32>, tensor<4x3xf32>, tensor<2x4xf32>,
       tensor<2xi32>) -> (tensor<?x2x4xf32>, tensor<2x4xf32>)
  return %c : tensor<2x4xf32>
}
