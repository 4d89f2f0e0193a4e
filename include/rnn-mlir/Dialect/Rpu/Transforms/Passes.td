#ifndef RNN_DIALECT_RPU_TRANSFORMS_PASSES_TD
#define RNN_DIALECT_RPU_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def Plan : Pass<"rpu-plan", "::mlir::ModuleOp"> {
  let summary = "Give every buffer of the module's programs its address";
  let description = [{
    Places the buffers of each memory of the tile at multiples of 64 bytes, by the
    capacities of the module's `rnn.target`.

    What a program's `setup` fills stays on the tile from launch to launch: it has
    bytes that no other buffer of any program shares. Where all of it does not fit
    beside what the programs need for the rest of their buffers, the largest
    buffers that fit stay, and the instructions that fill the others move out of
    `setup` to behind it, so that they run in every launch.

    The other buffers of a program lie behind what stays, at the same addresses as
    those of other programs. They share bytes where one is last
    used by a top-level operation before the first that uses the other. Buffers
    used within the same top-level loop live together: the engines run ahead of one
    another across its iterations, and sharing bytes would make one wait for the
    other in each of them. A program that does not fit is refused with the memory, the need and the capacity, and a
    note for each buffer. Remarks tell each buffer's memory, bytes and addresses,
    those that it shares bytes with, what stays, and what does not and why.

    Example, behind `rnn-target{target=generic}`:

    ```mlir
    rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
      %in = rpu.buffer dram "x" 16 {argument = 0 : i64}
      %c = rpu.buffer dram "c" 16 {constant = dense<1.0> : tensor<4xf32>}
      %x = rpu.buffer vector "x" 16
      %bias = rpu.buffer vector "bias" 16
      rpu.setup {
        rpu.copy_in %bias, %c {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
      }
      rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
      rpu.halt
    }
    ```

    becomes

    ```mlir
    rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
      %in = rpu.buffer dram "x" 16 {argument = 0 : i64}
      %c = rpu.buffer dram "c" 16 {constant = dense<1.0> : tensor<4xf32>}
      %x = rpu.buffer vector "x" 16 {address = 64 : i64}
      %bias = rpu.buffer vector "bias" 16 {address = 0 : i64}
      rpu.setup {
        rpu.copy_in %bias, %c {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
      }
      rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
      rpu.halt
    }
    ```
  }];
}

def Sync : Pass<"rpu-sync", "::rnn::rpu::ProgramOp"> {
  let summary = "Order conflicting accesses of different engines by semaphores";
  let description = [{
    Two instructions of different engines that access the same bytes, one of them
    writing, are ordered by a semaphore: posted after the first, waited for before
    the second. Within an iteration of their innermost common loop the semaphore
    starts at 0; carried from one iteration to the d-th next it starts at d. Where
    an instruction is nested deeper than the common loop, a `fence` of its engine
    stands for it outside the inner loop.

    Which semaphores are needed is decided on executions of the program with few
    iterations of every loop (tiles of at most three steps and three sequences; in
    loops with a fixed count, more than two periods of their rings): all candidates
    are inserted, and each that the conflicts of no execution need is taken out
    again, first for a few executions, then for each that the result leaves
    unordered besides. So the result orders every conflict and no wait is redundant. The executions differ in the
    steps and the number of the sequences, sizes of the steps argument of the
    program's `#rpu.layer`, and in their lengths, which `fetch` reads from the
    lengths argument or where there is none from a constant. A program whose order
    could depend on another run-time size is refused, as is one whose executions
    are too large to be followed.

    The executions are first launches of a session. In a later one, which begins
    behind `setup`, its posts count as made, and everything of the launches before
    happens before: nothing else has to be ordered.

    Example:

    ```mlir
    rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
      %in = rpu.buffer dram "x" 16 {argument = 0 : i64}
      %x = rpu.buffer vector "x" 16 {address = 0 : i64}
      %w = rpu.buffer weight "w" 256 {address = 0 : i64}
      %acc = rpu.buffer acc "acc" 64 {address = 0 : i64}
      rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
      rpu.product %acc, %w, %x {accView = #rpu.view<0>, weightView = #rpu.view<0>, xView = #rpu.view<0>, rows = 16 : i64,
        cols = 4 : i64, vectors = #rpu.n<1>}
      rpu.halt
    }
    ```

    becomes

    ```mlir
    rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>], semaphores = array<i64: 0>} {
      %in = rpu.buffer dram "x" 16 {argument = 0 : i64}
      %x = rpu.buffer vector "x" 16 {address = 0 : i64}
      %w = rpu.buffer weight "w" 256 {address = 0 : i64}
      %acc = rpu.buffer acc "acc" 64 {address = 0 : i64}
      rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>, posts = array<i64: 0>}
      rpu.product %acc, %w, %x {accView = #rpu.view<0>, weightView = #rpu.view<0>, xView = #rpu.view<0>, rows = 16 : i64,
        cols = 4 : i64, vectors = #rpu.n<1>, waits = array<i64: 0>}
      rpu.halt
    }
    ```
  }];
  let statistics = [
    Statistic<"numCandidates", "candidates", "Orderings considered">,
    Statistic<"numSemaphores", "semaphores", "Semaphores used">,
    Statistic<"numFences", "fences", "Fences inserted">
  ];
}

#endif // RNN_DIALECT_RPU_TRANSFORMS_PASSES_TD
