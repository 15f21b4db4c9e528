#include "cli/task_watch.hpp"

#include <algorithm>

#include "core/task_status.hpp"
#include "kube/object.hpp"

namespace axon::cli {
namespace {

using kube::text_at;
using nlohmann::json;

const json& list_at(const json& object, const char* pointer) {
  static const json kNone = json::array();
  const json::json_pointer path(pointer);
  return object.contains(path) && object.at(path).is_array() ? object.at(path) : kNone;
}

/// What is not as it should be, but for a start that takes its time.
std::string note_of(const TaskStatus& status) {
  if (is_finished(status)) return {};
  for (const Condition& condition : status.conditions) {
    const bool matters = condition.type == condition::kAccepted || condition.type == condition::kReady;
    if (matters && !condition.holds && condition.reason != "Starting") {
      return condition.reason + ": " + condition.message;
    }
  }
  return status.phase == phase::kRunning ? "" : status.message;
}

SeenContainer::State state_of(const json& pod, const char* statuses, const std::string& name) {
  for (const json& status : list_at(pod, statuses)) {
    if (text_at(status, "/name") != name || !status.contains("state")) continue;
    if (status["state"].contains("terminated")) return SeenContainer::State::Ended;
    if (status["state"].contains("running")) return SeenContainer::State::Running;
  }
  return SeenContainer::State::Waiting;
}

}  // namespace

SeenTask see_task(const json& task) {
  const auto found = task.find("status");
  const TaskStatus status = read_status(found == task.end() ? json::object() : *found);
  return {.name = text_at(task, "/metadata/name"),
          .type = text_at(task, "/spec/type"),
          .phase = status.phase,
          .note = note_of(status),
          .has_ended = is_finished(status),
          .was_looked_at = status.observed_generation != 0};
}

SeenPod see_pod(const json& pod, const std::string& agent) {
  SeenPod seen;
  seen.name = text_at(pod, "/metadata/name");
  seen.uid = text_at(pod, "/metadata/uid");
  seen.node = text_at(pod, "/spec/nodeName");
  const std::string phase = text_at(pod, "/status/phase");
  seen.has_ended = phase == "Succeeded" || phase == "Failed";
  for (const json& container : list_at(pod, "/spec/initContainers")) {
    if (text_at(container, "/restartPolicy") == "Always") continue;
    const std::string name = text_at(container, "/name");
    seen.containers.push_back({name, true, state_of(pod, "/status/initContainerStatuses", name)});
  }
  for (const json& container : list_at(pod, "/spec/containers")) {
    const std::string name = text_at(container, "/name");
    if (name == agent) seen.containers.push_back({name, false, state_of(pod, "/status/containerStatuses", name)});
  }
  return seen;
}

NextLog next_log(const SeenTask& task, const std::optional<SeenPod>& pod, const std::set<std::string>& read) {
  const NextLog otherwise = task.has_ended ? NextLog(NothingMore{}) : NextLog(WaitForMore{});
  if (!pod) return otherwise;
  for (const SeenContainer& container : pod->containers) {
    if (read.contains(container.name)) continue;
    if (container.state != SeenContainer::State::Waiting) return ReadLog{container};
    if (!pod->has_ended && !task.has_ended) return WaitForMore{};
  }
  return otherwise;
}

bool is_over(const std::optional<SeenPod>& pod, const std::string& container) {
  if (!pod || pod->has_ended) return true;
  const auto found = std::ranges::find(pod->containers, container, &SeenContainer::name);
  return found == pod->containers.end() || found->state == SeenContainer::State::Ended;
}

}  // namespace axon::cli
