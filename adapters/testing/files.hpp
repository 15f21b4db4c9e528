// A FileView over a map, or over a folder on disk as if it lay elsewhere.
#pragma once

#include <map>
#include <set>
#include <string>

#include "adapters/adapter.hpp"

namespace axon::testing {

class MapFiles final : public FileView {
 public:
  MapFiles() = default;
  explicit MapFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  /// Every file below `folder`, found at `prefix`.
  static MapFiles from_folder(const std::string& folder, const std::string& prefix);

  /// What the entrypoint does with a plan's files.
  void write(const Launch& launch);

  [[nodiscard]] Result<std::optional<std::string>> read(const std::string& path) const override;
  Result<bool> read_chunks(const std::string& path, const std::function<void(std::string_view)>& sink) const override;
  [[nodiscard]] std::vector<std::string> list(const std::string& directory) const override;
  [[nodiscard]] bool is_executable(const std::string& path) const override { return executables_.contains(path); }

  bool operator==(const MapFiles& other) const { return files_ == other.files_ && executables_ == other.executables_; }

 private:
  std::map<std::string, std::string> files_;
  std::set<std::string> executables_;
};

/// The whole file; the test fails if it cannot be read.
std::string read_file(const std::string& path);

}  // namespace axon::testing
