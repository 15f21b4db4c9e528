#include "cli/cluster_task.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

using nlohmann::json;

TEST(StoredTask, IsReadFromTheStatus) {
  const json task = json::parse(R"({"metadata": {"name": "t"}, "spec": {"type": "codex", "prompt": "do", "model": "m"},
    "status": {"phase": "Failed", "reason": "AgentError", "message": "why", "startTime": "2026-03-01T12:00:00Z",
      "completionTime": "2026-03-01T12:01:00Z",
      "outputs": ["branch: fix/1", "pr: https://x/1", "pr: https://x/2", "commit: abc", "response: ZG9uZQ=="],
      "usage": {"inputTokens": 5, "outputTokens": 2, "costUSD": "0.5"}}})");
  const StoredTask stored = stored_task(task);
  EXPECT_EQ(stored.spec.name, "t");
  LocalStatus expected;
  expected.phase = "Failed";
  expected.reason = "AgentError";
  expected.message = "why";
  expected.start_time = "2026-03-01T12:00:00Z";
  expected.completion_time = "2026-03-01T12:01:00Z";
  expected.results.branch = "fix/1";
  expected.results.pull_requests = {"https://x/1", "https://x/2"};
  expected.results.commit = "abc";
  expected.results.response = "done";
  expected.usage = Usage{.input_tokens = 5, .output_tokens = 2, .cost_usd = 0.5};
  EXPECT_EQ(stored.status, expected);
}

TEST(StoredTask, WithoutAStatusIsEmpty) {
  const StoredTask stored = stored_task({{"metadata", {{"name", "t"}}}, {"status", {{"phase", "Pending"}}}});
  EXPECT_EQ(stored.status, LocalStatus{});
  EXPECT_EQ(stored_task({{"status", {{"usage", 7}, {"outputs", {1, "x"}}}}}).status.results, Results{});
}

}  // namespace
}  // namespace axon::cli
