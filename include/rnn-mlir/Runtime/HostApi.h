/*===- HostApi.h - Between the runtime and compiled host code ----*- C -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// Host code is a shared object that exports
//
//   const int64_t rnn_host_abi          RNN_HOST_ABI
//   RnnHostApi *rnn_host_api            set by the runtime before the first call
//   void rnn_host_main(void **args)     args[0]: the memref descriptors {allocated, aligned, offset, sizes[rank],
//                                       strides[rank]} of all results, one after another; args[1…]: pointers to the
//                                       descriptors of the inputs, in the order of the model
//
// and needs nothing but memcpy, memset and memmove. Results are the caller's, who gives them back with `release`.
//===----------------------------------------------------------------------===*/
#ifndef RNN_MLIR_RUNTIME_HOSTAPI_H
#define RNN_MLIR_RUNTIME_HOSTAPI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RNN_HOST_ABI 1

/** An array of a launch: contiguous, the last dimension fastest. */
typedef struct RnnTensor {
  void *data;
  int64_t rank;
  const int64_t *sizes;
} RnnTensor;

/** What the runtime does for host code. */
typedef struct RnnHostApi {
  void *context;
  /** Memory aligned to 64 bytes; does not return where there is none. */
  void *(*allocate)(void *context, uint64_t bytes);
  void (*release)(void *context, void *pointer);
  /** Runs a device program; first its inputs, then its outputs. Does not return where it traps. */
  void (*launch)(void *context, int64_t program, int64_t count, const RnnTensor *arguments);
  /** Ends the call of rnn_host_main with an error; does not return. */
  void (*fail)(void *context, const char *message);
  /** The constants section of the program file. */
  const uint8_t *constants;
} RnnHostApi;

#ifdef __cplusplus
}
#endif

#endif /* RNN_MLIR_RUNTIME_HOSTAPI_H */
