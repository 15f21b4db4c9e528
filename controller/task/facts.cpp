#include "controller/task/facts.hpp"

#include <algorithm>

#include "controller/metadata.hpp"
#include "core/json_access.hpp"

namespace axon::controller {
namespace {

using nlohmann::json;

bool is_deleting(const json& metadata) { return !text_at(metadata, "deletionTimestamp").empty(); }

/// The kubelet says the epoch for what a container that never ran has not had.
std::optional<Time> time_at(const json& state, const char* key) {
  const std::optional<Time> time = parse_time(text_at(state, key));
  return time == Time{} ? std::nullopt : time;
}

ContainerFacts read_container(const json& status) {
  ContainerFacts facts;
  facts.name = text_at(status, "name");
  const json& state = object_at(status, "state");
  const json& waiting = object_at(state, "waiting");
  facts.waiting_reason = text_at(waiting, "reason");
  facts.waiting_message = text_at(waiting, "message");
  facts.started_at = time_at(object_at(state, "running"), "startedAt");
  const json& terminated = object_at(state, "terminated");
  if (terminated.empty()) return facts;
  facts.started_at = time_at(terminated, "startedAt");
  facts.finished_at = time_at(terminated, "finishedAt").value_or(Time{});
  facts.exit_code = static_cast<int>(integer_at(terminated, "exitCode").value_or(0));
  facts.terminated_reason = text_at(terminated, "reason");
  facts.termination_message = text_at(terminated, "message");
  return facts;
}

std::vector<ContainerFacts> read_containers(const json& status, const char* key) {
  std::vector<ContainerFacts> containers;
  for (const json& container : array_at(status, key)) containers.push_back(read_container(container));
  return containers;
}

std::string owner_of_kind(const json& metadata, std::string_view kind) {
  for (const json& owner : array_at(metadata, "ownerReferences")) {
    if (text_at(owner, "kind") == kind) return text_at(owner, "uid");
  }
  return {};
}

}  // namespace

bool has_ended(const PodFacts& pod) { return pod.phase == "Succeeded" || pod.phase == "Failed"; }

TaskFacts read_task(const json& object) {
  const json& metadata = object_at(object, "metadata");
  TaskFacts facts;
  facts.ns = text_at(metadata, "namespace");
  facts.name = text_at(metadata, "name");
  facts.uid = text_at(metadata, "uid");
  facts.resource_version = text_at(metadata, "resourceVersion");
  facts.generation = integer_at(metadata, "generation").value_or(0);
  facts.created = parse_time(text_at(metadata, "creationTimestamp")).value_or(Time{});
  facts.deleting = is_deleting(metadata);
  facts.labels = text_map_at(metadata, "labels");
  facts.spec = read_task_spec(object_at(object, "spec"), "spec", Completeness::Required, facts.problems);
  facts.status = read_status(object_at(object, "status"));
  return facts;
}

JobFacts read_job(const json& object) {
  const json& metadata = object_at(object, "metadata");
  JobFacts facts;
  facts.name = text_at(metadata, "name");
  facts.uid = text_at(metadata, "uid");
  facts.task_uid = owner_of_kind(metadata, "Task");
  facts.deleting = is_deleting(metadata);
  for (const json& condition : array_at(object_at(object, "status"), "conditions")) {
    if (text_at(condition, "type") != "Failed" || text_at(condition, "status") != "True") continue;
    facts.failed_at = parse_time(text_at(condition, "lastTransitionTime")).value_or(Time{});
    facts.failure_reason = text_at(condition, "reason");
    facts.failure_message = text_at(condition, "message");
  }
  return facts;
}

bool has_ended(const json& task) { return is_last(text_at(object_at(task, "status"), "phase")); }

std::string task_of(const json& pod) { return text_at(object_at(object_at(pod, "metadata"), "labels"), kTaskLabel); }

bool is_held(const json& pod) {
  return std::ranges::count(array_at(object_at(pod, "metadata"), "finalizers"), kHoldsResults) > 0;
}

bool is_sidecar(const json& container) { return text_at(container, "restartPolicy") == "Always"; }

PodFacts read_pod(const json& object) {
  const json& metadata = object_at(object, "metadata");
  const json& status = object_at(object, "status");
  PodFacts facts;
  facts.name = text_at(metadata, "name");
  facts.uid = text_at(metadata, "uid");
  facts.job_uid = owner_of_kind(metadata, "Job");
  facts.deleting = is_deleting(metadata);
  if (integer_at(metadata, "deletionGracePeriodSeconds") == 0) {
    facts.forced_at = parse_time(text_at(metadata, "deletionTimestamp"));
  }
  facts.is_held = is_held(object);
  facts.phase = text_at(status, "phase");
  facts.reason = text_at(status, "reason");
  facts.message = text_at(status, "message");
  for (const json& condition : array_at(status, "conditions")) {
    const std::string type = text_at(condition, "type");
    const std::string value = text_at(condition, "status");
    if (type == "PodScheduled" && value == "False" && text_at(condition, "reason") == "Unschedulable") {
      facts.unschedulable = text_at(condition, "message");
      if (facts.unschedulable.empty()) facts.unschedulable = "no node takes the Pod";
    } else if (type == "DisruptionTarget" && value == "True") {
      facts.disruption_reason = text_at(condition, "reason");
      facts.disruption_message = text_at(condition, "message");
    }
  }
  facts.init_containers = read_containers(status, "initContainerStatuses");
  facts.containers = read_containers(status, "containerStatuses");
  for (const json& container : array_at(object_at(object, "spec"), "initContainers")) {
    const auto found = std::ranges::find(facts.init_containers, text_at(container, "name"), &ContainerFacts::name);
    if (found != facts.init_containers.end()) found->is_sidecar = is_sidecar(container);
  }
  return facts;
}

}  // namespace axon::controller
