#include "entrypoint/workspace/target.hpp"

#include <filesystem>
#include <vector>

#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/head.hpp"

namespace axon {
namespace {

constexpr const char* kMark = ".git/axon-clone-unfinished";

std::vector<std::filesystem::path> entries(const std::string& directory) {
  std::vector<std::filesystem::path> found;
  std::error_code failed;
  for (std::filesystem::directory_iterator it(directory, failed), end; !failed && it != end; it.increment(failed)) {
    if (it->path().filename() != "lost+found") found.push_back(it->path());
  }
  return found;
}

}  // namespace

TargetState target_state(const std::string& directory, const std::string& remote_url) {
  std::error_code failed;
  if (std::filesystem::exists(directory + "/" + kMark, failed)) return TargetState::Unfinished;
  if (std::filesystem::exists(directory, failed) && !std::filesystem::is_directory(directory, failed)) {
    return TargetState::Foreign;
  }
  if (entries(directory).empty()) return TargetState::Empty;
  return read_head(directory).remote_url == remote_url ? TargetState::Clone : TargetState::Foreign;
}

Result<void> begin_clone(const std::string& directory) { return write_beneath(directory, kMark, ""); }

void end_clone(const std::string& directory) {
  std::error_code ignored;
  std::filesystem::remove(directory + "/" + kMark, ignored);
}

void clear_directory(const std::string& directory) {
  for (const std::filesystem::path& entry : entries(directory)) {
    std::error_code ignored;
    std::filesystem::remove_all(entry, ignored);
  }
}

}  // namespace axon
