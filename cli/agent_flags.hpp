// The flags that say what the agent is given: instructions, skills, agents, MCP servers, a setup command.
#pragma once

#include <string>
#include <vector>

#include "cli/task_plan.hpp"

namespace axon::cli {

/// The text itself, or the file's for "@FILE". `flag` is named in the error.
Result<std::string> text_or_file(const std::string& value, const std::string& flag, const World& world);

struct NamedContent {
  std::string name;
  std::string content;
};

/// NAME=CONTENT or NAME=@FILE; the name is one component of a path.
Result<NamedContent> named_content(const std::string& value, const std::string& flag, const World& world);

/// Puts the flags over what the AgentConfig says: --agents-md replaces, --skill and --agent go to a plugin "axon",
/// --mcp replaces the server of its name.
Result<void> apply_agent_flags(AgentConfigSpec& config, const RunOptions& options, const World& world);

/// The argv of --setup: a JSON array as it is, else the shell's.
Result<std::vector<std::string>> setup_command(const std::string& value);

}  // namespace axon::cli
