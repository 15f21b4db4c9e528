#include "adapters/config/jsonc.hpp"

#include <algorithm>

namespace axon::config {
namespace {

std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
  return std::min(at + 1, text.size());
}

/// Where the comment at `at` ends; `at` itself if there is none.
std::size_t end_of_comment(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (!rest.starts_with("/*")) return at;
  const std::size_t end = text.find("*/", at + 2);
  return end == std::string_view::npos ? text.size() : end + 2;
}

}  // namespace

std::string plain_json(std::string_view jsonc) {
  if (jsonc.starts_with("\xEF\xBB\xBF")) jsonc.remove_prefix(3);
  std::string out;
  for (std::size_t at = 0; at < jsonc.size();) {
    const char c = jsonc[at];
    if (c == '"') {
      const std::size_t end = end_of_string(jsonc, at);
      out += jsonc.substr(at, end - at);
      at = end;
    } else if (const std::size_t end = end_of_comment(jsonc, at); end != at) {
      out += ' ';
      at = end;
    } else {
      if (c == ']' || c == '}') {
        const std::size_t last = out.find_last_not_of(" \t\r\n");
        if (last != std::string::npos && out[last] == ',') out[last] = ' ';
      }
      out += c;
      ++at;
    }
  }
  return out;
}

}  // namespace axon::config
