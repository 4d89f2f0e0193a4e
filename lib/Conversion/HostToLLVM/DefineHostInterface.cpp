//===- DefineHostInterface.cpp - Bodies that use the runtime ----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// The interface, its layout and its version are those of Runtime/HostApi.h.
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "rnn-mlir/Conversion/RnnToVector/Passes.h"
#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Runtime/HostApi.h"

#include <cstddef>

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_DEFINEHOSTINTERFACE
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

namespace {
/// Offsets of fields of RnnHostApi. Host code is for the same machine as the compiler.
enum ApiField : int32_t {
  Context = offsetof(RnnHostApi, context),
  Allocate = offsetof(RnnHostApi, allocate),
  Release = offsetof(RnnHostApi, release),
  LaunchProgram = offsetof(RnnHostApi, launch),
  Fail = offsetof(RnnHostApi, fail),
  Constants = offsetof(RnnHostApi, constants),
  CountSteps = offsetof(RnnHostApi, steps)
};

/// Makes the bodies of functions of the interface.
class BodyBuilder {
public:
  explicit BodyBuilder(ModuleOp host)
      : host(host), builder(host.getContext()), loc(host.getLoc()),
        pointer(LLVM::LLVMPointerType::get(host.getContext())), word(builder.getI64Type()) {}

  /// `constants` are the bytes that the host code reads.
  void defineGlobals(int64_t constants) {
    builder.setInsertionPointToStart(host.getBody());
    for (auto [name, value] : {std::pair("rnn_host_abi", int64_t(RNN_HOST_ABI)), {"rnn_host_constants", constants}})
      LLVM::GlobalOp::create(builder, loc, word, /*isConstant=*/true, LLVM::Linkage::External, name,
                             builder.getI64IntegerAttr(value));
    auto api = LLVM::GlobalOp::create(builder, loc, pointer, /*isConstant=*/false, LLVM::Linkage::External,
                                      "rnn_host_api", Attribute());
    Block *block = builder.createBlock(&api.getInitializerRegion());
    builder.setInsertionPointToStart(block);
    LLVM::ReturnOp::create(builder, loc, ValueRange(LLVM::ZeroOp::create(builder, loc, pointer).getResult()));
  }

  /// The arguments of a declaration that gets a body here.
  ValueRange begin(LLVM::LLVMFuncOp function) {
    loc = function.getLoc();
    builder.setInsertionPointToStart(function.addEntryBlock(builder));
    return function.getArguments();
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
  /// Makes a constant of a text, with a zero behind it.
  void defineText(const Twine &name, StringRef text, LLVM::Linkage linkage = LLVM::Linkage::Internal) {
    std::string bytes = text.str() + '\0';
    auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), bytes.size());
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(host.getBody());
    LLVM::GlobalOp::create(builder, loc, type, /*isConstant=*/true, linkage, name.str(), builder.getStringAttr(bytes));
  }
  /// The text of a node, null where it has no name.
  Value nodeText(const std::string &node) {
    if (node.empty())
      return LLVM::ZeroOp::create(builder, loc, pointer);
    std::string &name = nodeTexts[node];
    if (name.empty()) {
      name = "rnn_node_" + std::to_string(nodeTexts.size() - 1);
      defineText(name, node);
    }
    return LLVM::AddressOfOp::create(builder, loc, pointer, name);
  }
  void finish(ValueRange values = {}) { LLVM::ReturnOp::create(builder, loc, values); }

  ModuleOp host;
  OpBuilder builder;
  Location loc;
  LLVM::LLVMPointerType pointer;
  Type word;

private:
  /// The name of the text of each node.
  llvm::StringMap<std::string> nodeTexts;
};

struct DefineHostInterface : impl::DefineHostInterfaceBase<DefineHostInterface> {
  void runOnOperation() override {
    ModuleOp host = getOperation();
    auto main = host.lookupSymbol<LLVM::LLVMFuncOp>(onnx::kMainFunction);
    auto wrapper = host.lookupSymbol<LLVM::LLVMFuncOp>(wrapperOf(onnx::kMainFunction));
    if (!main || !wrapper) {
      host.emitError("expects @main in the LLVM dialect with its C wrapper, run rnn-extract-host first");
      return signalPassFailure();
    }
    if (failed(checkWrapper(wrapper)))
      return signalPassFailure();
    BodyBuilder make(host);
    make.defineGlobals(constantBytes(host));
    if (auto types = host->getAttrOfType<StringAttr>(kHostTypesAttr))
      make.defineText("rnn_host_types", types, LLVM::Linkage::External);
    host->removeAttr(kHostTypesAttr);
    for (auto function : llvm::to_vector(host.getOps<LLVM::LLVMFuncOp>())) {
      if (function.isExternal() && failed(define(function, make)))
        return signalPassFailure();
      for (StringRef name :
           {kProgramAttr, kRanksAttr, kWidthsAttr, kInputsAttr, kMessageAttr, kConstantAttr, kOffsetAttr})
        function->removeAttr(name);
    }
    defineEntry(main, wrapper, make);
    for (auto function : host.getOps<LLVM::LLVMFuncOp>())
      if (!function.isExternal() && function.getName() != "rnn_host_main")
        function.setLinkage(LLVM::Linkage::Internal);
  }

  /// The end of the last constant in the constants section.
  static int64_t constantBytes(ModuleOp host) {
    int64_t end = 0;
    for (auto function : host.getOps<LLVM::LLVMFuncOp>()) {
      std::optional<ConstantData> data;
      if (Attribute constant = function->getAttr(kConstantAttr))
        data = constantData(constant);
      if (auto offset = function->getAttrOfType<IntegerAttr>(kOffsetAttr); offset && data)
        end = std::max(end, offset.getInt() + int64_t(expandedSize(*data)));
    }
    return end;
  }

  static std::string wrapperOf(StringRef function) { return "_mlir_ciface_" + function.str(); }

  static LogicalResult checkWrapper(LLVM::LLVMFuncOp wrapper) {
    LLVM::LLVMFunctionType type = wrapper.getFunctionType();
    if (!isa<LLVM::LLVMVoidType>(type.getReturnType()) ||
        !llvm::all_of(type.getParams(), llvm::IsaPred<LLVM::LLVMPointerType>))
      return wrapper.emitError("expects a C wrapper that takes pointers and returns nothing, found ") << type;
    return success();
  }

  /// Checks what a function that gets a body takes and returns; `result` is null where it returns nothing.
  static LogicalResult checkSignature(LLVM::LLVMFuncOp function, ArrayRef<Type> arguments, Type result = {}) {
    Type returned = result ? result : LLVM::LLVMVoidType::get(function.getContext());
    auto wanted = LLVM::LLVMFunctionType::get(returned, arguments);
    if (function.getFunctionType() != wanted)
      return function.emitError("expects the type ") << wanted << ", found " << function.getFunctionType();
    return success();
  }

  /// The body of a declaration of the interface; any other stays as it is.
  static LogicalResult define(LLVM::LLVMFuncOp function, BodyBuilder &make) {
    if (auto program = function->getAttrOfType<IntegerAttr>(kProgramAttr))
      return defineLaunch(function, program.getInt(), make);
    if (auto message = function->getAttrOfType<StringAttr>(kMessageAttr))
      return defineFailure(function, message, make);
    if (auto constant = function->getAttrOfType<ElementsAttr>(kConstantAttr))
      return defineConstant(function, constant.getShapedType().getShape(), make);
    if (function.getName() == kCountStepsFunction)
      return defineCountSteps(function, make);
    return defineMemory(function, make);
  }

  /// What the lowering of memref allocates and frees by.
  static LogicalResult defineMemory(LLVM::LLVMFuncOp function, BodyBuilder &make) {
    StringRef name = function.getName();
    if (!name.consume_front("_mlir_memref_to_llvm_"))
      return success();
    // The runtime aligns to 64 bytes, more than is ever asked for.
    if (name == "alloc" || name == "aligned_alloc") {
      SmallVector<Type> sizes(name == "alloc" ? 1 : 2, make.word);
      if (failed(checkSignature(function, sizes, make.pointer)))
        return failure();
      passNodes(function, make);
      ValueRange arguments = make.begin(function).take_back(2);
      make.finish(make.call(Allocate, make.pointer, llvm::to_vector(arguments)));
    } else if (name == "free") {
      if (failed(checkSignature(function, make.pointer)))
        return failure();
      Value buffer = make.begin(function).front();
      make.call(Release, nullptr, buffer);
      make.finish();
    }
    return success();
  }

  /// Gives an allocator one more argument: the node that the memory is for.
  static void passNodes(LLVM::LLVMFuncOp function, BodyBuilder &make) {
    SmallVector<Type> types(function.getArgumentTypes());
    types.push_back(make.pointer);
    function.setFunctionType(LLVM::LLVMFunctionType::get(make.pointer, types));
    make.host.walk([&](LLVM::CallOp call) {
      if (call.getCallee() != function.getName())
        return;
      make.loc = call.getLoc();
      make.builder.setInsertionPoint(call);
      call.getCalleeOperandsMutable().append(make.nodeText(onnx::nodeNameInProgram(make.host, call.getLoc())));
    });
  }

  static LogicalResult defineCountSteps(LLVM::LLVMFuncOp function, BodyBuilder &make) {
    if (failed(checkSignature(function, {make.word, make.word})))
      return failure();
    SmallVector<Value> arguments(make.begin(function));
    make.call(CountSteps, nullptr, arguments);
    make.finish();
    return success();
  }

  static LogicalResult defineLaunch(LLVM::LLVMFuncOp function, int64_t program, BodyBuilder &make) {
    auto ranks = function->getAttrOfType<DenseI64ArrayAttr>(kRanksAttr);
    auto widths = function->getAttrOfType<DenseI64ArrayAttr>(kWidthsAttr);
    auto inputs = function->getAttrOfType<IntegerAttr>(kInputsAttr);
    size_t count = function.getNumArguments();
    if (!ranks || !widths || !inputs || static_cast<size_t>(ranks.size()) != count ||
        static_cast<size_t>(widths.size()) != count)
      return function.emitError("expects the ranks and widths of the ")
             << count << " arrays of a launch and how many are inputs";
    if (failed(checkSignature(function, SmallVector<Type>(count, make.pointer))))
      return failure();
    ValueRange descriptors = make.begin(function);
    // A descriptor is {allocated, aligned, offset, sizes…, strides…}.
    Value array =
        LLVM::AllocaOp::create(make.builder, make.loc, make.pointer, make.builder.getI8Type(),
                               make.number(sizeof(RnnTensor) * std::max<size_t>(count, 1)), alignof(RnnTensor));
    for (auto [position, descriptor] : llvm::enumerate(descriptors)) {
      int64_t at = sizeof(RnnTensor) * position;
      make.store(make.loadPointer(descriptor, 8), array, at + offsetof(RnnTensor, data));
      make.store(make.number(ranks[position]), array, at + offsetof(RnnTensor, rank));
      make.store(make.offset(descriptor, 24), array, at + offsetof(RnnTensor, sizes));
      make.store(make.number(widths[position]), array, at + offsetof(RnnTensor, width));
      make.store(make.number(int64_t(position) >= inputs.getInt()), array, at + offsetof(RnnTensor, output));
    }
    make.call(LaunchProgram, nullptr, {make.number(program), make.number(count), array});
    make.finish();
    return success();
  }

  static LogicalResult defineFailure(LLVM::LLVMFuncOp function, StringAttr message, BodyBuilder &make) {
    OpBuilder &builder = make.builder;
    SmallVector<Type> types(std::max<size_t>(function.getNumArguments(), 1), make.word);
    types[0] = builder.getI1Type();
    if (failed(checkSignature(function, types)))
      return failure();
    std::string name = (function.getName() + "_message").str();
    make.defineText(name, message);
    ValueRange arguments = make.begin(function);
    Value broken = arguments.front();
    arguments = arguments.drop_front();
    Block *fail = builder.createBlock(&function.getBody()), *done = builder.createBlock(&function.getBody());
    builder.setInsertionPointToEnd(&function.getBody().front());
    LLVM::CondBrOp::create(builder, make.loc, broken, fail, done);
    builder.setInsertionPointToStart(fail);
    Value address = LLVM::AddressOfOp::create(builder, make.loc, make.pointer, name);
    Value values =
        arguments.empty()
            ? Value(LLVM::ZeroOp::create(builder, make.loc, make.pointer))
            : Value(LLVM::AllocaOp::create(builder, make.loc, make.pointer, make.word, make.number(arguments.size())));
    for (auto [position, value] : llvm::enumerate(arguments))
      make.store(value, values, sizeof(int64_t) * position);
    make.call(Fail, nullptr, {address, values});
    LLVM::BrOp::create(builder, make.loc, done);
    builder.setInsertionPointToStart(done);
    make.finish();
    return success();
  }

  /// Of an array: allocated, aligned, offset, and with a rank the sizes and strides.
  static Type descriptorType(size_t rank, BodyBuilder &make) {
    SmallVector<Type> fields = {make.pointer, make.pointer, make.word};
    if (rank)
      fields.append(2, LLVM::LLVMArrayType::get(make.word, rank));
    return LLVM::LLVMStructType::getLiteral(make.host.getContext(), fields);
  }

  static LogicalResult defineConstant(LLVM::LLVMFuncOp function, ArrayRef<int64_t> shape, BodyBuilder &make) {
    auto offset = function->getAttrOfType<IntegerAttr>(kOffsetAttr);
    if (!offset)
      return function.emitError("expects the offset of a constant, run rnn-place-constants first");
    if (failed(checkSignature(function, {}, descriptorType(shape.size(), make))))
      return failure();
    make.begin(function);
    Value data = LLVM::GEPOp::create(make.builder, make.loc, make.pointer, make.builder.getI8Type(),
                                     make.api(Constants), ArrayRef<LLVM::GEPArg>{make.number(offset.getInt())});
    Value descriptor = LLVM::UndefOp::create(make.builder, make.loc, function.getFunctionType().getReturnType());
    auto set = [&](Value value, ArrayRef<int64_t> at) {
      descriptor = LLVM::InsertValueOp::create(make.builder, make.loc, descriptor, value, at);
    };
    set(data, {0});
    set(data, {1});
    set(make.number(0), {2});
    int64_t stride = 1, rank = shape.size();
    for (int64_t dim = rank - 1; dim >= 0; --dim) {
      set(make.number(shape[dim]), {3, dim});
      set(make.number(stride), {4, dim});
      stride *= shape[dim];
    }
    make.finish(descriptor);
    return success();
  }

  /// args[0] is where the results go, args[1…] are the inputs' descriptors.
  static void defineEntry(LLVM::LLVMFuncOp main, LLVM::LLVMFuncOp wrapper, BodyBuilder &make) {
    make.builder.setInsertionPointToEnd(make.host.getBody());
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(make.host.getContext()), {make.pointer});
    auto entry = LLVM::LLVMFuncOp::create(make.builder, main.getLoc(), "rnn_host_main", type);
    Value args = make.begin(entry).front();
    // Without results the wrapper takes the inputs only.
    bool results = !isa<LLVM::LLVMVoidType>(main.getFunctionType().getReturnType());
    SmallVector<Value> arguments;
    for (unsigned index = 0; index < wrapper.getNumArguments(); ++index)
      arguments.push_back(make.loadPointer(args, 8 * (index + (results ? 0 : 1))));
    LLVM::CallOp::create(make.builder, make.loc, wrapper, arguments);
    make.finish();
  }
};
} // namespace
} // namespace rnn
