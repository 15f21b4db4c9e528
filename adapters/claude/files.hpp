// Where Claude Code keeps its files.
#pragma once

#include <string>
#include <string_view>

#include "core/task.hpp"

namespace axon::claude {

/// $CLAUDE_CONFIG_DIR, else ~/.claude; absolute.
std::string config_directory(const AgentTask& task);

/// The user's CLAUDE.md.
std::string instructions_file(const AgentTask& task);

/// .claude.json: inside $CLAUDE_CONFIG_DIR if that is set, else beside ~/.claude, not in it.
std::string settings_file(const AgentTask& task);

}  // namespace axon::claude
