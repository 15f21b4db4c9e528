// What an agent is asked to do, as its adapter sees it: no Kubernetes, no paths of the task directory.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/launch.hpp"

namespace axon {

struct McpServer {
  enum class Type { Stdio, Http, Sse };

  std::string name;
  Type type = Type::Stdio;
  std::string command;                         // stdio
  std::vector<std::string> args;               // stdio
  std::string url;                             // http, sse
  std::map<std::string, std::string> headers;  // http, sse; the values are secret
  std::map<std::string, std::string> env;      // the values are secret

  bool operator==(const McpServer&) const = default;
};

/// A plugin as it lies on disk: DIRECTORY/skills/SKILL/SKILL.md and DIRECTORY/agents/AGENT.md.
struct Plugin {
  std::string name;
  std::string directory;  // absolute
  std::vector<std::string> skills;
  std::vector<std::string> agents;  // without ".md"

  bool operator==(const Plugin&) const = default;
};

struct AgentTask {
  std::string type;  // "claude-code", …, or the name of an agent manifest
  std::string prompt;
  std::string model;         // empty: the agent's default
  std::string instructions;  // Markdown for the agent's user-level file; empty: none
  std::vector<McpServer> mcp_servers;
  std::vector<Plugin> plugins;
  Environment env;                // what the entrypoint was started with; HOME is always set in it
  std::string working_directory;  // absolute
  bool is_root = false;

  bool operator==(const AgentTask&) const = default;
};

}  // namespace axon
