// What a Task is told of the token of its Workspace's GitHub App.
#include <gtest/gtest.h>

#include "controller/task/plan.hpp"

namespace axon::controller {
namespace {

constexpr Time kNow{std::chrono::seconds(100)};

Observed fresh() {
  Observed seen;
  seen.task.uid = "u";
  seen.task.spec.type = "claude-code";
  seen.now = kNow;
  return seen;
}

Settings settings() {
  Settings settings;
  settings.images = {{"claude-code", "axon-claude-code:1"}};
  return settings;
}

TEST(TaskPlan, WaitsForATokenThatIsOnItsWayAndBlamesNobody) {
  Observed seen = fresh();
  seen.resolution = MissingReference{"GitHubTokenPending", "waits for a token", true};
  const Plan next = plan(seen, settings());
  EXPECT_TRUE(next.actions.empty());
  EXPECT_EQ(next.status.phase, "Pending");
  EXPECT_EQ(next.status.message, "waits for a token");
  EXPECT_EQ(*find_condition(next.status, condition::kAccepted),
            (Condition{"Accepted", true, "Accepted", "all that the Task refers to is there", kNow}));
  EXPECT_EQ(*find_condition(next.status, condition::kReady),
            (Condition{"Ready", false, "GitHubTokenPending", "waits for a token", kNow}));
}

TEST(TaskPlan, SaysWhenTheTokenOfARunningAgentRunsOut) {
  Observed seen = fresh();
  seen.job = JobFacts{};
  seen.job->task_uid = "u";
  seen.pod = PodFacts{};
  seen.pod->phase = "Running";
  ContainerFacts agent;
  agent.name = "claude-code";
  agent.started_at = kNow;
  seen.pod->containers = {agent};
  const auto fresh_condition = [&] {
    seen.task.status = plan(seen, settings()).status;
    return find_condition(seen.task.status, condition::kGithubTokenFresh);
  };
  seen.token = {.is_usable = true, .is_running_out = false, .trouble = "HTTP 502"};
  EXPECT_EQ(fresh_condition(), nullptr);  // there is time left: it is tried again
  seen.token.is_running_out = true;
  EXPECT_EQ(*fresh_condition(), (Condition{"GitHubTokenFresh", false, "GitHubTokenFailed", "HTTP 502", kNow}));
  seen.token = {.is_usable = true, .is_running_out = false, .trouble = ""};
  EXPECT_TRUE(fresh_condition()->holds);
}

}  // namespace
}  // namespace axon::controller
