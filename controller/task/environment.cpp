#include "controller/task/environment.hpp"

#include <algorithm>

#include "controller/task/task_secret.hpp"
#include "core/contract.hpp"
#include "core/credentials.hpp"
#include "core/mcp.hpp"

namespace axon::controller {
namespace {

using nlohmann::json;
namespace env = contract::env;

/// The kubelet expands $(NAME) in literal values, and takes $$ for $: what is not ours to expand is doubled.
std::string unexpanded(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped.append(c == '$' ? 2 : 1, c);
  return escaped;
}

class Variables {
 public:
  void literal(std::string_view name, const std::string& value) {
    if (!value.empty()) list_.push_back({{"name", name}, {"value", unexpanded(value)}});
  }

  void from_secret(std::string_view name, const std::string& secret, std::string_view key) {
    list_.push_back({{"name", name}, {"valueFrom", {{"secretKeyRef", {{"name", secret}, {"key", key}}}}}});
  }

  [[nodiscard]] bool has(const std::string& name) const {
    return std::ranges::any_of(list_, [&](const json& variable) { return variable["name"] == name; });
  }

  void override(const EnvVar& variable) {
    if (has(variable.name)) return;
    json entry = {{"name", variable.name}};
    if (variable.value_from.is_null()) {
      entry["value"] = variable.value;  // as the user wrote it: $(NAME) is Kubernetes's to expand
    } else {
      entry["valueFrom"] = variable.value_from;
    }
    list_.push_back(std::move(entry));
  }

  json take() { return std::move(list_); }

 private:
  json list_ = json::array();
};

/// By the names of the host: github.com has other variables than an Enterprise server.
void add_token(Variables& variables, const Inputs& inputs) {
  if (!inputs.workspace || inputs.token.secret.empty()) return;
  for (const auto& [name, value] : github_variables(inputs.workspace->repo, "")) {
    if (value.empty()) {
      variables.from_secret(name, inputs.token.secret, env::kGithubToken);
    } else {
      variables.literal(name, value);
    }
  }
  variables.literal(env::kGithubTokenFile,
                    std::string(contract::kGithubTokenDir) + "/" + std::string(env::kGithubToken));
}

void add_credential(Variables& variables, const TaskSpec& spec) {
  if (!spec.credentials || spec.credentials->type == "none") return;
  for (const std::string& name : credential_variables(spec.type, spec.credentials->type)) {
    variables.from_secret(name, spec.credentials->secret, name);
  }
}

/// Only what fits: an image that knows the variables alone still finds the rest in the task directory.
void add_file(Variables& variables, std::string_view name, const TaskFacts& task, std::string_view key,
              std::size_t size) {
  if (size > 0 && size <= contract::kMaxVariable) variables.from_secret(name, task_secret_name(task.name), key);
}

void add_seconds(Variables& variables, std::string_view name, const std::optional<std::int64_t>& seconds) {
  if (seconds) variables.literal(name, std::to_string(*seconds));
}

}  // namespace

json agent_environment(const TaskFacts& task, const Inputs& inputs) {
  const TaskSpec& spec = task.spec;
  const AgentConfigSpec& config = inputs.config;
  Variables variables;
  variables.literal(env::kModel, spec.model);
  variables.literal(env::kBranch, spec.branch);
  variables.literal(env::kAgentType, spec.type);
  add_credential(variables, spec);
  if (inputs.workspace) variables.literal(env::kBaseBranch, inputs.workspace->ref);
  add_token(variables, inputs);
  add_file(variables, env::kAgentsMd, task, contract::kInstructionsFile, config.agents_md.size());
  if (!config.plugins.empty()) variables.literal(env::kPluginDir, std::string(contract::kPluginDir));
  if (!config.mcp_servers.empty()) {
    add_file(variables, env::kMcpServers, task, contract::kMcpFile, mcp_servers_json(config.mcp_servers).size());
  }
  variables.literal(env::kTaskDir, std::string(contract::kTaskDir));
  variables.literal(env::kTaskName, task.name);
  add_file(variables, env::kPrompt, task, contract::kPromptFile, inputs.prompt.size());
  if (inputs.workspace && !inputs.workspace->setup_command.empty()) {
    add_file(variables, env::kSetupCommand, task, kSetupCommandKey, 1);
  }
  add_seconds(variables, env::kDeadlineSeconds, spec.pod_overrides.active_deadline_seconds);
  add_seconds(variables, env::kStallSeconds, spec.stall_seconds);
  add_seconds(variables, env::kGraceSeconds, spec.grace_period_seconds);
  for (const EnvVar& variable : spec.pod_overrides.env) variables.override(variable);
  return variables.take();
}

json workspace_environment(const Inputs& inputs) {
  Variables variables;
  variables.literal(env::kTaskDir, std::string(contract::kTaskDir));
  add_token(variables, inputs);
  return variables.take();
}

}  // namespace axon::controller
