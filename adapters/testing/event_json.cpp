#include "adapters/testing/event_json.hpp"

#include "core/mcp.hpp"

namespace axon::testing {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json to_json(const Failure& failure) {
  return {{"reason", to_string(failure.reason)}, {"message", failure.message}};
}

ordered_json to_json(const Usage& usage) {
  ordered_json out = {{"input", usage.input_tokens},
                      {"cacheRead", usage.cache_read_tokens},
                      {"cacheWrite", usage.cache_write_tokens},
                      {"output", usage.output_tokens},
                      {"reasoning", usage.reasoning_tokens}};
  if (usage.cost_usd) out["costUsd"] = format_cost(*usage.cost_usd);
  return out;
}

struct Write {
  ordered_json operator()(const event::SessionStarted& e) const {
    return {{"event", "session"}, {"id", e.session_id}, {"model", e.model}};
  }
  ordered_json operator()(const event::Text& e) const {
    return marked({{"event", "text"}, {"text", e.text}}, e.subagent);
  }
  ordered_json operator()(const event::ToolCall& e) const {
    return marked({{"event", "toolCall"}, {"id", e.id}, {"name", e.name}, {"arguments", e.arguments}}, e.subagent);
  }
  ordered_json operator()(const event::ToolResult& e) const {
    return {{"event", "toolResult"}, {"id", e.id}, {"isError", e.is_error}};
  }
  ordered_json operator()(const event::Turn&) const { return {{"event", "turn"}}; }
  ordered_json operator()(const event::Retry& e) const {
    return {{"event", "retry"}, {"attempt", e.attempt}, {"maxAttempts", e.max_attempts}, {"cause", to_json(e.cause)}};
  }
  ordered_json operator()(const event::BackgroundTasks& e) const {
    return {{"event", "backgroundTasks"}, {"running", e.running}};
  }
  ordered_json operator()(const event::UsageStep& e) const {
    return {{"event", "usageStep"}, {"usage", to_json(e.usage)}};
  }
  ordered_json operator()(const event::UsageTotal& e) const {
    return {{"event", "usageTotal"}, {"usage", to_json(e.usage)}};
  }
  ordered_json operator()(const event::Problem& e) const {
    return {{"event", "problem"}, {"failure", to_json(e.failure)}};
  }
  ordered_json operator()(const event::Finished& e) const {
    ordered_json out = {{"event", "finished"}};
    if (e.failure) out["failure"] = to_json(*e.failure);
    if (!e.response.empty()) out["response"] = e.response;
    if (e.turns) out["turns"] = *e.turns;
    if (e.success_code != 0) out["successCode"] = e.success_code;
    return out;
  }
  ordered_json operator()(const event::Plain& e) const { return {{"event", "plain"}, {"line", e.line}}; }
  ordered_json operator()(const event::Unknown& e) const { return {{"event", "unknown"}, {"type", e.type}}; }

  static ordered_json marked(ordered_json out, bool subagent) {
    if (subagent) out["subagent"] = true;
    return out;
  }
};

std::string octal(unsigned mode) {
  std::string digits;
  for (; mode != 0; mode >>= 3) digits.insert(digits.begin(), static_cast<char>('0' + (mode & 7)));
  return "0" + digits;
}

}  // namespace

ordered_json to_json(const Event& event) { return std::visit(Write{}, event); }

ordered_json to_json(const Launch& launch) {
  ordered_json files = ordered_json::array();
  for (const File& file : launch.files) {
    files.push_back({{"path", file.path}, {"mode", octal(file.mode)}, {"content", file.content}});
  }
  ordered_json out = {{"argv", launch.argv}, {"env", launch.env}};
  if (!launch.unset.empty()) out["unset"] = launch.unset;
  if (launch.stdin_bytes) out["stdin"] = *launch.stdin_bytes;
  if (!launch.warnings.empty()) out["warnings"] = launch.warnings;
  out["files"] = std::move(files);
  return out;
}

AgentTask read_agent_task(const json& in) {
  AgentTask task;
  task.type = in.value("type", "");
  task.prompt = in.value("prompt", "");
  task.model = in.value("model", "");
  task.instructions = in.value("instructions", "");
  task.env = in.value("env", Environment{});
  task.env.try_emplace("HOME", "/home/agent");
  task.working_directory = in.value("workingDirectory", "/workspace/repo");
  task.is_root = in.value("isRoot", false);
  if (in.contains("mcpServers")) {
    task.mcp_servers = parse_mcp_servers(json{{"mcpServers", in["mcpServers"]}}.dump(), "task.json").value();
  }
  for (const json& plugin : in.value("plugins", json::array())) {
    task.plugins.push_back({plugin.at("name"), plugin.at("directory"),
                            plugin.value("skills", std::vector<std::string>{}),
                            plugin.value("agents", std::vector<std::string>{})});
  }
  return task;
}

}  // namespace axon::testing
