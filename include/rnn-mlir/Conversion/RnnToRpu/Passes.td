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
    func.func @main(%x: tensor<?x1x1xf32>, %w: tensor<16x1xf32, #rnn.panels<16>>) -> tensor<1x16xf32> {
      %y, %last = rnn.recurrence plain %x project {
      ^bb0(%v: tensor<1xf32>):
        %p = rnn.product %w, %v : (tensor<16x1xf32, #rnn.panels<16>>, tensor<1xf32>) -> tensor<16xf32>
        rnn.yield %p : tensor<16xf32>
      } step {
      ^bb0(%p: tensor<16xf32>, %h: tensor<16xf32>):
        rnn.yield %p, %p : tensor<16xf32>, tensor<16xf32>
      } {time_tile = 1 : i64} : (tensor<?x1x1xf32>) -> (tensor<?x1x16xf32>, tensor<1x16xf32>)
      return %last : tensor<1x16xf32>
    }
    ```

    becomes

    ```mlir
    func.func @main(%arg0: tensor<?x1x1xf32>, %arg1: tensor<16x1xf32, #rnn.panels<16>>) -> tensor<1x16xf32> {
      %0 = rnn.reinterpret %arg1 : tensor<16x1xf32, #rnn.panels<16>> to tensor<1x1x16xf32>
      %1 = tensor.empty() : tensor<1x16xf32>
      %2 = rpu.launch @recurrence_0 ins(%arg0, %0 : tensor<?x1x1xf32>, tensor<1x1x16xf32>)
          outs(%1 : tensor<1x16xf32>) -> tensor<1x16xf32>
      return %2 : tensor<1x16xf32>
    }
    rpu.program @recurrence_0(%arg0: tensor<?x1x1xf32>, %arg1: tensor<1x1x16xf32>) attributes
        {semaphores = array<i64>} {
      %0 = rnn.reinterpret %arg1 : tensor<1x1x16xf32> to tensor<16x1xf32, #rnn.panels<16>>
      %y, %last = rnn.recurrence plain %arg0 project {
      ^bb0(%arg2: tensor<1xf32>):
        %1 = rnn.product %0, %arg2 : (tensor<16x1xf32, #rnn.panels<16>>, tensor<1xf32>) -> tensor<16xf32>
        rnn.yield %1 : tensor<16xf32>
      } step {
      ^bb0(%arg2: tensor<16xf32>, %arg3: tensor<16xf32>):
        rnn.yield %arg2, %arg2 : tensor<16xf32>, tensor<16xf32>
      } {time_tile = 1 : i64} : (tensor<?x1x1xf32>) -> (tensor<?x1x16xf32>, tensor<1x16xf32>)
      rpu.return %last : tensor<1x16xf32>
    }
    ```
  }];
  let statistics = [Statistic<"numPrograms", "programs", "Programs made">];
  let dependentDialects = ["::rnn::rpu::RpuDialect", "::mlir::tensor::TensorDialect"];
}

def ChooseSchedule : Pass<"rnn-choose-schedule", "::mlir::ModuleOp"> {
  let summary = "Choose the cheapest schedule of each layer on the device";
  let description = [{
    Gives each `rnn.recurrence auto` of a program the schedule and the time tile that
    take the fewest cycles on the module's `rnn.target`. The candidates are `plain`,
    `mwl` with the longest tile that fits, and `overlap` with the longest tile and its
    halves, quarters and so on. Each is compiled and run by the simulator, with no
    values that matter: for as many steps as the sequence has, for 100 where they are
    known at run time only; of long sequences some tiles are run and the rest is added
    by what one of them takes, and of a batch two tiles of sequences. Of candidates within 1 %
    the one of the longest tile is taken, which reads weights the least often.

    A remark tells the choice with its cycles and those of the next best.

    `time-tile` gives the tile of all candidates but `plain`. Each candidate has the
    batch tile that `rnn-schedule` would choose for it, or that of `batch-tile`, and,
    where none is given, is tried with sequences one after another, too.

    Example, behind `rnn-target{target=generic}`:

    ```mlir
    rpu.program @count(%x: tensor<?x1x16xf32>) {
      %y, %last = rnn.recurrence auto %x project {
      ^bb0(%v: tensor<16xf32>):
        rnn.yield
      } step {
      ^bb0(%h: tensor<16xf32>):
        %n = arith.negf %h : tensor<16xf32>
        rnn.yield %n, %n : tensor<16xf32>, tensor<16xf32>
      } {time_tile = 4 : i64} : (tensor<?x1x16xf32>) -> (tensor<?x1x16xf32>, tensor<1x16xf32>)
      rpu.return %last : tensor<1x16xf32>
    }
    ```

    becomes

    ```mlir
    rpu.program @count(%x: tensor<?x1x16xf32>) attributes {semaphores = array<i64>} {
      %y, %last = rnn.recurrence mwl %x project {
      ^bb0(%v: tensor<16xf32>):
        rnn.yield
      } step {
      ^bb0(%h: tensor<16xf32>):
        %n = arith.negf %h : tensor<16xf32>
        rnn.yield %n, %n : tensor<16xf32>, tensor<16xf32>
      } {time_tile = 1023 : i64} : (tensor<?x1x16xf32>) -> (tensor<?x1x16xf32>, tensor<1x16xf32>)
      rpu.return %last : tensor<1x16xf32>
    }
    ```
  }];
  let options = [Option<"timeTile", "time-tile", "int64_t", "0",
    "time steps of a tile of the candidates that have tiles; 0 chooses">,
    Option<"batchTile", "batch-tile", "int64_t", "0", "sequences that run in lock-step; 0 chooses">];
  let statistics = [
    Statistic<"numLockstep", "chosen-lockstep", "Layers whose sequences run in lock-step">,
    Statistic<"numPlain", "chosen-plain", "Layers for which plain was chosen">,
    Statistic<"numMwl", "chosen-mwl", "Layers for which mwl was chosen">,
    Statistic<"numOverlap", "chosen-overlap", "Layers for which overlap was chosen">
  ];
}

def ConvertRnnToRpu : Pass<"convert-rnn-to-rpu", "::rnn::rpu::ProgramOp"> {
  let summary = "Turn the recurrence of a program into instructions";
  let description = [{
    Plans which weights stay in the `weight` memory and which are streamed through
    it in panels (by the module's `rnn.target`), and makes loops over sequences, or tiles
    of sequences in lock-step, tiles of time steps, steps and panels, with the sizes in
    scalar registers. Buffers
    have no address yet and instructions no semaphores. A remark for each weight
    tells whether it is resident or streamed, with its panels and copies.

    The weights must have an encoding (`rnn-encode-weights`), and activations expanded
    (`rnn-expand-activations`).

    Example, behind `rnn-target{target=generic}`:

    ```mlir
    rpu.program @count(%x: tensor<?x1x16xf32>) {
      %y, %last = rnn.recurrence plain %x project {
      ^bb0(%v: tensor<16xf32>):
        rnn.yield
      } step {
      ^bb0(%h: tensor<16xf32>):
        %n = arith.negf %h : tensor<16xf32>
        rnn.yield %n, %n : tensor<16xf32>, tensor<16xf32>
      } {time_tile = 1 : i64} : (tensor<?x1x16xf32>) -> (tensor<?x1x16xf32>, tensor<1x16xf32>)
      rpu.return %last : tensor<1x16xf32>
    }
    ```

    becomes

    ```mlir
    rpu.program @count attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4,
        shape = [-1, 1, 16], base = 1, dims = [2, 3, 0]>, #rpu.argument<"state_0", output = true, bytes = 4,
        shape = [1, 16], base = 4, dims = [0, 0]>], layer = #rpu.layer<node = "count", macsPerStep = 0,
        inputWeightBytes = 0, stateWeightBytes = 0, dramBytesPerCall = 0, dramBytesPerSequence = 64,
        dramBytesPerStep = 64, stepsArgument = 0, lengthsArgument = -1>, semaphores = array<i64>} {
      %0 = rpu.buffer vector "x" 128
      %1 = rpu.buffer vector "state_0" 64
      rpu.set {rd = 5 : i64, value = 64 : i64}
      rpu.set {rd = 7 : i64, time_tile, value = 1 : i64}
      rpu.set {rd = 8 : i64, value = 1 : i64}
      %2 = rpu.buffer dram "x" 0 {argument = 0 : i64}
      %3 = rpu.buffer dram "state_0" 0 {argument = 1 : i64}
      rpu.mul {ra = 3 : i64, rb = 5 : i64, rd = 6 : i64}
      rpu.loop <s3> attributes {role = #rpu<role sequences>} {
        rpu.lanes 16 attributes {role = #rpu<role input>} {
          %4 = rpu.lane.constant {value = 0.000000e+00 : f32}
          rpu.lane.store %1, %4 {targetView = #rpu.view<0>}
        }
        rpu.add {ra = 2 : i64, rb = 7 : i64, rd = 9 : i64}
        rpu.sub {ra = 9 : i64, rb = 8 : i64, rd = 10 : i64}
        rpu.div {ra = 10 : i64, rb = 7 : i64, rd = 11 : i64}
        rpu.mul {ra = 6 : i64, rb = 7 : i64, rd = 12 : i64}
        rpu.loop <s11> attributes {role = #rpu<role tiles>} {
          rpu.index {level = 1 : i64, rd = 13 : i64}
          rpu.mul {ra = 13 : i64, rb = 7 : i64, rd = 14 : i64}
          rpu.sub {ra = 2 : i64, rb = 14 : i64, rd = 15 : i64}
          rpu.min {ra = 15 : i64, rb = 7 : i64, rd = 16 : i64}
          rpu.copy_in %0, %2 {bytes = #rpu.n<64>, dstView = #rpu.view<0, strides = [0, s5],
              ring = 1 mod 2, pitch = 64>, role = #rpu<role input>, rows = #rpu.n<s16>,
              srcView = #rpu.view<0, strides = [s5, s12], pitch = s6>}
          rpu.loop <s16> attributes {role = #rpu<role steps>} {
            rpu.lanes 16 attributes {role = #rpu<role recur>} {
              %4 = rpu.lane.load %1 {sourceView = #rpu.view<0>}
              %5 = rpu.lane.neg %4
              rpu.lane.store %1, %5 {targetView = #rpu.view<0>}
            }
          }
        }
        rpu.copy_out %3, %1 {bytes = #rpu.n<64>, dstView = #rpu.view<0, strides = [s5]>,
            role = #rpu<role output>, rows = #rpu.n<1>, srcView = #rpu.view<0, pitch = 64>}
      }
      rpu.halt
    }
    ```
  }];
  let statistics = [
    Statistic<"numResident", "resident-weights", "Weights that stay in the weight memory">,
    Statistic<"numStreamed", "streamed-weights", "Weights that are streamed in panels">
  ];
  let dependentDialects = ["::rnn::rpu::RpuDialect"];
}

#endif // RNN_CONVERSION_RNNTORPU_PASSES_TD
