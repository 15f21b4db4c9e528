#include "controller/task/plan.hpp"

#include <algorithm>

#include "controller/task/job.hpp"
#include "controller/task/stage.hpp"
#include "controller/task/task_secret.hpp"
#include "core/names.hpp"

namespace axon::controller {
namespace {

constexpr std::size_t kMaxName = 63;  // of the Job, and as a label of the Pod
constexpr const char* kPodRefused = "PodRefused";

TaskStatus observed_status(const Observed& seen) {
  TaskStatus status = seen.task.status;
  status.observed_generation = seen.task.generation;
  return status;
}

void record(Plan& plan, const char* type, std::string reason, std::string message) {
  plan.actions.emplace_back(RecordEvent{type, std::move(reason), std::move(message)});
}

void accept(TaskStatus& status, Time now) {
  set_condition(status, condition::kAccepted, true, "Accepted", "all that the Task refers to is there", now);
}

/// A verdict, once published, never moves.
void finish(Plan& plan, const std::string& reason, const std::string& message, std::optional<bool> retryable, Time at,
            Time now) {
  const bool succeeded = reason.empty();
  plan.status.phase = succeeded ? phase::kSucceeded : phase::kFailed;
  plan.status.reason = reason;
  plan.status.message = message;
  plan.status.retryable = retryable;
  plan.status.completion_time = at;
  set_condition(plan.status, condition::kReady, false, "Finished", "the agent has ended", now);
  set_condition(plan.status, condition::kComplete, true, succeeded ? "Succeeded" : reason, message, now);
  record(plan, succeeded ? "Normal" : "Warning", succeeded ? "TaskSucceeded" : "TaskFailed", message);
}

Plan fail_before_start(const Observed& seen, const std::string& reason, const std::string& message) {
  Plan plan{.actions = {}, .status = observed_status(seen), .look_again_in = {}};
  if (reason == "DependencyFailed") record(plan, "Warning", reason, message);
  set_condition(plan.status, condition::kAccepted, false, reason, message, seen.now);
  finish(plan, reason, message, false, seen.now, seen.now);
  return plan;
}

Plan fail_as_invalid(const Observed& seen, const std::string& message) {
  return fail_before_start(seen, std::string(to_string(Reason::ConfigInvalid)), message);
}

/// `accepted` tells whether what it waits for is no fault of the Task's.
Plan wait_before_start(const Observed& seen, std::string_view phase, bool accepted, const std::string& reason,
                       const std::string& message) {
  Plan plan{.actions = {}, .status = observed_status(seen), .look_again_in = {}};
  const Condition* before = find_condition(seen.task.status, condition::kAccepted);
  if (!accepted && (before == nullptr || before->reason != reason)) record(plan, "Warning", reason, message);
  plan.status.phase = phase;
  plan.status.message = message;
  if (accepted) {
    accept(plan.status, seen.now);
  } else {
    set_condition(plan.status, condition::kAccepted, false, reason, message, seen.now);
  }
  set_condition(plan.status, condition::kReady, false, reason, message, seen.now);
  return plan;
}

std::string invalid_name_or_image(const TaskFacts& task, const Settings& settings) {
  if (task.name.size() > kMaxName) {
    return "metadata.name: has " + std::to_string(task.name.size()) + " characters; a Job's name has at most 63";
  }
  if (agent_image(task.spec, settings).empty()) {
    return "spec.image: required with type \"" + task.spec.type + "\", which has no image of its own";
  }
  if (!task.spec.branch.empty() && task.spec.workspace.empty()) {
    return "spec.branch: \"" + task.spec.branch +
           "\" is a branch of no repository: spec.workspaceRef is required with it";
  }
  return {};
}

/// Nothing was said of the Task yet. That its Job was made is not worth a write: the next one says it, too, and until
/// then the API server shows the Task as Pending by itself.
bool is_untouched(const TaskStatus& status) {
  return status.conditions.empty() && (status.phase.empty() || status.phase == phase::kPending);
}

Plan start(const Observed& seen, const Inputs& inputs, const Settings& settings) {
  Result<nlohmann::json> secret = build_task_secret(seen.task, inputs);
  if (!secret) return fail_as_invalid(seen, secret.error().message);
  // The status follows when the watch shows the Job: a burst of Tasks has its Jobs first.
  Plan plan{.actions = {}, .status = seen.task.status, .look_again_in = {}};
  plan.actions.emplace_back(CreateSecret{std::move(*secret)});
  plan.actions.emplace_back(CreateJob{build_job(seen.task, inputs, settings)});
  if (is_untouched(seen.task.status)) record(plan, "Normal", "TaskCreated", "created Job " + seen.task.name);
  return plan;
}

/// What is told of a Task once, when its Job is there.
void tell_of_job(Plan& plan, const Observed& seen) {
  if (!seen.task.status.job_name.empty() || is_untouched(seen.task.status)) return;
  record(plan, "Normal", "TaskCreated", "created Job " + seen.task.name);
  plan.status.phase = phase::kPending;
  plan.status.message.clear();
  accept(plan.status, seen.now);
  set_condition(plan.status, condition::kReady, false, "Starting", "the Job is created", seen.now);
}

Plan before_start(const Observed& seen, const Settings& settings) {
  if (!seen.task.problems.empty()) return fail_as_invalid(seen, to_string(seen.task.problems));
  if (const std::string wrong = invalid_name_or_image(seen.task, settings); !wrong.empty()) {
    return fail_as_invalid(seen, wrong);
  }
  if (const auto* broken = std::get_if<DependenciesBroken>(&seen.dependencies)) {
    return fail_before_start(seen, broken->reason, broken->message);
  }
  if (const auto* open = std::get_if<DependenciesOpen>(&seen.dependencies)) {
    return wait_before_start(seen, phase::kWaiting, true, "WaitingForDependencies", open->message);
  }
  if (const auto* missing = std::get_if<MissingReference>(&seen.resolution)) {
    return wait_before_start(seen, phase::kPending, missing->is_on_its_way, missing->reason, missing->message);
  }
  if (const auto* invalid = std::get_if<InvalidTask>(&seen.resolution)) return fail_as_invalid(seen, invalid->message);
  if (seen.branch_holder) {
    return wait_before_start(
        seen, phase::kWaiting, true, "BranchBusy",
        "waits for branch \"" + seen.task.spec.branch + "\", which Task \"" + *seen.branch_holder + "\" has");
  }
  return start(seen, std::get<Inputs>(seen.resolution), settings);
}

void take_results(TaskStatus& status, const Ended& end) {
  if (end.started) status.start_time = end.started;
  status.outputs = end.outputs;
  status.results = end.results;
  status.usage = end.usage;
}

void end_task(Plan& plan, const Ended& end, Time now) {
  take_results(plan.status, end);
  if (!end.outputs.empty()) record(plan, "Normal", "OutputsCaptured", "captured the outputs of the agent");
  if (!end.failure) {
    finish(plan, "", "the agent succeeded", std::nullopt, end.at, now);
    return;
  }
  finish(plan, std::string(to_string(end.failure->reason)), end.failure->message, is_retryable(end.failure->reason),
         end.at, now);
}

/// An agent that runs should not be told by a refused push that its token could not be replaced.
void tell_of_token(TaskStatus& status, const Observed& seen) {
  const Condition* before = find_condition(status, condition::kGithubTokenFresh);
  if (seen.token.is_running_out && !seen.token.trouble.empty()) {
    set_condition(status, condition::kGithubTokenFresh, false, "GitHubTokenFailed", seen.token.trouble, seen.now);
  } else if (before != nullptr && !before->holds) {
    set_condition(status, condition::kGithubTokenFresh, true, "Refreshed", "the GitHub token is replaced in time",
                  seen.now);
  }
}

/// Nothing but trouble is worth a write of its own: "the Pod is starting" is what a Pending Task is known to do.
void tell_of_start(TaskStatus& status, const Starting& starting, const std::string& pod, Time now) {
  if (parse_reason(starting.reason)) {
    accept(status, now);
    status.phase = phase::kPending;
    status.pod_name = pod;
    status.message = starting.message;
    set_condition(status, condition::kReady, false, starting.reason, starting.message, now);
    return;
  }
  if (is_untouched(status)) return;
  status.phase = phase::kPending;
  status.message.clear();
  const Condition* ready = find_condition(status, condition::kReady);
  if (ready != nullptr && (parse_reason(ready->reason) || ready->reason == kPodRefused)) {
    set_condition(status, condition::kReady, false, "Starting", "the Pod is starting", now);
  }
}

Plan with_pod(const Observed& seen) {
  Plan plan{.actions = {}, .status = seen.task.status, .look_again_in = {}};
  TaskStatus& status = plan.status;
  tell_of_job(plan, seen);
  const Stage stage = stage_of(*seen.pod, agent_container(seen.task.spec), seen.log, seen.now);
  if (const auto* starting = std::get_if<Starting>(&stage)) {
    tell_of_start(status, *starting, seen.pod->name, seen.now);
  } else {
    accept(status, seen.now);
    status.pod_name = seen.pod->name;
  }
  if (const auto* running = std::get_if<Running>(&stage)) {
    if (status.phase != phase::kRunning)
      record(plan, "Normal", "TaskRunning", "the agent runs in Pod " + seen.pod->name);
    status.phase = phase::kRunning;
    status.start_time = running->since;
    status.message.clear();
    set_condition(status, condition::kReady, true, "Running", "the agent is running", seen.now);
    tell_of_token(status, seen);
  } else if (const auto* end = std::get_if<Ended>(&stage)) {
    end_task(plan, *end, seen.now);
  }
  if (seen.pod->forced_at && !std::holds_alternative<Ended>(stage)) plan.look_again_in = kForcePatience;
  if (!is_untouched(status)) {
    status.job_name = seen.task.name;
    status.observed_generation = seen.task.generation;
  }
  return plan;
}

void tell_of_refusal(TaskStatus& status, const Observed& seen) {
  const std::string message = "no Pod can be made, it is tried again: " + seen.refusal;
  accept(status, seen.now);
  status.phase = phase::kPending;
  status.message = message;
  set_condition(status, condition::kReady, false, kPodRefused, message, seen.now);
}

Plan without_pod(const Observed& seen) {
  Plan plan{.actions = {}, .status = seen.task.status, .look_again_in = {}};
  tell_of_job(plan, seen);
  const JobFacts& job = *seen.job;
  if (!seen.refusal.empty()) tell_of_refusal(plan.status, seen);
  if (is_untouched(plan.status) && !job.failed_at) return plan;
  plan.status.job_name = seen.task.name;
  plan.status.observed_generation = seen.task.generation;
  if (job.failed_at) {
    accept(plan.status, seen.now);
    const bool deadline = job.failure_reason == "DeadlineExceeded";
    const Reason reason = deadline ? Reason::DeadlineExceeded : Reason::NodeLost;
    finish(plan, std::string(to_string(reason)),
           "the Pod is gone and left no report: " +
               (job.failure_message.empty() ? job.failure_reason : job.failure_message),
           is_retryable(reason), *job.failed_at, seen.now);
  }
  return plan;
}

Plan foreign_job(const Observed& seen) {
  return wait_before_start(
      seen, phase::kPending, false, "JobExists",
      "a Job named \"" + seen.task.name + "\" exists and is not this Task's; delete it, or give the Task another name");
}

/// The Job was there, says the status, and now it is not: somebody deleted it, and the Pod with it.
Plan job_gone(const Observed& seen) {
  Plan plan{.actions = {}, .status = observed_status(seen), .look_again_in = {}};
  finish(plan, std::string(to_string(Reason::Cancelled)), "the Task's Job was deleted", false, seen.now, seen.now);
  return plan;
}

Plan after_finish(const Observed& seen) {
  Plan plan{.actions = {}, .status = seen.task.status, .look_again_in = {}};
  const auto ttl = seen.task.spec.ttl_seconds_after_finished;
  if (!ttl) return plan;
  const Time end = seen.task.status.completion_time.value_or(seen.now);
  // Written so that a ttl of any size overflows nothing.
  const auto passed = (seen.now - end).count();
  if (passed < *ttl) {
    plan.look_again_in = std::chrono::seconds(*ttl - std::max<std::int64_t>(passed, 0));
    return plan;
  }
  record(plan, "Normal", "TaskExpired", "deleted " + std::to_string(*ttl) + " s after its end");
  plan.actions.emplace_back(DeleteTask{});
  return plan;
}

}  // namespace

bool may_release(const PodFacts& pod, const std::optional<TaskFacts>& task, const std::optional<JobFacts>& job) {
  if (!has_ended(pod) && !pod.deleting) return false;
  if (!task || task->deleting || is_finished(task->status)) return true;
  return job && pod.job_uid != job->uid;  // of an earlier Task of this name
}

Plan plan(const Observed& seen, const Settings& settings) {
  if (seen.task.deleting) return {.actions = {}, .status = seen.task.status, .look_again_in = {}};
  if (is_finished(seen.task.status)) return after_finish(seen);
  if (seen.job && seen.job->task_uid != seen.task.uid) return foreign_job(seen);
  if (seen.pod) return with_pod(seen);
  if (seen.job) return without_pod(seen);
  if (!seen.job_is_certain) return {.actions = {}, .status = seen.task.status, .look_again_in = {}};
  if (!seen.task.status.job_name.empty()) return job_gone(seen);
  return before_start(seen, settings);
}

}  // namespace axon::controller
