#include "http/url.hpp"

#include <algorithm>
#include <cctype>

#include "core/letters.hpp"

namespace axon::http {
namespace {

bool is_scheme(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '-' || c == '.'; });
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c); }) &&
         std::stoi(std::string(text)) <= 65535;
}

std::string_view scheme_port(std::string_view scheme) {
  if (scheme == "https") return "443";
  if (scheme == "http") return "80";
  if (scheme == "ssh") return "22";
  if (scheme == "git") return "9418";
  return "";
}

/// An IPv6 address, with a zone or not, as it stands in brackets: roughly, so that what is written again is the same
/// URL.
bool is_v6(std::string_view text) {
  return text.contains(':') && std::ranges::all_of(text, [](unsigned char c) {
           return std::isalnum(c) != 0 || std::string_view(":.%-_~").contains(static_cast<char>(c));
         });
}

/// Splits "host:port" or "[v6]:port"; false if it is neither.
bool read_host(std::string_view text, Url& url) {
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !is_v6(text.substr(1, end - 1))) return false;
    url.host = lower_case(text.substr(1, end - 1));
    rest = text.substr(end + 1);
  } else {
    const std::size_t colon = text.find(':');
    url.host = lower_case(text.substr(0, colon));
    rest = colon == std::string_view::npos ? "" : text.substr(colon);
  }
  if (url.host.empty() || url.host.find_first_of("[]") != std::string::npos) return false;
  if (rest.empty() || rest == ":") return true;
  url.port = rest.substr(1);
  return rest.front() == ':' && is_port(url.port);
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c <= ' ' || c == 0x7f; });
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  Url url;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) {
    return fail(Errc::InvalidInput, "not a URL with a scheme and a host");
  }
  if (has_control(text)) return fail(Errc::InvalidInput, "the URL contains a space or a control character");
  url.scheme = lower_case(text.substr(0, colon));
  text = text.substr(colon + 3);
  text = text.substr(0, text.find('#'));
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  std::string_view authority = text.substr(0, end);
  url.target = text.substr(end);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user_info = authority.substr(0, at);
    const std::size_t split = user_info.find(':');
    url.user = user_info.substr(0, split);
    if (split != std::string_view::npos) url.password = user_info.substr(split + 1);
    authority = authority.substr(at + 1);
  }
  if (!read_host(authority, url)) return fail(Errc::InvalidInput, "the URL's host or port is not valid");
  return url;
}

std::string port_of(const Url& url) { return url.port.empty() ? std::string(scheme_port(url.scheme)) : url.port; }

std::string authority_of(const Url& url) {
  std::string text = url.host.contains(':') ? "[" + url.host + "]" : url.host;
  if (!url.port.empty() && url.port != scheme_port(url.scheme)) text += ":" + url.port;
  return text;
}

std::string origin_of(const Url& url) { return url.scheme + "://" + authority_of(url); }

bool is_loopback(const Url& url) {
  return url.host == "localhost" || url.host == "::1" || url.host.starts_with("127.");
}

std::string redact_urls(std::string_view text) {
  std::string result;
  for (;;) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) return result.append(text);
    result.append(text.substr(0, colon + 3));
    text = text.substr(colon + 3);
    const std::string_view authority = text.substr(0, text.find_first_of("/?# \t\r\n'\"<>"));
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
      result += "***";
      text = text.substr(at);
    }
  }
}

}  // namespace axon::http
