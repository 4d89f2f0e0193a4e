// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @names(%c: tensor<i1>) {
  // expected-error @below {{(C1) expects a name for each of the 1 subgraphs, found 2}}
  onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] { onnx.return } : (tensor<i1>) -> ()
  onnx.return
}

// -----

func.func @same_names(%c: tensor<i1>) {
  // expected-error @below {{(C1) expects different names of its subgraphs, found "body" twice}}
  onnx.node "If"(%c) subgraphs ["body", "body"] { onnx.return }, { onnx.return } : (tensor<i1>) -> ()
  onnx.return
}

// -----

func.func @returns(%c: tensor<i1>) -> tensor<f32> {
  // expected-error @below {{(C1) expects values of types 'tensor<f32>', the function's results, found 'tensor<i1>'}}
  onnx.return %c : tensor<i1>
}

// -----

func.func @return_of_another_parent() {
  // expected-error @below {{'onnx.return' op expects parent op to be one of}}
  scf.execute_region { onnx.return }
  onnx.return
}
