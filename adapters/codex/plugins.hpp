// A plugin's skills and agents, put where Codex looks for them.
#pragma once

#include "adapters/adapter.hpp"

namespace axon::codex {

/// Skills go to skills/PLUGIN-SKILL with all that lies beside SKILL.md, agents from Markdown to
/// agents/PLUGIN-AGENT.toml, both below Codex's directory. Codex takes no list of tools for an agent, and not the
/// models of others: both are left out. InvalidInput if two have one name.
Result<void> add_plugins(const AgentTask& task, const FileView& files, Launch& launch);

}  // namespace axon::codex
