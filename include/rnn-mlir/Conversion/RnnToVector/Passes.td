#ifndef RNN_CONVERSION_RNNTOVECTOR_PASSES_TD
#define RNN_CONVERSION_RNNTOVECTOR_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertRnnToVector : Pass<"convert-rnn-to-vector", "::mlir::ModuleOp"> {
  let summary = "Turn recurrences into loops over vectors, for the host";
  let description = [{
    Replaces each `rnn.recurrence` of a function by loops over batch, tiles of time
    steps and steps, on buffers. The products of `project` are made for a whole
    tile, several steps for each weight that is read; a product of `step` takes
    four panels of 16 rows at a time, at odd steps from the last to the first: of
    weights that exceed a cache, a step begins with what the last one left there.
    Element-wise operations between products become one loop over vectors of 16.
    Sums are in the order of `rnn.product`.
    The weights must be packed (`rnn-pack-weights`). A call of `rnn_count_steps`
    tells the runtime the number of the layer and the steps of its sequences.

    Example:

    ```mlir
    %sum = rnn.product %r, %h acc(%p) : (tensor<4x64x16xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
    ```

    becomes

    ```mlir
    %sums:4 = scf.for %c = %c0 to %c64 step %c1 iter_args(%a0 = %p0, %a1 = %p1, %a2 = %p2, %a3 = %p3) -> … {
      %element = memref.load %h[%c] : memref<80xf32>
      %x = vector.broadcast %element : f32 to vector<16xf32>
      %w0 = vector.load %r[%c0, %c, %c0] : memref<4x64x16xf32>, vector<16xf32>
      %b0 = vector.fma %w0, %x, %a0 : vector<16xf32>
      …
    }
    ```
  }];
  let statistics = [Statistic<"numRecurrences", "recurrences", "Recurrences converted">];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

#endif // RNN_CONVERSION_RNNTOVECTOR_PASSES_TD
