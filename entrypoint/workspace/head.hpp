// What a repository's .git says of itself, read without libgit2: its start alone takes twenty times as long.
#pragma once

#include <string>

namespace axon {

struct GitHead {
  std::string branch;       // empty: detached
  std::string commit;       // empty: no commit yet
  std::string base_branch;  // the remote's default branch, as origin/HEAD says
  std::string remote_url;   // of origin

  bool operator==(const GitHead&) const = default;
};

/// Reads DIRECTORY/.git, be it a directory, or the file of a worktree or a submodule. What is not there is empty.
GitHead read_head(const std::string& directory);

/// The git directory of the repository at DIRECTORY, common to its worktrees; DIRECTORY itself for a bare one.
std::string git_common_directory(const std::string& directory);

}  // namespace axon
