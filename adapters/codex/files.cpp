#include "adapters/codex/files.hpp"

namespace axon::codex {

std::string variable(const AgentTask& task, std::string_view name) {
  const auto found = task.env.find(std::string(name));
  return found == task.env.end() ? std::string() : found->second;
}

std::string config_directory(const AgentTask& task) {
  const std::string moved = variable(task, "CODEX_HOME");
  const std::string directory = moved.empty() ? variable(task, "HOME") + "/.codex" : moved;
  return directory.starts_with('/') ? directory : task.working_directory + "/" + directory;
}

}  // namespace axon::codex
