// How a GitHub App shows who it is: a JSON Web Token (RFC 7519) signed with RS256.
#pragma once

#include <string>

#include "core/result.hpp"
#include "core/secret.hpp"
#include "core/timestamp.hpp"

namespace axon::controller::github {

/// Good from a minute ago, for a clock that is fast, to five minutes from now: GitHub refuses more than ten. The key is
/// PEM, PKCS#1 or PKCS#8. Fails with InvalidInput; the message is of the key, and holds nothing of it. The same input
/// gives the same text.
Result<Secret> sign_jwt(const std::string& issuer, const Secret& private_key, Time now);

}  // namespace axon::controller::github
