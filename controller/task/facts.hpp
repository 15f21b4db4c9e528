// What the controller keeps of the objects that it watches: Tasks, their Jobs and their Pods, cut down to what a
// decision looks at.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/documents.hpp"
#include "core/fields.hpp"
#include "core/task_status.hpp"
#include "core/timestamp.hpp"

namespace axon::controller {

struct TaskFacts {
  std::string ns;
  std::string name;
  std::string uid;
  std::string resource_version;
  std::int64_t generation = 0;
  Time created;
  bool deleting = false;
  std::map<std::string, std::string> labels;
  TaskSpec spec;
  Problems
      problems;  // of the spec: the API server lets nothing through that has any, unless the CRD is another version
  TaskStatus status;

  bool operator==(const TaskFacts&) const = default;
};

struct JobFacts {
  std::string name;
  std::string uid;
  std::string task_uid;  // of the Task that owns it; empty: somebody else's
  std::optional<Time> failed_at;
  std::string failure_reason;  // of its condition Failed
  std::string failure_message;
  bool deleting = false;

  bool operator==(const JobFacts&) const = default;
};

struct ContainerFacts {
  std::string name;
  std::string waiting_reason;  // "ImagePullBackOff"; empty: it does not wait
  std::string waiting_message;
  std::optional<Time> started_at;   // of the state that it is in
  std::optional<Time> finished_at;  // set: it has terminated
  std::optional<int> exit_code;
  std::string terminated_reason;    // "OOMKilled"
  std::string termination_message;  // what the container wrote
  bool is_sidecar = false;          // an init container that runs beside the agent, and is started again when it ends

  bool operator==(const ContainerFacts&) const = default;
};

struct PodFacts {
  std::string name;
  std::string uid;
  std::string job_uid;  // of the Job that owns it; a Job of the same name may have had a Pod before
  std::string phase;    // Pending, Running, Succeeded, Failed, Unknown
  std::string reason;
  std::string message;
  std::string unschedulable;      // the scheduler's message; empty: scheduled, or not tried yet
  std::string disruption_reason;  // of the condition DisruptionTarget
  std::string disruption_message;
  bool deleting = false;
  std::optional<Time> forced_at;  // set: deleted with no time to end; nobody may ever say how it ended
  bool is_held = false;           // it has kHoldsResults
  std::vector<ContainerFacts> init_containers;
  std::vector<ContainerFacts> containers;

  bool operator==(const PodFacts&) const = default;
};

/// Its containers have, all of them.
bool has_ended(const PodFacts& pod);

TaskFacts read_task(const nlohmann::json& object);
JobFacts read_job(const nlohmann::json& object);
PodFacts read_pod(const nlohmann::json& object);

/// A Task's phase is a last one.
bool has_ended(const nlohmann::json& task);

/// The Task that a Pod is of, by its label; empty: of none.
std::string task_of(const nlohmann::json& pod);

/// Of a container in a Pod's spec.
bool is_sidecar(const nlohmann::json& container);

/// It has kHoldsResults.
bool is_held(const nlohmann::json& pod);

}  // namespace axon::controller
