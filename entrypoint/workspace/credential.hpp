// What is sent to whom: the token, or the password of the repository's own URL.
#pragma once

#include <optional>
#include <string>

#include "core/secret.hpp"
#include "entrypoint/workspace/clone.hpp"
#include "http/url.hpp"

namespace axon {

struct Credential {
  std::string user;
  Secret password;

  bool operator==(const Credential&) const = default;
};

/// Empty where nothing may be sent: to another host than the repository's, or in clear to another origin; or where
/// there is nothing to send.
std::optional<Credential> credential_for(const CloneRequest& request, const http::Url& asking);

/// The value of an Authorization header.
std::string basic_authorization(const Credential& credential);

/// "the token from GITHUB_TOKEN", for messages.
std::string credential_source(const CloneRequest& request);

}  // namespace axon
