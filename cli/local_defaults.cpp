#include "cli/local_defaults.hpp"

#include "core/credentials.hpp"

namespace axon::cli {

RunOptions with_defaults(RunOptions options, const UserConfig& config, const NamedTask* chosen, bool is_in_repository) {
  const bool has_type = chosen != nullptr && !chosen->spec.type.empty();
  const bool has_workspace = chosen != nullptr && !chosen->spec.workspace.empty();
  const ConfigWorkspace& workspace = config.workspace;
  if (options.type.empty() && !has_type && options.agent_manifest.empty()) options.type = config.type;
  if (options.repo.empty() && !has_workspace && !is_in_repository) options.repo = workspace.repo;
  const bool is_repo_of_config = !options.repo.empty() && options.repo == workspace.repo;
  if (is_repo_of_config && options.ref.empty()) options.ref = workspace.ref;
  return options;
}

void add_default_references(TaskSpec& spec, const UserConfig& config, const DocumentSet& documents,
                            std::vector<std::string>& warnings) {
  const std::string& workspace = config.workspace.name;
  if (spec.workspace.empty() && documents.workspaces.contains(workspace)) spec.workspace = workspace;
  if (!spec.agent_configs.empty() || config.agent_config.empty()) return;
  if (documents.agent_configs.contains(config.agent_config)) {
    spec.agent_configs.push_back(config.agent_config);
  } else {
    warnings.push_back("AgentConfig \"" + config.agent_config + "\" of " + config.source +
                       " is in a cluster; give it to a run on this machine by -f FILE");
  }
}

bool take_config_token(LocalTask& task, const UserConfig& config, const std::string& kind, const Adapter* manifest) {
  const ConfigToken token = token_of(config);
  if (token.value.empty() || task.file.type != type_of(config) || (!kind.empty() && kind != token.kind)) return false;
  const std::vector<std::string> names =
      manifest != nullptr ? manifest->credential_variables : credential_variables(task.file.type, token.kind);
  if (names.empty()) return false;
  task.env[names.front()] = token.value.reveal();
  task.credential_names.push_back(names.front());
  return true;
}

std::optional<std::string> config_github_token(const UserConfig& config, const std::string& repo) {
  const ConfigWorkspace& workspace = config.workspace;
  if (repo.empty() || repo != workspace.repo || workspace.token.empty()) return std::nullopt;
  return std::string(workspace.token.reveal());
}

std::string config_advice(const UserConfig& config, const std::string& type) {
  const std::string advice = ", or put oauthToken or apiKey into " + path_of(config);
  const ConfigToken token = token_of(config);
  if (token.value.empty()) return advice;
  const std::string why = type == type_of(config) ? "of type " + token.kind : "for " + type_of(config);
  return advice + ", whose " + token.field + " is " + why;
}

}  // namespace axon::cli
