//===- TestCases.cpp - ONNX-style tests in a folder -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "TestCases.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace rnn::driver {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kDataSet = "test_data_set_";

std::vector<std::string> dataSetsIn(const fs::path &folder) {
  std::vector<std::pair<unsigned long, std::string>> found;
  std::error_code error;
  for (const fs::directory_entry &entry : fs::directory_iterator(folder, error)) {
    std::string name = entry.path().filename().string();
    unsigned long number;
    if (!name.starts_with(kDataSet) || !entry.is_directory(error))
      continue;
    const char *begin = name.data() + kDataSet.size(), *end = name.data() + name.size();
    auto [stop, wrong] = std::from_chars(begin, end, number);
    if (wrong == std::errc() && stop == end)
      found.emplace_back(number, entry.path().string());
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> folders;
  for (auto &[number, path] : found)
    folders.push_back(std::move(path));
  return folders;
}

/// A value's text for an error, cut where it is long; of an array or object, which may be deep, its kind.
std::string brief(const nlohmann::json &value) {
  if (value.is_structured())
    return value.type_name();
  std::string text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return text.size() > 60 ? text.substr(0, 60) + "..." : text;
}

/// The tolerances that an index.json gives, by the test's name. Where an entry says -1 the test takes the default.
Result<std::map<std::string, double>> readIndex(const fs::path &path) {
  std::map<std::string, double> tolerances;
  std::set<std::string> names;
  std::ifstream file(path);
  if (!file)
    return tolerances;
  nlohmann::json index;
  try {
    index = nlohmann::json::parse(file);
  } catch (const nlohmann::json::exception &error) {
    bool range = dynamic_cast<const nlohmann::json::out_of_range *>(&error);
    std::string_view reason = error.what();
    reason.remove_prefix(reason.starts_with('[') ? std::min(reason.find("] ") + 2, reason.size()) : 0);
    return Error{path.string() + ": error: " + (range ? "number out of range: " : "is no valid JSON: ") +
                 std::string(reason)};
  }
  if (!index.is_array())
    return Error{path.string() + ": error: expected a JSON array, found " + index.type_name()};
  for (size_t k = 0; k < index.size(); ++k) {
    const nlohmann::json &entry = index[k];
    std::string number = path.string() + ":[" + std::to_string(k) + "]: error: ";
    if (!entry.is_object())
      return Error{number + "expected an object with \"name\" and \"tol\", found " + brief(entry)};
    auto name = entry.find("name"), tolerance = entry.find("tol");
    if (name == entry.end() || !name->is_string())
      return Error{number + "expected a text as \"name\", found " + (name == entry.end() ? "none" : brief(*name))};
    if (!names.insert(name->get<std::string>()).second)
      return Error{number + "expected one entry for each test, found another for " + brief(*name)};
    if (tolerance == entry.end())
      continue;
    double value = tolerance->is_number() ? tolerance->get<double>() : -2;
    if (value < 0 && value != -1)
      return Error{path.string() + ":" + name->get<std::string>() +
                   ": error: expected a number of at least 0 as \"tol\", or -1 for the default, found " +
                   brief(*tolerance)};
    tolerances[name->get<std::string>()] = value;
  }
  return tolerances;
}

class Finder {
public:
  Finder(fs::path root, fs::path canonical) : root(std::move(root)), canonical(std::move(canonical)) {}

  std::vector<TestCase> tests;

  Result<void> search(const fs::path &folder, int depth) {
    // A link to a folder around it leads to what is being searched.
    std::error_code error;
    if (!around.insert(fs::canonical(folder, error)).second)
      return {};
    auto found = searchIn(folder, depth);
    around.erase(fs::canonical(folder, error));
    return found;
  }

private:
  Result<void> searchIn(const fs::path &folder, int depth) {
    // What gives data sets is a test, with its model or without, and so is what has a model that cannot be looked at.
    std::error_code hidden;
    if (fs::exists(folder / "model.onnx", hidden) || hidden || (!dataSetsIn(folder).empty() && !isGolden(folder)))
      if (auto added = add(folder, folder / "model.onnx", folder); !added)
        return added;
    std::vector<fs::path> folders;
    std::error_code error, ignored;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder, error)) {
      fs::path path = entry.path();
      fs::path golden = folder / "golden" / path.stem();
      if (entry.is_directory(ignored) && !path.filename().string().starts_with(kDataSet))
        folders.push_back(path);
      else if (path.extension() == ".onnx" && path.filename() != "model.onnx" && fs::is_directory(golden, ignored))
        if (auto added = add(folder / path.stem(), path, golden); !added)
          return added;
    }
    if (error)
      return Error{folder.string() + ": error: " + error.message()};
    for (const fs::path &each : folders)
      if (depth > 0)
        if (auto found = search(each, depth - 1); !found)
          return found;
    return {};
  }

  /// Whether `folder` is golden/NAME beside NAME.onnx, whose data sets it holds, or golden_KIND/NAME, which holds what
  /// the models of the folder compute in another way.
  static bool isGolden(const fs::path &folder) {
    fs::path golden = folder.parent_path(), model = golden.parent_path() / folder.filename();
    model += ".onnx";
    std::error_code ignored;
    return golden.filename() == "golden" ? fs::exists(fs::symlink_status(model, ignored))
                                         : golden.filename().string().starts_with("golden_");
  }

  Result<void> add(const fs::path &place, const fs::path &model, const fs::path &data) {
    TestCase test;
    // The root may be given as `.`, which is no name.
    fs::path full = place == root ? canonical : place;
    std::string base = full.filename().string();
    test.name = place == root ? base : place.lexically_relative(root).string();
    test.model = model.string();
    test.dataSets = dataSetsIn(data);
    test.expectFailure = base.starts_with("EXPECT_FAIL_");
    fs::path index = full.parent_path() / "index.json";
    auto known = indices.find(index);
    if (known == indices.end()) {
      auto read = readIndex(index);
      if (!read)
        return read.error();
      known = indices.emplace(index, std::move(*read)).first;
    }
    if (auto own = known->second.find(base); own != known->second.end() && own->second >= 0)
      test.tolerance = own->second;
    tests.push_back(std::move(test));
    return {};
  }

  /// As it is given, which paths in errors begin with, and without links.
  fs::path root, canonical;
  std::set<fs::path> around;
  std::map<fs::path, std::map<std::string, double>> indices;
};

} // namespace

Result<std::vector<TestCase>> findTests(const std::string &folder) {
  std::error_code error;
  fs::path canonical = fs::canonical(folder, error);
  if (error || !fs::is_directory(canonical, error))
    return Error{folder + ": error: expected a folder with tests"};
  Finder finder(folder, canonical);
  if (auto found = finder.search(folder, 8); !found)
    return found.error();
  if (finder.tests.empty())
    return Error{folder + ": error: expected model.onnx, or NAME.onnx with golden/NAME, found neither"};
  std::sort(finder.tests.begin(), finder.tests.end(),
            [](const TestCase &a, const TestCase &b) { return a.name < b.name; });
  return std::move(finder.tests);
}

} // namespace rnn::driver
