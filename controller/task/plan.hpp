// What is to be done for a Task, from everything that is known of it. Pure and total: the same observation, the same
// plan; planning again after the plan was carried out adds nothing.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "controller/github/standing.hpp"
#include "controller/task/dependencies.hpp"
#include "controller/task/facts.hpp"
#include "controller/task/inputs.hpp"

namespace axon::controller {

/// Something that the Task refers to and that is not there (yet).
struct MissingReference {
  // "WorkspaceNotFound", "AgentConfigNotFound", "SecretNotFound", "SecretKeyNotFound", "GitHubTokenFailed"
  std::string reason;
  std::string message;         // a sentence that names it
  bool is_on_its_way = false;  // nobody has to do anything about it
  bool operator==(const MissingReference&) const = default;
};

/// What can never be put right by waiting.
struct InvalidTask {
  std::string message;
  bool operator==(const InvalidTask&) const = default;
};

/// What the Job is to be built from, or why that cannot be said.
using Resolution = std::variant<Inputs, MissingReference, InvalidTask>;

struct Observed {
  TaskFacts task;
  std::optional<JobFacts> job;
  bool job_is_certain = true;  // false: our own creation of the Job may not have come back to us yet
  std::optional<PodFacts> pod;
  std::string refusal;     // why the API server took no Pod of the Job; empty: it was not refused, or has one by now
  std::string log;         // the end of the agent's log, where needs_log() asks for it
  github::Standing token;  // of its Workspace's GitHub App, where there is one
  DependencyVerdict dependencies;
  Resolution resolution;                     // looked at only where there is no Job yet
  std::optional<std::string> branch_holder;  // the Task that has the branch, or is before this one
  Time now;
};

struct CreateSecret {
  nlohmann::json object;
  bool operator==(const CreateSecret&) const = default;
};
struct CreateJob {
  nlohmann::json object;
  bool operator==(const CreateJob&) const = default;
};
/// For the user to read with `kubectl describe`.
struct RecordEvent {
  std::string type;  // "Normal", "Warning"
  std::string reason;
  std::string message;
  bool operator==(const RecordEvent&) const = default;
};
struct DeleteTask {
  bool operator==(const DeleteTask&) const = default;
};
using Action = std::variant<CreateSecret, CreateJob, RecordEvent, DeleteTask>;

struct Plan {
  std::vector<Action> actions;  // in this order; each is safe to repeat
  TaskStatus status;            // to be published; unchanged: nothing is
  std::optional<std::chrono::seconds> look_again_in;
};

Plan plan(const Observed& seen, const Settings& settings);

/// Whether a Pod that is held for its results may go: they are in the status, or nobody wants them any more, and it has
/// ended or is being deleted. `task` and `job` are those of the Pod's label, if they are there.
bool may_release(const PodFacts& pod, const std::optional<TaskFacts>& task, const std::optional<JobFacts>& job);

}  // namespace axon::controller
