// Clones a repository, or brings an earlier clone up to date, by libgit2. It blocks, cannot be stopped and keeps its
// memory: prepare runs it in a child process.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/launch.hpp"
#include "core/result.hpp"
#include "entrypoint/token.hpp"
#include "entrypoint/workspace/progress.hpp"
#include "entrypoint/workspace/repo_url.hpp"

namespace axon {

struct CloneRequest {
  RepoUrl repo;
  std::string ref;     // branch, tag, full SHA; empty: the default branch
  std::string branch;  // to work on: taken from the remote if it is there, else made from `ref`; empty: `ref` itself
  std::string directory;
  int depth = 1;                         // 0: the whole history, as always from a path
  bool existing = false;                 // the directory holds a clone of it already
  bool lfs = true;                       // pointers of Git LFS are replaced by their content
  std::string filter = {};               // of a partial clone
  std::vector<std::string> sparse = {};  // directories of a sparse checkout
  Result<Token> token;
  std::string credential_helper;  // for .git/config; empty: none
  std::string ssh_command;        // for git, here and in .git/config; empty: none
  std::chrono::seconds stall{0};  // a server that sends nothing for so long has failed; 0: no limit
  Environment environment;        // CA and proxy variables
};

struct Checkout {
  std::string branch;  // empty: detached
  std::string commit;  // empty: the repository has none yet

  bool operator==(const Checkout&) const = default;
};

/// Initialises libgit2 and changes CA variables of this process. Errors are sentences for people, without credentials.
Result<Checkout> clone_repository(const CloneRequest& request, Progress& progress);

}  // namespace axon
