func.func @f(%x: tensor<?x1x2xf32>, %r: tensor<2x2xf32>) -> tensor<?x1x2xf32> {
  %y, %h = rnn.elman %x, %r, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>) loc("the layer")
  return %y : tensor<?x1x2xf32>
}
