//===- HostInterface.cpp - What host code asks of the runtime ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// The interface, its layout and its version are those of Runtime/HostApi.h.
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"
#include "rnn-mlir/Runtime/HostApi.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <cstddef>

using namespace mlir;

namespace rnn {

/// Offsets of fields of RnnHostApi. Host code is for the same machine as the compiler.
enum ApiField : int32_t {
  Context = offsetof(RnnHostApi, context),
  Allocate = offsetof(RnnHostApi, allocate),
  Release = offsetof(RnnHostApi, release),
  LaunchProgram = offsetof(RnnHostApi, launch),
  Fail = offsetof(RnnHostApi, fail),
  Constants = offsetof(RnnHostApi, constants)
};

/// Constants below this many bytes stay in the code.
static constexpr size_t kLargeConstant = 64;

static func::FuncOp declareFunction(ModuleOp host, const std::string &name, TypeRange inputs, TypeRange results,
                                    bool pointers) {
  OpBuilder builder = OpBuilder::atBlockBegin(host.getBody());
  auto function = func::FuncOp::create(builder, host.getLoc(), name, builder.getFunctionType(inputs, results));
  function.setPrivate();
  if (pointers)
    function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(), builder.getUnitAttr());
  return function;
}

LogicalResult HostInterface::outlineLaunches(const llvm::StringMap<unsigned> &programs) {
  SmallVector<rpu::LaunchOp> ops;
  host.walk([&](rpu::LaunchOp launch) { ops.push_back(launch); });
  for (rpu::LaunchOp launch : ops) {
    auto program = programs.find(launch.getProgram());
    if (program == programs.end())
      return launch.emitOpError("expects a program of the module, found ") << launch.getProgramAttr();
    OpBuilder builder(launch);
    Location loc = launch.getLoc();
    SmallVector<Value> buffers;
    auto bufferType = [](Value tensor) {
      auto type = cast<RankedTensorType>(tensor.getType());
      return MemRefType::get(type.getShape(), type.getElementType());
    };
    for (Value in : launch.getIns())
      buffers.push_back(bufferization::ToBufferOp::create(builder, loc, bufferType(in), in, /*read_only=*/true));
    for (auto [out, result] : llvm::zip(launch.getOuts(), launch.getResults())) {
      SmallVector<Value> sizes;
      auto type = cast<RankedTensorType>(out.getType());
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        if (type.isDynamicDim(dim))
          sizes.push_back(tensor::DimOp::create(builder, loc, out, dim));
      Value buffer = memref::AllocOp::create(builder, loc, bufferType(out), sizes, builder.getI64IntegerAttr(64));
      buffers.push_back(buffer);
    }
    std::string name = "rnn_launch_" + std::to_string(launches.size());
    Launch made{program->second, {}};
    for (Value buffer : buffers)
      made.ranks.push_back(cast<MemRefType>(buffer.getType()).getRank());
    launches.push_back(std::move(made));
    declareFunction(host, name, ValueRange(buffers).getTypes(), {}, /*pointers=*/true);
    func::CallOp::create(builder, loc, name, TypeRange(), buffers);
    for (auto [index, result] : llvm::enumerate(launch.getResults()))
      result.replaceAllUsesWith(bufferization::ToTensorOp::create(builder, loc, result.getType(),
                                                                  buffers[launch.getIns().size() + index],
                                                                  /*restrict=*/true, /*writable=*/true));
    launch.erase();
  }
  return success();
}

void HostInterface::outlineAssertions() {
  SmallVector<cf::AssertOp> ops;
  host.walk([&](cf::AssertOp op) { ops.push_back(op); });
  llvm::StringMap<std::string> known;
  for (cf::AssertOp op : ops) {
    std::string node = onnx::nodeName(op.getLoc());
    std::string message = (node.empty() ? "" : node + ": error: ") + op.getMsg().str();
    std::string &name = known[message];
    if (name.empty()) {
      name = "rnn_fail_" + std::to_string(messages.size());
      messages.push_back(message);
      func::FuncOp function = declareFunction(host, name, op.getArg().getType(), {}, /*pointers=*/false);
      function->setAttr("passthrough", Builder(host.getContext()).getStrArrayAttr({"noinline"}));
    }
    OpBuilder builder(op);
    Value yes = arith::ConstantOp::create(builder, op.getLoc(), builder.getBoolAttr(true));
    Value broken = arith::XOrIOp::create(builder, op.getLoc(), op.getArg(), yes);
    // Outside loops only the function branches: a main function of thousands of blocks takes LLVM long.
    auto call = func::CallOp::create(builder, op.getLoc(), name, TypeRange(), broken);
    if (!isa<func::FuncOp>(op->getParentOp())) {
      auto branch = scf::IfOp::create(builder, op.getLoc(), broken, /*withElseRegion=*/false);
      call->moveBefore(branch.getBody()->getTerminator());
    }
    op.erase();
  }
}

void HostInterface::outlineConstants(ConstantSection &constants) {
  SymbolTable symbols(host);
  SmallVector<memref::GetGlobalOp> uses;
  host.walk([&](memref::GetGlobalOp use) { uses.push_back(use); });
  llvm::StringMap<std::string> functions;
  for (memref::GetGlobalOp use : uses) {
    auto global = symbols.lookup<memref::GlobalOp>(use.getName());
    std::optional<ConstantData> data = constantData(global.getInitialValue().value_or(Attribute()));
    MemRefType type = use.getType();
    if (!data || !type.getLayout().isIdentity())
      continue;
    size_t bytes = data->bytes.size() * (data->splat ? type.getNumElements() : 1);
    if (bytes < kLargeConstant)
      continue;
    std::string &name = functions[use.getName()];
    if (name.empty()) {
      uint64_t offset;
      if (data->splat) {
        std::vector<char> filled(bytes);
        for (size_t at = 0; at < bytes; at += data->bytes.size())
          std::memcpy(filled.data() + at, data->bytes.data(), data->bytes.size());
        offset = constants.own(std::move(filled));
      } else {
        offset = constants.add(data->bytes);
      }
      name = "rnn_constant_" + std::to_string(largeConstants.size());
      largeConstants.push_back({offset, SmallVector<int64_t>(type.getShape())});
      declareFunction(host, name, {}, type, /*pointers=*/false);
    }
    OpBuilder builder(use);
    use.replaceAllUsesWith(func::CallOp::create(builder, use.getLoc(), name, type, ValueRange()).getResult(0));
    use.erase();
  }
  for (auto global : llvm::make_early_inc_range(host.getOps<memref::GlobalOp>()))
    if (SymbolTable::symbolKnownUseEmpty(global, host))
      global.erase();
}

//===----------------------------------------------------------------------===//
// Bodies in the LLVM dialect
//===----------------------------------------------------------------------===//

namespace {
/// Makes the bodies of functions of the interface.
class BodyBuilder {
public:
  explicit BodyBuilder(ModuleOp host)
      : host(host), builder(host.getContext()), loc(host.getLoc()),
        pointer(LLVM::LLVMPointerType::get(host.getContext())), word(builder.getI64Type()) {}

  void defineGlobals() {
    builder.setInsertionPointToStart(host.getBody());
    LLVM::GlobalOp::create(builder, loc, word, /*isConstant=*/true, LLVM::Linkage::External, "rnn_host_abi",
                           builder.getI64IntegerAttr(RNN_HOST_ABI));
    auto api = LLVM::GlobalOp::create(builder, loc, pointer, /*isConstant=*/false, LLVM::Linkage::External,
                                      "rnn_host_api", Attribute());
    Block *block = builder.createBlock(&api.getInitializerRegion());
    builder.setInsertionPointToStart(block);
    LLVM::ReturnOp::create(builder, loc, ValueRange(LLVM::ZeroOp::create(builder, loc, pointer).getResult()));
  }

  /// Fills the declaration `name`, if there is one; `fill` gets the arguments.
  void body(const std::string &name, llvm::function_ref<void(ValueRange)> fill) {
    auto function = host.lookupSymbol<LLVM::LLVMFuncOp>(name);
    if (!function || !function.isExternal())
      return;
    function.setLinkage(LLVM::Linkage::Internal);
    builder.setInsertionPointToStart(function.addEntryBlock(builder));
    fill(function.getArguments());
  }

  Value number(int64_t value) { return LLVM::ConstantOp::create(builder, loc, word, builder.getI64IntegerAttr(value)); }
  Value offset(Value base, int64_t bytes) {
    return LLVM::GEPOp::create(builder, loc, pointer, builder.getI8Type(), base,
                               ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(bytes)});
  }
  Value loadPointer(Value from, int64_t bytes = 0) {
    return LLVM::LoadOp::create(builder, loc, pointer, bytes ? offset(from, bytes) : from);
  }
  void store(Value value, Value to, int64_t bytes) {
    LLVM::StoreOp::create(builder, loc, value, bytes ? offset(to, bytes) : to);
  }
  Value api(ApiField field) {
    Value address = LLVM::AddressOfOp::create(builder, loc, pointer, "rnn_host_api");
    return loadPointer(loadPointer(address), field);
  }
  /// Calls a function of the runtime with its context first.
  Value call(ApiField field, Type result, ArrayRef<Value> arguments) {
    SmallVector<Value> operands = {api(field), api(Context)};
    operands.append(arguments.begin(), arguments.end());
    SmallVector<Type> types(arguments.size() + 1, pointer);
    for (auto [index, argument] : llvm::enumerate(arguments))
      types[index + 1] = argument.getType();
    Type returned = result ? result : LLVM::LLVMVoidType::get(host.getContext());
    auto made = LLVM::CallOp::create(builder, loc, LLVM::LLVMFunctionType::get(returned, types), operands);
    return result ? made.getResult() : Value();
  }
  void finish(ValueRange values = {}) { LLVM::ReturnOp::create(builder, loc, values); }

  ModuleOp host;
  OpBuilder builder;
  Location loc;
  LLVM::LLVMPointerType pointer;
  Type word;
};
} // namespace

void HostInterface::define(unsigned results, unsigned inputs) {
  BodyBuilder make(host);
  OpBuilder &builder = make.builder;
  make.defineGlobals();
  make.body("_mlir_memref_to_llvm_alloc",
            [&](ValueRange arguments) { make.finish(make.call(Allocate, make.pointer, {arguments[0]})); });
  // The runtime aligns to 64 bytes, more than is ever asked for.
  make.body("_mlir_memref_to_llvm_aligned_alloc",
            [&](ValueRange arguments) { make.finish(make.call(Allocate, make.pointer, {arguments[1]})); });
  for (const char *name : {"_mlir_memref_to_llvm_free", "_mlir_memref_to_llvm_aligned_free"})
    make.body(name, [&](ValueRange arguments) {
      make.call(Release, nullptr, {arguments[0]});
      make.finish();
    });
  for (auto [index, launch] : llvm::enumerate(launches))
    make.body("_mlir_ciface_rnn_launch_" + std::to_string(index), [&, &launch = launch](ValueRange descriptors) {
      // A descriptor is {allocated, aligned, offset, sizes…, strides…}.
      Value array = LLVM::AllocaOp::create(make.builder, make.loc, make.pointer, builder.getI8Type(),
                                           make.number(sizeof(RnnTensor) * std::max<size_t>(descriptors.size(), 1)),
                                           alignof(RnnTensor));
      for (auto [position, descriptor] : llvm::enumerate(descriptors)) {
        int64_t at = sizeof(RnnTensor) * position;
        make.store(make.loadPointer(descriptor, 8), array, at + offsetof(RnnTensor, data));
        make.store(make.number(launch.ranks[position]), array, at + offsetof(RnnTensor, rank));
        make.store(make.offset(descriptor, 24), array, at + offsetof(RnnTensor, sizes));
      }
      make.call(LaunchProgram, nullptr, {make.number(launch.program), make.number(descriptors.size()), array});
      make.finish();
    });
  for (auto [index, message] : llvm::enumerate(messages)) {
    std::string text = "rnn_message_" + std::to_string(index);
    builder.setInsertionPointToStart(host.getBody());
    auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), message.size() + 1);
    LLVM::GlobalOp::create(builder, host.getLoc(), type, /*isConstant=*/true, LLVM::Linkage::Internal, text,
                           builder.getStringAttr(StringRef(message.c_str(), message.size() + 1)));
    make.body("rnn_fail_" + std::to_string(index), [&](ValueRange broken) {
      auto function = cast<LLVM::LLVMFuncOp>(builder.getBlock()->getParentOp());
      Block *fail = builder.createBlock(&function.getBody()), *done = builder.createBlock(&function.getBody());
      builder.setInsertionPointToEnd(&function.getBody().front());
      LLVM::CondBrOp::create(builder, make.loc, broken[0], fail, done);
      builder.setInsertionPointToStart(fail);
      make.call(Fail, nullptr, {LLVM::AddressOfOp::create(builder, make.loc, make.pointer, text)});
      LLVM::BrOp::create(builder, make.loc, done);
      builder.setInsertionPointToStart(done);
      make.finish();
    });
  }
  for (auto [index, constant] : llvm::enumerate(largeConstants))
    make.body("rnn_constant_" + std::to_string(index), [&, &constant = constant](ValueRange) {
      Value data = LLVM::GEPOp::create(builder, make.loc, make.pointer, builder.getI8Type(), make.api(Constants),
                                       ArrayRef<LLVM::GEPArg>{make.number(constant.offset)});
      auto function = cast<LLVM::LLVMFuncOp>(builder.getBlock()->getParentOp());
      Value descriptor = LLVM::UndefOp::create(builder, make.loc, function.getFunctionType().getReturnType());
      auto set = [&](Value value, ArrayRef<int64_t> at) {
        descriptor = LLVM::InsertValueOp::create(builder, make.loc, descriptor, value, at);
      };
      set(data, {0});
      set(data, {1});
      set(make.number(0), {2});
      int64_t stride = 1, rank = constant.shape.size();
      for (int64_t dim = rank - 1; dim >= 0; --dim) {
        set(make.number(constant.shape[dim]), {3, dim});
        set(make.number(stride), {4, dim});
        stride *= constant.shape[dim];
      }
      make.finish(descriptor);
    });
  // The entry: args[0] is where the results go, args[1…] are the inputs' descriptors.
  builder.setInsertionPointToEnd(host.getBody());
  auto entry =
      LLVM::LLVMFuncOp::create(builder, host.getLoc(), "rnn_host_main",
                               LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(host.getContext()), {make.pointer}));
  builder.setInsertionPointToStart(entry.addEntryBlock(builder));
  SmallVector<Value> arguments;
  for (unsigned index = results ? 0 : 1; index <= inputs; ++index)
    arguments.push_back(make.loadPointer(entry.getArgument(0), 8 * index));
  auto main = host.lookupSymbol<LLVM::LLVMFuncOp>("_mlir_ciface_main");
  LLVM::CallOp::create(builder, host.getLoc(), main, arguments);
  make.finish();
  for (auto function : host.getOps<LLVM::LLVMFuncOp>())
    if (!function.isExternal() && function != entry)
      function.setLinkage(LLVM::Linkage::Internal);
}

} // namespace rnn
