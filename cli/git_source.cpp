#include "cli/git_source.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "cli/files.hpp"
#include "core/credentials.hpp"

namespace axon::cli {
namespace {

namespace fs = std::filesystem;

bool is_git_directory(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path / "HEAD", error) && fs::is_directory(path / "objects", error) &&
         fs::is_directory(path / "refs", error);
}

std::string trimmed(std::string text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

/// A worktree's or submodule's ".git" file says "gitdir: PATH"; a worktree's git directory names the common one.
std::vector<fs::path> git_directories(const fs::path& dot_git) {
  std::error_code error;
  if (fs::is_directory(dot_git, error)) return {dot_git};
  const Result<std::string> text = read_file(dot_git.string());
  if (!text || !text->starts_with("gitdir: ")) return {};
  const fs::path own = fs::weakly_canonical(dot_git.parent_path() / trimmed(text->substr(8)), error);
  std::vector<fs::path> found = {dot_git, own};
  if (const Result<std::string> common = read_file((own / "commondir").string())) {
    found.push_back(fs::weakly_canonical(own / trimmed(*common), error));
  }
  return found;
}

/// Objects that are borrowed from other repositories.
void add_alternates(const fs::path& git_directory, std::vector<std::string>& paths) {
  const fs::path objects = git_directory / "objects";
  const Result<std::string> text = read_file((objects / "info" / "alternates").string());
  if (!text) return;
  std::istringstream lines(*text);
  std::error_code error;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const fs::path other = fs::weakly_canonical(objects / line, error);
    const bool known = std::ranges::find(paths, other.string()) != paths.end();
    if (!known && fs::is_directory(other, error)) {
      paths.push_back(other.string());
      add_alternates(other.parent_path(), paths);
    }
  }
}

LocalSource source_at(const fs::path& root, const std::vector<fs::path>& directories) {
  LocalSource source{.root = root.string(), .paths = {}};
  for (const fs::path& directory : directories) source.paths.push_back(directory.string());
  for (const fs::path& directory : directories) add_alternates(directory, source.paths);
  return source;
}

}  // namespace

Result<void> check_repo(const std::string& repo, const std::string& flag) {
  if (is_remote_url(repo)) return {};
  return fail(Errc::InvalidInput,
              flag + ": \"" + repo + "\" is no URL of a repository; expected https://…, ssh://… or git@HOST:PATH");
}

bool is_remote_url(const std::string& repo) { return !repo.starts_with("file://") && !repo_host(repo).empty(); }

Result<LocalSource> find_local_source(const std::string& path) {
  const std::string plain = path.starts_with("file://") ? path.substr(7) : path;
  std::error_code error;
  const fs::path start = fs::canonical(plain, error);
  if (error) return fail(Errc::NotFound, "repository " + plain + ": " + error.message());
  for (fs::path at = start;; at = at.parent_path()) {
    if (fs::exists(at / ".git", error)) {
      const std::vector<fs::path> directories = git_directories(at / ".git");
      if (!directories.empty()) return source_at(at, directories);
    }
    if (is_git_directory(at)) return source_at(at, {at});
    if (at == at.root_path()) break;
  }
  return fail(Errc::NotFound, start.string() + " is no git repository and not inside one; give --repo URL or PATH");
}

}  // namespace axon::cli
