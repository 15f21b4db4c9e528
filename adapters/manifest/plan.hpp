// From a Task to a Launch as a manifest says.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/manifest/model.hpp"

namespace axon::manifest {

Result<Launch> plan(const Manifest& manifest, const AgentTask& task, const FileView& files);

/// The plugins' skills and agents, copied to where the agent looks for them.
Result<std::vector<File>> plugin_files(const Manifest& manifest, const AgentTask& task, const FileView& files);

/// The agent's MCP file with the Task's servers in it. InvalidInput if it has no place for them.
Result<File> mcp_file(const Manifest& manifest, const AgentTask& task, const FileView& files);

}  // namespace axon::manifest
