#include "cli/task_plan.hpp"

#include <algorithm>

#include "cli/agent_flags.hpp"
#include "cli/credential_plan.hpp"
#include "cli/duration.hpp"
#include "cli/local_defaults.hpp"
#include "cli/text.hpp"
#include "core/credentials.hpp"
#include "core/names.hpp"

namespace axon::cli {
namespace {

std::string either(const std::string& flag, const std::string& file) { return flag.empty() ? file : flag; }

Result<std::optional<std::int64_t>> seconds_of(const std::string& flag, const std::string& name,
                                               std::optional<std::int64_t> file) {
  if (flag.empty()) return file;
  const auto duration = parse_duration(flag, name);
  if (!duration) return std::unexpected(duration.error());
  return duration->count();
}

Result<WorkspaceSpec> workspace_of(const RunOptions& options, const DocumentSet& documents, const TaskSpec& spec) {
  WorkspaceSpec workspace;
  if (!spec.workspace.empty()) {
    const auto found = documents.workspaces.find(spec.workspace);
    if (found != documents.workspaces.end()) {
      workspace = found->second;
    } else if (options.repo.empty()) {
      return fail(Errc::NotFound, "Workspace \"" + spec.workspace + "\", which the Task refers to, is not in " +
                                      join(documents.sources) + "; add it with -f FILE, or give --repo");
    }
  }
  if (!options.repo.empty() && options.repo != workspace.repo) {
    workspace.repo = options.repo;
    workspace.ref.clear();  // a ref and a token of another repository
    workspace.secret.clear();
  }
  if (!options.ref.empty()) workspace.ref = options.ref;
  return workspace;
}

/// All that the Task refers to, merged, with the values that the Secrets have.
Result<AgentConfigSpec> config_of(const DocumentSet& documents, const TaskSpec& spec, const World& world) {
  std::vector<AgentConfigSpec> configs;
  for (const std::string& name : spec.agent_configs) {
    const auto found = documents.agent_configs.find(name);
    if (found == documents.agent_configs.end()) {
      return fail(Errc::NotFound, "AgentConfig \"" + name + "\", which the Task refers to, is not in " +
                                      join(documents.sources) + "; add it with -f FILE");
    }
    configs.push_back(found->second);
  }
  AgentConfigSpec config = merge(configs);
  const Problems missing = put_secret_values(config, [&](const std::string& secret, const std::string& key) {
    return find_secret(documents, secret, key, world);
  });
  if (missing.empty()) return config;
  return fail(Errc::NotFound, to_string(missing) + "; add the Secret to a file, or set a variable named as the key");
}

Result<void> check_dependencies(const std::vector<std::string>& dependencies, const std::string& name,
                                const World& world) {
  for (const std::string& dependency : dependencies) {
    if (world.has_succeeded(dependency)) continue;
    return fail(Errc::InvalidInput, "Task \"" + name + "\" depends on \"" + dependency +
                                        "\", which has not succeeded on this machine; run that one first "
                                        "(axon run --local -f FILE --name " +
                                        dependency + ")");
  }
  return {};
}

void warn_of_cluster_fields(const TaskSpec& spec, std::vector<std::string>& warnings) {
  const PodOverrides& pod = spec.pod_overrides;
  const std::pair<bool, const char*> fields[] = {
      {!spec.image.empty(), "image"},
      {spec.inject_entrypoint, "injectEntrypoint"},
      {spec.ttl_seconds_after_finished.has_value(), "ttlSecondsAfterFinished"},
      {!pod.resources.is_null(), "podOverrides.resources"},
      {!pod.labels.empty(), "podOverrides.labels"},
      {!pod.annotations.empty(), "podOverrides.annotations"},
      {!pod.node_selector.empty(), "podOverrides.nodeSelector"},
      {!pod.tolerations.empty(), "podOverrides.tolerations"},
      {!pod.affinity.is_null(), "podOverrides.affinity"},
      {!pod.priority_class.empty(), "podOverrides.priorityClassName"},
      {!pod.runtime_class.empty(), "podOverrides.runtimeClassName"},
      {!pod.service_account.empty(), "podOverrides.serviceAccountName"},
      {!pod.image_pull_secrets.empty(), "podOverrides.imagePullSecrets"},
      {!pod.security_context.is_null(), "podOverrides.securityContext"},
      {!pod.volumes.empty(), "podOverrides.volumes"},
      {!pod.volume_mounts.empty(), "podOverrides.volumeMounts"},
      {!pod.sidecars.empty(), "podOverrides.sidecars"},
  };
  std::vector<std::string> given;
  for (const auto& [is_given, name] : fields) {
    if (is_given) given.emplace_back(name);
  }
  if (!given.empty()) warnings.push_back(join(given) + ": for a cluster only; without effect on one machine");
}

Result<void> add_times(TaskFile& file, const RunOptions& options, const TaskSpec& spec) {
  const auto deadline = seconds_of(options.timeout, "--timeout", spec.pod_overrides.active_deadline_seconds);
  const auto stall = seconds_of(options.stall, "--stall", spec.stall_seconds);
  const auto grace = seconds_of(options.grace, "--grace", spec.grace_period_seconds);
  for (const auto* value : {&deadline, &stall, &grace}) {
    if (!*value) return std::unexpected(value->error());
  }
  file.deadline_seconds = *deadline;
  file.stall_seconds = *stall;
  file.grace_seconds = *grace;
  return {};
}

Result<void> check_type(const std::string& type, const Adapter* manifest) {
  if (!is_dns_label(type)) {
    return no_type(type);
  }
  if (manifest != nullptr || !credential_variables(type, "").empty()) return {};
  return fail(Errc::InvalidInput, "unknown type \"" + type + "\"; expected one of " + builtin_type_names() +
                                      ", or any name together with --agent-manifest FILE");
}

Result<void> add_agent_part(LocalTask& task, const RunOptions& options, const DocumentSet& documents,
                            const TaskSpec& spec, const World& world) {
  Result<AgentConfigSpec> config = config_of(documents, spec, world);
  if (!config) return std::unexpected(config.error());
  if (const auto applied = apply_agent_flags(*config, options, world); !applied) return applied;
  task.instructions = std::move(config->agents_md);
  task.file.plugins = std::move(config->plugins);
  task.mcp_servers = std::move(config->mcp_servers);
  return {};
}

Result<void> add_workspace(LocalTask& task, const RunOptions& options, WorkspaceSpec workspace) {
  auto setup = setup_command(options.setup);
  if (!setup) return std::unexpected(setup.error());
  task.file.setup_command = options.setup.empty() ? workspace.setup_command : *setup;
  task.file.workspace.emplace();
  task.file.workspace->repo = std::move(workspace.repo);
  task.file.workspace->ref = std::move(workspace.ref);
  task.file.workspace->depth = workspace.depth.value_or(1);
  task.file.workspace->files = std::move(workspace.files);
  task.file.workspace->lfs = workspace.lfs.value_or(true);
  task.file.workspace->filter = std::move(workspace.filter);
  task.file.workspace->sparse = std::move(workspace.sparse);
  return {};
}

}  // namespace

Result<const NamedTask*> choose_task(const DocumentSet& documents, const std::string& name) {
  const std::vector<NamedTask>& tasks = documents.tasks;
  if (documents.sources.empty()) return nullptr;
  if (tasks.empty()) return fail(Errc::InvalidInput, join(documents.sources) + ": holds no Task");
  if (tasks.size() == 1) return &tasks.front();
  std::vector<std::string> names;
  for (const NamedTask& task : tasks) {
    if (!name.empty() && task.name == name) return &task;
    names.push_back(task.name.empty() ? "(without a name)" : task.name);
  }
  return fail(Errc::InvalidInput,
              join(documents.sources) + ": holds several Tasks; choose one with --name: " + join(names));
}

std::string task_type(const RunOptions& options, const NamedTask* task) {
  const std::string type = either(options.type, task != nullptr ? task->spec.type : "");
  return type.empty() ? "claude-code" : type;
}

std::unexpected<Error> no_type(const std::string& type) {
  return fail(Errc::InvalidInput, "--type: \"" + type + "\" is no type; expected one of " + builtin_type_names() +
                                      ", or a name of a-z, 0-9 and \"-\", at most 63 characters");
}

Result<void> check_branch(const RunOptions& options) {
  const std::string wrong = branch_name_problem(options.branch);
  return wrong.empty() ? Result<void>() : fail(Errc::InvalidInput, "--branch: \"" + options.branch + "\" " + wrong);
}

Result<std::string> prompt_of(const RunOptions& options, const NamedTask* task, const World& world) {
  Result<std::string> prompt = task != nullptr ? task->spec.prompt : std::string();
  if (options.has_prompt) {
    prompt = options.prompt == "-" ? world.read("-") : text_or_file(options.prompt, "--prompt", world);
  }
  if (!prompt) return prompt;
  if (const auto text = check_text(*prompt, options.has_prompt ? "--prompt" : "spec.prompt"); !text) {
    return std::unexpected(text.error());
  }
  if (prompt->find_first_not_of(" \t\r\n") != std::string::npos) return prompt;
  if (options.has_prompt) return fail(Errc::InvalidInput, "--prompt: the prompt is empty");
  if (task != nullptr) return fail(Errc::InvalidInput, task->source + ": spec.prompt: required, or give --prompt");
  return fail(Errc::InvalidInput, "no prompt: give one with -p TEXT, -p @FILE or -p - (stdin), or a Task with -f FILE");
}

Result<LocalTask> plan_task(const RunOptions& options, const UserConfig& config, const DocumentSet& documents,
                            const NamedTask* chosen, const Adapter* manifest, const World& world) {
  TaskSpec spec = chosen != nullptr ? chosen->spec : TaskSpec{};
  LocalTask task;
  task.warnings = documents.warnings;
  add_default_references(spec, config, documents, task.warnings);
  task.file.name = either(options.name, chosen != nullptr ? chosen->name : "");
  task.file.type = task_type(options, chosen);
  task.file.model = either(options.model, spec.model);
  if (task.file.model.empty() && task.file.type == type_of(config)) task.file.model = config.model;
  task.file.branch = either(options.branch, spec.branch);
  if (!task.file.name.empty() && !is_dns_label(task.file.name)) {
    return fail(Errc::InvalidInput,
                "--name: \"" + task.file.name + "\" must be a name of a-z, 0-9 and \"-\", at most 63 characters");
  }
  if (const auto ok = check_type(task.file.type, manifest); !ok) return std::unexpected(ok.error());
  if (const auto ok = check_branch(options); !ok) return std::unexpected(ok.error());
  Result<std::string> prompt = prompt_of(options, chosen, world);
  if (!prompt) return std::unexpected(prompt.error());
  task.prompt = std::move(*prompt);
  if (const auto ok =
          check_dependencies(options.depends_on.empty() ? spec.depends_on : options.depends_on, task.file.name, world);
      !ok)
    return std::unexpected(ok.error());
  const Result<WorkspaceSpec> workspace = workspace_of(options, documents, spec);
  if (!workspace) return std::unexpected(workspace.error());
  for (const auto& step :
       {add_times(task.file, options, spec), add_agent_part(task, options, documents, spec, world),
        add_environment(task, options, config, documents, spec, manifest, world),
        add_ssh_key(task, documents, *workspace, world), add_github_token(task, config, documents, *workspace, world),
        add_workspace(task, options, *workspace)}) {
    if (!step) return std::unexpected(step.error());
  }
  warn_of_cluster_fields(spec, task.warnings);
  return task;
}

}  // namespace axon::cli
