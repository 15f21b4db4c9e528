#include "adapters/gemini/files.hpp"

namespace axon::gemini {

std::string variable(const AgentTask& task, const std::string& name) {
  const auto found = task.env.find(name);
  return found == task.env.end() ? std::string() : found->second;
}

std::string config_directory(const AgentTask& task) {
  const std::string moved = variable(task, "GEMINI_CLI_HOME");
  const std::string home = moved.empty() ? variable(task, "HOME") : moved;
  return (home.starts_with('/') ? home : task.working_directory + "/" + home) + "/.gemini";
}

std::string instructions_file(const AgentTask& task) { return config_directory(task) + "/GEMINI.md"; }

std::string settings_file(const AgentTask& task) { return config_directory(task) + "/settings.json"; }

std::string extensions_directory(const AgentTask& task) { return config_directory(task) + "/extensions"; }

std::string sessions_directory(const AgentTask& task) { return config_directory(task) + "/tmp"; }

}  // namespace axon::gemini
