#include "adapters/manifest/text.hpp"

#include <algorithm>
#include <cctype>
#include <functional>

namespace axon::manifest {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

/// Length of "{letters}" at the front of `text`, or 0.
std::size_t placeholder_length(std::string_view text) {
  if (!text.starts_with('{')) return 0;
  std::size_t end = 1;
  while (end < text.size() && is_letter(text[end])) ++end;
  return end > 1 && end < text.size() && text[end] == '}' ? end + 1 : 0;
}

/// Calls `on_name` for each placeholder and `on_text` for what is between them.
void walk(std::string_view text, const std::function<void(std::string_view)>& on_text,
          const std::function<void(std::string_view)>& on_name) {
  while (!text.empty()) {
    const std::size_t inner = text.starts_with("{{") ? placeholder_length(text.substr(1)) : 0;
    if (inner != 0 && text.substr(1 + inner).starts_with('}')) {
      on_text(text.substr(1, inner));
      text.remove_prefix(inner + 2);
    } else if (const std::size_t length = placeholder_length(text); length != 0) {
      on_name(text.substr(1, length - 2));
      text.remove_prefix(length);
    } else {
      on_text(text.substr(0, 1));
      text.remove_prefix(1);
    }
  }
}

}  // namespace

std::set<std::string> placeholders(std::string_view text) {
  std::set<std::string> names;
  walk(text, [](std::string_view) {}, [&](std::string_view name) { names.emplace(name); });
  return names;
}

std::string fill(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string out;
  walk(
      text, [&](std::string_view part) { out += part; },
      [&](std::string_view name) {
        const auto found = values.find(std::string(name));
        out += found == values.end() ? "{" + std::string(name) + "}" : found->second;
      });
  return out;
}

Result<std::string> expand_path(std::string_view path, const Environment& env) {
  std::string text(path);
  if (text.starts_with("~/")) text.replace(0, 1, "${HOME}");
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t close = text.compare(at, 2, "${") == 0 ? text.find('}', at) : std::string::npos;
    if (close == std::string::npos) {
      out += text[at++];
      continue;
    }
    const std::string inside = text.substr(at + 2, close - at - 2);
    const std::size_t colon = inside.find(":-");
    const std::string name = inside.substr(0, colon);
    const auto found = env.find(name);
    const bool is_set = found != env.end() && !found->second.empty();
    if (!is_set && colon == std::string::npos) {
      return fail(Errc::InvalidInput, std::string(path) + ": the variable " + name + " is not set");
    }
    out += is_set ? found->second : inside.substr(colon + 2);
    at = close + 1;
  }
  if (!out.starts_with('/')) {
    return fail(Errc::InvalidInput,
                std::string(path) + ": expected a path that begins with \"/\", \"~/\" or a variable");
  }
  return out;
}

}  // namespace axon::manifest
