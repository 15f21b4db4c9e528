#include "controller/task/facts.hpp"

#include <gtest/gtest.h>

namespace axon::controller {
namespace {

TEST(Facts, AContainerThatNeverRanHasNoStart) {
  const nlohmann::json pod = nlohmann::json::parse(R"({"status": {"phase": "Failed", "containerStatuses": [
      {"name": "codex", "state": {"terminated": {"reason": "StartError", "exitCode": 128, "message": "no such file",
       "startedAt": "1970-01-01T00:00:00Z", "finishedAt": "2026-01-01T00:00:10Z"}}}]}})");
  const PodFacts facts = read_pod(pod);
  ASSERT_EQ(facts.containers.size(), 1U);
  EXPECT_EQ(facts.containers[0].started_at, std::nullopt);
  EXPECT_EQ(facts.containers[0].finished_at, parse_time("2026-01-01T00:00:10Z"));
}

}  // namespace
}  // namespace axon::controller
