// MCP servers in opencode's configuration, beside whatever else its user has in it.
#pragma once

#include "adapters/adapter.hpp"

namespace axon::opencode {

/// Puts the Task's servers under "mcp" of opencode.json in the configuration directory; nothing to do without servers.
/// InvalidInput, naming the file, if opencode.json or opencode.jsonc there is not what opencode can read, or if
/// opencode.jsonc, which wins over opencode.json, has a server of the same name. Comments in opencode.json are lost.
/// Values may hold {env:NAME} and {file:PATH}, which opencode replaces.
Result<void> add_servers(const AgentTask& task, const FileView& files, Launch& launch);

}  // namespace axon::opencode
