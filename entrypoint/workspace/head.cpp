#include "entrypoint/workspace/head.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/git_config.hpp"

namespace axon {
namespace {

std::string read_line(const std::string& path) {
  std::string text = read_small_file(path).value_or("");
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

std::string resolve(const std::string& base, const std::string& path) {
  return path.starts_with('/') ? path : base + "/" + path;
}

/// Where HEAD lies (of this worktree), and where refs and the configuration lie (common to all worktrees).
struct GitDirectories {
  std::string own;
  std::string common;
};

GitDirectories find_directories(const std::string& directory) {
  std::string own = directory + "/.git";
  std::error_code failed;
  if (!std::filesystem::is_directory(own, failed)) {
    const std::string line = read_line(own);
    if (!line.starts_with("gitdir: ")) return {};
    own = resolve(directory, line.substr(8));
  }
  const std::string common = read_line(own + "/commondir");
  return {own, common.empty() ? own : resolve(own, common)};
}

bool is_oid(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c); });
}

std::string packed_ref(const std::string& common, const std::string& name) {
  const std::string text = read_small_file(common + "/packed-refs").value_or("");
  const std::string ending = " " + name;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    if (line.ends_with(ending) && is_oid(line.substr(0, line.size() - ending.size()))) {
      return std::string(line.substr(0, line.size() - ending.size()));
    }
    at = end + 1;
  }
  return "";
}

/// The commit that a ref leads to; a few symbolic refs on the way are followed.
std::string commit_of(const GitDirectories& git, std::string name) {
  for (int depth = 0; depth < 5; ++depth) {
    std::string line = read_line(git.own + "/" + name);
    if (line.empty()) line = read_line(git.common + "/" + name);
    if (is_oid(line)) return line;
    if (!line.starts_with("ref: ")) return packed_ref(git.common, name);
    name = line.substr(5);
  }
  return "";
}

std::string without_prefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? std::string(text.substr(prefix.size())) : "";
}

}  // namespace

std::string git_common_directory(const std::string& directory) {
  const GitDirectories git = find_directories(directory);
  return git.common.empty() ? directory : git.common;
}

GitHead read_head(const std::string& directory) {
  const GitDirectories git = find_directories(directory);
  if (git.own.empty()) return {};
  GitHead head;
  const std::string line = read_line(git.own + "/HEAD");
  head.branch = without_prefix(line, "ref: refs/heads/");
  head.commit = is_oid(line) ? line : commit_of(git, "HEAD");
  head.base_branch = without_prefix(read_line(git.common + "/refs/remotes/origin/HEAD"), "ref: refs/remotes/origin/");
  const std::string config = read_small_file(git.common + "/config").value_or("");
  head.remote_url = config_value(config, "remote", "origin", "url").value_or("");
  return head;
}

}  // namespace axon
