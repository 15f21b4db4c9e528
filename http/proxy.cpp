#include "http/proxy.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>

#include "core/letters.hpp"

namespace axon::http {
namespace {

/// The first of the two spellings that is set, an empty value included: it switches the proxy off.
const std::string* find_either(const Environment& environment, const std::string& name) {
  if (const auto found = environment.find(name); found != environment.end()) return &found->second;
  const auto found = environment.find(upper_case(name));
  return found == environment.end() ? nullptr : &found->second;
}

struct Address {
  std::array<std::uint8_t, 16> bytes{};
  int size = 0;  // 4 or 16; 0: no address
};

Address parse_address(const std::string& text) {
  Address address;
  if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) {
    address.size = 4;
  } else if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) {
    address.size = 16;
  }
  return address;
}

bool in_block(const std::string& host, std::string_view block) {
  const std::size_t slash = block.find('/');
  if (slash == std::string_view::npos) return false;
  int bits = -1;
  const std::string_view length = block.substr(slash + 1);
  std::from_chars(length.data(), length.data() + length.size(), bits);
  const Address network = parse_address(std::string(block.substr(0, slash)));
  const Address address = parse_address(host);
  if (network.size == 0 || network.size != address.size || bits < 0 || bits > network.size * 8) return false;
  for (int bit = 0; bit < bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    if (((network.bytes[byte] ^ address.bytes[byte]) >> (7 - bit % 8) & 1) != 0) return false;
  }
  return true;
}

bool covers(std::string_view pattern, const Url& url) {
  if (pattern == "*") return true;
  if (in_block(url.host, pattern)) return true;
  if (const std::size_t colon = pattern.rfind(':');
      colon != std::string_view::npos && pattern.find(':') == colon) {  // more than one colon: an IPv6 address
    if (pattern.substr(colon + 1) != port_of(url)) return false;
    pattern = pattern.substr(0, colon);
  }
  if (pattern.starts_with('[') && pattern.ends_with(']')) pattern = pattern.substr(1, pattern.size() - 2);
  if (pattern.starts_with("*.")) pattern.remove_prefix(1);
  if (pattern.starts_with('.')) pattern.remove_prefix(1);
  if (pattern.empty()) return false;
  const std::string name = lower_case(pattern);
  return url.host == name || url.host.ends_with("." + name);
}

}  // namespace

bool is_exempt(const Url& url, std::string_view no_proxy) {
  while (!no_proxy.empty()) {
    const std::size_t end = std::min(no_proxy.find_first_of(", \t"), no_proxy.size());
    if (end > 0 && covers(no_proxy.substr(0, end), url)) return true;
    no_proxy.remove_prefix(std::min(end + 1, no_proxy.size()));
  }
  return false;
}

std::optional<std::string> proxy_for(const Url& url, const Environment& environment) {
  const std::string* proxy = find_either(environment, url.scheme + "_proxy");
  if (proxy == nullptr) proxy = find_either(environment, "all_proxy");
  if (proxy == nullptr || proxy->empty()) return std::nullopt;
  if (const std::string* none = find_either(environment, "no_proxy"); none != nullptr && is_exempt(url, *none)) {
    return std::nullopt;
  }
  return proxy->contains("://") ? *proxy : "http://" + *proxy;
}

}  // namespace axon::http
