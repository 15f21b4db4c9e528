#include "adapters/opencode/servers.hpp"

#include <nlohmann/json.hpp>

#include "adapters/config/jsonc.hpp"
#include "adapters/opencode/files.hpp"
#include "core/json_text.hpp"

namespace axon::opencode {
namespace {

using nlohmann::ordered_json;

constexpr const char* kSchemaUrl = "https://opencode.ai/config.json";

ordered_json server_json(const McpServer& server) {
  if (server.type == McpServer::Type::Stdio) {
    ordered_json command = {server.command};
    for (const std::string& argument : server.args) command.push_back(argument);
    return {{"type", "local"}, {"command", command}, {"environment", server.env}, {"enabled", true}};
  }
  // Streamable HTTP and SSE are one to opencode: it tries both. OAuth would wait for a browser.
  return {{"type", "remote"}, {"url", server.url}, {"headers", server.headers}, {"oauth", false}, {"enabled", true}};
}

Result<ordered_json> parse(const std::string& text, const std::string& path) {
  const std::string plain = config::plain_json(text);
  if (plain.find_first_not_of(" \t\r\n") == std::string::npos) return ordered_json::object();
  ordered_json settings = ordered_json::parse(plain, nullptr, /*allow_exceptions=*/false);
  if (!settings.is_object()) {
    return fail(Errc::InvalidInput, path + ": not a JSON object; repair or remove it, so that opencode can start");
  }
  if (settings.contains("mcp") && !settings["mcp"].is_object()) {
    return fail(Errc::InvalidInput, path + ": mcp: expected an object; repair or remove it");
  }
  return settings;
}

Result<ordered_json> read(const FileView& files, const std::string& path) {
  Result<std::optional<std::string>> text = files.read(path);
  if (!text) return std::unexpected(std::move(text).error());
  return parse(text->value_or(""), path);
}

/// opencode adds the schema to a file that has none: as its first key, so we do it in its place.
ordered_json with_schema(ordered_json settings) {
  if (settings.contains("$schema")) return settings;
  ordered_json out = {{"$schema", kSchemaUrl}};
  for (auto& [key, value] : settings.items()) out[key] = std::move(value);
  return out;
}

}  // namespace

Result<void> add_servers(const AgentTask& task, const FileView& files, Launch& launch) {
  const std::string path = config_directory(task) + "/opencode.json";
  Result<ordered_json> settings = read(files, path);
  if (!settings) return std::unexpected(std::move(settings).error());
  Result<ordered_json> winner = read(files, path + "c");
  if (!winner) return std::unexpected(std::move(winner).error());
  if (task.mcp_servers.empty()) return {};
  ordered_json merged = with_schema(*std::move(settings));
  for (const McpServer& server : task.mcp_servers) {
    if (winner->contains("mcp") && (*winner)["mcp"].contains(server.name)) {
      return fail(Errc::InvalidInput,
                  path + "c: mcp." + server.name +
                      ": would be mixed with the Task's MCP server of this name; rename one of them");
    }
    merged["mcp"][server.name] = server_json(server);
  }
  launch.files.push_back({path, json_text(merged, 2) + "\n", 0600});
  return {};
}

}  // namespace axon::opencode
