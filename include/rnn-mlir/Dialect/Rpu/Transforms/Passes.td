#ifndef RNN_DIALECT_RPU_TRANSFORMS_PASSES_TD
#define RNN_DIALECT_RPU_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def Allocate : Pass<"rpu-allocate", "::rnn::rpu::ProgramOp"> {
  let summary = "Give every buffer of a program its address";
  let description = [{
    Places the buffers of each memory of the tile at multiples of 64 bytes, by the
    capacities of the module's `rnn.target`. Buffers share bytes where one is last
    used by a top-level operation before the first that uses the other. Buffers
    used within the same top-level loop live together: the engines run ahead of one
    another across its iterations, and sharing bytes would make one wait for the
    other in each of them. A program that does not fit is refused with the memory, the need and the capacity, and a
    note for each buffer. Remarks tell each buffer's memory, bytes and addresses,
    and those that it shares bytes with.

    Example:

    ```mlir
    %state = rpu.buffer vector "state_0" 512
    ```

    becomes

    ```mlir
    %state = rpu.buffer vector "state_0" 512 {address = 4096 : i64}
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
    iterations of every loop (tiles of at most three steps; in loops with a fixed
    count, more than two periods of their rings): all candidates are inserted, and each that the conflicts of no
    execution need is taken out again. So the result orders every conflict and
    no wait is redundant.

    Example:

    ```mlir
    rpu.copy_in %x, … {role = …}
    rpu.product %acc, …, %w, …, %x, … {…}
    ```

    becomes

    ```mlir
    rpu.copy_in %x, … {posts = array<i64: 0>}
    rpu.product %acc, …, %w, …, %x, … {waits = array<i64: 0>}
    ```
  }];
  let statistics = [
    Statistic<"numCandidates", "candidates", "Orderings considered">,
    Statistic<"numSemaphores", "semaphores", "Semaphores used">,
    Statistic<"numFences", "fences", "Fences inserted">
  ];
}

#endif // RNN_DIALECT_RPU_TRANSFORMS_PASSES_TD
