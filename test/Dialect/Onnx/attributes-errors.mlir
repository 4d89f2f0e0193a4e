// RUN: rnn-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{expects an array of strings, one for each dimension, as onnx.dims, found [1]}}
func.func @dims_are_strings(%x: tensor<?xf32> {onnx.dims = [1]}) -> tensor<?xf32> { return %x : tensor<?xf32> }

// -----

// expected-error @below {{expects an array of strings, one for each dimension, as onnx.dims, found ["N", "T"]}}
func.func @dims_of_another_rank(%x: tensor<?xf32>) -> (tensor<?xf32> {onnx.dims = ["N", "T"]}) { return %x : tensor<?xf32> }

// -----

// expected-error @below {{expects a string as onnx.name, found 1.000000e+00 : f64}}
func.func @name_is_a_string(%x: tensor<?xf32> {onnx.name = 1.0}) -> tensor<?xf32> { return %x : tensor<?xf32> }

// -----

// expected-error @below {{expects an array of strings as onnx.defaults, found [1.000000e+00]}}
module attributes {onnx.defaults = [1.0]} {}

// -----

// expected-error @below {{expects a string as onnx.file, found 1 : i64}}
module attributes {onnx.file = 1} {}

// -----

// expected-error @below {{expects an i64 as onnx.opset, found 1 : i128}}
module attributes {onnx.opset = 1 : i128} {}
