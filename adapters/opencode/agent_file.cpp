#include "adapters/opencode/agent_file.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/opencode/frontmatter.hpp"
#include "core/json_text.hpp"

namespace axon::opencode {
namespace {

using nlohmann::ordered_json;

constexpr std::array kTools = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"Agent", "task"},
    {"Bash", "bash"},
    {"Edit", "edit"},
    {"Glob", "glob"},
    {"Grep", "grep"},
    {"LS", "read"},
    {"MultiEdit", "edit"},
    {"NotebookEdit", "edit"},
    {"Read", "read"},
    {"Skill", "skill"},
    {"Task", "task"},
    {"TodoWrite", "todowrite"},
    {"WebFetch", "webfetch"},
    {"WebSearch", "websearch"},
    {"Write", "write"},
});

constexpr std::array kClaudeOnly =
    std::to_array<std::string_view>({"background", "disallowedTools", "effort", "hooks", "initialPrompt", "isolation",
                                     "maxTurns", "mcpServers", "memory", "permissionMode", "skills"});

constexpr std::array kColors =
    std::to_array<std::string_view>({"primary", "secondary", "accent", "success", "warning", "error", "info"});

bool contains(const auto& range, std::string_view value) {
  return std::ranges::find(range, value) != std::ranges::end(range);
}

/// opencode's name of a tool; empty for one that it has not.
std::string tool_name(std::string tool) {
  tool.resize(std::min(tool.find('('), tool.size()));  // Bash(git:*) is Bash
  if (tool.starts_with("mcp__")) {                     // mcp__SERVER__TOOL
    tool.erase(0, 5);
    const std::size_t between = tool.find("__");
    return between == std::string::npos ? tool + "_*" : tool.replace(between, 2, "_");
  }
  const auto known = std::ranges::find(kTools, tool, &std::pair<std::string_view, std::string_view>::first);
  if (known != kTools.end()) return std::string(known->second);
  const auto own = std::ranges::find(kTools, tool, &std::pair<std::string_view, std::string_view>::second);
  return own == kTools.end() ? std::string() : tool;
}

bool is_map(const std::string& field) {
  const std::string_view text = std::string_view(field).substr(field.find(':') + 1);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] != '-' && text[first] != '[' &&
         (text[first] == '{' || text.substr(first).contains(": "));
}

void convert_tools(Frontmatter& header) {
  const auto field = std::ranges::find(header.fields, "tools", &Frontmatter::Field::key);
  if (field != header.fields.end() && is_map(field->text)) return;  // opencode's own form
  const std::vector<std::string> allowed = header.items("tools");
  ordered_json tools = ordered_json::object();
  if (!allowed.empty() && !contains(allowed, "*")) {
    tools["*"] = false;
    for (const std::string& tool : allowed) {
      if (const std::string name = tool_name(tool); !name.empty()) tools[name] = true;
    }
  }
  for (const std::string& tool : header.items("disallowedTools")) {
    if (const std::string name = tool_name(tool); !name.empty()) tools[name] = false;
  }
  header.erase("tools");
  if (tools.empty()) return;
  // In lines of its own: where a description holds ": ", opencode reads each value on its key's line that has a colon
  // as a text.
  std::string text = "tools:\n";
  for (const auto& [tool, is_on] : tools.items())
    text += "  " + json_text(ordered_json(tool)) + ": " + json_text(is_on) + "\n";
  header.fields.push_back({"tools", text});
}

bool is_color(const std::string& color) {
  if (contains(kColors, color)) return true;
  return color.size() == 7 && color.front() == '#' &&
         color.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
}

}  // namespace

std::string opencode_agent(std::string_view markdown) {
  Frontmatter header = parse_frontmatter(markdown);
  convert_tools(header);
  const std::string turns = header.value("maxTurns");
  if (!turns.empty() && !header.has("steps")) header.set("steps", turns);
  for (const std::string_view key : kClaudeOnly) header.erase(key);
  if (!header.value("model").contains('/')) header.erase("model");
  if (!is_color(header.value("color"))) header.erase("color");
  if (!header.has("mode")) header.set("mode", "subagent");
  return to_text(header);
}

}  // namespace axon::opencode
