#ifndef RNN_CONVERSION_RNNTOVECTOR_PASSES_TD
#define RNN_CONVERSION_RNNTOVECTOR_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertRnnToVector : Pass<"convert-rnn-to-vector", "::mlir::ModuleOp"> {
  let summary = "Turn recurrences into loops over vectors, for the host";
  let description = [{
    Replaces each `rnn.recurrence` of a function by loops over batch, tiles of time
    steps and steps, on buffers. The inputs of a tile are copied beside one another,
    behind those that its first step sees before its own. The products of `project`
    that only need inputs are made for a whole tile, several steps for each weight
    that is read; the rest of `project` runs step by step. A product of `step` takes
    blocks of four panels of 16 rows, at odd steps from the last to the first: of
    weights that exceed a cache, a step begins with what the last one left there.
    Element-wise operations between products become one loop over vectors of 16.
    Sums are in the order of `rnn.product`.
    The weights must have an encoding (`rnn-encode-weights`). Lengths, and batches of initial
    states and lengths, that the types leave open are checked. A call of `rnn_count_steps`
    tells the runtime the number of the layer and the steps of its sequences.

    Example, followed by `canonicalize`:

    ```mlir
    func.func @main(%x: tensor<1x1x1xf32>, %w: tensor<16x1xf32, #rnn.panels<16>>) -> tensor<1x16xf32> {
      %y, %last = rnn.recurrence plain %x project {
      ^bb0(%v: tensor<1xf32>):
        %p = rnn.product %w, %v : (tensor<16x1xf32, #rnn.panels<16>>, tensor<1xf32>) -> tensor<16xf32>
        rnn.yield %p : tensor<16xf32>
      } step {
      ^bb0(%p: tensor<16xf32>, %h: tensor<16xf32>):
        rnn.yield %p, %p : tensor<16xf32>, tensor<16xf32>
      } {time_tile = 1 : i64} : (tensor<1x1x1xf32>) -> (tensor<1x1x16xf32>, tensor<1x16xf32>)
      return %last : tensor<1x16xf32>
    }
    ```

    becomes

    ```mlir
    func.func private @rnn_count_steps(i64, i64)
    func.func @main(%x: tensor<1x1x1xf32>, %w: tensor<16x1xf32, #rnn.panels<16>>) -> tensor<1x16xf32> {
      %c1_i64 = arith.constant 1 : i64
      %c0_i64 = arith.constant 0 : i64
      %cst = arith.constant dense<0.000000e+00> : vector<16xf32>
      %cst_0 = arith.constant 0.000000e+00 : f32
      %c16 = arith.constant 16 : index
      %c1 = arith.constant 1 : index
      %c0 = arith.constant 0 : index
      %alloc = memref.alloc() {alignment = 64 : i64} : memref<1x16xf32>
      %alloc_1 = memref.alloc() {alignment = 64 : i64} : memref<17xf32>
      %alloc_2 = memref.alloc() {alignment = 64 : i64} : memref<32xf32>
      %alloc_3 = memref.alloc() {alignment = 64 : i64} : memref<32xf32>
      %stored = rnn.reinterpret %w : tensor<16x1xf32, #rnn.panels<16>> to tensor<1x1x16xf32>
      %0 = bufferization.to_buffer %stored read_only : tensor<1x1x16xf32> to memref<1x1x16xf32>
      scf.for %arg2 = %c0 to %c16 step %c1 {
        memref.store %cst_0, %alloc_2[%arg2] : memref<32xf32>
      }
      %extracted = tensor.extract %x[%c0, %c0, %c0] : tensor<1x1x1xf32>
      memref.store %extracted, %alloc_1[%c0] : memref<17xf32>
      %1 = memref.load %alloc_1[%c0] : memref<17xf32>
      %2 = vector.broadcast %1 : f32 to vector<16xf32>
      %3 = vector.load %0[%c0, %c0, %c0] : memref<1x1x16xf32>, vector<16xf32>
      %4 = vector.fma %3, %2, %cst : vector<16xf32>
      vector.store %4, %alloc_3[%c0] : memref<32xf32>, vector<16xf32>
      %5 = vector.load %alloc_3[%c0] : memref<32xf32>, vector<16xf32>
      vector.store %5, %alloc_2[%c0] : memref<32xf32>, vector<16xf32>
      scf.for %arg2 = %c0 to %c16 step %c1 {
        %7 = memref.load %alloc_2[%arg2] : memref<32xf32>
        memref.store %7, %alloc[%c0, %arg2] : memref<1x16xf32>
      }
      call @rnn_count_steps(%c0_i64, %c1_i64) : (i64, i64) -> ()
      %6 = bufferization.to_tensor %alloc restrict : memref<1x16xf32> to tensor<1x16xf32>
      return %6 : tensor<1x16xf32>
    }
    ```
  }];
  let statistics = [Statistic<"numRecurrences", "recurrences", "Recurrences converted">];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

#endif // RNN_CONVERSION_RNNTOVECTOR_PASSES_TD
