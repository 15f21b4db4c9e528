// Finds the LFS server of a repository and asks it for downloads.
#pragma once

#include <string>
#include <vector>

#include "entrypoint/workspace/clone.hpp"
#include "entrypoint/workspace/lfs/protocol.hpp"

namespace axon::lfs {

struct Server {
  std::string url;                    // of the API: "https://host/owner/name.git/info/lfs"
  std::vector<http::Header> headers;  // for every request to it

  bool operator==(const Server&) const = default;
};

/// `configured` is lfs.url; empty: the place that belongs to the repository. For a repository that is reached by ssh
/// the server there is asked first.
Result<Server> find_server(const CloneRequest& request, const std::string& configured);

/// One answer for each object that the server knows. Credentials are sent once the server asked for them; then they
/// stay in `server`. Errors are sentences for people.
Result<std::vector<Answer>> ask(const CloneRequest& request, Server& server, const std::vector<Pointer>& objects);

/// How long a server may be silent.
std::chrono::milliseconds patience(const CloneRequest& request);

}  // namespace axon::lfs
