#include "controller/task/task_secret.hpp"

#include "controller/metadata.hpp"
#include "core/mcp.hpp"
#include "core/task_file.hpp"

namespace axon::controller {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxSecret = std::size_t{1024} * 1024;  // the API server's limit for all values together

std::string task_file(const TaskFacts& task, const Inputs& inputs) {
  const TaskSpec& spec = task.spec;
  TaskFile file;
  file.name = task.name;
  file.type = spec.type;
  file.model = spec.model;
  file.branch = spec.branch;
  if (inputs.workspace) {
    file.workspace.emplace();
    file.workspace->repo = inputs.workspace->repo;
    file.workspace->ref = inputs.workspace->ref;
    file.workspace->depth = inputs.workspace->depth.value_or(file.workspace->depth);
    file.workspace->files = inputs.workspace->files;
    file.workspace->lfs = inputs.workspace->lfs.value_or(file.workspace->lfs);
    file.workspace->filter = inputs.workspace->filter;
    file.workspace->sparse = inputs.workspace->sparse;
    file.setup_command = inputs.workspace->setup_command;
  }
  file.plugins = inputs.config.plugins;
  file.deadline_seconds = spec.pod_overrides.active_deadline_seconds;
  file.stall_seconds = spec.stall_seconds;
  file.grace_seconds = spec.grace_period_seconds;
  return to_json(file);
}

std::string too_large(const json& values, std::size_t total) {
  std::string message = "the Task takes " + std::to_string(total) + " bytes, but the Secret that carries it holds " +
                        std::to_string(kMaxSecret) + ":";
  for (const auto& [key, value] : values.items()) {
    message += " " + key + " " + std::to_string(value.get_ref<const std::string&>().size()) + ",";
  }
  message.back() = ';';
  return message + " put large files into the repository or the image";
}

}  // namespace

std::string task_secret_name(const std::string& task) { return "axon-task-" + task; }

json owner_reference(const TaskFacts& task) { return owner_reference("Task", task.name, task.uid); }

json task_labels(const TaskFacts& task) {
  json labels = labels_of("task");
  labels[kTaskLabel] = task.name;
  return labels;
}

Result<json> build_task_secret(const TaskFacts& task, const Inputs& inputs) {
  json values = {{contract::kTaskFile, task_file(task, inputs)}, {contract::kPromptFile, inputs.prompt}};
  if (!inputs.config.agents_md.empty()) values[std::string(contract::kInstructionsFile)] = inputs.config.agents_md;
  if (!inputs.config.mcp_servers.empty()) {
    values[std::string(contract::kMcpFile)] = mcp_servers_json(inputs.config.mcp_servers);
  }
  if (inputs.workspace && !inputs.workspace->setup_command.empty()) {
    values[std::string(kSetupCommandKey)] = json(inputs.workspace->setup_command).dump();
  }
  std::size_t total = 0;
  for (const json& value : values) total += value.get_ref<const std::string&>().size();
  if (total > kMaxSecret) return fail(Errc::InvalidInput, too_large(values, total));
  return json{{"apiVersion", "v1"},
              {"kind", "Secret"},
              {"metadata",
               {{"name", task_secret_name(task.name)},
                {"namespace", task.ns},
                {"labels", task_labels(task)},
                {"ownerReferences", json::array({owner_reference(task)})}}},
              {"type", "axon.io/task"},
              {"immutable", true},
              {"stringData", std::move(values)}};
}

}  // namespace axon::controller
