/*===- HostModule.c - Host code by hand ----------------------------------===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// y = 2 x + constant; z is x itself. A negative first element is refused, one
// of 500 with its number, one of 1000 asks for too much memory, one of 2000 launches a program, and one of
// 3000 describes y by a stride whose sums wrap.
//===----------------------------------------------------------------------===*/
#include "rnn-mlir/Runtime/HostApi.h"

typedef struct {
  float *allocated, *aligned;
  int64_t offset, sizes[1], strides[1];
} Vector;

RnnHostApi *rnn_host_api;
const int64_t rnn_host_abi = RNN_HOST_ABI;
const int64_t rnn_host_constants = sizeof(float);
const char rnn_host_types[] = "float32[?] -> float32[?] float32[?]";

void rnn_host_main(void **arguments) {
  Vector *results = arguments[0], *x = arguments[1];
  int64_t n = x->sizes[0];
  float first = n ? x->aligned[0] : 0;
  if (first < 0)
    rnn_host_api->fail(rnn_host_api->context, "m.onnx:node: error: expected a first element of at least 0", 0);
  if (first == 500) {
    const int64_t values[] = {400, 500};
    rnn_host_api->fail(rnn_host_api->context, "m.onnx:node: error: expected at most {}, found {}", values);
  }
  if (first == 1000)
    rnn_host_api->allocate(rnn_host_api->context, (uint64_t)1 << 50, "m.onnx:node");
  if (first == 2000)
    rnn_host_api->launch(rnn_host_api->context, 7, 0, 0);
  void *scratch = rnn_host_api->allocate(rnn_host_api->context, 64, 0);
  float *y = rnn_host_api->allocate(rnn_host_api->context, (uint64_t)n * 4, 0);
  for (int64_t i = 0; i < n; ++i)
    y[i] = 2 * x->aligned[i] + *(const float *)rnn_host_api->constants;
  rnn_host_api->release(rnn_host_api->context, scratch);
  Vector made = {y, y, 0, {n}, {first == 3000 ? (int64_t)1 << 61 : 1}};
  results[0] = made;
  results[1] = *x;
}
