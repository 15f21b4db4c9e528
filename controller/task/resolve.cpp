#include "controller/task/resolve.hpp"

#include <set>

#include "controller/template/template.hpp"
#include "core/json_access.hpp"

namespace axon::controller {
namespace {

using nlohmann::json;

/// What keeps the Task from starting; empty: nothing.
using Obstacle = std::optional<Resolution>;

MissingReference missing(const char* kind, const std::string& name, const std::string& ns) {
  return {std::string(kind) + "NotFound",
          std::string(kind) + " \"" + name + "\" does not exist in namespace \"" + ns + "\""};
}

Resolution invalid(const std::string& where, const std::string& message) { return InvalidTask{where + ": " + message}; }

Obstacle find_workspace(const TaskFacts& task, const Lookup& lookup, Inputs& inputs) {
  if (task.spec.workspace.empty()) return std::nullopt;
  const std::optional<json> object = lookup.workspace(task.spec.workspace);
  if (!object) return missing("Workspace", task.spec.workspace, task.ns);
  Problems problems;
  inputs.workspace = read_workspace_spec(object_at(*object, "spec"), "spec", problems);
  if (!problems.empty()) return invalid("Workspace \"" + task.spec.workspace + "\"", to_string(problems));
  return std::nullopt;
}

Obstacle find_configs(const TaskFacts& task, const Lookup& lookup, Inputs& inputs) {
  std::vector<AgentConfigSpec> configs;
  for (const std::string& name : task.spec.agent_configs) {
    const std::optional<json> object = lookup.agent_config(name);
    if (!object) return missing("AgentConfig", name, task.ns);
    Problems problems;
    configs.push_back(read_agent_config_spec(object_at(*object, "spec"), "spec", problems));
    if (!problems.empty()) return invalid("AgentConfig \"" + name + "\"", to_string(problems));
  }
  inputs.config = merge(configs);
  return std::nullopt;
}

Obstacle find_secret_values(const TaskFacts& task, const Lookup& lookup, Inputs& inputs) {
  for (const SecretValue& value : inputs.config.secret_values) {
    if (!lookup.secrets.contains(value.secret)) return missing("Secret", value.secret, task.ns);
  }
  const Problems absent = put_secret_values(inputs.config, [&](const std::string& secret, const std::string& key) {
    const std::map<std::string, Secret>& values = lookup.secrets.at(secret).values;
    const auto found = values.find(key);
    return found == values.end() ? std::nullopt : std::optional<std::string>(found->second.reveal());
  });
  if (absent.empty()) return std::nullopt;
  return MissingReference{"SecretKeyNotFound", to_string(absent)};
}

Obstacle find_credential(const TaskFacts& task, const Lookup& lookup) {
  const auto& credentials = task.spec.credentials;
  if (!credentials || credentials->type == "none" || lookup.has_secret(credentials->secret)) return std::nullopt;
  return missing("Secret", credentials->secret, task.ns);
}

/// The manager makes it, into a Secret of its own.
Obstacle find_app_token(const TaskFacts& task, const Lookup& lookup, Inputs& inputs) {
  const github::Standing token = lookup.github_token(task.spec.workspace);
  if (!token.is_usable && !token.trouble.empty()) return MissingReference{"GitHubTokenFailed", token.trouble};
  if (!token.is_usable) {
    const std::string message =
        "waits for a token of the GitHub App in Secret \"" + inputs.workspace->secret + "\"; it is being made";
    return MissingReference{.reason = "GitHubTokenPending", .message = message, .is_on_its_way = true};
  }
  inputs.token.secret = github::token_secret_name(task.spec.workspace);
  return std::nullopt;
}

Obstacle find_token(const TaskFacts& task, const Lookup& lookup, Inputs& inputs) {
  if (!inputs.workspace || inputs.workspace->secret.empty()) return std::nullopt;
  const std::string& name = inputs.workspace->secret;
  const auto secret = lookup.secrets.find(name);
  if (secret == lookup.secrets.end()) return missing("Secret", name, task.ns);
  if (github::is_app(secret->second)) return find_app_token(task, lookup, inputs);
  const auto has = [&](std::string_view key) { return secret->second.values.contains(std::string(key)); };
  if (has(contract::kSshKeyFile)) inputs.ssh_secret = name;
  if (has(contract::env::kGithubToken)) inputs.token.secret = name;
  if (inputs.ssh_secret.empty() && inputs.token.secret.empty()) {
    return MissingReference{"SecretKeyNotFound", "Secret \"" + name + "\" of Workspace \"" + task.spec.workspace +
                                                     "\" has no key GITHUB_TOKEN, no appID, installationID and "
                                                     "privateKey of a GitHub App, and no ssh-privatekey"};
  }
  return std::nullopt;
}

/// Only the prompt of a Task with dependencies is a template: any other may hold braces of its own.
Obstacle render_prompt(const TaskFacts& task, const Lookup& lookup, Inputs& inputs) {
  inputs.prompt = task.spec.prompt;
  if (task.spec.depends_on.empty()) return std::nullopt;
  const Result<templates::Template> parsed = templates::parse("prompt", task.spec.prompt);
  if (!parsed) return invalid("spec.prompt", parsed.error().message);
  const templates::Value values = dependency_values(task, lookup.task);
  Result<std::string> text = templates::execute(*parsed, values);
  if (!text) return invalid("spec.prompt", text.error().message);
  inputs.prompt = *std::move(text);
  return std::nullopt;
}

}  // namespace

std::vector<std::string> secrets_to_read(const TaskFacts& task, const Lookup& lookup) {
  Inputs inputs;
  std::set<std::string> names;
  if (!find_workspace(task, lookup, inputs) && inputs.workspace) names.insert(inputs.workspace->secret);
  if (!find_configs(task, lookup, inputs)) {
    for (const SecretValue& value : inputs.config.secret_values) names.insert(value.secret);
  }
  names.erase("");
  return {names.begin(), names.end()};
}

Resolution resolve(const TaskFacts& task, const Lookup& lookup) {
  Inputs inputs;
  for (const auto& step : {find_workspace, find_configs, find_secret_values, render_prompt, find_token}) {
    if (Obstacle obstacle = step(task, lookup, inputs)) return *std::move(obstacle);
  }
  if (Obstacle obstacle = find_credential(task, lookup)) return *std::move(obstacle);
  return inputs;
}

}  // namespace axon::controller
