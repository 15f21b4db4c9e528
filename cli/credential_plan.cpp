#include "cli/credential_plan.hpp"

#include <algorithm>

#include "cli/local_defaults.hpp"
#include "cli/text.hpp"
#include "core/contract.hpp"
#include "core/credentials.hpp"

namespace axon::cli {
namespace {

bool is_reserved(std::string_view name) {
  return name.starts_with("AXON_") || name.starts_with("KELOS_") || name == "HOME";
}

bool is_variable_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && std::ranges::all_of(name, allowed) && !(name.front() >= '0' && name.front() <= '9');
}

/// {"secretKeyRef": {"name", "key"}}: the one source of a value that one machine can have. Nothing if it may be absent.
Result<std::optional<std::string>> value_from(const EnvVar& variable, const DocumentSet& documents,
                                              const World& world) {
  const std::string field = "podOverrides.env: " + variable.name;
  const auto reference = variable.value_from.find("secretKeyRef");
  if (reference == variable.value_from.end() || !reference->is_object()) {
    return fail(Errc::InvalidInput, field + ": on one machine valueFrom can be a secretKeyRef only");
  }
  const auto text = [&](const char* field_name) {
    const auto found = reference->find(field_name);
    return found != reference->end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const std::string secret = text("name");
  const std::string key = text("key");
  if (auto value = find_secret(documents, secret, key, world)) return value;
  if (reference->value("optional", false)) return std::nullopt;
  return fail(Errc::NotFound, field + ": no key \"" + key + "\": set the variable " + key + ", or put Secret \"" +
                                  secret + "\" with that key into the file");
}

Result<void> add_pod_env(LocalTask& task, const DocumentSet& documents, const TaskSpec& spec, const World& world) {
  for (const EnvVar& variable : spec.pod_overrides.env) {
    if (is_reserved(variable.name)) {
      task.warnings.push_back("podOverrides.env: " + variable.name +
                              " is set by Axon itself; the given one is left out");
      continue;
    }
    Result<std::optional<std::string>> value = variable.value;
    if (!variable.value_from.is_null()) value = value_from(variable, documents, world);
    if (!value) return std::unexpected(value.error());
    if (*value) task.env[variable.name] = std::move(**value);
  }
  return {};
}

std::unexpected<Error> fail_without_credential(const std::string& type, const std::vector<std::string>& names,
                                               const std::string& secret, const UserConfig& config) {
  std::string message = "no credential for " + type + ": set " + join(names, " or ") + " in the environment" +
                        config_advice(config, type);
  if (!secret.empty()) message += ", or put Secret \"" + secret + "\" with that key into the file";
  return fail(Errc::NotFound, message + " (--credential-type none runs without one)");
}

/// Those of the variables that the Task has already, a Secret of the files has, or the caller.
void take_credentials(LocalTask& task, const std::vector<std::string>& names, const std::string& secret,
                      const DocumentSet& documents, const World& world) {
  for (const std::string& name : names) {
    if (!task.env.contains(name)) {
      if (auto value = find_secret(documents, secret, name, world)) task.env[name] = std::move(*value);
    }
    if (task.env.contains(name)) task.credential_names.push_back(name);
  }
}

Result<void> add_credential(LocalTask& task, const RunOptions& options, const UserConfig& config,
                            const DocumentSet& documents, const TaskSpec& spec, const Adapter* manifest,
                            const World& world) {
  const std::string from_file = spec.credentials ? spec.credentials->type : "";
  const std::string kind = options.credential_type.empty() ? from_file : options.credential_type;
  const std::string secret = spec.credentials ? spec.credentials->secret : "";
  if (kind == "none") return {};
  const auto variables = [&](const std::string& which) {
    return manifest != nullptr ? manifest->credential_variables : credential_variables(task.file.type, which);
  };
  // Of several in the environment, the kind that the config file names for this agent.
  const bool is_of_config = kind.empty() && task.file.type == type_of(config);
  for (const std::string& which : {is_of_config ? config.credential_type : kind, kind}) {
    take_credentials(task, variables(which), secret, documents, world);
    if (!task.credential_names.empty()) return {};
  }
  if (kind.empty() && config.credential_type == "none") return {};
  if (variables(kind).empty() || take_config_token(task, config, kind, manifest)) return {};
  return fail_without_credential(task.file.type, variables(kind), secret, config);
}

}  // namespace

std::optional<std::string> find_secret(const DocumentSet& documents, const std::string& secret, const std::string& key,
                                       const World& world) {
  if (const auto found = documents.secrets.find(secret); found != documents.secrets.end()) {
    const auto value = found->second.values.find(key);
    if (value != found->second.values.end() && !value->second.empty()) return std::string(value->second.reveal());
  }
  std::optional<std::string> variable = world.variable(key);
  return variable && !variable->empty() ? variable : std::nullopt;
}

Result<Environment> flag_environment(const RunOptions& options, const World& world) {
  Environment env;
  for (const std::string& entry : options.env) {
    const std::size_t equals = entry.find('=');
    const std::string name = entry.substr(0, equals);
    if (!is_variable_name(name)) {
      return fail(Errc::InvalidInput, "--env: \"" + name + "\" is no name of a variable; expected NAME=VALUE");
    }
    if (is_reserved(name)) return fail(Errc::InvalidInput, "--env: " + name + " is set by Axon itself");
    std::optional<std::string> value =
        equals == std::string::npos ? world.variable(name) : std::optional(entry.substr(equals + 1));
    if (!value) {
      return fail(Errc::NotFound,
                  "--env: " + name + " is not set in the environment; give it a value: --env " + name + "=VALUE");
    }
    env[name] = std::move(*value);
  }
  return env;
}

Result<void> add_environment(LocalTask& task, const RunOptions& options, const UserConfig& config,
                             const DocumentSet& documents, const TaskSpec& spec, const Adapter* manifest,
                             const World& world) {
  if (auto added = add_pod_env(task, documents, spec, world); !added) return added;
  const Result<Environment> given = flag_environment(options, world);
  if (!given) return std::unexpected(given.error());
  for (const auto& [name, value] : *given) task.env[name] = value;
  return add_credential(task, options, config, documents, spec, manifest, world);
}

Result<void> add_ssh_key(LocalTask& task, const DocumentSet& documents, const WorkspaceSpec& workspace,
                         const World& world) {
  const auto find = [&](std::string_view key, std::string_view variable) -> Result<std::string> {
    if (const auto secret = documents.secrets.find(workspace.secret); secret != documents.secrets.end()) {
      const auto value = secret->second.values.find(std::string(key));
      if (value != secret->second.values.end()) return std::string(value->second.reveal());
    }
    const std::optional<std::string> path = world.variable(std::string(variable));
    if (!path || path->empty()) return std::string();
    Result<std::string> text = world.read(*path);
    return text ? text : wrap(std::string(variable), std::move(text).error());
  };
  Result<std::string> key = find(contract::kSshKeyFile, contract::env::kSshKeyFile);
  if (!key) return std::unexpected(std::move(key).error());
  Result<std::string> hosts = find(contract::kSshKnownHostsFile, contract::env::kSshKnownHostsFile);
  if (!hosts) return std::unexpected(std::move(hosts).error());
  if (!key->empty() && !key->ends_with('\n')) *key += '\n';  // ssh refuses a key without it
  task.ssh_key = Secret(*std::move(key));
  task.known_hosts = *std::move(hosts);
  return {};
}

Result<void> add_github_token(LocalTask& task, const UserConfig& config, const DocumentSet& documents,
                              const WorkspaceSpec& workspace, const World& world) {
  const bool from_document =
      !workspace.repo.empty() &&
      std::ranges::any_of(documents.workspaces, [&](const auto& entry) { return entry.second == workspace; });
  if (from_document && workspace.secret.empty()) return {};  // as in a cluster: no secretRef, no token
  if (const auto found = documents.secrets.find(workspace.secret);
      found != documents.secrets.end() && found->second.values.contains("appID")) {
    return fail(Errc::InvalidInput,
                "Secret \"" + workspace.secret +
                    "\" is of a GitHub App, which needs a cluster; on one machine use a GITHUB_TOKEN");
  }
  std::optional<std::string> token = find_secret(documents, workspace.secret, "GITHUB_TOKEN", world);
  if (!token) token = find_secret(documents, workspace.secret, "GH_TOKEN", world);
  if (!token) token = config_github_token(config, workspace.repo);
  if (!token && !workspace.secret.empty() && task.ssh_key.empty()) {
    return fail(Errc::NotFound, "no token for the repository: set GITHUB_TOKEN in the environment, or put Secret \"" +
                                    workspace.secret + "\" with that key into the file");
  }
  if (!token && config.workspace.github_app && !workspace.repo.empty() && workspace.repo == config.workspace.repo) {
    task.warnings.push_back("workspace.githubApp of " + config.source +
                            " is for a cluster; on this machine a private repository wants a GITHUB_TOKEN");
  }
  if (!token) return {};
  task.github_token = Secret(*token);
  for (const auto& [name, value] : github_variables(workspace.repo, *token)) task.env.try_emplace(name, value);
  return {};
}

}  // namespace axon::cli
