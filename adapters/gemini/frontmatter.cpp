#include "adapters/gemini/frontmatter.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/json_text.hpp"
#include "core/letters.hpp"
#include "core/yaml.hpp"

namespace axon::gemini {
namespace {

using nlohmann::json;

struct Document {
  std::string_view head;  // without its "---" lines
  std::string_view body;
  bool has_head = false;
};

Document split(std::string_view content) {
  const Document whole{.head = {}, .body = content};
  if (!content.starts_with("---\n") && !content.starts_with("---\r\n")) return whole;
  const std::size_t begin = content.find('\n') + 1;
  for (std::size_t at = begin; at < content.size();) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    const std::string_view line = content.substr(at, end - at);
    const std::size_t next = std::min(end + 1, content.size());
    if (line == "---" || line == "---\r") return {content.substr(begin, at - begin), content.substr(next), true};
    at = next;
  }
  return whole;
}

/// "KEY: TEXT" lines with their indented continuations: what people write that is not quite YAML, such as a description
/// with a colon in it.
json read_lines(std::string_view head) {
  json fields = json::object();
  std::string key;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 1, head.size()));
    const std::size_t colon = line.find(':');
    if (line.starts_with(' ') || line.starts_with('\t')) {
      if (!key.empty()) fields[key] = trimmed(fields[key].get<std::string>() + " " + std::string(trimmed(line)));
    } else if (colon != std::string_view::npos) {
      key = trimmed(line.substr(0, colon));
      fields[key] = trimmed(line.substr(colon + 1));
    }
  }
  return fields;
}

json read_fields(std::string_view head) {
  const Result<std::vector<YamlDocument>> yaml = parse_yaml(head, "");
  if (yaml && yaml->empty()) return json::object();
  if (yaml && yaml->size() == 1 && yaml->front().value.is_structured()) return yaml->front().value;
  return read_lines(head);
}

std::string text_of(const json& fields, const char* key) {
  const auto found = fields.is_object() ? fields.find(key) : fields.end();
  if (!fields.is_object() || found == fields.end() || found->is_null() || found->is_structured()) return {};
  return found->is_string() ? std::string(trimmed(found->get<std::string>())) : found->dump();
}

std::string first_line(std::string_view body) {
  const std::string text(trimmed(body));
  const std::size_t begin = std::min(text.find_first_not_of("# "), text.size());
  return std::string(trimmed(std::string_view(text).substr(begin, text.find('\n', begin) - begin)));
}

std::string slug(std::string_view name) {
  std::string out = lower_case(name);
  for (char& c : out) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!fits) c = '-';
  }
  return out;
}

// JSON is YAML.
std::string field(const std::string& key, const json& value) { return key + ": " + json_text(value) + "\n"; }

constexpr std::array kAgentKeys = std::to_array<std::string_view>(
    {"kind", "name", "description", "display_name", "tools", "mcp_servers", "model", "temperature", "max_turns",
     "timeout_mins", "agent_card_url", "agent_card_json", "auth"});

constexpr std::array kTools = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"Bash", "run_shell_command"},
    {"Edit", "replace"},
    {"MultiEdit", "replace"},
    {"Glob", "glob"},
    {"Grep", "grep_search"},
    {"LS", "list_directory"},
    {"Read", "read_file"},
    {"Skill", "activate_skill"},
    {"TodoWrite", "write_todos"},
    {"WebFetch", "web_fetch"},
    {"WebSearch", "google_web_search"},
    {"Write", "write_file"},
});

/// The tool's name here; empty if there is none. Names of its own begin with a small letter.
std::string tool_name(std::string_view name) {
  if (name == "*") return "*";
  if (name.starts_with("mcp__")) {
    std::string own = "mcp_" + std::string(name.substr(5));
    if (const std::size_t at = own.find("__"); at != std::string::npos) own.erase(at, 1);
    return own;
  }
  const std::string said = lower_case(name.substr(0, name.find('(')));
  const auto found = std::ranges::find_if(kTools, [&](const auto& tool) { return lower_case(tool.first) == said; });
  if (found != kTools.end()) return std::string(found->second);
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' ? std::string(name) : std::string();
}

struct Tools {
  std::vector<std::string> names;
  std::vector<std::string> unknown;
};

/// Of a list, or of names with commas between them.
Tools read_tools(const json& fields) {
  std::vector<std::string> said;
  const json tools = fields.value("tools", json());
  if (tools.is_string()) {
    std::string_view rest = tools.get_ref<const std::string&>();
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      said.emplace_back(trimmed(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  } else if (tools.is_array()) {
    for (const json& tool : tools) said.push_back(tool.is_string() ? tool.get<std::string>() : json_text(tool));
  }
  Tools found;
  for (const std::string& name : said) {
    const std::string own = tool_name(name);
    if (own.empty()) found.unknown.push_back(name);
    if (!own.empty() && std::ranges::find(found.names, own) == found.names.end()) found.names.push_back(own);
  }
  return found;
}

bool is_foreign_model(const std::string& model) {
  static constexpr std::array kForeign = std::to_array<std::string_view>({"sonnet", "opus", "haiku", "default"});
  return model.starts_with("claude") || std::ranges::find(kForeign, model) != kForeign.end();
}

bool is_taken_as_it_is(const json& fields) {
  if (fields.is_array() || fields.contains("agent_card_url") || fields.contains("agent_card_json"))
    return true;  // remote
  if (!fields.contains("name") || !fields["name"].is_string() || fields["name"] != slug(text_of(fields, "name"))) {
    return false;
  }
  if (text_of(fields, "name").empty() || text_of(fields, "description").empty()) return false;
  for (const auto& [key, value] : fields.items()) {
    if (std::ranges::find(kAgentKeys, key) == kAgentKeys.end()) return false;
  }
  if (fields.contains("tools") && fields["tools"] != json(read_tools(fields).names)) return false;
  return !is_foreign_model(text_of(fields, "model"));
}

std::string agent_head(const json& fields, const std::string& name, std::string_view body) {
  std::string description = text_of(fields, "description");
  if (description.empty()) description = first_line(body);
  if (description.empty()) description = name;
  std::string head = field("name", name) + field("description", description);
  if (const std::string shown = text_of(fields, "name"); !shown.empty() && shown != name) {
    head += field("display_name", shown);
  }
  if (const Tools tools = read_tools(fields); !tools.names.empty()) head += field("tools", tools.names);
  if (const std::string model = text_of(fields, "model"); !model.empty() && !is_foreign_model(model)) {
    head += field("model", model);
  }
  for (const char* key : {"temperature", "max_turns", "timeout_mins"}) {
    if (fields.contains(key) && fields[key].is_number()) head += field(key, fields[key]);
  }
  if (fields.contains("mcp_servers") && fields["mcp_servers"].is_object()) {
    head += field("mcp_servers", fields["mcp_servers"]);
  }
  return head;
}

std::vector<std::string> left_out(const json& fields) {
  std::vector<std::string> out;
  for (const auto& [key, value] : fields.items()) {
    if (std::ranges::find(kAgentKeys, key) == kAgentKeys.end()) out.push_back(key);
  }
  for (const std::string& tool : read_tools(fields).unknown) out.push_back("the tool " + tool);
  if (const std::string model = text_of(fields, "model"); is_foreign_model(model)) out.push_back("the model " + model);
  return out;
}

}  // namespace

Converted convert_skill(std::string_view content, std::string_view directory) {
  const Document document = split(content);
  const json fields = read_fields(document.head);
  const std::string name = text_of(fields, "name");
  const std::string description = text_of(fields, "description");
  std::string known = name.empty() ? std::string(directory) : name;
  // What it does to a name itself.
  std::ranges::replace_if(known, [](char c) { return std::string_view(":\\/<>*?\"|").contains(c); }, '-');
  if (!name.empty() && !description.empty()) return {known, std::string(content), {}};
  std::string added;
  if (name.empty()) added += field("name", known);
  if (description.empty()) {
    const std::string line = first_line(document.body);
    added += field("description", line.empty() ? known : line);
  }
  // The fields that are there but empty must not be there twice.
  std::string rest;
  if (fields.is_object()) {
    for (const auto& [key, value] : fields.items()) {
      const bool is_added = (key == "name" && name.empty()) || (key == "description" && description.empty());
      if (!is_added) rest += field(key, value);
    }
  }
  return {known, "---\n" + added + rest + "---\n" + std::string(document.body), {}};
}

Converted convert_agent(std::string_view content, std::string_view file_name) {
  const Document document = split(content);
  const json fields = read_fields(document.head);
  if (document.has_head && is_taken_as_it_is(fields)) return {text_of(fields, "name"), std::string(content), {}};
  const std::string given = text_of(fields, "name");
  const std::string name = slug(given.empty() ? file_name : given);
  return {name, "---\n" + agent_head(fields, name, document.body) + "---\n" + std::string(document.body),
          left_out(fields)};
}

}  // namespace axon::gemini
