// Clones by the image's own git, where it has one: what libgit2 cannot do. The steps are those of the other way: the
// refs are listed, what is needed is decided by refs.hpp, fetched and checked out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "entrypoint/workspace/clone.hpp"
#include "entrypoint/workspace/refs.hpp"

namespace axon {

/// What of the request wants git itself ("a partial clone"); empty: nothing.
std::string needs_git(const CloneRequest& request);

/// True if libgit2 refused the repository for its hashes.
bool is_other_hash(const Error& error);

/// The output of `git ls-remote --symref`. Pure.
std::vector<RemoteRef> parse_ls_remote(std::string_view text);

/// The settings that each of our git commands is given, none of them a secret. Pure.
std::vector<std::string> git_settings(const CloneRequest& request);

/// `why` is what libgit2 cannot do, for the error where there is no git in PATH.
Result<Checkout> clone_by_git(const CloneRequest& request, const std::string& why, Progress& progress);

}  // namespace axon
