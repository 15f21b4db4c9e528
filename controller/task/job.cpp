#include "controller/task/job.hpp"

#include "controller/task/environment.hpp"
#include "controller/task/overrides.hpp"
#include "controller/task/task_secret.hpp"
#include "core/contract.hpp"
#include "core/credentials.hpp"

namespace axon::controller {
namespace {

using nlohmann::json;

constexpr std::int64_t kPodGrace = 60;        // seconds from TERM to KILL: contract.hpp says what for
constexpr std::int64_t kDeadlineMargin = 60;  // the entrypoint keeps the deadline; the Pod's is only the backstop
constexpr int kOwnerAndGroupRead = 0440;
const std::string kInstalledEntrypoint = std::string(contract::kBinDir) + "/axon-entrypoint";
constexpr std::string_view kKueueQueue = "kueue.x-k8s.io/queue-name";

bool has_init_container(const TaskFacts& task, const Inputs& inputs) {
  return inputs.workspace || task.spec.inject_entrypoint || !inputs.config.plugins.empty();
}

/// What libgit2 does not do is done by programs, which the agent's image has and ours has not.
bool clones_by_programs(const Inputs& inputs) {
  if (!inputs.workspace) return false;
  return is_ssh(inputs.workspace->repo) || !inputs.workspace->filter.empty() || !inputs.workspace->sparse.empty();
}

/// An agent that is not built in has no variable of its own: each key of the Secret is one.
bool takes_every_key(const TaskSpec& spec) {
  return spec.credentials && spec.credentials->type != "none" &&
         credential_variables(spec.type, spec.credentials->type).empty();
}

json mount(const char* volume, std::string_view path, bool read_only = false) {
  json object = {{"name", volume}, {"mountPath", path}};
  if (read_only) object["readOnly"] = true;
  return object;
}

json container_security() { return {{"allowPrivilegeEscalation", false}, {"capabilities", {{"drop", {"ALL"}}}}}; }

/// Both containers see the same volumes at the same places.
json mounts(const TaskFacts& task, const Inputs& inputs, bool preparing) {
  json list = {mount("task", contract::kTaskDir, true), mount("tmp", "/tmp")};
  if (has_init_container(task, inputs)) list.push_back(mount("bin", contract::kBinDir, !preparing));
  if (inputs.workspace) list.push_back(mount("workspace", contract::kWorkspaceDir));
  if (!inputs.config.plugins.empty()) list.push_back(mount("plugin", contract::kPluginDir, !preparing));
  if (!inputs.token.secret.empty()) list.push_back(mount("github-token", contract::kGithubTokenDir, true));
  return list;
}

json secret_volume(const char* name, const std::string& secret) {
  return {{"name", name}, {"secret", {{"secretName", secret}, {"defaultMode", kOwnerAndGroupRead}}}};
}

json task_volume(const TaskFacts& task, const Inputs& inputs) {
  json volume = secret_volume("task", task_secret_name(task.name));
  if (inputs.ssh_secret.empty()) return volume;
  json keys = {{"name", inputs.ssh_secret}, {"items", json::array()}, {"optional", true}};  // known_hosts is
  for (const std::string_view key : {contract::kSshKeyFile, contract::kSshKnownHostsFile}) {
    keys["items"].push_back({{"key", key}, {"path", key}});
  }
  return {{"name", "task"},
          {"projected",
           {{"defaultMode", kOwnerAndGroupRead},
            {"sources", {{{"secret", {{"name", task_secret_name(task.name)}}}}, {{"secret", std::move(keys)}}}}}}};
}

json volumes(const TaskFacts& task, const Inputs& inputs) {
  const auto empty = [](const char* name) { return json{{"name", name}, {"emptyDir", json::object()}}; };
  json list = {task_volume(task, inputs), empty("tmp")};
  if (has_init_container(task, inputs)) list.push_back(empty("bin"));
  if (inputs.workspace) list.push_back(empty("workspace"));
  if (!inputs.config.plugins.empty()) list.push_back(empty("plugin"));
  if (!inputs.token.secret.empty()) {
    // A directory, not a subPath: only that follows the Secret when the token is replaced.
    json token = secret_volume("github-token", inputs.token.secret);
    token["secret"]["items"] = {{{"key", contract::env::kGithubToken}, {"path", contract::env::kGithubToken}}};
    list.push_back(std::move(token));
  }
  return list;
}

json container_of(std::string name, const std::string& image, const Settings& settings) {
  json container = {{"name", std::move(name)}, {"image", image}, {"securityContext", container_security()}};
  if (!settings.pull_policy.empty()) container["imagePullPolicy"] = settings.pull_policy;
  return container;
}

json workspace_containers(const TaskFacts& task, const Inputs& inputs, const Settings& settings) {
  json prepare = container_of(kWorkspaceContainer, settings.runtime_image, settings);
  prepare["args"] = {"prepare", "--install", contract::kBinDir};
  prepare["env"] = workspace_environment(inputs);
  prepare["volumeMounts"] = mounts(task, inputs, true);
  if (!clones_by_programs(inputs)) return json::array({std::move(prepare)});
  json install = container_of("install", settings.runtime_image, settings);
  install["args"] = {"install", contract::kBinDir};
  install["volumeMounts"] = json::array({mount("bin", contract::kBinDir)});
  prepare["image"] = agent_image(task.spec, settings);
  prepare["command"] = {kInstalledEntrypoint};
  prepare["args"] = {"prepare"};
  return json::array({std::move(install), std::move(prepare)});
}

/// The prompt as the one argument. It is a reference to a variable, whose value the kubelet does not expand again; one
/// that is too long for that is a sentence that points to the file.
std::string prompt_argument(const Inputs& inputs) {
  if (inputs.prompt.size() <= contract::kMaxVariable) return "$(" + std::string(contract::env::kPrompt) + ")";
  return "Your task is in the file " + std::string(contract::kTaskDir) + "/" + std::string(contract::kPromptFile) +
         ". Read that file and do what it says.";
}

json agent_container_spec(const TaskFacts& task, const Inputs& inputs, const Settings& settings) {
  const TaskSpec& spec = task.spec;
  json command = {contract::kEntrypointPath};
  if (spec.inject_entrypoint) command = {kInstalledEntrypoint, "run"};
  json container = container_of(agent_container(spec), agent_image(spec, settings), settings);
  container["command"] = std::move(command);
  container["args"] = {prompt_argument(inputs)};
  container["env"] = agent_environment(task, inputs);
  container["volumeMounts"] = mounts(task, inputs, false);
  if (inputs.workspace) container["workingDir"] = contract::kRepoDir;
  if (!spec.pod_overrides.resources.is_null()) container["resources"] = spec.pod_overrides.resources;
  if (takes_every_key(spec)) {
    container["envFrom"] = {{{"secretRef", {{"name", spec.credentials->secret}}}}};
  }
  return container;
}

std::int64_t pod_grace(const TaskSpec& spec) {
  const std::int64_t agent = contract::kAgentGrace.count();
  return kPodGrace + spec.grace_period_seconds.value_or(agent) - agent;
}

json pod_security(const Settings& settings) {
  json context = {{"runAsNonRoot", true}, {"seccompProfile", {{"type", "RuntimeDefault"}}}};
  if (settings.set_user) {
    context["runAsUser"] = contract::kAgentUid;
    context["runAsGroup"] = contract::kAgentUid;
    context["fsGroup"] = contract::kAgentUid;
  }
  return context;
}

json pod_spec(const TaskFacts& task, const Inputs& inputs, const Settings& settings) {
  json spec = {{"restartPolicy", "Never"},
               {"automountServiceAccountToken", false},
               {"enableServiceLinks", false},
               {"terminationGracePeriodSeconds", pod_grace(task.spec)},
               {"securityContext", pod_security(settings)},
               {"containers", json::array({agent_container_spec(task, inputs, settings)})},
               {"volumes", volumes(task, inputs)}};
  if (has_init_container(task, inputs)) {
    spec["initContainers"] = workspace_containers(task, inputs, settings);
  }
  if (const auto& deadline = task.spec.pod_overrides.active_deadline_seconds) {
    spec["activeDeadlineSeconds"] = *deadline + kDeadlineMargin;
  }
  return spec;
}

}  // namespace

std::string agent_container(const TaskSpec& spec) { return spec.type; }

std::string agent_image(const TaskSpec& spec, const Settings& settings) {
  if (!spec.image.empty()) return spec.image;
  const auto found = settings.images.find(spec.type);
  return found == settings.images.end() ? std::string() : found->second;
}

json build_job(const TaskFacts& task, const Inputs& inputs, const Settings& settings) {
  json labels = task_labels(task);
  json metadata = {{"name", task.name},
                   {"namespace", task.ns},
                   {"labels", labels},
                   {"ownerReferences", json::array({owner_reference(task)})}};
  if (const auto queue = task.labels.find(std::string(kKueueQueue)); queue != task.labels.end()) {
    metadata["labels"][queue->first] = queue->second;
  }
  json pod = {{"metadata", {{"labels", std::move(labels)}, {"finalizers", json::array({kHoldsResults})}}},
              {"spec", pod_spec(task, inputs, settings)}};
  apply_overrides(pod, task.spec.pod_overrides);
  return {{"apiVersion", "batch/v1"},
          {"kind", "Job"},
          {"metadata", std::move(metadata)},
          {"spec", {{"backoffLimit", 0}, {"template", std::move(pod)}}}};
}

}  // namespace axon::controller
