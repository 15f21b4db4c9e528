// A repository on this machine as the source of a clone: found, and never written to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace axon::cli {

struct LocalSource {
  std::string root;                // what is cloned: the work tree's directory, or the bare repository
  std::vector<std::string> paths;  // the git directories that a clone reads; the work tree is not among them
  bool operator==(const LocalSource&) const = default;
};

/// True for "https://…", "git@host:…" and the like; false for a path and for file://.
bool is_remote_url(const std::string& repo);

/// What a cluster can clone from; refused before anything is made there. `flag` names it in the error.
Result<void> check_repo(const std::string& repo, const std::string& flag);

/// The repository that `path` is in or is. Fails with NotFound where there is none.
Result<LocalSource> find_local_source(const std::string& path);

}  // namespace axon::cli
