// Which proxy a request goes through, as the environment says: http_proxy, https_proxy, all_proxy and no_proxy, in
// lower case first, then in upper case, read as git and curl read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/launch.hpp"
#include "http/url.hpp"

namespace axon::http {

/// The proxy's URL, always with a scheme ("http://" where none is given); empty if the request goes straight.
/// It may hold credentials: redact_urls() before it is shown.
std::optional<std::string> proxy_for(const Url& url, const Environment& environment);

/// True if one of the comma- or space-separated patterns covers the host: "*", a name with everything below it, an
/// address or a block of addresses (10.0.0.0/8), each with an optional ":port".
bool is_exempt(const Url& url, std::string_view no_proxy);

}  // namespace axon::http
