// The bytes that a client writes before it reads, and where an answer sends it next. Pure.
#pragma once

#include <optional>
#include <string>

#include "http/http.hpp"
#include "http/url.hpp"

namespace axon::http {

/// How a request reaches its server.
struct Route {
  Url url;
  std::optional<Url> proxy;

  /// The proxy takes whole URLs; otherwise a tunnel leads through it.
  [[nodiscard]] bool is_relayed() const { return proxy && url.scheme == "http"; }
  [[nodiscard]] bool is_tunnelled() const { return proxy && url.scheme == "https"; }
};

/// The proxy is `proxy_url` if that is not empty, else what the environment says. Fails with InvalidInput where a URL
/// is none or has a scheme that is not spoken here.
Result<Route> find_route(const std::string& url, const Environment& environment, const std::string& proxy_url = "");

/// The whole request. `keep_alive`: the connection is meant for further ones.
std::string render(const Request& request, const Route& route, bool keep_alive);

/// What opens the tunnel to the route's server; the route has a proxy.
std::string tunnel_request(const Route& route);

/// The place that a redirect points to, if it lies within the same origin.
std::optional<std::string> same_origin_target(const Response& response, const Url& url);

}  // namespace axon::http
