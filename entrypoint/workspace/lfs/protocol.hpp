// The requests and answers of Git LFS's batch API. Pure. Sources: git-lfs, docs/api/{batch,authentication,
// server-discovery}.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "entrypoint/workspace/lfs/pointer.hpp"
#include "entrypoint/workspace/repo_url.hpp"
#include "http/http.hpp"

namespace axon::lfs {

using Moment = std::chrono::system_clock::time_point;

inline constexpr std::string_view kMediaType = "application/vnd.git-lfs+json";

/// A request that the server allows for a while.
struct Action {
  std::string href;
  std::vector<http::Header> headers;
  std::optional<Moment> expires;  // empty: not said

  bool operator==(const Action&) const = default;
};

struct Answer {
  std::string oid;
  std::optional<Action> download;
  int code = 0;         // of an error with this object; 404: the server does not have it
  std::string message;  // of that error

  bool operator==(const Answer&) const = default;
};

/// Where the API of a repository lies by convention, "https://host/owner/name.git/info/lfs"; empty for a path.
std::string default_url(const RepoUrl& repo);

/// What asks for the download of these objects.
std::string batch_request(const std::vector<Pointer>& objects);

/// `now` is when the answer came: some servers say only for how long their actions hold.
Result<std::vector<Answer>> parse_batch(std::string_view text, Moment now);

/// What the server says for people in the body of a refusal; empty if it says nothing.
std::string refusal(std::string_view body);

/// The command that an ssh server knows to give an address and headers for the API.
std::string authenticate_command(const RepoUrl& repo);

/// What it prints.
Result<Action> parse_authenticate(std::string_view text, Moment now);

}  // namespace axon::lfs
