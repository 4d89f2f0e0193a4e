//===- SessionReport.h - The report of a session -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "Device.h"
#include "rnn-mlir/Sim/Statistics.h"

#include <vector>

namespace rnn::runtime {

/// What a report says beside the statistics of the device.
struct ReportFacts {
  std::string model, target, machine, hostCpu;
  /// Hz; 0 where the target has no device.
  double clock = 0;
  /// Runs of the model, and device programs of its file.
  uint64_t runs = 0, programs = 0;
  /// In each run the most that any layer took, added up.
  uint64_t steps = 0;
  /// Wall time.
  double hostSeconds = 0, simulationSeconds = 0;
  /// On the device, runs that began with an empty tile, and those that found on it what stays.
  RunTotals first, later;
};

nlohmann::ordered_json makeReport(const ReportFacts &facts, const std::vector<const sim::Statistics *> &layers);

} // namespace rnn::runtime
