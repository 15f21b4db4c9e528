// Which refs of a remote repository a clone needs: decided from the list of its refs, before anything is downloaded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace axon {

struct RemoteRef {
  std::string name;    // "HEAD", "refs/heads/main", "refs/tags/v1^{}"
  std::string oid;     // hexadecimal
  std::string symref;  // HEAD only: "refs/heads/main"; empty where the server does not say

  bool operator==(const RemoteRef&) const = default;
};

/// What is to be checked out.
struct Start {
  enum class Kind {
    Branch,  // of the remote
    Tag,
    Other,   // refs/pull/1/head, a HEAD that is on no branch
    Commit,  // by its SHA; no ref may lead to it
    Unborn,  // the repository is empty
  };

  Kind kind = Kind::Unborn;
  std::string ref;     // full name; empty for Commit and Unborn
  std::string commit;  // what the ref leads to, an annotated tag peeled

  bool operator==(const Start&) const = default;
};

/// True for 40 hexadecimal digits, or 64 in a repository with SHA-256.
bool is_full_sha(std::string_view text);

/// "main" of "refs/heads/main"; the name itself where it is no branch.
std::string branch_of(std::string_view ref);

/// What `wanted` means: a branch, a tag, a full commit SHA, or any ref by its full name; empty: the default branch. A
/// branch goes before a tag of the same name. The error names the refs that are near.
Result<Start> choose_start(const std::vector<RemoteRef>& refs, const std::string& wanted);

/// The remote's branch of this name; null if it has none.
const RemoteRef* find_branch(const std::vector<RemoteRef>& refs, const std::string& branch);

/// What is asked of the server. With the whole history: all branches, tags go by themselves; otherwise the start and
/// the Task's branch alone.
std::vector<std::string> refspecs(const Start& start, const RemoteRef* task_branch, bool whole_history);

/// The refs that the clone has after a fetch of those refspecs, by the names they have there: remote branches below
/// refs/remotes/origin/ and, with the whole history, tags. In the order that packed-refs wants.
std::vector<RemoteRef> tracked_refs(const std::vector<RemoteRef>& refs, const Start& start,
                                    const RemoteRef* task_branch, bool whole_history);

/// The text of a packed-refs file.
std::string packed_refs(const std::vector<RemoteRef>& refs);

}  // namespace axon
