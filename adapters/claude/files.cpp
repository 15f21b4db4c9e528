#include "adapters/claude/files.hpp"

namespace axon::claude {
namespace {

std::string variable(const AgentTask& task, const std::string& name) {
  const auto found = task.env.find(name);
  return found == task.env.end() ? std::string() : found->second;
}

std::string absolute(const AgentTask& task, std::string path) {
  return path.starts_with('/') ? path : task.working_directory + "/" + path;
}

}  // namespace

std::string config_directory(const AgentTask& task) {
  const std::string directory = variable(task, "CLAUDE_CONFIG_DIR");
  return absolute(task, directory.empty() ? variable(task, "HOME") + "/.claude" : directory);
}

std::string instructions_file(const AgentTask& task) { return config_directory(task) + "/CLAUDE.md"; }

std::string settings_file(const AgentTask& task) {
  const bool moved = !variable(task, "CLAUDE_CONFIG_DIR").empty();
  return moved ? config_directory(task) + "/.claude.json" : absolute(task, variable(task, "HOME") + "/.claude.json");
}

}  // namespace axon::claude
