#include <nlohmann/json.hpp>

#include "adapters/claude/claude.hpp"
#include "adapters/claude/files.hpp"
#include "adapters/config/marked_block.hpp"
#include "adapters/config/servers.hpp"
#include "adapters/prompt.hpp"
#include "core/mcp.hpp"

namespace axon::claude {
namespace {

using nlohmann::ordered_json;

std::vector<std::string> command_line(const AgentTask& task) {
  std::vector<std::string> argv = {"claude", "--dangerously-skip-permissions", "--output-format", "stream-json",
                                   "--verbose"};
  if (!task.model.empty()) argv.insert(argv.end(), {"--model", task.model});
  for (const Plugin& plugin : task.plugins) argv.insert(argv.end(), {"--plugin-dir", plugin.directory});
  argv.emplace_back("-p");
  return argv;
}

Environment environment(const AgentTask& task) {
  Environment env = {{"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"}, {"DISABLE_AUTOUPDATER", "1"}};
  // As root it refuses --dangerously-skip-permissions unless it is told that it is contained.
  if (task.is_root) env["IS_SANDBOX"] = "1";
  std::erase_if(env, [&](const auto& variable) { return task.env.contains(variable.first); });
  return env;
}

Result<void> add_instructions(const AgentTask& task, const FileView& files, Launch& launch) {
  const std::string path = instructions_file(task);
  Result<std::optional<std::string>> existing = files.read(path);
  if (!existing) return std::unexpected(std::move(existing).error());
  const std::string before = existing->value_or("");
  Result<std::string> after = config::with_block(before, task.instructions, path);
  if (!after) return std::unexpected(std::move(after).error());
  if (task.instructions.empty() && *after == before) return {};
  launch.files.push_back({path, *std::move(after), 0644});
  return {};
}

ordered_json server_json(const McpServer& server) {
  ordered_json out = {{"type", to_string(server.type)}};
  if (server.type == McpServer::Type::Stdio) {
    out["command"] = server.command;
    out["args"] = server.args;
    if (!server.env.empty()) out["env"] = server.env;
  } else {
    out["url"] = server.url;
    if (!server.headers.empty()) out["headers"] = server.headers;
  }
  return out;
}

Result<void> add_mcp_servers(const AgentTask& task, const FileView& files, Launch& launch) {
  if (task.mcp_servers.empty()) return {};
  const std::string path = settings_file(task);
  Result<std::optional<std::string>> existing = files.read(path);
  if (!existing) return std::unexpected(std::move(existing).error());
  // Values may hold ${VAR}: Claude Code expands it, and whoever wrote it means that.
  ordered_json servers = ordered_json::object();
  for (const McpServer& server : task.mcp_servers) servers[server.name] = server_json(server);
  Result<std::string> content =
      config::with_servers(existing->value_or(""), config::Format::Json, {"mcpServers"}, servers, path);
  if (!content) return std::unexpected(std::move(content).error());
  launch.files.push_back({path, *std::move(content), 0600});
  return {};
}

}  // namespace

Result<Launch> plan(const AgentTask& task, const FileView& files) {
  if (Result<void> there = require_prompt(task.prompt); !there) return std::unexpected(there.error());
  Launch launch;
  launch.argv = command_line(task);
  launch.env = environment(task);
  launch.stdin_bytes = no_command(task.prompt);
  if (Result<void> added = add_instructions(task, files, launch); !added) return std::unexpected(added.error());
  if (Result<void> added = add_mcp_servers(task, files, launch); !added) return std::unexpected(added.error());
  return launch;
}

}  // namespace axon::claude
