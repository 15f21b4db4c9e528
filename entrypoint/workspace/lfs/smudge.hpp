// Replaces the pointers of Git LFS in a work tree by their content, as `git clone` does where git-lfs is installed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "entrypoint/workspace/clone.hpp"

namespace axon::lfs {

/// Those of the paths whose attribute `filter` is `lfs`.
using Attributes = std::function<Result<std::vector<std::string>>(const std::vector<std::string>& paths)>;

struct Target {
  std::string work_tree;
  std::string git_directory;  // of this work tree: its index is here
  std::string store;          // the `lfs` directory of the repository
};

/// False if the user does not want it: `lfs: false`, or GIT_LFS_SKIP_SMUDGE as git-lfs reads it.
bool is_on(const CloneRequest& request);

/// Downloads what is missing in the store and writes the files. The index takes them as unchanged, with git-lfs
/// installed and without. From a path, what its own store has is copied; what it has not stays a pointer.
Result<void> smudge(const CloneRequest& request, const Target& target, const Attributes& attributes,
                    Progress& progress);

}  // namespace axon::lfs
