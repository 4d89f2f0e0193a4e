#ifndef RNN_CONVERSION_RNNTORPU_PASSES_TD
#define RNN_CONVERSION_RNNTORPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def Outline : Pass<"rnn-outline", "::mlir::ModuleOp"> {
  let summary = "Move each recurrence into a program of the device";
  let description = [{
    Replaces each `rnn.recurrence` of a function by an `rpu.launch` of a new
    `rpu.program` that holds it. Constants that the recurrence uses move inside,
    but for its x, whose sizes are the steps and the batch; other values become
    arguments. Results that nothing uses are not computed. A remark tells of a
    module without recurrences, of which nothing runs on the device.

    Example:

    ```mlir
    %y, %h = rnn.recurrence plain %x project {…} step {…} {time_tile = 1 : i64} : …
    ```

    becomes

    ```mlir
    %out = tensor.empty(%steps, %batch) : tensor<?x?x4xf32>
    %y = rpu.launch @recurrence_0 ins(%x : tensor<?x?x3xf32>) outs(%out : tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
    ```
  }];
  let statistics = [Statistic<"numPrograms", "programs", "Programs made">];
  let dependentDialects = ["::rnn::rpu::RpuDialect", "::mlir::tensor::TensorDialect"];
}

def ConvertRnnToRpu : Pass<"convert-rnn-to-rpu", "::rnn::rpu::ProgramOp"> {
  let summary = "Turn the recurrence of a program into instructions";
  let description = [{
    Plans which weights stay in the `weight` memory and which are streamed through
    it in panels (by the module's `rnn.target`), and makes loops over batch, tiles
    of time steps, steps and panels, with the sizes in scalar registers. Buffers
    have no address yet and instructions no semaphores. A remark for each weight
    tells whether it is resident or streamed, with its panels and copies.

    The weights must be packed (`rnn-pack-weights`), and activations expanded
    (`rnn-expand-activations`).

    Example:

    ```mlir
    %sum = rnn.product %r, %s acc(%p) : (tensor<1x4x16xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ```

    becomes

    ```mlir
    rpu.product %acc, #rpu.view<0, strides = [0, 0, s9], pitch = 64>, %weight, #rpu.view<0>, %state, #rpu.view<0>,
      4, 4, #rpu.n<1> {accumulate, role = #rpu<role recur>}
    ```
  }];
  let statistics = [
    Statistic<"numResident", "resident-weights", "Weights that stay in the weight memory">,
    Statistic<"numStreamed", "streamed-weights", "Weights that are streamed in panels">
  ];
  let dependentDialects = ["::rnn::rpu::RpuDialect"];
}

#endif // RNN_CONVERSION_RNNTORPU_PASSES_TD
