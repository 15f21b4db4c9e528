#include "adapters/opencode/frontmatter.hpp"

#include "core/json_text.hpp"
#include "core/letters.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace axon::opencode {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

/// A scalar as it is meant: without its quotes, or without the comment behind it.
std::string scalar(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('"')) {
    const std::size_t end = text.find_last_of('"');
    const auto json = nlohmann::json::parse(text.substr(0, end + 1), nullptr, /*allow_exceptions=*/false);
    if (json.is_string()) return json.get<std::string>();
  }
  if (text.starts_with('\'') && text.find_last_of('\'') > 0) return std::string(text.substr(1, text.rfind('\'') - 1));
  if (text.starts_with('#')) return {};
  return std::string(trimmed(text.substr(0, text.find(" #"))));
}

/// The first line with its newline.
std::string_view take_line(std::string_view& text) {
  const std::size_t newline = text.find('\n');
  const std::string_view line = text.substr(0, newline == std::string_view::npos ? text.size() : newline + 1);
  text.remove_prefix(line.size());
  return line;
}

bool is_fence(std::string_view line) { return line.starts_with("---") && trimmed(line) == "---"; }

/// The key of a line such as "name: x" without indentation; empty for any other.
std::string_view key_of(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const bool ends = colon + 1 == line.size() || kBlank.contains(line[colon + 1]);
  const std::string_view key = line.substr(0, colon);
  const bool is_name =
      std::ranges::all_of(key, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; });
  return ends && is_name && key.front() != '-' ? key : std::string_view();
}

std::string_view after_colon(std::string_view field) { return field.substr(field.find(':') + 1); }

}  // namespace

std::string Frontmatter::value(std::string_view key) const {
  const auto field = std::ranges::find(fields, key, &Field::key);
  if (field == fields.end()) return {};
  std::string_view text = after_colon(field->text);
  return scalar(take_line(text));
}

std::vector<std::string> Frontmatter::items(std::string_view key) const {
  const auto field = std::ranges::find(fields, key, &Field::key);
  std::vector<std::string> out;
  if (field == fields.end()) return out;
  const auto add = [&](std::string_view item) {
    if (std::string text = scalar(item); !text.empty()) out.push_back(std::move(text));
  };
  std::string_view text = trimmed(after_colon(field->text));
  if (text.starts_with('-')) {
    while (!text.empty()) {
      const std::string_view line = trimmed(take_line(text));
      if (line.starts_with('-')) add(line.substr(1));
    }
    return out;
  }
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  std::size_t begin = 0;
  int depth = 0;  // "Bash(git add, git commit), Read" are two
  for (std::size_t at = 0; at < text.size(); ++at) {
    depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (text[at] != ',' || depth > 0) continue;
    add(text.substr(begin, at - begin));
    begin = at + 1;
  }
  add(text.substr(begin));
  return out;
}

bool Frontmatter::has(std::string_view key) const {
  return std::ranges::any_of(fields, [&](const Field& field) { return field.key == key; });
}

void Frontmatter::erase(std::string_view key) {
  std::erase_if(fields, [&](const Field& field) { return field.key == key; });
}

void Frontmatter::set(std::string_view key, std::string_view yaml) {
  const std::string text = std::string(key) + ": " + std::string(yaml) + "\n";
  const auto field = std::ranges::find(fields, key, &Field::key);
  if (field == fields.end()) {
    fields.push_back({std::string(key), text});
  } else {
    field->text = text;
  }
}

Frontmatter parse_frontmatter(std::string_view text) {
  Frontmatter document;
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  if (!is_fence(take_line(rest))) return {{}, std::string(text)};
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (is_fence(line)) {
      document.body = rest;
      return document;
    }
    if (const std::string_view key = key_of(line); !key.empty() || document.fields.empty()) {
      document.fields.push_back({std::string(key), std::string(line)});
    } else {
      document.fields.back().text += line;
    }
  }
  return {{}, std::string(text)};  // the header never ends
}

std::string to_text(const Frontmatter& document) {
  if (document.fields.empty()) return document.body;
  std::string text = "---\n";
  for (const Frontmatter::Field& field : document.fields) text += field.text;
  return text + "---\n" + document.body;
}

std::string quoted(std::string_view value) { return json_text(nlohmann::json(std::string(value))); }

}  // namespace axon::opencode
