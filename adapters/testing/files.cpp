#include "adapters/testing/files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace axon::testing {

namespace fs = std::filesystem;

MapFiles MapFiles::from_folder(const std::string& folder, const std::string& prefix) {
  MapFiles files;
  if (!fs::is_directory(folder)) return files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string path = prefix + "/" + fs::relative(entry.path(), folder).string();
    files.files_[path] = read_file(entry.path().string());
    if ((entry.status().permissions() & fs::perms::owner_exec) != fs::perms::none) files.executables_.insert(path);
  }
  return files;
}

void MapFiles::write(const Launch& launch) {
  for (const File& file : launch.files) {
    files_[file.path] = file.content;
    if ((file.mode & 0100) != 0) {
      executables_.insert(file.path);
    } else {
      executables_.erase(file.path);
    }
  }
}

Result<std::optional<std::string>> MapFiles::read(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? std::nullopt : std::optional(found->second);
}

Result<bool> MapFiles::read_chunks(const std::string& path, const std::function<void(std::string_view)>& sink) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return false;
  constexpr std::size_t kChunk = 777;
  const std::string_view all = found->second;
  for (std::size_t at = 0; at < all.size(); at += kChunk) sink(all.substr(at, kChunk));
  return true;
}

std::vector<std::string> MapFiles::list(const std::string& directory) const {
  std::vector<std::string> paths;
  for (const auto& [path, content] : files_) {
    if (path.starts_with(directory + "/")) paths.push_back(path);
  }
  return paths;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace axon::testing
