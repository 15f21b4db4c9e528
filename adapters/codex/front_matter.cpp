#include "adapters/codex/front_matter.hpp"

#include "core/encoding.hpp"
#include "core/letters.hpp"
#include "core/yaml.hpp"

namespace axon::codex {
namespace {

/// Takes a line off the front of `rest`, without its end.
std::string_view take_line(std::string_view& rest) {
  const std::size_t newline = rest.find('\n');
  std::string_view line = rest.substr(0, newline);
  rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool read_yaml(std::string_view head, std::map<std::string, std::string>& fields) {
  const Result<std::vector<YamlDocument>> documents = parse_yaml(head, "");
  if (!documents || documents->size() != 1 || !documents->front().value.is_object()) return false;
  for (const auto& [key, value] : documents->front().value.items()) {
    if (value.is_string()) fields[key] = value.get<std::string>();
  }
  return true;
}

void read_lines(std::string_view head, std::map<std::string, std::string>& fields) {
  std::string* last = nullptr;
  while (!head.empty()) {
    const std::string_view line = take_line(head);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && line.find_first_of(" \t") > colon) {
      last = &(fields[std::string(line.substr(0, colon))] = trimmed(line.substr(colon + 1)));
    } else if (last != nullptr && !trimmed(line).empty()) {
      *last += (last->empty() ? "" : "\n") + std::string(trimmed(line));
    }
  }
}

}  // namespace

FrontMatter read_front_matter(std::string_view text) {
  FrontMatter matter;
  matter.body = text;
  std::string_view rest = text;
  if (take_line(rest) != "---") return matter;
  const std::string_view head = rest;
  while (!rest.empty()) {
    const std::size_t size = head.size() - rest.size();
    if (take_line(rest) != "---") continue;
    matter.body = rest;
    matter.is_yaml = read_yaml(head.substr(0, size), matter.fields);
    if (!matter.is_yaml) read_lines(head.substr(0, size), matter.fields);
    break;
  }
  return matter;
}

std::string first_words(std::string_view body) {
  constexpr std::size_t kLimit = 200;
  while (!body.empty()) {
    std::string line(trimmed(take_line(body)));
    line.erase(0, std::min(line.find_first_not_of("# "), line.size()));
    if (!line.empty()) return std::string(utf8_prefix(line, kLimit));
  }
  return {};
}

}  // namespace axon::codex
