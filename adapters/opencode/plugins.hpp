// Skills and agents of plugins, where opencode looks for them and in the form that it takes.
#pragma once

#include "adapters/adapter.hpp"

namespace axon::opencode {

/// Copies PLUGIN/skills/SKILL/ to skills/PLUGIN-SKILL/ and PLUGIN/agents/AGENT.md to agents/AGENT.md in the
/// configuration directory. Plugins are written for Claude Code, which is laxer: a skill without a name is given its
/// directory's, an agent's header is rewritten as agent_file.hpp says. InvalidInput if two of them have one name or
/// place: opencode would take the one or the other.
Result<void> add_plugins(const AgentTask& task, const FileView& files, Launch& launch);

}  // namespace axon::opencode
