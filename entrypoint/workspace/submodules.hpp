// Submodules, as `git clone --recurse-submodules` brings them along.
#pragma once

#include <string>
#include <string_view>

#include "entrypoint/workspace/clone.hpp"
#include "entrypoint/workspace/git.hpp"

namespace axon {

/// What to clone the submodule at PATH of `parent` with. The token goes to the server of `parent` only; a repository on
/// this machine is taken only if the parent is from here too.
Result<CloneRequest> submodule_request(const CloneRequest& parent, std::string_view url, const std::string& path);

/// Clones the submodules of what is checked out, and theirs, at the commits that are recorded. One that cannot be had
/// is told and left out: most Tasks do not need it, and its host may not be the one that the token is for.
void add_submodules(git_repository* repository, const CloneRequest& parent, Progress& progress, int level = 0);

}  // namespace axon
