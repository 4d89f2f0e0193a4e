#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"
#include "rnn-mlir/Conversion/OnnxToRnn/Passes.h"
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h"
#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Dialect/Onnx/Transforms/Passes.h"
#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"
#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"
#include "rnn-mlir/Dialect/Rpu/Transforms/Passes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllPasses();
  rnn::onnx::registerOnnxPasses();
  rnn::registerOnnxToLinalgPasses();
  rnn::registerOnnxToRnnPasses();
  rnn::registerRnnPasses();
  rnn::registerRnnToRpuPasses();
  rnn::rpu::registerRpuPasses();
  registry.insert<rnn::RnnDialect, rnn::onnx::OnnxDialect, rnn::rpu::RpuDialect>();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "rnn-mlir optimizer\n", registry));
}
