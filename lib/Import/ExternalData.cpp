//===- ExternalData.cpp - Weights beside the model --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Importer.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mlir;

namespace rnn::import {

/// Fewer bytes are copied: a process can hold only so many mappings.
static constexpr int64_t kMinMappedBytes = 1 << 16;

namespace {
struct Reference {
  std::string location;
  uint64_t offset = 0;
  std::optional<uint64_t> length;
};
} // namespace

static llvm::Expected<Reference> parseReference(const ::onnx::TensorProto &tensor) {
  Reference reference;
  llvm::StringSet<> given;
  for (const ::onnx::StringStringEntryProto &entry : tensor.external_data()) {
    StringRef key = entry.key(), value = entry.value();
    if (!given.insert(key).second)
      return fail("external data: '" + key + "' is given twice");
    if (key == "location")
      reference.location = value.str();
    // What else the specification has, a checksum and what others add, changes nothing.
    if (key != "offset" && key != "length")
      continue;
    uint64_t number = 0;
    if (value.getAsInteger(10, number))
      return fail("external data: expected a number of bytes as " + key + ", found '" + value + "'");
    if (key == "offset")
      reference.offset = number;
    else
      reference.length = number;
  }
  if (reference.location.empty())
    return fail("external data without a location");
  return reference;
}

/// The file `location` of the model's folder, which must lie in it with all
/// symbolic links resolved.
static llvm::Expected<std::string> resolve(const Model &model, StringRef location) {
  if (model.folder.empty())
    return fail("external data '" + location + "' of a model that has no folder");
  if (location.starts_with('/') || location.contains('\0'))
    return fail("external data: expected a path relative to the model, found '" + location + "'");
  SmallString<256> joined(model.folder), folder, file;
  llvm::sys::path::append(joined, location);
  if (std::error_code error = llvm::sys::fs::real_path(model.folder, folder))
    return failToRead("folder '" + model.folder + "': " + error.message());
  if (std::error_code error = llvm::sys::fs::real_path(joined, file))
    return failToRead("external data '" + location + "': " + error.message());
  StringRef below = file;
  if (!below.consume_front(folder) || !(folder.ends_with("/") || below.starts_with("/")))
    return fail("external data: expected a file in the model's folder, '" + location + "' leads out of it");
  if (bool same = false; !model.output.empty() && !llvm::sys::fs::equivalent(file, model.output, same) && same)
    return fail("external data '" + location + "' would be overwritten by the output");
  return file.str().str();
}

llvm::Error readFile(int file, MutableArrayRef<char> data, uint64_t offset) {
  while (!data.empty()) {
    ssize_t count = pread(file, data.data(), data.size(), offset);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return failToRead("the file cannot be read");
    data = data.drop_front(count);
    offset += count;
  }
  return llvm::Error::success();
}

llvm::Expected<AsmResourceBlob> readExternalData(const Model &model, const ::onnx::TensorProto &tensor, int64_t bytes,
                                                 size_t elementBytes) {
  llvm::Expected<Reference> reference = parseReference(tensor);
  if (!reference)
    return reference.takeError();
  StringRef location = reference->location;
  llvm::Expected<std::string> path = resolve(model, location);
  if (!path)
    return path.takeError();
  if (reference->length && *reference->length != static_cast<uint64_t>(bytes))
    return fail("external data '" + location + "': expected " + Twine(bytes) +
                " bytes for the shape, found a length of " + Twine(*reference->length));

  int file = open(path->c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  llvm::scope_exit closer([&] {
    if (file >= 0)
      close(file);
  });
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
    return failToRead("external data '" + location + "': expected a regular file that can be read");
  uint64_t size = status.st_size, offset = reference->offset;
  if (offset > size || static_cast<uint64_t>(bytes) > size - offset)
    return fail("external data '" + location + "': expected " + Twine(bytes) + " bytes at offset " + Twine(offset) +
                ", the file has " + Twine(size) + " bytes");

  if (bytes >= kMinMappedBytes && offset % elementBytes == 0) {
    uint64_t skipped = offset % sysconf(_SC_PAGESIZE);
    size_t length = bytes + skipped;
    void *base = mmap(nullptr, length, PROT_READ, MAP_PRIVATE, file, offset - skipped);
    if (base == MAP_FAILED)
      return failToRead("external data '" + location + "' cannot be mapped");
    return AsmResourceBlob(
        ArrayRef<char>(static_cast<char *>(base) + skipped, bytes), elementBytes,
        [base, length](void *, size_t, size_t) { munmap(base, length); }, /*dataIsMutable=*/false);
  }
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(bytes, kAlignment);
  if (llvm::Error error = readFile(file, blob.getMutableData(), offset))
    return error;
  return blob;
}

} // namespace rnn::import
