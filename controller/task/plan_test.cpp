#include "controller/task/plan.hpp"

#include <gtest/gtest.h>

#include "controller/task/stage.hpp"
#include "core/contract.hpp"
#include "core/report.hpp"

namespace axon::controller {
namespace {

Time at(int second) { return Time(std::chrono::seconds(second)); }

Settings settings() {
  Settings settings;
  settings.images = {{"claude-code", "axon-claude-code:1"}};
  settings.runtime_image = "axon-runtime:1";
  return settings;
}

Observed fresh() {
  Observed seen;
  seen.task.ns = "demo";
  seen.task.name = "t";
  seen.task.uid = "u";
  seen.task.generation = 1;
  seen.task.spec.type = "claude-code";
  seen.task.spec.prompt = "Do it";
  seen.task.spec.credentials = CredentialsRef{"none", ""};
  seen.resolution = Inputs{.workspace = {}, .config = {}, .token = {}, .ssh_secret = {}, .prompt = "Do it"};
  seen.now = at(100);
  return seen;
}

JobFacts job_of(const Observed& seen) {
  JobFacts job;
  job.name = seen.task.name;
  job.uid = "j";
  job.task_uid = seen.task.uid;
  return job;
}

PodFacts pod(std::string phase) {
  PodFacts pod;
  pod.name = "t-abcde";
  pod.job_uid = "j";
  pod.phase = std::move(phase);
  return pod;
}

ContainerFacts agent_running() {
  ContainerFacts container;
  container.name = "claude-code";
  container.started_at = at(110);
  return container;
}

ContainerFacts agent_ended(int code) {
  ContainerFacts container = agent_running();
  container.finished_at = at(150);
  container.exit_code = code;
  Report report;
  report.finished = true;
  report.exit_code = code;
  report.results.branch = "b";
  if (code != 0) report.outcome.failure = Failure{Reason::RateLimited, "Too many requests."};
  container.termination_message = to_json(report, contract::kReportLimit);
  return container;
}

template <class T>
int count(const Plan& plan) {
  return static_cast<int>(
      std::ranges::count_if(plan.actions, [](const Action& action) { return std::holds_alternative<T>(action); }));
}

std::vector<std::string> events(const Plan& plan) {
  std::vector<std::string> reasons;
  for (const Action& action : plan.actions) {
    if (const auto* event = std::get_if<RecordEvent>(&action)) reasons.push_back(event->reason);
  }
  return reasons;
}

/// The world after the plan was carried out and the watch has shown it, before anything else happened.
Observed after(const Plan& next, Observed seen) {
  seen.task.status = next.status;
  if (count<CreateJob>(next) == 0) return seen;
  seen.job = job_of(seen);
  seen.task.status = plan(seen, settings()).status;
  return seen;
}

TEST(TaskPlan, CreatesTheSecretAndThenTheJob) {
  const Plan next = plan(fresh(), settings());
  ASSERT_EQ(next.actions.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<CreateSecret>(next.actions[0]));
  EXPECT_TRUE(std::holds_alternative<CreateJob>(next.actions[1]));
  EXPECT_EQ(events(next), std::vector<std::string>{"TaskCreated"});
  EXPECT_EQ(next.status, fresh().task.status);  // no write for what everybody expects
}

TEST(TaskPlan, TellsOfTheJobWhenItIsThere) {
  Observed seen = fresh();
  set_condition(seen.task.status, condition::kAccepted, false, "SecretNotFound", "it was missing before", at(90));
  seen.task.status.phase = phase::kPending;
  seen.job = job_of(seen);
  for (const bool has_pod : {false, true}) {
    if (has_pod) seen.pod = pod("Pending");
    const Plan next = plan(seen, settings());
    EXPECT_EQ(events(next), std::vector<std::string>{"TaskCreated"});
    EXPECT_EQ(next.status.phase, "Pending");
    EXPECT_EQ(next.status.job_name, "t");
    EXPECT_TRUE(find_condition(next.status, condition::kAccepted)->holds);
    EXPECT_TRUE(plan(after(next, seen), settings()).actions.empty());
  }
}

TEST(TaskPlan, CreatesNothingWhileItsOwnCreationIsOnTheWay) {
  Observed seen = fresh();
  seen.job_is_certain = false;
  const Plan next = plan(seen, settings());
  EXPECT_TRUE(next.actions.empty());
  EXPECT_EQ(next.status, seen.task.status);
}

TEST(TaskPlan, WaitsForDependenciesAndForTheBranch) {
  Observed seen = fresh();
  seen.dependencies = DependenciesOpen{"waits for Task \"a\" to succeed"};
  Plan next = plan(seen, settings());
  EXPECT_EQ(next.status.phase, "Waiting");
  EXPECT_EQ(next.status.message, "waits for Task \"a\" to succeed");
  EXPECT_TRUE(next.actions.empty());
  seen.dependencies = DependenciesMet{};
  seen.task.spec.branch = "fix";
  seen.task.spec.workspace = "w";
  seen.branch_holder = "other";
  next = plan(seen, settings());
  EXPECT_EQ(next.status.phase, "Waiting");
  EXPECT_EQ(next.status.message, "waits for branch \"fix\", which Task \"other\" has");
  EXPECT_EQ(find_condition(next.status, condition::kReady)->reason, "BranchBusy");
}

TEST(TaskPlan, SaysWhatIsMissingAndGoesOnWhenItIsThere) {
  Observed seen = fresh();
  seen.resolution = MissingReference{"WorkspaceNotFound", "Workspace \"w\" does not exist in namespace demo"};
  Plan next = plan(seen, settings());
  EXPECT_EQ(next.status.phase, "Pending");
  EXPECT_EQ(find_condition(next.status, condition::kAccepted)->reason, "WorkspaceNotFound");
  EXPECT_EQ(events(next), std::vector<std::string>{"WorkspaceNotFound"});
  seen = after(next, seen);
  EXPECT_TRUE(plan(seen, settings()).actions.empty());
  seen.resolution = fresh().resolution;
  EXPECT_EQ(count<CreateJob>(plan(seen, settings())), 1);
}

TEST(TaskPlan, FailsWhatCanNeverStart) {
  Observed seen = fresh();
  seen.dependencies = DependenciesBroken{"DependencyFailed", "Dependency \"a\" failed"};
  Plan next = plan(seen, settings());
  EXPECT_EQ(next.status.phase, "Failed");
  EXPECT_EQ(next.status.message, "Dependency \"a\" failed");
  EXPECT_EQ(events(next), (std::vector<std::string>{"DependencyFailed", "TaskFailed"}));
  EXPECT_EQ(next.status.completion_time, at(100));
  seen = fresh();
  seen.resolution = InvalidTask{"spec.prompt: template: prompt:1: no such key"};
  EXPECT_EQ(plan(seen, settings()).status.reason, "ConfigInvalid");
  seen = fresh();
  seen.task.name = std::string(64, 'a');
  EXPECT_EQ(plan(seen, settings()).status.message, "metadata.name: has 64 characters; a Job's name has at most 63");
  seen = fresh();
  seen.task.spec.type = "mine";
  EXPECT_EQ(plan(seen, settings()).status.message,
            "spec.image: required with type \"mine\", which has no image of its own");
}

TEST(TaskPlan, FollowsThePodToItsEnd) {
  Observed seen = after(plan(fresh(), settings()), fresh());
  seen.pod = pod("Pending");
  Plan next = plan(seen, settings());
  EXPECT_EQ(next.status, seen.task.status);  // no write for what everybody expects
  seen.pod = pod("Running");
  seen.pod->containers = {agent_running()};
  next = plan(seen, settings());
  EXPECT_EQ(next.status.phase, "Running");
  EXPECT_EQ(next.status.pod_name, "t-abcde");
  EXPECT_EQ(next.status.start_time, at(110));
  EXPECT_EQ(next.status.job_name, "t");
  EXPECT_EQ(next.status.observed_generation, 1);
  EXPECT_TRUE(find_condition(next.status, condition::kAccepted)->holds);
  EXPECT_EQ(events(next), std::vector<std::string>{"TaskRunning"});
  seen = after(next, seen);
  seen.pod->containers = {agent_ended(0)};
  next = plan(seen, settings());
  EXPECT_EQ(next.status.phase, "Succeeded");
  EXPECT_EQ(next.status.completion_time, at(150));
  EXPECT_EQ(next.status.results.at("branch"), "b");
  EXPECT_TRUE(find_condition(next.status, condition::kComplete)->holds);
  EXPECT_EQ(events(next), (std::vector<std::string>{"OutputsCaptured", "TaskSucceeded"}));
}

TEST(TaskPlan, TellsWhyItFailedAndWhetherToTryAgain) {
  Observed seen = after(plan(fresh(), settings()), fresh());
  seen.pod = pod("Failed");
  seen.pod->containers = {agent_ended(1)};
  const Plan next = plan(seen, settings());
  EXPECT_EQ(next.status.phase, "Failed");
  EXPECT_EQ(next.status.reason, "RateLimited");
  EXPECT_EQ(next.status.message, "Too many requests.");
  EXPECT_EQ(next.status.retryable, true);
}

TEST(TaskPlan, ShowsTroubleWhileItLasts) {
  Observed seen = after(plan(fresh(), settings()), fresh());
  seen.pod = pod("Pending");
  seen.pod->unschedulable = "0/1 nodes are available";
  Plan next = plan(seen, settings());
  EXPECT_EQ(find_condition(next.status, condition::kReady)->reason, "Unschedulable");
  EXPECT_EQ(next.status.message, "0/1 nodes are available");
  seen = after(next, seen);
  seen.pod->unschedulable.clear();
  next = plan(seen, settings());
  EXPECT_EQ(find_condition(next.status, condition::kReady)->reason, "Starting");
  EXPECT_EQ(next.status.message, "");
}

TEST(TaskPlan, FailsWithAJobWhosePodIsGone) {
  Observed seen = after(plan(fresh(), settings()), fresh());
  EXPECT_TRUE(plan(seen, settings()).actions.empty());
  seen.job->failed_at = at(200);
  seen.job->failure_reason = "BackoffLimitExceeded";
  EXPECT_EQ(plan(seen, settings()).status.reason, "NodeLost");
  seen.job.reset();
  seen.task.status.job_name = "t";
  EXPECT_EQ(plan(seen, settings()).status.reason, "Cancelled");
}

TEST(TaskPlan, TellsWhyAJobHasNoPodUntilItHasOne) {
  Observed seen = after(plan(fresh(), settings()), fresh());
  seen.refusal = "pods \"t-1\" is forbidden: exceeded quota: few";
  const Plan told = plan(seen, settings());
  EXPECT_EQ(told.status.phase, "Pending");
  EXPECT_EQ(told.status.message,
            "no Pod can be made, it is tried again: pods \"t-1\" is forbidden: exceeded quota: few");
  EXPECT_EQ(find_condition(told.status, condition::kReady)->reason, "PodRefused");
  seen.task.status = told.status;
  seen.pod = pod("Pending");
  const Plan starts = plan(seen, settings());
  EXPECT_EQ(starts.status.message, "");
  EXPECT_EQ(find_condition(starts.status, condition::kReady)->reason, "Starting");
}

TEST(TaskPlan, WaitsForWhatANodeSaysOfAPodDeletedByForce) {
  Observed seen = after(plan(fresh(), settings()), fresh());
  seen.pod = pod("Running");
  seen.pod->containers = {agent_running()};
  seen.pod->forced_at = at(100);
  Plan next = plan(seen, settings());
  EXPECT_EQ(next.status.phase, "Running");
  EXPECT_TRUE(next.look_again_in);
  seen.now = at(100) + kForcePatience;
  next = plan(seen, settings());
  EXPECT_EQ(next.status.reason, "NodeLost");
}

TEST(TaskPlan, LetsAPodGoWhenItsResultsAreSafe) {
  Observed seen = fresh();
  seen.job = job_of(seen);
  PodFacts held = pod("Failed");
  EXPECT_FALSE(may_release(held, seen.task, seen.job));
  EXPECT_FALSE(may_release(held, seen.task, std::nullopt));
  EXPECT_TRUE(may_release(held, std::nullopt, std::nullopt));
  held.job_uid = "of an earlier Task";
  EXPECT_TRUE(may_release(held, seen.task, seen.job));
  held.job_uid = seen.job->uid;
  seen.task.status.phase = phase::kFailed;
  EXPECT_TRUE(may_release(held, seen.task, seen.job));
  held.phase = "Running";  // its agent's container has ended, the rest of it is about to
  EXPECT_FALSE(may_release(held, seen.task, seen.job));
  held.deleting = true;
  EXPECT_TRUE(may_release(held, seen.task, seen.job));
  seen = fresh();
  seen.task.deleting = true;
  EXPECT_TRUE(may_release(held, seen.task, seen.job));
}

TEST(TaskPlan, TouchesNoJobOfSomebodyElse) {
  Observed seen = fresh();
  seen.job = job_of(seen);
  seen.job->task_uid = "another";
  const Plan next = plan(seen, settings());
  EXPECT_EQ(find_condition(next.status, condition::kAccepted)->reason, "JobExists");
  EXPECT_EQ(count<CreateJob>(next), 0);
}

TEST(TaskPlan, DeletesAnExpiredTask) {
  Observed seen = fresh();
  seen.task.status.phase = phase::kSucceeded;
  seen.task.status.completion_time = at(90);
  EXPECT_EQ(plan(seen, settings()).look_again_in, std::nullopt);
  seen.task.spec.ttl_seconds_after_finished = 60;
  EXPECT_EQ(plan(seen, settings()).look_again_in, std::chrono::seconds(50));
  seen.now = at(150);
  EXPECT_EQ(count<DeleteTask>(plan(seen, settings())), 1);
  seen.task.spec.ttl_seconds_after_finished = INT64_MAX;
  EXPECT_EQ(count<DeleteTask>(plan(seen, settings())), 0);
}

// Every combination of what can be seen of a Task, whatever led there.
TEST(TaskPlan, KeepsItsPromisesWhateverIsSeen) {
  std::vector<Observed> worlds = {fresh()};
  const auto vary = [&](auto change) {
    for (std::size_t i = 0, size = worlds.size(); i < size; ++i) {
      Observed other = worlds[i];
      change(other);
      worlds.push_back(std::move(other));
    }
  };
  vary([](Observed& o) { o.job = job_of(o); });
  vary([](Observed& o) { o.pod = pod("Pending"); });
  vary([](Observed& o) { o.pod = pod("Running"), o.pod->containers = {agent_running()}; });
  vary([](Observed& o) { o.pod = pod("Failed"), o.pod->containers = {agent_ended(1)}; });
  vary([](Observed& o) { o.task.status.phase = phase::kRunning, o.task.status.job_name = "t"; });
  vary([](Observed& o) { o.task.status.phase = phase::kSucceeded, o.task.status.completion_time = at(50); });
  vary([](Observed& o) { o.dependencies = DependenciesOpen{"waits"}; });
  vary([](Observed& o) { o.resolution = MissingReference{"WorkspaceNotFound", "w"}; });
  vary([](Observed& o) { o.branch_holder = "other"; });
  vary([](Observed& o) { o.job_is_certain = false; });
  vary([](Observed& o) { o.token = {.is_usable = true, .is_running_out = true, .trouble = "HTTP 502"}; });
  vary([](Observed& o) { o.task.deleting = true; });
  vary([](Observed& o) { o.task.spec.ttl_seconds_after_finished = 10; });
  for (const Observed& seen : worlds) {
    const Plan next = plan(seen, settings());
    const bool finished = is_finished(seen.task.status);
    if (finished) EXPECT_EQ(next.status, seen.task.status) << "a verdict moved";
    if (finished || seen.job || seen.pod || seen.task.deleting || !seen.job_is_certain) {
      EXPECT_EQ(count<CreateJob>(next), 0) << "a second Job";
    }
    EXPECT_EQ(count<CreateJob>(next), count<CreateSecret>(next));
    // Planning again after applying adds nothing.
    const Observed again = after(next, seen);
    const Plan second = plan(again, settings());
    EXPECT_EQ(count<CreateJob>(second), 0);
    if (count<DeleteTask>(next) == 0) EXPECT_TRUE(second.actions.empty()) << events(second).front();
    if (count<CreateJob>(next) == 0) EXPECT_EQ(second.status, next.status);
    if (count<CreateJob>(next) == 1) EXPECT_EQ(second.status, again.task.status);
  }
}

}  // namespace
}  // namespace axon::controller
