//===- ReportHtml.cpp - A report as a page -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Runtime/Report.h"

namespace rnn::runtime {

static constexpr std::string_view kHead = R"~(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>rnn-mlir report</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; }
th, td { border-bottom: 1px solid #ddd; padding: .2rem .8rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
.bar { display: flex; height: 1.4rem; width: 100%; background: #eee; margin: .2rem 0; }
.bar div { overflow: hidden; font-size: 11px; color: #fff; padding-left: 2px; white-space: nowrap; }
h2 { margin-top: 2rem; }
</style></head><body><main></main>
<script type="application/json" id="report">)~";

static constexpr std::string_view kUnits = R"~(</script>
<script type="application/json" id="units">)~";

static constexpr std::string_view kTail = R"~(</script>
<script>
const report = JSON.parse(document.getElementById('report').textContent);
const units = JSON.parse(document.getElementById('units').textContent);
const main = document.querySelector('main');
const colours = ['#2b6cb0', '#2f855a', '#b7791f', '#9b2c2c', '#6b46c1', '#0987a0', '#97266d', '#4a5568', '#c05621',
                 '#285e61', '#744210', '#702459', '#1a202c', '#a0aec0', '#38a169', '#d53f8c'];
function add(parent, tag, text) {
  const node = parent.appendChild(document.createElement(tag));
  if (text !== undefined) node.textContent = text;
  return node;
}
function show(value) {
  if (typeof value !== 'number') return value === null ? '-' : String(value);
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toPrecision(4);
}
function table(rows, head) {
  const t = add(main, 'table');
  for (const [k, row] of (head ? [head, ...rows] : rows).entries()) {
    const tr = add(t, 'tr');
    for (const cell of row) add(tr, head && k === 0 ? 'th' : 'td', show(cell));
  }
}
function bar(parts, total) {
  const b = add(main, 'div');
  b.className = 'bar';
  for (const [k, [name, value]] of parts.entries()) {
    if (!(value > 0)) continue;
    const d = add(b, 'div', name);
    d.style.width = 100 * value / total + '%';
    d.style.background = colours[k % colours.length];
    d.title = `${name}: ${show(value)} (${(100 * value / total).toFixed(1)} %)`;
  }
}
add(main, 'h1', `${report.model} on ${report.target}`);
if (report.note) add(main, 'p', report.note);
table(Object.entries(report).filter(([, v]) => typeof v !== 'object' || v === null)
        .map(([k, v]) => [k, v, units[k] === '1' ? '' : units[k]]), ['key', 'value', 'unit']);
function energy(parts) {
  const total = parts.reduce((sum, [, v]) => sum + v, 0);
  bar(parts, total);
  table(parts.map(([k, v]) => [k, v * 1e6, (100 * v / total).toFixed(1) + ' %']), ['component', 'uJ', 'share']);
}
if (report.energy) {
  add(main, 'h2', 'Energy');
  add(main, 'p', `${show(report.energy * 1e6)} uJ: ${show(report.energy_per_step * 1e6)} uJ a step, ` +
                 `${show(report.energy_per_run * 1e6)} uJ an inference, ` +
                 `${show(report.energy_per_operation * 1e12)} pJ an operation; ${show(report.power * 1e3)} mW on average, ` +
                 `${(100 * report.leakage_share).toFixed(1)} % leakage`);
  energy(Object.entries(report.energy_components));
  add(main, 'h3', 'By layer');
  table(report.layers.map((l) => [l.node || l.program, l.energy.total * 1e6,
                                  (100 * l.energy.total / report.energy).toFixed(1) + ' %',
                                  (100 * l.energy.leakage / l.energy.total).toFixed(1) + ' %']),
        ['layer', 'uJ', 'share', 'of it leakage']);
}
for (const layer of report.layers) {
  add(main, 'h2', layer.node || layer.program);
  add(main, 'p', `${show(layer.cycles)} cycles, ${show(layer.steps)} steps, ${show(layer.launches)} launches`);
  add(main, 'h3', `Cycles: the bound by ${layer.account.bound}, and what comes on top`);
  const parts = Object.entries(layer.account).filter(([k, v]) => typeof v === 'number');
  bar(parts, layer.cycles);
  table(parts.filter(([, v]) => v).map(([k, v]) => [k, v, (100 * v / layer.cycles).toFixed(1) + ' %']),
        ['part', 'cycles', 'share']);
  add(main, 'h3', 'Lower bounds');
  table(Object.entries(layer.bounds), ['bound', 'cycles']);
  add(main, 'h3', 'Engines');
  table(Object.entries(layer.engines).map(([k, e]) =>
          [k, e.instructions, e.busy, (100 * e.busy / layer.cycles).toFixed(1) + ' %', e.fill,
           Object.entries(e.stalls).filter(([, v]) => v).map(([c, v]) => `${c} ${show(v)}`).join(', ')]),
        ['engine', 'instructions', 'busy (cycles)', 'share', 'fill (cycles)', 'stalls (cycles)']);
  add(main, 'h3', 'Energy');
  energy(Object.entries(layer.energy).filter(([k]) => k !== 'total'));
  add(main, 'h3', 'Traffic');
  table(Object.entries(layer.bytes).map(([k, v]) => [k, v.read, v.written]), ['memory', 'bytes read', 'bytes written']);
}
</script></body></html>
)~";

std::string reportHtml(const nlohmann::ordered_json &report) {
  std::string data = report.dump(1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
  // The data cannot end their element.
  for (size_t at = 0; (at = data.find('<', at)) != std::string::npos;)
    data.replace(at, 1, "\\u003c");
  return std::string(kHead) + data + std::string(kUnits) + reportUnits().dump() + std::string(kTail);
}

} // namespace rnn::runtime
