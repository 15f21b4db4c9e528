#include "http/request_text.hpp"

#include <cctype>

#include "core/encoding.hpp"
#include "http/proxy.hpp"

namespace axon::http {
namespace {

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto hex = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    if (text[i] == '%' && i + 2 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
        std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0) {
      result += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string proxy_authorization(const Url& proxy) {
  if (proxy.user.empty()) return "";
  return "Proxy-Authorization: Basic " +
         to_base64(percent_decoded(proxy.user) + ":" + percent_decoded(proxy.password)) + "\r\n";
}

}  // namespace

Result<Route> find_route(const std::string& url, const Environment& environment, const std::string& proxy_url) {
  Result<Url> parsed = parse_url(url);
  if (!parsed) return std::unexpected(std::move(parsed).error());
  if (parsed->scheme != "http" && parsed->scheme != "https") {
    return fail(Errc::InvalidInput, "the URL's scheme is neither http nor https");
  }
  Route route{.url = *std::move(parsed), .proxy = {}};
  const std::optional<std::string> through = proxy_url.empty() ? proxy_for(route.url, environment) : proxy_url;
  if (!through) return route;
  Result<Url> proxy = parse_url(*through);
  if (!proxy) return wrap("proxy", std::move(proxy).error());
  if (proxy->scheme != "http") return fail(Errc::InvalidInput, proxy->scheme + " proxies are not supported");
  route.proxy = *std::move(proxy);
  return route;
}

std::string render(const Request& request, const Route& route, bool keep_alive) {
  std::string text = request.method + " " + (route.is_relayed() ? origin_of(route.url) : "") + route.url.target;
  text += " HTTP/1.1\r\nHost: " + authority_of(route.url) + "\r\n";
  if (!keep_alive) text += "Connection: close\r\n";
  if (route.is_relayed()) text += proxy_authorization(*route.proxy);
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  for (const Header& header : request.headers) text += header.name + ": " + header.value + "\r\n";
  return text + "\r\n" + request.body;
}

std::string tunnel_request(const Route& route) {
  const Url& url = route.url;
  const std::string target = (url.host.contains(':') ? "[" + url.host + "]" : url.host) + ":" + port_of(url);
  return "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + proxy_authorization(*route.proxy) + "\r\n";
}

std::optional<std::string> same_origin_target(const Response& response, const Url& url) {
  if (response.status < 300 || response.status > 308 || response.status == 304) return std::nullopt;
  const std::string_view location = response.header("Location");
  if (location.starts_with('/') && !location.starts_with("//")) return origin_of(url) + std::string(location);
  const Result<Url> parsed = parse_url(location);
  if (!parsed || origin_of(*parsed) != origin_of(url)) return std::nullopt;
  return std::string(location);
}

}  // namespace axon::http
