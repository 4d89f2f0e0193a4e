/*===- HostApi.h - Between the runtime and compiled host code ----*- C -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// Host code is a shared object that exports
//
//   const int64_t rnn_host_abi          RNN_HOST_ABI
//   const int64_t rnn_host_constants    the bytes that it reads of the constants section
//   const char rnn_host_types[]         the types of its inputs and outputs, `float32[?, 4] -> float32[?, 8]`
//   RnnHostApi *rnn_host_api            set by the runtime before the first call
//   void rnn_host_main(void **args)     args[0]: the memref descriptors {allocated, aligned, offset, sizes[rank],
//                                       strides[rank]} of all results, one after another; args[1…]: pointers to the
//                                       descriptors of the inputs, in the order of the model
//
// and needs nothing but RNN_HOST_LIBRARY, functions of the C library that the process has. Results are the caller's,
// who gives them back with `release`.
//===----------------------------------------------------------------------===*/
#ifndef RNN_MLIR_RUNTIME_HOSTAPI_H
#define RNN_MLIR_RUNTIME_HOSTAPI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RNN_HOST_ABI 4

/** All that host code may call beside the runtime: moves of memory, and mathematics of f64 and, with an f, of f32. The
    compiler refuses to make host code that needs anything else. */
#define RNN_HOST_LIBRARY                                                                                               \
  "memcpy memmove memset "                                                                                             \
  "acos acosh asin asinh atan atan2 atanh cbrt cos cosh erf erfc exp exp2 expm1 fma fmod ldexp log log10 log1p log2 "  \
  "pow sin sincos sinh tan tanh "                                                                                      \
  "acosf acoshf asinf asinhf atanf atan2f atanhf cbrtf cosf coshf erff erfcf expf exp2f expm1f fmaf fmodf ldexpf "     \
  "logf log10f log1pf log2f powf sinf sincosf sinhf tanf tanhf "                                                       \
  "ceil ceilf floor floorf round roundf roundeven roundevenf trunc truncf"

/** An array of a launch: contiguous, the last dimension fastest. */
typedef struct RnnTensor {
  void *data;
  int64_t rank;
  const int64_t *sizes;
  /** Bytes of an element. */
  int64_t width;
  /** 1 where the program writes to it, 0 where it reads it. */
  int64_t output;
} RnnTensor;

/** What the runtime does for host code. */
typedef struct RnnHostApi {
  void *context;
  /** Memory aligned to 64 bytes; does not return where there is none. `node` is the node that it is for, as
      `file:node`, or null. */
  void *(*allocate)(void *context, uint64_t bytes, const char *node);
  void (*release)(void *context, void *pointer);
  /** Runs a device program; first its inputs, then its outputs. Does not return where it traps. */
  void (*launch)(void *context, int64_t program, int64_t count, const RnnTensor *arguments);
  /** Ends the call of rnn_host_main with an error; does not return. Each `{}` of the message stands for the next value;
      `values` may be null where there is none. */
  void (*fail)(void *context, const char *message, const int64_t *values);
  /** The constants section of the program file. */
  const uint8_t *constants;
  /** Tells that a recurrent layer, by its number, took so many steps of all sequences. */
  void (*steps)(void *context, int64_t layer, int64_t steps);
} RnnHostApi;

#ifdef __cplusplus
}
#endif

#endif /* RNN_MLIR_RUNTIME_HOSTAPI_H */
