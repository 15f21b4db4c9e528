#include "cli/yaml_text.hpp"

#include <algorithm>
#include <string_view>

#include "core/json_text.hpp"
#include "core/letters.hpp"
#include "core/yaml_scalar.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

/// Words, paths and numbers with units; anything that YAML could read otherwise is quoted, as JSON quotes it.
bool is_plain(const std::string& text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./+ ").find(c) != std::string_view::npos;
  };
  static constexpr std::string_view kOtherReaders[] = {"yes", "no", "on", "off", "y", "n", "null"};
  const bool word = !text.empty() && std::ranges::all_of(text, allowed) && text.find("  ") == std::string::npos;
  return word && !text.starts_with('-') && !text.starts_with(' ') && !text.ends_with(' ') &&
         std::ranges::find(kOtherReaders, lower_case(text)) == std::end(kOtherReaders) && yaml_scalar(text).is_string();
}

/// A literal block keeps these as they are: no control characters, no line that begins or ends with a space.
bool is_block(const std::string& text) {
  const auto odd = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
  return text.find('\n') != std::string::npos && std::ranges::none_of(text, odd) && text.front() != ' ' &&
         text.front() != '\n' && !text.ends_with("\n\n");
}

std::string in_quotes(const json& value) { return json_text(value); }

std::string scalar(const json& value, std::size_t indent) {
  if (!value.is_string()) return in_quotes(value);
  const std::string& text = value.get_ref<const std::string&>();
  if (is_plain(text)) return text;
  if (!is_block(text)) return in_quotes(value);
  std::string block = text.ends_with('\n') ? "|" : "|-";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    block += "\n" + (end == at ? std::string() : std::string(indent, ' ')) + text.substr(at, end - at);
    at = end + 1;
  }
  return block;
}

void render(const json& value, std::size_t indent, std::string& out) {
  const auto nested = [](const json& item) { return item.is_structured() && !item.empty(); };
  const std::string margin(indent, ' ');
  if (value.is_object()) {
    for (const auto& [key, item] : value.items()) {
      out += margin + (is_plain(key) ? key : in_quotes(key)) + ":";
      out += nested(item) ? "\n" : " " + scalar(item, indent + 2) + "\n";
      if (nested(item)) render(item, indent + 2, out);
    }
    return;
  }
  for (const json& item : value) {
    if (!nested(item)) {
      out += margin + "- " + scalar(item, indent + 2) + "\n";
      continue;
    }
    std::string inner;
    render(item, indent + 2, inner);
    out += margin + "- " + inner.substr(indent + 2);
  }
}

}  // namespace

std::string yaml_text(const json& value) {
  if (!value.is_structured() || value.empty()) return scalar(value, 2) + "\n";
  std::string out;
  render(value, 0, out);
  return out;
}

}  // namespace axon::cli
