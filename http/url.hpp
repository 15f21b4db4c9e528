// Absolute URLs, as far as a client needs them, and the removal of credentials from text that people will read.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace axon::http {

struct Url {
  std::string scheme;  // lower case
  std::string user;    // percent-encoded as given, like the password
  std::string password;
  std::string host;    // lower case; an IPv6 address without its brackets
  std::string port;    // empty: the scheme's own
  std::string target;  // path and query, "/" at least, without a fragment

  bool operator==(const Url&) const = default;
};

/// `scheme://[user[:password]@]host[:port][/path]`. The error does not repeat the text, which may hold a secret.
Result<Url> parse_url(std::string_view text);

/// The given port, or the scheme's own; empty for a scheme that is not known here.
std::string port_of(const Url& url);

/// "host", "host:8443", "[::1]:8443": without a port that the scheme implies.
std::string authority_of(const Url& url);

/// "https://host:8443": where credentials for this URL belong.
std::string origin_of(const Url& url);

bool is_loopback(const Url& url);

/// The text with the user and password of every URL in it replaced by "***".
std::string redact_urls(std::string_view text);

}  // namespace axon::http
