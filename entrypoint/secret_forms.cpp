// The forms in which a secret may stand in an agent's output.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/contract.hpp"
#include "core/encoding.hpp"
#include "entrypoint/redactor.hpp"

namespace axon {
namespace {

// Shorter pieces of a value of many lines (a key's header, say) would match by chance.
constexpr std::size_t kMinLineBytes = 16;

std::string json_escaped(std::string_view value, bool ascii_only) {
  const std::string quoted = nlohmann::json(value).dump(-1, ' ', ascii_only, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

std::string replace_all(std::string text, char from, std::string_view to) {
  std::string out;
  for (const char c : text) c == from ? out.append(to) : out.append(1, c);
  return out;
}

std::string percent_encoded(std::string_view value) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view("-._~").contains(c);
    if (plain) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

/// The characters of the base64 text that depend on `value` alone when `before` bytes stand in front of it and any
/// number behind it.
std::string base64_core(std::string_view value, std::size_t before) {
  const std::string padded = std::string(before, '\0') + std::string(value);
  const std::size_t first = (before * 8 + 5) / 6;
  const std::size_t last = padded.size() * 8 / 6;  // characters wholly made of padded's bits
  return to_base64(padded).substr(first, last - first);
}

}  // namespace

void SecretPatterns::add(std::string pattern) {
  if (pattern.size() >= contract::kMinRedactedBytes && patterns_.size() < UINT16_MAX) {
    patterns_.push_back(std::move(pattern));
  }
}

void SecretPatterns::add_forms(std::string_view value) {
  while (value.ends_with('\n') || value.ends_with('\r')) value.remove_suffix(1);
  if (value.size() < contract::kMinRedactedBytes) return;
  add(std::string(value));
  for (const bool ascii_only : {false, true}) {
    const std::string escaped = json_escaped(value, ascii_only);
    add(escaped);
    add(json_escaped(escaped, ascii_only));  // JSON within JSON: a tool's arguments or result
    add(replace_all(escaped, '/', "\\/"));
  }
  add(percent_encoded(value));
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string core = base64_core(value, before);
    add(core);
    add(replace_all(replace_all(core, '+', "-"), '/', "_"));
  }
  if (!value.contains('\n')) return;
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t newline = std::min(value.find('\n', at), value.size());
    if (newline - at >= kMinLineBytes) add(std::string(value.substr(at, newline - at)));
    at = newline + 1;
  }
}

}  // namespace axon
