#include "adapters/opencode/files.hpp"

namespace axon::opencode {
namespace {

std::string variable(const AgentTask& task, const std::string& name) {
  const auto found = task.env.find(name);
  return found == task.env.end() ? std::string() : found->second;
}

std::string absolute(const AgentTask& task, const std::string& path) {
  return path.starts_with('/') ? path : task.working_directory + "/" + path;
}

std::string xdg_directory(const AgentTask& task, const std::string& name, const std::string& below_home) {
  const std::string base = variable(task, name);
  return absolute(task, (base.empty() ? variable(task, "HOME") + below_home : base) + "/opencode");
}

}  // namespace

std::string config_directory(const AgentTask& task) {
  const std::string directory = variable(task, "OPENCODE_CONFIG_DIR");
  return directory.empty() ? xdg_directory(task, "XDG_CONFIG_HOME", "/.config") : absolute(task, directory);
}

std::string database_file(const AgentTask& task) {
  const std::string data = xdg_directory(task, "XDG_DATA_HOME", "/.local/share");
  const std::string file = variable(task, "OPENCODE_DB");
  if (file.empty()) return data + "/opencode.db";
  return file.starts_with('/') ? file : data + "/" + file;
}

}  // namespace axon::opencode
