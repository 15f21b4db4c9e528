// Which pull requests a branch has, asked of GitHub's REST API, or of gh where the API does not answer.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/launch.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace axon {

struct PullRequestQuery {
  std::string remote_url;  // of origin, in any form that git takes
  std::string branch;
  std::string commit;  // what the branch points to: then a closed pull request with this head counts, if none is open
  std::optional<Secret> token;         // empty: as find_token() has it
  std::optional<std::string> gh_host;  // empty: GH_HOST
  std::chrono::milliseconds timeout{10'000};
};

/// The URLs of the pull requests whose head is the branch, the newest first: the open ones, otherwise those of the
/// commit. Empty at once where there can be none: no branch, or a host that is not GitHub's. Blocks; a failure is no
/// reason to fail anything else. Reads the environment: AXON_GITHUB_API_URL, proxies, CA bundle, PATH.
Result<std::vector<std::string>> find_pull_requests(const PullRequestQuery& query);

/// Where the API of this host is: AXON_GITHUB_API_URL, else the host's own; empty if it is no host of GitHub's.
std::string api_url(const std::string& host, const std::string& gh_host, const Environment& environment);

/// The URLs in the answer to `GET /repos/OWNER/REPO/pulls`; with a commit only of those whose head it is.
Result<std::vector<std::string>> pull_request_urls(const std::string& text, const std::string& commit);

}  // namespace axon
