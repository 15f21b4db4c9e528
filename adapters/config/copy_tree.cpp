#include "adapters/config/copy_tree.hpp"

#include <algorithm>

namespace axon::config {

Result<void> copy_file(const FileView& files, const std::string& from, const std::string& to, Launch& launch) {
  if (std::ranges::find(launch.files, to, &File::path) != launch.files.end()) {
    return fail(Errc::InvalidInput, from + ": another file of this Task has its place, " + to + "; rename one of them");
  }
  Result<std::optional<std::string>> content = files.read(from);
  if (!content) return std::unexpected(std::move(content).error());
  if (!*content) return fail(Errc::InvalidInput, from + ": not found");
  launch.files.push_back({to, **std::move(content), files.is_executable(from) ? 0755U : 0644U});
  return {};
}

Result<void> copy_tree(const FileView& files, const std::string& from, const std::string& to, Launch& launch) {
  for (const std::string& path : files.list(from)) {
    if (Result<void> copied = copy_file(files, path, to + path.substr(from.size()), launch); !copied) return copied;
  }
  return {};
}

}  // namespace axon::config
