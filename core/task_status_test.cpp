#include "core/task_status.hpp"

#include <gtest/gtest.h>

namespace axon {
namespace {

Time at(int second) { return Time(std::chrono::seconds(second)); }

TEST(Status, IsReadAsItWasWritten) {
  TaskStatus status;
  status.phase = phase::kFailed;
  status.job_name = "t";
  status.pod_name = "t-abcde";
  status.start_time = at(10);
  status.completion_time = at(20);
  status.reason = "RateLimited";
  status.message = "Too many requests.";
  status.retryable = true;
  status.outputs = {"branch: b"};
  status.results = {{"branch", "b"}};
  status.usage = Usage{.input_tokens = 1,
                       .cache_read_tokens = 2,
                       .cache_write_tokens = 3,
                       .output_tokens = 4,
                       .reasoning_tokens = 5,
                       .cost_usd = 0.25};
  set_condition(status, condition::kComplete, true, "RateLimited", "Too many requests.", at(20));
  status.observed_generation = 1;
  EXPECT_EQ(read_status(to_json(status)), status);
  EXPECT_EQ(to_json(status)["usage"]["costUSD"], "0.25");
  EXPECT_EQ(read_status(nlohmann::json::object()), TaskStatus{});
  EXPECT_EQ(to_json(TaskStatus{}), nlohmann::json::object());
}

TEST(Status, IgnoresWhatItDoesNotUnderstand) {
  const TaskStatus status = read_status(nlohmann::json::parse(
      R"({"phase": 3, "startTime": "soon", "outputs": [1, "a"], "results": {"x": 1}, "usage": [], "conditions": {}})"));
  TaskStatus expected;
  expected.outputs = {"a"};
  EXPECT_EQ(status, expected);
}

TEST(Condition, KeepsTheTimeOfItsLastChange) {
  TaskStatus status;
  set_condition(status, "Ready", false, "Starting", "", at(1));
  set_condition(status, "Ready", false, "Unschedulable", "no cpu", at(2));
  EXPECT_EQ(status.conditions, (std::vector<Condition>{{"Ready", false, "Unschedulable", "no cpu", at(1)}}));
  set_condition(status, "Ready", true, "Running", "", at(3));
  EXPECT_EQ(find_condition(status, "Ready")->since, at(3));
  EXPECT_EQ(find_condition(status, "Other"), nullptr);
}

}  // namespace
}  // namespace axon
