//===- SharedObject.cpp - What the loader trusts in host code ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "SharedObject.h"

#include "rnn-mlir/Runtime/HostApi.h"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace rnn::runtime {
namespace {

constexpr uint64_t kPage = 4096;
/// More than any host code takes in memory.
constexpr uint64_t kLargestImage = uint64_t(1) << 32;
constexpr size_t kMostSegments = 32;

Error malformed(const std::string &what) {
  return Error{"is no host code: " + what};
}

/// Whether [offset, offset + size) lies in [0, limit).
bool inside(uint64_t offset, uint64_t size, uint64_t limit) {
  return offset <= limit && size <= limit - offset;
}

bool mayNeed(std::string_view function) {
  for (auto name : std::views::split(std::string_view(RNN_HOST_LIBRARY), ' '))
    if (std::string_view(name.begin(), name.end()) == function)
      return true;
  return false;
}

class SharedObject {
public:
  explicit SharedObject(std::span<const std::byte> elf) : elf(elf) {}

  Result<void> check() {
    for (auto step : {&SharedObject::checkHeader, &SharedObject::checkSegments, &SharedObject::checkDynamic,
                      &SharedObject::checkSymbols, &SharedObject::checkHash, &SharedObject::checkRelocations})
      if (auto good = (this->*step)(); !good)
        return good;
    return {};
  }

private:
  /// The record at an offset of the file, which is known to lie in it.
  template <class Record> Record at(uint64_t offset) const {
    Record record;
    std::memcpy(&record, elf.data() + offset, sizeof record);
    return record;
  }

  /// The offset in the file of `size` bytes at an address; none where they are not all of one segment of the file that
  /// is writable or not, as asked for. What relocations could change after it is checked must not be writable.
  std::optional<uint64_t> offsetOf(uint64_t address, uint64_t size, bool writable = false) const {
    for (const Elf64_Phdr &segment : loaded)
      if (bool(segment.p_flags & PF_W) == writable && address >= segment.p_vaddr &&
          inside(address - segment.p_vaddr, size, segment.p_filesz))
        return segment.p_offset + (address - segment.p_vaddr);
    return std::nullopt;
  }

  bool writable(uint64_t address, uint64_t size) const {
    return std::ranges::any_of(loaded, [&](const Elf64_Phdr &segment) {
      return (segment.p_flags & PF_W) && address >= segment.p_vaddr &&
             inside(address - segment.p_vaddr, size, segment.p_memsz);
    });
  }

  Result<void> checkHeader() {
    if (elf.size() < sizeof(Elf64_Ehdr))
      return malformed("it is shorter than the header of ELF");
    header = at<Elf64_Ehdr>(0);
    const unsigned char *ident = header.e_ident;
    if (std::memcmp(ident, ELFMAG, SELFMAG) != 0 || ident[EI_CLASS] != ELFCLASS64 || ident[EI_DATA] != ELFDATA2LSB ||
        ident[EI_VERSION] != EV_CURRENT || ident[EI_OSABI] != ELFOSABI_SYSV || ident[EI_ABIVERSION] != 0 ||
        header.e_type != ET_DYN || header.e_machine != EM_X86_64 || header.e_version != EV_CURRENT)
      return malformed("it is no shared object of ELF for x86-64");
    if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum > kMostSegments ||
        !inside(header.e_phoff, header.e_phnum * sizeof(Elf64_Phdr), elf.size()))
      return malformed("its table of segments does not lie in it");
    return {};
  }

  Result<void> checkSegments() {
    uint64_t end = 0;
    for (size_t k = 0; k < header.e_phnum; ++k) {
      auto segment = at<Elf64_Phdr>(header.e_phoff + k * sizeof(Elf64_Phdr));
      if (!inside(segment.p_offset, segment.p_filesz, elf.size()) || segment.p_filesz > segment.p_memsz ||
          !inside(segment.p_vaddr, segment.p_memsz, kLargestImage))
        return malformed("segment " + std::to_string(k) + " does not lie in it");
      switch (segment.p_type) {
      case PT_LOAD:
        // In rising order, each in pages of its own, and none writable and executable.
        if (segment.p_align != kPage || segment.p_vaddr % kPage != segment.p_offset % kPage ||
            (loaded.empty() ? segment.p_vaddr != 0 || segment.p_offset != 0 : segment.p_vaddr / kPage * kPage < end) ||
            ((segment.p_flags & PF_W) && (segment.p_flags & PF_X)) || !(segment.p_flags & PF_R))
          return malformed("segment " + std::to_string(k) + " cannot be loaded");
        end = (segment.p_vaddr + segment.p_memsz + kPage - 1) / kPage * kPage;
        loaded.push_back(segment);
        break;
      case PT_DYNAMIC:
        if (dynamic)
          return malformed("it has two dynamic sections");
        dynamic = segment;
        break;
      case PT_PHDR:
        if (segment.p_vaddr != header.e_phoff || segment.p_memsz != header.e_phnum * sizeof(Elf64_Phdr))
          return malformed("its table of segments is elsewhere");
        break;
      case PT_GNU_RELRO:
        relro = segment;
        break;
      case PT_GNU_STACK:
        if (segment.p_flags & PF_X)
          return malformed("its stack would be executable");
        break;
      case PT_NULL:
      case PT_NOTE:
      case PT_GNU_EH_FRAME:
        break;
      default:
        return malformed("segment " + std::to_string(k) + " is of an unknown kind");
      }
    }
    if (loaded.empty())
      return malformed("it has no segment to load");
    if (header.e_phoff + header.e_phnum * sizeof(Elf64_Phdr) > loaded[0].p_filesz)
      return malformed("its table of segments lies beyond its first one");
    if (!dynamic)
      return malformed("it has no dynamic section");
    // The loader writes to both.
    if (!writable(dynamic->p_vaddr, dynamic->p_memsz) ||
        offsetOf(dynamic->p_vaddr, dynamic->p_filesz, /*writable=*/true) != dynamic->p_offset)
      return malformed("its dynamic section lies in no writable segment");
    if (relro && !writable(relro->p_vaddr, relro->p_memsz))
      return malformed("what it protects lies in no writable segment");
    return {};
  }

  Result<void> checkDynamic() {
    constexpr Elf64_Sxword known[] = {DT_RELA,   DT_RELASZ, DT_RELAENT, DT_JMPREL,   DT_PLTRELSZ,
                                      DT_PLTGOT, DT_PLTREL, DT_SYMTAB,  DT_SYMENT,   DT_STRTAB,
                                      DT_STRSZ,  DT_HASH,   DT_SONAME,  DT_RELACOUNT};
    for (uint64_t offset = 0;; offset += sizeof(Elf64_Dyn)) {
      if (!inside(offset, sizeof(Elf64_Dyn), dynamic->p_filesz))
        return malformed("its dynamic section has no end");
      auto entry = at<Elf64_Dyn>(dynamic->p_offset + offset);
      if (entry.d_tag == DT_NULL)
        break;
      if (std::ranges::find(known, entry.d_tag) == std::end(known) ||
          !entries.emplace(entry.d_tag, entry.d_un.d_val).second)
        return malformed("its dynamic section has entry " + std::to_string(entry.d_tag) + ", which has no place there");
    }
    for (Elf64_Sxword needed : {DT_SYMTAB, DT_SYMENT, DT_STRTAB, DT_STRSZ, DT_HASH})
      if (!entries.contains(needed))
        return malformed("its dynamic section lacks entry " + std::to_string(needed));
    auto is = [&](Elf64_Sxword tag, uint64_t value) { return !entries.contains(tag) || entries[tag] == value; };
    auto together = [&](Elf64_Sxword tag, Elf64_Sxword other) {
      return entries.contains(tag) == entries.contains(other);
    };
    if (!is(DT_SYMENT, sizeof(Elf64_Sym)) || !is(DT_RELAENT, sizeof(Elf64_Rela)) || !is(DT_PLTREL, DT_RELA) ||
        !together(DT_RELA, DT_RELASZ) || !together(DT_RELA, DT_RELAENT) || !together(DT_JMPREL, DT_PLTRELSZ) ||
        !together(DT_JMPREL, DT_PLTREL) || !together(DT_JMPREL, DT_PLTGOT))
      return malformed("its dynamic section contradicts itself");
    // Three words of the loader.
    if (entries.contains(DT_PLTGOT) && !writable(entries[DT_PLTGOT], 24))
      return malformed("its table of functions lies in no writable segment");
    return {};
  }

  Result<void> checkSymbols() {
    std::optional<uint64_t> names = offsetOf(entries[DT_STRTAB], entries[DT_STRSZ]);
    std::optional<uint64_t> hash = offsetOf(entries[DT_HASH], 8);
    if (!names || entries[DT_STRSZ] == 0 || at<char>(*names + entries[DT_STRSZ] - 1) != 0)
      return malformed("its names have no end");
    if (entries.contains(DT_SONAME) && entries[DT_SONAME] >= entries[DT_STRSZ])
      return malformed("its own name is none");
    if (!hash)
      return malformed("its table of symbols does not lie in it");
    symbols = at<uint32_t>(*hash + 4);
    std::optional<uint64_t> table = offsetOf(entries[DT_SYMTAB], symbols * sizeof(Elf64_Sym));
    if (!table)
      return malformed("its symbols do not lie in it");
    for (uint64_t k = 0; k < symbols; ++k) {
      auto symbol = at<Elf64_Sym>(*table + k * sizeof(Elf64_Sym));
      unsigned type = ELF64_ST_TYPE(symbol.st_info), bind = ELF64_ST_BIND(symbol.st_info);
      bool defined = symbol.st_shndx != SHN_UNDEF;
      if (symbol.st_name >= entries[DT_STRSZ] || type > STT_FUNC || bind > STB_WEAK ||
          (defined && (symbol.st_shndx >= SHN_LORESERVE ||
                       !inside(symbol.st_value, std::max<uint64_t>(symbol.st_size, 1), imageEnd()))))
        return malformed("symbol " + std::to_string(k) + " is malformed");
      const char *text = reinterpret_cast<const char *>(elf.data() + *names + symbol.st_name);
      // Many symbols can share a long name: only one that ends the check is read whole.
      auto is = [&](std::string_view wanted) { return std::strncmp(text, wanted.data(), wanted.size() + 1) == 0; };
      // The runtime reads these and writes the last.
      for (const char *word : {"rnn_host_abi", "rnn_host_constants"})
        if (defined && is(word) && (symbol.st_value % 8 || !offsetOf(symbol.st_value, 8)))
          return malformed(std::string("its ") + word + " is no word of the file");
      if (defined && is("rnn_host_types")) {
        std::optional<uint64_t> begin = offsetOf(symbol.st_value, std::max<uint64_t>(symbol.st_size, 1));
        if (!begin || at<char>(*begin + std::max<uint64_t>(symbol.st_size, 1) - 1) != 0)
          return malformed("its rnn_host_types is no text of the file");
      }
      if (defined && is("rnn_host_api") && (symbol.st_value % 8 || !writable(symbol.st_value, 8)))
        return malformed("its rnn_host_api is no writable word");
      if (k == 0 || defined)
        continue;
      std::string_view name(text);
      if (!mayNeed(name))
        return malformed("it needs '" + std::string(name.substr(0, 64)) + "', which the runtime does not have");
    }
    return {};
  }

  uint64_t imageEnd() const { return loaded.back().p_vaddr + loaded.back().p_memsz; }

  Result<void> checkHash() {
    // The numbers of buckets and of chains, the buckets, the chains: each an index of a symbol.
    uint64_t address = entries[DT_HASH];
    uint64_t buckets = at<uint32_t>(*offsetOf(address, 8));
    std::optional<uint64_t> table = offsetOf(address, 8 + 4 * (buckets + symbols));
    if (!table || buckets == 0)
      return malformed("its table of symbols does not lie in it");
    auto word = [&](uint64_t k) { return at<uint32_t>(*table + 8 + 4 * k); };
    for (uint64_t k = 0; k < buckets + symbols; ++k)
      if (word(k) >= std::max<uint64_t>(symbols, 1))
        return malformed("its table of symbols names one that there is not");
    // Each symbol is in one chain.
    uint64_t seen = 0;
    for (uint64_t k = 0; k < buckets; ++k)
      for (uint64_t symbol = word(k); symbol != STN_UNDEF; symbol = word(buckets + symbol))
        if (++seen > symbols)
          return malformed("its table of symbols has a symbol twice");
    return {};
  }

  Result<void> checkRelocations() {
    for (auto [start, size] : {std::pair(DT_RELA, DT_RELASZ), std::pair(DT_JMPREL, DT_PLTRELSZ)}) {
      if (!entries.contains(start))
        continue;
      std::optional<uint64_t> table = offsetOf(entries[start], entries[size]);
      uint64_t count = entries[size] / sizeof(Elf64_Rela);
      if (!table || entries[size] % sizeof(Elf64_Rela) != 0)
        return malformed("its relocations do not lie in it");
      if (start == DT_RELA && entries.contains(DT_RELACOUNT) && entries[DT_RELACOUNT] > count)
        return malformed("it counts more relocations than it has");
      for (uint64_t k = 0; k < count; ++k) {
        auto relocation = at<Elf64_Rela>(*table + k * sizeof(Elf64_Rela));
        uint64_t type = ELF64_R_TYPE(relocation.r_info);
        bool relative = start == DT_RELA && entries.contains(DT_RELACOUNT) && k < entries[DT_RELACOUNT];
        bool known = start == DT_JMPREL ? type == R_X86_64_JUMP_SLOT
                     : relative         ? type == R_X86_64_RELATIVE
                                        : type == R_X86_64_RELATIVE || type == R_X86_64_64 || type == R_X86_64_GLOB_DAT;
        if (!known || ELF64_R_SYM(relocation.r_info) >= symbols || !writable(relocation.r_offset, 8))
          return malformed("relocation " + std::to_string(k) + " is malformed");
        // It would change what the loader reads later.
        if (relocation.r_offset + 8 > dynamic->p_vaddr && relocation.r_offset < dynamic->p_vaddr + dynamic->p_memsz)
          return malformed("relocation " + std::to_string(k) + " changes the dynamic section");
      }
    }
    return {};
  }

  std::span<const std::byte> elf;
  Elf64_Ehdr header = {};
  std::vector<Elf64_Phdr> loaded;
  std::optional<Elf64_Phdr> dynamic, relro;
  std::map<Elf64_Sxword, uint64_t> entries;
  uint64_t symbols = 0;
};

} // namespace

Result<void> checkSharedObject(std::span<const std::byte> elf) {
  return SharedObject(elf).check();
}

} // namespace rnn::runtime
