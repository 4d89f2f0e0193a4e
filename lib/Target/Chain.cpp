//===- Chain.cpp - The chain of a recurrence --------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Target/Chain.h"

#include "rnn-mlir/Target/Cost.h"

#include <algorithm>
#include <vector>

namespace rnn::target {

namespace {

/// Bytes an instruction reads or writes, as an address and what follows it.
struct Access {
  isa::Address address;
  uint64_t bytes;
  bool write;
};

struct Link {
  std::vector<Access> accesses;
  uint64_t cycles = 0;
  bool recurs = false;
};

bool overlap(const Access &a, const Access &b) {
  return a.address.memory == b.address.memory && a.address.offset < b.address.offset + b.bytes &&
         b.address.offset < a.address.offset + a.bytes;
}

/// Addresses that differ in nothing but their offsets differ so at every iteration.
bool moveTogether(const Access &a, const Access &b) {
  isa::Address left = a.address, right = b.address;
  left.offset = right.offset = 0;
  return left == right;
}

bool fixed(const Access &access) {
  return access.address.strides == decltype(access.address.strides){};
}

/// When an instruction comes after another: with all loops at their first iteration, at the same of any, or later.
enum class Iteration { First, Same, Later };

/// `later` reads what `earlier` writes.
bool depends(const Link &later, const Link &earlier, Iteration when) {
  for (const Access &read : later.accesses)
    for (const Access &write : earlier.accesses)
      if (!read.write && write.write && overlap(read, write) &&
          (when == Iteration::First || (moveTogether(read, write) && (when == Iteration::Same || fixed(read)))))
        return true;
  return false;
}

template <class I> std::vector<isa::Address> places(const I &instr) {
  std::vector<isa::Address> result;
  I::forEachField(instr, [&]<class F>(const isa::FieldInfo &, const F &field) {
    if constexpr (std::is_same_v<F, isa::View>)
      result.push_back(field.address);
  });
  if constexpr (isa::HasBody<I>)
    for (const isa::MicroOp &micro : instr.body)
      std::visit(
          [&]<class Op>(const Op &op) {
            Op::forEachField(op, [&]<class F>(const isa::FieldInfo &, const F &field) {
              if constexpr (std::is_same_v<F, isa::Element>)
                result.push_back(field.address);
            });
          },
          micro);
  return result;
}

/// Of an address inside of the loop over steps, that of the first sequence.
void ofFirstSequence(isa::Address &address, size_t level) {
  for (size_t inner = level; inner < address.strides.size(); ++inner)
    address.strides[inner] = 0;
}

/// With rows or vectors from a register there is one, and the accesses are those of the first: in lock-step a product
/// takes as many vectors as there are sequences.
Link linkOf(const isa::Instr &instr, isa::Role role, const TargetModel &model) {
  Link link;
  link.recurs = role == isa::Role::Recur;
  Sizes sizes = leastSizes(instr);
  link.cycles = cost(instr, sizes, model).total();
  std::visit(
      [&]<class I>(const I &i) {
        if constexpr (I::kHasSync) {
          std::vector<isa::Address> addresses = places(i);
          isa::regions(i, sizes.value, [&](const isa::Region &region) {
            if (region.rows && region.bytes)
              link.accesses.push_back({addresses[region.place], region.bytes, region.write});
          });
        }
      },
      instr);
  return link;
}

bool isOfChain(const isa::Instr &instr, isa::Role role) {
  bool engine = std::visit([]<class I>(const I &) { return I::kEngine != isa::Engine::Seq; }, instr);
  return engine && role != isa::Role::Control && role != isa::Role::Weights;
}

/// By instruction of role `recur`, the cycles of the longest chain from state to state that begins with it; else 0.
std::vector<uint64_t> fromStateToState(std::span<const Link> links) {
  std::vector<uint64_t> cycles(links.size(), 0);
  for (size_t first = 0; first < links.size(); ++first) {
    if (!links[first].recurs)
      continue;
    // Cycles of the longest chain from `first` to each link; 0 where there is none.
    std::vector<uint64_t> chain(links.size(), 0);
    chain[first] = links[first].cycles;
    for (size_t i = first; i < links.size(); ++i) {
      if (!links[i].recurs)
        continue;
      for (size_t k = first; k < i; ++k)
        if (chain[k] && depends(links[i], links[k], Iteration::Same))
          chain[i] = std::max(chain[i], chain[k] + links[i].cycles);
      if (chain[i] && depends(links[first], links[i], Iteration::Later))
        cycles[first] = std::max(cycles[first], chain[i]);
    }
  }
  return cycles;
}

} // namespace

Chain chainOf(std::span<const isa::Instr> instrs, std::span<const isa::Role> roles, const TargetModel &model) {
  std::vector<Link> links;
  std::vector<isa::Role> loops;
  for (size_t i = 0; i < instrs.size() && i < roles.size(); ++i) {
    if (std::holds_alternative<isa::Begin>(instrs[i]))
      loops.push_back(roles[i]);
    else if (std::holds_alternative<isa::End>(instrs[i]) && !loops.empty())
      loops.pop_back();
    if (!isOfChain(instrs[i], roles[i]))
      continue;
    links.push_back(linkOf(instrs[i], roles[i], model));
    // A loop inside of the one over steps is over sequences where lane programs are in it; of a product, over pieces.
    auto steps = std::ranges::find(loops, isa::Role::Steps);
    if (steps != loops.end() && std::holds_alternative<isa::Lanes>(instrs[i]))
      for (Access &access : links.back().accesses)
        ofFirstSequence(access.address, size_t(steps - loops.begin()) + 1);
  }
  std::vector<uint64_t> cycles = fromStateToState(links);
  // With all loops at their first iteration: of the longest chains that end with a link, and that begin with it.
  std::vector<uint64_t> to(links.size()), from(links.size());
  for (size_t i = 0; i < links.size(); ++i) {
    for (size_t k = 0; k < i; ++k)
      if (depends(links[i], links[k], Iteration::First))
        to[i] = std::max(to[i], to[k]);
    to[i] += links[i].cycles;
  }
  for (size_t i = links.size(); i-- > 0;) {
    for (size_t k = i + 1; k < links.size(); ++k)
      if (depends(links[k], links[i], Iteration::First))
        from[i] = std::max(from[i], from[k]);
    from[i] += links[i].cycles;
  }
  Chain result;
  for (uint64_t each : cycles)
    result.perStep = std::max(result.perStep, each);
  for (size_t i = 0; i < links.size(); ++i)
    if (result.perStep && cycles[i] == result.perStep)
      result.once = std::max(result.once, to[i] + from[i] - links[i].cycles - result.perStep);
  return result;
}

} // namespace rnn::target
