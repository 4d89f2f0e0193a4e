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
};

bool overlap(const Access &a, const Access &b) {
  isa::Address left = a.address, right = b.address;
  uint64_t leftAt = left.offset, rightAt = right.offset;
  left.offset = right.offset = 0;
  return left == right && leftAt < rightAt + b.bytes && rightAt < leftAt + a.bytes;
}

bool fixed(const Access &access) {
  return access.address.strides == decltype(access.address.strides){};
}

/// `later` reads what `earlier` writes; with `carried`, also where the loops have gone on between them.
bool depends(const Link &later, const Link &earlier, bool carried = false) {
  for (const Access &read : later.accesses)
    for (const Access &write : earlier.accesses)
      if (!read.write && write.write && overlap(read, write) && (!carried || fixed(read)))
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

/// The sizes of an instruction for one sequence, if they do not depend on the launch: in lock-step a product takes as
/// many vectors as there are sequences.
std::optional<Sizes> sizesOfOne(const isa::Instr &instr) {
  auto *product = std::get_if<isa::Product>(&instr);
  return product && product->vectors.isReg ? std::optional(Sizes{{1}}) : immediateSizes(instr);
}

/// Of an address inside of the loop over steps, that of the first sequence.
void ofFirstSequence(isa::Address &address, size_t level) {
  for (size_t inner = level; inner < address.strides.size(); ++inner)
    address.strides[inner] = 0;
}

/// Rows beyond the first are left out: they count as independent.
Link linkOf(const isa::Instr &instr, const Sizes &sizes, const TargetModel &model) {
  Link link;
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

} // namespace

uint64_t chainCycles(std::span<const isa::Instr> instrs, std::span<const isa::Role> roles, const TargetModel &model) {
  std::vector<Link> links;
  std::vector<isa::Role> loops;
  for (size_t i = 0; i < instrs.size() && i < roles.size(); ++i) {
    if (std::holds_alternative<isa::Begin>(instrs[i]))
      loops.push_back(roles[i]);
    else if (std::holds_alternative<isa::End>(instrs[i]) && !loops.empty())
      loops.pop_back();
    std::optional<Sizes> sizes = sizesOfOne(instrs[i]);
    if (roles[i] != isa::Role::Recur || !sizes)
      continue;
    links.push_back(linkOf(instrs[i], *sizes, model));
    // A loop inside of the one over steps is over sequences where lane programs are in it; of a product, over pieces.
    auto steps = std::ranges::find(loops, isa::Role::Steps);
    if (steps != loops.end() && std::holds_alternative<isa::Lanes>(instrs[i]))
      for (Access &access : links.back().accesses)
        ofFirstSequence(access.address, size_t(steps - loops.begin()) + 1);
  }
  uint64_t longest = 0;
  for (size_t first = 0; first < links.size(); ++first) {
    // Cycles of the longest chain from `first` to each link; 0 where there is none.
    std::vector<uint64_t> chain(links.size(), 0);
    chain[first] = links[first].cycles;
    for (size_t i = first; i < links.size(); ++i) {
      for (size_t k = first; k < i; ++k)
        if (chain[k] && depends(links[i], links[k]))
          chain[i] = std::max(chain[i], chain[k] + links[i].cycles);
      if (chain[i] && depends(links[first], links[i], true))
        longest = std::max(longest, chain[i]);
    }
  }
  return longest;
}

} // namespace rnn::target
