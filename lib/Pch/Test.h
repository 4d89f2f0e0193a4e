// What the unit tests need that use neither MLIR nor LLVM.
#pragma once
#include "Std.h"
#include <gtest/gtest.h>
