// From fetched objects to a work tree: remote-tracking refs, the branch with its upstream, files, configuration.
#pragma once

#include <string>
#include <vector>

#include "entrypoint/workspace/clone.hpp"
#include "entrypoint/workspace/git.hpp"
#include "entrypoint/workspace/refs.hpp"

namespace axon {

struct Fetched {
  std::vector<RemoteRef> remote;   // every ref of the remote repository
  std::vector<RemoteRef> tracked;  // those that the clone has, as they are named there
  Start start;
  std::string previous_tip;  // of the branch that is checked out, as the remote had it at the time of the earlier clone
};

/// The branch that is to be checked out; empty: none, HEAD is detached.
std::string branch_to_check_out(const CloneRequest& request, const Start& start);

/// Writes the remote-tracking refs and origin/HEAD.
Result<void> store_refs(git_repository* repository, const CloneRequest& request, const Fetched& fetched);

/// Checks the branch out, or the commit where there is none. A branch of an earlier clone is moved forward if it can be
/// without a merge, and otherwise left as it is.
Result<Checkout> check_out(git_repository* repository, const CloneRequest& request, const Fetched& fetched,
                           Progress& progress);

/// Whom git asks for credentials. No secret is written.
Result<void> configure(git_repository* repository, const CloneRequest& request);

}  // namespace axon
