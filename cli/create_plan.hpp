// From the flags of `axon create` to objects. Pure: files are read through a function that the caller gives.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/task_plan.hpp"

namespace axon::cli {

struct WorkspaceFlags {
  std::string name;
  std::string repo;
  std::string ref;
  std::string secret;  // one that is there
  std::string token;   // or what a new one is made of: TEXT, @FILE, or - for stdin
};

/// The Workspace, after the Secret where one is made for it ("NAME-credentials"). A null in one means that the field
/// must not be there.
Result<std::vector<nlohmann::json>> plan_workspace(const WorkspaceFlags& flags, const World& world);

struct AgentConfigFlags {
  std::string name;
  std::string agents_md;            // TEXT or @FILE
  std::vector<std::string> skills;  // NAME=CONTENT or NAME=@FILE
  std::vector<std::string> agents;
  std::vector<std::string> mcp;  // NAME=JSON or NAME=@FILE
};

/// Skills and agents are those of a plugin "axon". An MCP server's JSON is that of an AgentConfig: headersFrom and
/// envFrom, too.
Result<nlohmann::json> plan_agent_config(const AgentConfigFlags& flags, const World& world);

}  // namespace axon::cli
