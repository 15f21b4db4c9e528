#include "entrypoint/workspace/git_lfs.hpp"

#include <algorithm>

#include "entrypoint/workspace/git_runner.hpp"
#include "entrypoint/workspace/lfs/smudge.hpp"
#include "entrypoint/workspace/submodules.hpp"

namespace axon {
namespace {

/// The texts that a NUL ends.
std::vector<std::string> split_at_nul(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\0', at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

lfs::Attributes attributes_of(GitRunner& git) {
  return [&git](const std::vector<std::string>& paths) -> Result<std::vector<std::string>> {
    std::string input;
    for (const std::string& path : paths) input += path + '\0';
    if (input.empty()) return std::vector<std::string>();
    const Result<std::string> said = git.run({"check-attr", "-z", "--stdin", "filter"}, input);
    if (!said) return std::unexpected(said.error());
    const std::vector<std::string> fields = split_at_nul(*said);  // path, attribute, value; and so on
    std::vector<std::string> filtered;
    for (std::size_t i = 0; i + 2 < fields.size(); i += 3) {
      if (fields[i + 2] == "lfs") filtered.push_back(fields[i]);
    }
    return filtered;
  };
}

Result<void> smudge_one(GitRunner& git, const CloneRequest& request, Progress& progress) {
  const std::string directory = git.line({"rev-parse", "--absolute-git-dir"});
  return lfs::smudge(request, {request.directory, directory, directory + "/lfs"}, attributes_of(git), progress);
}

Result<void> smudge_submodule(const std::string& program, const Result<CloneRequest>& request, Progress& progress) {
  if (!request) return std::unexpected(request.error());
  GitRunner git(program, *request, progress);
  return smudge_one(git, *request, progress);
}

}  // namespace

Result<void> smudge_by_git(const std::string& program, const CloneRequest& request, Progress& progress) {
  if (!lfs::is_on(request)) return {};
  GitRunner git(program, request, progress);
  if (Result<void> smudged = smudge_one(git, request, progress); !smudged) return smudged;
  // Those that were cloned, and theirs.
  const std::string tell = R"sh(printf '%s\0%s\0' "$displaypath" "$(git config remote.origin.url)")sh";
  const Result<std::string> told = git.run({"submodule", "--quiet", "foreach", "--recursive", tell});
  if (!told) return std::unexpected(told.error());
  const std::vector<std::string> fields = split_at_nul(*told);
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string& path = fields[i];
    const Result<void> smudged = smudge_submodule(program, submodule_request(request, fields[i + 1], path), progress);
    if (!smudged) progress.note("files in the submodule " + path + " stay pointers: " + smudged.error().message);
  }
  return {};
}

}  // namespace axon
