// Submodules, as `git clone --recurse-submodules` brings them along.
#pragma once

#include "entrypoint/workspace/clone.hpp"
#include "entrypoint/workspace/git.hpp"

namespace axon {

/// Clones the submodules of what is checked out, and theirs, at the commits that are recorded. One that cannot be had
/// is told and left out: most Tasks do not need it, and its host may not be the one that the token is for. The token
/// goes to the host of `parent` only; a submodule on this machine is taken only if its parent is from here too.
void add_submodules(git_repository* repository, const CloneRequest& parent, Progress& progress, int level = 0);

}  // namespace axon
