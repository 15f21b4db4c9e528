// MCP servers as the contract writes them: {"mcpServers": {NAME: {type, command, args, url, headers, env}}}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/fields.hpp"
#include "core/result.hpp"
#include "core/task.hpp"

namespace axon {

/// Sorted by name. `source` names the file or variable in the error ("AXON_MCP_SERVERS").
Result<std::vector<McpServer>> parse_mcp_servers(std::string_view text, const std::string& source);

/// Reads one server's fields and checks what must hold of them: command with stdio, url with http and sse.
McpServer read_mcp_server(std::string name, Fields& fields);

std::string mcp_servers_json(const std::vector<McpServer>& servers);

std::string_view to_string(McpServer::Type type);

}  // namespace axon
