#ifndef RNN_CONVERSION_HOSTTOLLVM_PASSES_TD
#define RNN_CONVERSION_HOSTTOLLVM_PASSES_TD

include "mlir/Pass/PassBase.td"

// In the order of the pipeline `rnn-host-to-llvm`, which lib/Pipelines/Passes.cpp has.

def CheckFunctions : Pass<"rnn-check-functions", "::mlir::ModuleOp"> {
  let summary = "Refuse recursion, and keep the names of functions apart";
  let description = [{
    A function that calls itself, also through others, and a function that is a value
    are errors. Functions beside `@main` get names that begin with `user.`: none of
    the compiler, of the runtime or of the C library does.

    Example:

    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = call @malloc(%x) : (tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    func.func @malloc(%x: tensor<4xf32>) -> tensor<4xf32> {
      return %x : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = call @user.malloc(%x) : (tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    func.func @user.malloc(%x: tensor<4xf32>) -> tensor<4xf32> {
      return %x : tensor<4xf32>
    }
    ```
  }];
}

def OutlineLaunches : Pass<"rnn-outline-launches", "::mlir::ModuleOp"> {
  let summary = "Turn launches into calls on buffers";
  let description = [{
    Replaces each `rpu.launch` of a function by a call of a private function
    without a body, which takes the buffers of the inputs and newly allocated ones
    of the outputs. The attributes of the function tell `rnn-define-host-interface`
    what to launch: the number of the program, by the order in the module, how many
    arrays are inputs, and the ranks and the widths of elements of all.

    Example:

    ```mlir
    rpu.program @layer(%x: tensor<?x4xf32>) {
      rpu.return %x : tensor<?x4xf32>
    }
    func.func @main(%x: tensor<?x4xf32>, %out: tensor<?x4xf32>) -> tensor<?x4xf32> {
      %y = rpu.launch @layer ins(%x : tensor<?x4xf32>) outs(%out : tensor<?x4xf32>) -> tensor<?x4xf32>
      return %y : tensor<?x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func private @rnn_launch_0(memref<?x4xf32>, memref<?x4xf32>) attributes {llvm.emit_c_interface,
        rnn.inputs = 1 : i64, rnn.program = 0 : i64, rnn.ranks = array<i64: 2, 2>, rnn.widths = array<i64: 4, 4>}
    rpu.program @layer(%x: tensor<?x4xf32>) attributes {semaphores = array<i64>} {
      rpu.return %x : tensor<?x4xf32>
    }
    func.func @main(%x: tensor<?x4xf32>, %out: tensor<?x4xf32>) -> tensor<?x4xf32> {
      %in = bufferization.to_buffer %x read_only : tensor<?x4xf32> to memref<?x4xf32>
      %c0 = arith.constant 0 : index
      %size = tensor.dim %out, %c0 : tensor<?x4xf32>
      %buffer = memref.alloc(%size) {alignment = 64 : i64} : memref<?x4xf32>
      call @rnn_launch_0(%in, %buffer) : (memref<?x4xf32>, memref<?x4xf32>) -> ()
      %y = bufferization.to_tensor %buffer restrict writable : memref<?x4xf32> to tensor<?x4xf32>
      return %y : tensor<?x4xf32>
    }
    ```
  }];
  let statistics = [Statistic<"numLaunches", "launches", "Launches outlined">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect", "::mlir::tensor::TensorDialect"];
}

def ExtractHost : Pass<"rnn-extract-host", "::mlir::ModuleOp"> {
  let summary = "Leave what the host runs in the module";
  let description = [{
    Erases the programs of the device, which the program file has in words, and
    asks for a C wrapper of `@main`, by which the runtime calls it. Names and sizes
    of its arguments and results go: the metadata of the program file has them. The
    arguments are the caller's: bufferization must not write to them.

    Example:

    ```mlir
    rpu.program @layer() {
      rpu.return
    }
    func.func @main(%x: tensor<4xf32> {onnx.name = "x"}) -> tensor<4xf32> {
      return %x : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @main(%x: tensor<4xf32> {bufferization.writable = false}) -> tensor<4xf32>
        attributes {llvm.emit_c_interface} {
      return %x : tensor<4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::bufferization::BufferizationDialect"];
}

def SeparateDestinations : Pass<"rnn-separate-destinations"> {
  let summary = "Give each use of an empty tensor a tensor of its own";
  let description = [{
    Common subexpressions merge the empty tensors of all operations of a shape.
    Bufferization compares all pairs of uses of a tensor for each of the uses, so
    that its time grows with the cube of the operations that share one.

    Example:

    ```mlir
    func.func @chain(%x: tensor<4xf32>) -> tensor<4xf32> {
      %empty = tensor.empty() : tensor<4xf32>
      %a = linalg.exp ins(%x : tensor<4xf32>) outs(%empty : tensor<4xf32>) -> tensor<4xf32>
      %b = linalg.abs ins(%a : tensor<4xf32>) outs(%empty : tensor<4xf32>) -> tensor<4xf32>
      return %b : tensor<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @chain(%x: tensor<4xf32>) -> tensor<4xf32> {
      %first = tensor.empty() : tensor<4xf32>
      %a = linalg.exp ins(%x : tensor<4xf32>) outs(%first : tensor<4xf32>) -> tensor<4xf32>
      %second = tensor.empty() : tensor<4xf32>
      %b = linalg.abs ins(%a : tensor<4xf32>) outs(%second : tensor<4xf32>) -> tensor<4xf32>
      return %b : tensor<4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def FreeBuffers : Pass<"rnn-free-buffers"> {
  let summary = "Free buffers behind their last use";
  let description = [{
    Frees each buffer that a `bufferization.dealloc` frees at the end of the block
    that allocates it directly behind the last operation that uses it or a view of
    it. Live to the end, the arrays of a long graph add up, and upstream's passes,
    which do the same, compare all pairs of them. A buffer that is given several
    times is freed once, if any of its conditions is true. What may leave the block,
    or is freed on a condition, is left to upstream's passes.

    Example:

    ```mlir
    func.func @chain(%x: memref<4xf32>, %y: memref<4xf32>) {
      %true = arith.constant true
      %a = memref.alloc() : memref<4xf32>
      linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
      linalg.abs ins(%a : memref<4xf32>) outs(%y : memref<4xf32>)
      linalg.negf ins(%x : memref<4xf32>) outs(%x : memref<4xf32>)
      bufferization.dealloc (%a : memref<4xf32>) if (%true)
      return
    }
    ```

    becomes

    ```mlir
    func.func @chain(%x: memref<4xf32>, %y: memref<4xf32>) {
      %true = arith.constant true
      %a = memref.alloc() : memref<4xf32>
      linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
      linalg.abs ins(%a : memref<4xf32>) outs(%y : memref<4xf32>)
      memref.dealloc %a : memref<4xf32>
      linalg.negf ins(%x : memref<4xf32>) outs(%x : memref<4xf32>)
      bufferization.dealloc
      return
    }
    ```
  }];
  let statistics = [Statistic<"numBuffers", "buffers", "Buffers freed behind their last use">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def VectorizeContractions : Pass<"rnn-vectorize-contractions"> {
  let summary = "Keep the sums of matrix products and convolutions in vector registers";
  let description = [{
    Replaces a `linalg.generic` on buffers that adds up products, along whose output
    both factors are contiguous or stay the same, by loops over blocks: six rows of
    a vector of 64 bytes, which share what is loaded for them, or four vectors of
    one row. The columns at the end are masked. Each sum is a chain of fused
    multiply-adds in the order of the loops.

    Example, followed by `canonicalize`:

    ```mlir
    #a = affine_map<(m, k, n) -> (m, k)>
    #b = affine_map<(m, k, n) -> (k, n)>
    #c = affine_map<(m, k, n) -> (m, n)>
    func.func @product(%a: memref<1x8xf32>, %b: memref<8x16xf32>, %c: memref<1x16xf32>) {
      linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "reduction", "parallel"]}
          ins(%a, %b : memref<1x8xf32>, memref<8x16xf32>) outs(%c : memref<1x16xf32>) {
      ^bb0(%x: f32, %y: f32, %old: f32):
        %product = arith.mulf %x, %y : f32
        %sum = arith.addf %old, %product : f32
        linalg.yield %sum : f32
      }
      return
    }
    ```

    becomes

    ```mlir
    func.func @product(%a: memref<1x8xf32>, %b: memref<8x16xf32>, %c: memref<1x16xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c8 = arith.constant 8 : index
      %old = vector.load %c[%c0, %c0] : memref<1x16xf32>, vector<16xf32>
      %new = scf.for %k = %c0 to %c8 step %c1 iter_args(%sum = %old) -> (vector<16xf32>) {
        %x = memref.load %a[%c0, %k] : memref<1x8xf32>
        %xs = vector.broadcast %x : f32 to vector<16xf32>
        %ys = vector.load %b[%k, %c0] : memref<8x16xf32>, vector<16xf32>
        %next = math.fma %xs, %ys, %sum : vector<16xf32>
        scf.yield %next : vector<16xf32>
      }
      vector.store %new, %c[%c0, %c0] : memref<1x16xf32>, vector<16xf32>
      return
    }
    ```
  }];
  let statistics = [Statistic<"numContractions", "contractions", "Sums of products vectorized">];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def ExpandStridedCopies : Pass<"rnn-expand-strided-copies"> {
  let summary = "Turn copies of buffers that are not contiguous into linalg.generic";
  let description = [{
    Replaces each `memref.copy` unless both buffers have the identity layout: LLVM
    would call a library that host code does not have.

    Example:

    ```mlir
    func.func @copy(%rows: memref<2x3xf32, strided<[8, 1]>>, %out: memref<2x3xf32>) {
      memref.copy %rows, %out : memref<2x3xf32, strided<[8, 1]>> to memref<2x3xf32>
      return
    }
    ```

    becomes

    ```mlir
    #id = affine_map<(d0, d1) -> (d0, d1)>
    func.func @copy(%rows: memref<2x3xf32, strided<[8, 1]>>, %out: memref<2x3xf32>) {
      linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
          ins(%rows : memref<2x3xf32, strided<[8, 1]>>) outs(%out : memref<2x3xf32>) {
      ^bb0(%in: f32, %old: f32):
        linalg.yield %in : f32
      }
      return
    }
    ```
  }];
  let statistics = [Statistic<"numCopies", "copies", "Copies expanded">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def BoundAllocations : Pass<"rnn-bound-allocations", "::mlir::ModuleOp"> {
  let summary = "Refuse buffers of more than 2^48 bytes";
  let description = [{
    The size in bytes of larger ones could overflow. A buffer of static shape is an
    error here, any other an assertion before its `memref.alloc`. What is not
    refused is for the memory limit of the session.

    Example:

    ```mlir
    func.func @rows(%size: index) -> memref<?x4xf32> {
      %buffer = memref.alloc(%size) : memref<?x4xf32>
      return %buffer : memref<?x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @rows(%size: index) -> memref<?x4xf32> {
      %row = arith.constant 1.600000e+01 : f64
      %number = arith.index_cast %size : index to i64
      %one = arith.constant 1 : i64
      %atLeastOne = arith.maxui %number, %one : i64
      %factor = arith.uitofp %atLeastOne : i64 to f64
      %bytes = arith.mulf %row, %factor : f64
      %limit = arith.constant 0x42F0000000000000 : f64
      %small = arith.cmpf ole, %bytes, %limit : f64
      cf.assert %small, "takes an array of more than 2^48 bytes"
      %buffer = memref.alloc(%size) : memref<?x4xf32>
      return %buffer : memref<?x4xf32>
    }
    ```
  }];
  let statistics = [Statistic<"numAssertions", "assertions", "Buffers whose size is checked at run time">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect"];
}

def OutlineAssertions : Pass<"rnn-outline-assertions", "::mlir::ModuleOp"> {
  let summary = "Turn assertions into calls";
  let description = [{
    Replaces each `cf.assert` by a call of a private function without a body, one
    for each message, that ends the run where its argument is true. The message,
    with the ONNX node in front, is an attribute of the function. The model's file
    is named there without its folder.

    Example:

    ```mlir
    func.func @check(%equal: i1) {
      cf.assert %equal, "expects equal sizes" loc("model.onnx:Add_3")
      return
    }
    ```

    becomes

    ```mlir
    func.func private @rnn_fail_0(i1) attributes {passthrough = ["noinline"],
        rnn.message = "model.onnx:Add_3: error: expects equal sizes"}
    func.func @check(%equal: i1) {
      %true = arith.constant true
      %broken = arith.xori %equal, %true : i1
      call @rnn_fail_0(%broken) : (i1) -> ()
      return
    }
    ```

    Inside a loop or branch the call is in an `scf.if`.
  }];
  let statistics = [
    Statistic<"numAssertions", "assertions", "Assertions outlined">,
    Statistic<"numMessages", "messages", "Functions made, one for each message">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::scf::SCFDialect"];
}

def OutlineConstants : Pass<"rnn-outline-constants", "::mlir::ModuleOp"> {
  let summary = "Turn large constants into calls that give their buffers";
  let description = [{
    Replaces each use of a constant `memref.global` of at least `bytes` bytes by a
    call of a private function without a body. Its attribute has the elements,
    which stay where they are. Smaller constants become part of the code.

    Example, with `bytes=16`:

    ```mlir
    memref.global "private" constant @weights : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
    func.func @use() -> memref<4xf32> {
      %w = memref.get_global @weights : memref<4xf32>
      return %w : memref<4xf32>
    }
    ```

    becomes

    ```mlir
    func.func private @rnn_constant_0() -> memref<4xf32> attributes
        {rnn.constant = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>}
    func.func @use() -> memref<4xf32> {
      %w = call @rnn_constant_0() : () -> memref<4xf32>
      return %w : memref<4xf32>
    }
    ```
  }];
  let options = [Option<"bytes", "bytes", "size_t", "64", "bytes from which on a constant is large">];
  let statistics = [Statistic<"numConstants", "constants", "Constants outlined">];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def PlaceConstants : Pass<"rnn-place-constants", "::mlir::ModuleOp"> {
  let summary = "Give large constants their offsets in the constants section";
  let description = [{
    Each at a multiple of 64 bytes, equal ones at the same. `rnnc compile` places
    them behind the constants of the device's programs, of which they may be parts;
    on its own the pass begins at 0.

    Example:

    ```mlir
    func.func private @rnn_constant_0() -> memref<20xf32> attributes {rnn.constant = dense<1.0> : tensor<20xf32>}
    func.func private @rnn_constant_1() -> memref<16xf32> attributes {rnn.constant = dense<2.0> : tensor<16xf32>}
    ```

    becomes

    ```mlir
    func.func private @rnn_constant_0() -> memref<20xf32> attributes
        {rnn.constant = dense<1.0> : tensor<20xf32>, rnn.offset = 0 : i64}
    func.func private @rnn_constant_1() -> memref<16xf32> attributes
        {rnn.constant = dense<2.0> : tensor<16xf32>, rnn.offset = 128 : i64}
    ```
  }];
}

def OutlineLoops : Pass<"rnn-outline-loops", "::mlir::ModuleOp"> {
  let summary = "Turn loops into functions where there are many";
  let description = [{
    In a function with more than `max-loops` outermost loops, also in branches, each
    becomes a call of a function of its own, and equal ones of one function: several
    of LLVM's analyses take time that grows with the square of the blocks of a
    function. Constants move into the new function.

    Example, with `max-loops=0`:

    ```mlir
    func.func @fill(%x: f32, %out: memref<4xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      scf.for %i = %c0 to %c4 step %c1 {
        memref.store %x, %out[%i] : memref<4xf32>
      }
      return
    }
    ```

    becomes

    ```mlir
    func.func @fill(%x: f32, %out: memref<4xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      call @rnn_loop_0(%x, %out) : (f32, memref<4xf32>) -> ()
      return
    }
    func.func private @rnn_loop_0(%x: f32, %out: memref<4xf32>) attributes {passthrough = ["noinline"]} {
      %c0 = arith.constant 0 : index
      %c4 = arith.constant 4 : index
      %c1 = arith.constant 1 : index
      scf.for %i = %c0 to %c4 step %c1 {
        memref.store %x, %out[%i] : memref<4xf32>
      }
      return
    }
    ```
  }];
  let options = [Option<"maxLoops", "max-loops", "size_t", "32", "outermost loops that may stay in one function">];
  let statistics = [
    Statistic<"numLoops", "loops", "Loops outlined">,
    Statistic<"numFunctions", "functions", "Functions made, one for equal loops">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def SplitFunctions : Pass<"rnn-split-functions", "::mlir::ModuleOp"> {
  let summary = "Turn segments of long functions into functions";
  let description = [{
    Where a function, or a branch in it, has more than `max-operations` operations,
    segments of at most as many become functions of their own: LLVM's register
    allocation takes time that grows with the square of the operations of a
    function. Of a loop, which is not split, only itself counts. Values from before
    a segment become arguments, those that are used behind it results; constants are
    repeated. A block with a `memref.alloca` stays as it is.

    Example, with `max-operations=2`:

    ```mlir
    func.func @sums(%x: f32) -> f32 {
      %one = arith.constant 1.0 : f32
      %a = arith.addf %x, %one : f32
      %b = arith.mulf %a, %x : f32
      %c = arith.addf %b, %one : f32
      %d = arith.mulf %c, %x : f32
      return %d : f32
    }
    ```

    becomes

    ```mlir
    func.func @sums(%x: f32) -> f32 {
      %b = call @rnn_segment_0(%x) : (f32) -> f32
      %d = call @rnn_segment_1(%b, %x) : (f32, f32) -> f32
      return %d : f32
    }
    func.func private @rnn_segment_0(%x: f32) -> f32 attributes {passthrough = ["noinline"]} {
      %one = arith.constant 1.0 : f32
      %a = arith.addf %x, %one : f32
      %b = arith.mulf %a, %x : f32
      return %b : f32
    }
    func.func private @rnn_segment_1(%b: f32, %x: f32) -> f32 attributes {passthrough = ["noinline"]} {
      %one = arith.constant 1.0 : f32
      %c = arith.addf %b, %one : f32
      %d = arith.mulf %c, %x : f32
      return %d : f32
    }
    ```
  }];
  let options = [Option<"maxOperations", "max-operations", "size_t", "1024", "operations that may stay in one function">];
  let statistics = [Statistic<"numFunctions", "functions", "Functions made, one for each segment">];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def ExpandMath : Pass<"rnn-expand-math"> {
  let summary = "Express functions of f32 by arith and fma";
  let description = [{
    On scalars and vectors. Sigmoid, tanh, exp, expm1 and log1p become what
    `Isa/Arithmetic.h` defines, so that the host computes the bits of the machine.
    Other functions become polynomials within f32's accuracy, that of log after the
    subnormal arguments are scaled; powers, and functions of f64, stay calls of the
    C library.

    Example:

    ```mlir
    func.func @softsign(%x: vector<16xf32>) -> vector<16xf32> {
      %y = rnn.activation softsign %x : vector<16xf32>
      return %y : vector<16xf32>
    }
    ```

    becomes

    ```mlir
    func.func @softsign(%x: vector<16xf32>) -> vector<16xf32> {
      %one = arith.constant dense<1.000000e+00> : vector<16xf32>
      %magnitude = math.absf %x : vector<16xf32>
      %divisor = arith.addf %magnitude, %one : vector<16xf32>
      %y = arith.divf %x, %divisor : vector<16xf32>
      return %y : vector<16xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::vector::VectorDialect"];
}

def DefineHostInterface : Pass<"rnn-define-host-interface", "::mlir::ModuleOp"> {
  let summary = "Give the functions that use the runtime their bodies";
  let description = [{
    In the LLVM dialect: launches, failed assertions, large constants and the
    allocation of buffers become uses of the `RnnHostApi` that the runtime puts into
    `rnn_host_api`, and `rnn_host_main` calls the main function, as
    `Runtime/HostApi.h` describes. Nothing else is visible from outside.

    Example:

    ```mlir
    llvm.func @_mlir_memref_to_llvm_free(!llvm.ptr)
    llvm.func @main() {
      llvm.return
    }
    llvm.func @_mlir_ciface_main(%x: !llvm.ptr) {
      llvm.return
    }
    ```

    becomes

    ```mlir
    llvm.mlir.global external constant @rnn_host_abi(4 : i64) {addr_space = 0 : i32} : i64
    llvm.mlir.global external constant @rnn_host_constants(0 : i64) {addr_space = 0 : i32} : i64
    llvm.mlir.global external @rnn_host_api() {addr_space = 0 : i32} : !llvm.ptr {
      %0 = llvm.mlir.zero : !llvm.ptr
      llvm.return %0 : !llvm.ptr
    }
    llvm.func internal @_mlir_memref_to_llvm_free(%buffer: !llvm.ptr) {
      %0 = llvm.mlir.addressof @rnn_host_api : !llvm.ptr
      %1 = llvm.load %0 : !llvm.ptr -> !llvm.ptr
      %2 = llvm.getelementptr %1[16] : (!llvm.ptr) -> !llvm.ptr, i8
      %3 = llvm.load %2 : !llvm.ptr -> !llvm.ptr
      %4 = llvm.mlir.addressof @rnn_host_api : !llvm.ptr
      %5 = llvm.load %4 : !llvm.ptr -> !llvm.ptr
      %6 = llvm.load %5 : !llvm.ptr -> !llvm.ptr
      llvm.call %3(%6, %buffer) : !llvm.ptr, (!llvm.ptr, !llvm.ptr) -> ()
      llvm.return
    }
    llvm.func internal @main() {
      llvm.return
    }
    llvm.func internal @_mlir_ciface_main(%arg0: !llvm.ptr) {
      llvm.return
    }
    llvm.func @rnn_host_main(%arg0: !llvm.ptr) {
      %0 = llvm.getelementptr %arg0[8] : (!llvm.ptr) -> !llvm.ptr, i8
      %1 = llvm.load %0 : !llvm.ptr -> !llvm.ptr
      llvm.call @_mlir_ciface_main(%1) : (!llvm.ptr) -> ()
      llvm.return
    }
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // RNN_CONVERSION_HOSTTOLLVM_PASSES_TD
