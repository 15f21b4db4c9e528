// `axon-entrypoint git-credential`: git's credential helper in the clone. It answers from the token file at every use,
// so a token that is replaced while the agent runs is taken up by its next fetch or push, and none lies in .git/config.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace axon {

/// The arguments without "git-credential": git's operation. `get` reads a request from stdin and prints the user name
/// and the password, or nothing if it has none to give; every other operation does nothing. Always returns 0: git then
/// asks the next helper.
int git_credential_command(std::span<const std::string> args);

/// What git asks for; see git-credential(1).
struct CredentialRequest {
  std::string protocol;
  std::string host;  // with ":port" where the URL has one

  bool operator==(const CredentialRequest&) const = default;
};

CredentialRequest parse_credential_request(std::string_view text);

/// True if the token may be sent there. Over https: to the workspace's host, to GH_HOST and to github.com; to any host
/// if none is known, because git asks this helper only for the host it is configured for. In clear: to this machine,
/// and to the workspace's own host if its URL is http itself.
bool may_have_token(const CredentialRequest& request, std::string_view workspace_url, std::string_view gh_host);

}  // namespace axon
