// Where a repository is cloned from: https and http URLs, ssh:// and user@host:path, git://, file:// and plain paths.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/secret.hpp"

namespace axon {

struct RepoUrl {
  enum class Kind { Local, Http, Ssh, Git };

  Kind kind = Kind::Local;
  std::string text;      // without credentials: for .git/config and for messages
  std::string location;  // what is opened: the path of a local repository, otherwise `text`
  std::string scheme;    // "https", "http"; empty for the other kinds
  std::string host;      // empty for a local one
  std::string port;      // empty: the scheme's own
  std::string path;      // on the host: "owner/name.git", without the leading "/"
  std::string user;      // from the URL
  Secret password;       // from the URL

  bool operator==(const RepoUrl&) const = default;
};

/// A file:// URL is taken as the path that it names: libgit2's own way with it is several times slower.
Result<RepoUrl> parse_repo_url(std::string_view text);

/// "https://host:8443", where git looks for credentials; empty unless it is http or https.
std::string credential_origin(const RepoUrl& url);

struct RepoName {
  std::string owner;
  std::string name;  // without ".git"

  bool operator==(const RepoName&) const = default;
};

/// The last two components of the path; empty strings if it has fewer.
RepoName repo_name(const RepoUrl& url);

}  // namespace axon
