#include "core/mcp.hpp"

#include <nlohmann/json.hpp>

#include "core/json_text.hpp"
#include "core/names.hpp"

namespace axon {
namespace {

using nlohmann::json;

McpServer::Type read_type(Fields& fields) {
  const std::string fallback = fields.has("command") || !fields.has("url") ? "stdio" : "http";
  const std::string type = fields.one_of("type", {"stdio", "http", "sse"}, fallback);
  if (type == "http") return McpServer::Type::Http;
  return type == "sse" ? McpServer::Type::Sse : McpServer::Type::Stdio;
}

void require_for(Fields& fields, const std::string& key, const std::string& value, McpServer::Type type) {
  if (value.empty()) fields.problem(key, "required with type " + std::string(to_string(type)));
}

void forbid_for(Fields& fields, const std::string& key, McpServer::Type type) {
  if (fields.has(key)) fields.problem(key, "not allowed with type " + std::string(to_string(type)));
}

}  // namespace

std::string_view to_string(McpServer::Type type) {
  switch (type) {
    case McpServer::Type::Stdio:
      return "stdio";
    case McpServer::Type::Http:
      return "http";
    case McpServer::Type::Sse:
      break;
  }
  return "sse";
}

McpServer read_mcp_server(std::string name, Fields& fields) {
  McpServer server;
  server.name = std::move(name);
  server.type = read_type(fields);
  server.command = fields.text("command");
  server.args = fields.texts("args");
  server.url = fields.text("url");
  server.headers = fields.text_map("headers");
  server.env = fields.text_map("env");
  if (!is_path_component(server.name)) {
    fields.problem("", "the name of an MCP server must not be empty, \".\" or \"..\", nor contain \"/\" or \"\\\"");
  }
  if (server.type == McpServer::Type::Stdio) {
    require_for(fields, "command", server.command, server.type);
    forbid_for(fields, "url", server.type);
    forbid_for(fields, "headers", server.type);
  } else {
    require_for(fields, "url", server.url, server.type);
    forbid_for(fields, "command", server.type);
    forbid_for(fields, "args", server.type);
  }
  return server;
}

Result<std::vector<McpServer>> parse_mcp_servers(std::string_view text, const std::string& source) {
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) {
    return fail(Errc::InvalidInput, source + ": not valid JSON; expected {\"mcpServers\": {NAME: {\"type\": …}}}");
  }
  Problems problems;
  std::vector<McpServer> servers;
  Fields top(document, "", problems);
  if (const json* map = top.object("mcpServers")) {
    for (const auto& [name, value] : map->items()) {
      Fields fields(value, "mcpServers." + name, problems);
      servers.push_back(read_mcp_server(name, fields));
      fields.done();
    }
  } else if (problems.empty()) {
    top.problem("mcpServers", "required");
  }
  top.done();
  if (!problems.empty()) return fail(Errc::InvalidInput, to_string(problems, source));
  return servers;
}

std::string mcp_servers_json(const std::vector<McpServer>& servers) {
  json map = json::object();
  for (const McpServer& server : servers) {
    json& out = map[server.name];
    out["type"] = to_string(server.type);
    if (!server.command.empty()) out["command"] = server.command;
    if (!server.args.empty()) out["args"] = server.args;
    if (!server.url.empty()) out["url"] = server.url;
    if (!server.headers.empty()) out["headers"] = server.headers;
    if (!server.env.empty()) out["env"] = server.env;
  }
  return json_text(json{{"mcpServers", map}}, 2);
}

}  // namespace axon
