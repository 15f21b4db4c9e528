// The steps that a repository and each of its submodules go through alike.
#pragma once

#include "entrypoint/workspace/checkout.hpp"
#include "entrypoint/workspace/clone.hpp"
#include "entrypoint/workspace/git.hpp"

namespace axon {

/// Lists the remote's refs, decides what is needed and downloads it.
Result<Fetched> fetch(git_repository* repository, const CloneRequest& request, Progress& progress);

/// fetch(), store_refs(), check_out() and configure().
Result<Checkout> fill_repository(git_repository* repository, const CloneRequest& request, Progress& progress);

}  // namespace axon
