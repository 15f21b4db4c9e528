// The real files: reading for adapters, writing what they plan.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/adapter.hpp"
#include "core/launch.hpp"
#include "core/result.hpp"

namespace axon {

class RealFiles final : public FileView {
 public:
  /// Files are read, and directories listed, until then at the longest: an agent may leave any file, even one without
  /// end.
  explicit RealFiles(std::optional<std::chrono::steady_clock::time_point> until = std::nullopt) : until_(until) {}

  [[nodiscard]] Result<std::optional<std::string>> read(const std::string& path) const override;
  Result<bool> read_chunks(const std::string& path, const std::function<void(std::string_view)>& sink) const override;
  [[nodiscard]] Result<std::string> read_at(const std::string& path, std::uint64_t offset,
                                            std::size_t size) const override;
  [[nodiscard]] std::vector<std::string> list(const std::string& directory) const override;
  [[nodiscard]] bool is_executable(const std::string& path) const override;

 private:
  [[nodiscard]] bool is_late() const { return until_ && std::chrono::steady_clock::now() >= *until_; }

  std::optional<std::chrono::steady_clock::time_point> until_;
};

/// Writes the file and makes its directories. What was there stays whole until the new content is complete: it is
/// replaced by a rename, or in place where the path is a mount point. A file that has the content already is left alone
/// but for its mode.
Result<void> write_file(const File& file);

/// True if a file can be made in this directory, which is made first if its parent allows.
bool is_writable_directory(const std::string& directory);

}  // namespace axon
