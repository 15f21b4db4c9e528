#include "cli/task_page.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

using nlohmann::json;

json task() {
  return json::parse(R"({"metadata": {"name": "t", "namespace": "demo", "creationTimestamp": "2026-03-01T12:00:00Z",
      "labels": {"axon.io/taskspawner": "bugs"}},
    "spec": {"type": "codex", "prompt": "Fix\nit", "branch": "fix/1", "workspaceRef": {"name": "shop"},
      "dependsOn": ["a", "b"], "credentials": {"type": "api-key", "secretRef": {"name": "key"}}}})");
}

TEST(TaskPage, OfATaskThatWaitsSaysForWhat) {
  json object = task();
  object["status"] = {{"phase", "Waiting"},
                      {"conditions",
                       {{{"type", "Ready"},
                         {"status", "False"},
                         {"reason", "BranchBusy"},
                         {"message", "Task x has it"},
                         {"lastTransitionTime", "2026-03-01T12:00:01Z"}}}}};
  TaskPage page = read_task_page(object);
  page.dependencies = {{"a", "Succeeded", {}}, {"b", "", {}}};
  page.on_branch = {{"x", "Running", {}}, {"t", "Waiting", {}}};
  EXPECT_EQ(render_page(page, *parse_time("2026-03-01T12:05:00Z"), {}),
            "Task:          t\n"
            "Outcome:       Waiting\n"
            "Waits for:     BranchBusy: Task x has it\n"
            "Type:          codex\n"
            "Namespace:     demo\n"
            "Prompt:        Fix it\n"
            "Credentials:   api-key from Secret key\n"
            "Workspace:     shop\n"
            "Spawner:       bugs\n"
            "Depends on:    a (Succeeded)\n"
            "               b (not there)\n"
            "Branch queue:  x (Running)\n"
            "               t (Waiting, this one)\n"
            "Logs:          axon logs t\n"
            "Timeline:\n"
            "  TIME                   AFTER   EVENT\n"
            "  2026-03-01T12:00:00Z   0s      Created\n");
}

TEST(TaskPage, OfAFailureHasItsHintAndHowItCameAbout) {
  json object = task();
  object["spec"].erase("dependsOn");
  object["status"] = {{"phase", "Failed"},
                      {"reason", "RateLimited"},
                      {"retryable", true},
                      {"message", "Too many requests"},
                      {"startTime", "2026-03-01T12:00:05Z"},
                      {"completionTime", "2026-03-01T12:02:05Z"},
                      {"outputs", {"branch: fix/1", "response: SSBnYXZlIHVw"}}};
  TaskPage page = read_task_page(object);
  page.events = {
      read_event({{"reason", "TaskCreated"}, {"message", "created Job t"}, {"lastTimestamp", "2026-03-01T12:00:00Z"}})};
  const std::string text = render_page(page, *parse_time("2026-03-01T12:05:00Z"), {});
  EXPECT_NE(text.find("Reason:       RateLimited (may well succeed if it is run again)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Hint:         run it again later, or fewer Tasks at a time\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Answer:       I gave up\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Time:         2m0s\n"), std::string::npos) << text;
  EXPECT_TRUE(
      text.ends_with("  TIME                   AFTER   EVENT\n"
                     "  2026-03-01T12:00:00Z   0s      Created\n"
                     "  2026-03-01T12:00:00Z   0s      TaskCreated   created Job t\n"
                     "  2026-03-01T12:00:05Z   5s      Started\n"
                     "  2026-03-01T12:02:05Z   2m5s    Failed        Too many requests\n"))
      << text;
}

TEST(TaskPage, OfAnObjectOfAnotherShapeIsNoTrouble) {
  EXPECT_EQ(read_task_page(json::parse(R"({"metadata": 1, "spec": [], "status": "x"})")).name, "");
}

}  // namespace
}  // namespace axon::cli
