#include "cli/local_status.hpp"

#include <gtest/gtest.h>

#include "cli/facts.hpp"
#include "cli/yaml_text.hpp"
#include "core/timestamp.hpp"
#include "core/yaml.hpp"

namespace axon::cli {
namespace {

LocalStatus running() {
  LocalStatus status;
  status.phase = "Running";
  status.start_time = "2026-01-01T00:00:00Z";
  return status;
}

Report checkpoint() {
  Report report;
  report.results.branch = "fix";
  report.usage = Usage{10, 0, 0, 5, 0, 0.5};
  return report;
}

Report finished(std::optional<Failure> failure = {}) {
  Report report = checkpoint();
  report.finished = true;
  report.outcome.failure = std::move(failure);
  report.exit_code = report.outcome.succeeded() ? 0 : 1;
  return report;
}

const auto kEnd = *parse_time("2026-01-01T00:01:05Z");

TEST(LocalStatus, IsTheReportsWhereOneWasFinished) {
  LocalStatus expected = running();
  expected.completion_time = "2026-01-01T00:01:05Z";
  expected.results.branch = "fix";
  expected.usage = checkpoint().usage;
  expected.exit_code = 0;
  expected.phase = "Succeeded";
  EXPECT_EQ(finish(running(), finished(), 0, "run", kEnd), expected);
  expected.exit_code = 1;
  expected.phase = "Failed";
  expected.reason = "RateLimited";
  expected.message = "429";
  EXPECT_EQ(finish(running(), finished(Failure{Reason::RateLimited, "429"}), 1, "run", kEnd), expected);
}

TEST(LocalStatus, FallsBackToTheExitCode) {
  const auto reason = [](int code) { return finish(running(), checkpoint(), code, "run", kEnd).reason; };
  EXPECT_EQ(reason(65), "CloneFailed");
  EXPECT_EQ(reason(78), "ConfigInvalid");
  EXPECT_EQ(reason(124), "DeadlineExceeded");
  EXPECT_EQ(reason(127), "AgentNotFound");
  EXPECT_EQ(reason(137), "AgentCrashed");
  EXPECT_EQ(reason(143), "Cancelled");
  EXPECT_EQ(reason(3), "AgentError");
  EXPECT_EQ(finish(running(), checkpoint(), 137, "run", kEnd).results.branch, "fix");
}

TEST(LocalStatus, SaysInterruptedWhereTheRunIsDead) {
  EXPECT_EQ(settle(running(), /*is_locked=*/true, checkpoint()), running());
  const LocalStatus dead = settle(running(), /*is_locked=*/false, checkpoint());
  EXPECT_EQ(dead.phase, "Failed");
  EXPECT_EQ(dead.reason, "Interrupted");
  EXPECT_EQ(dead.results.branch, "fix");
  EXPECT_EQ(dead.usage, checkpoint().usage);
  EXPECT_EQ(settle(running(), false, finished()).phase, "Succeeded");
  LocalStatus done = running();
  done.phase = "Succeeded";
  EXPECT_EQ(settle(done, false, checkpoint()), done);
}

TEST(LocalStatus, ComesBackFromItsFile) {
  LocalStatus status = finish(running(), finished(Failure{Reason::Stalled, "still"}), 124, "run", kEnd);
  status.results.response = std::string(10000, 'x');
  EXPECT_EQ(parse_local_status(to_json(status), "f"), status);
  LocalSpec spec{"t", "codex", "m", "pr\nompt", "/r", "main", "b", "agent.yaml", "bwrap", 60};
  EXPECT_EQ(parse_local_spec(to_json(spec), "f"), spec);
  EXPECT_EQ(parse_local_status("{", "f").error().message, "f: damaged; expected a JSON object");
}

TEST(Facts, TellWhatAPersonWantsToKnow) {
  StoredTask task;
  task.spec = {"t", "codex", "", "p", "/home/me/r", "", "", "", "bwrap", 0};
  task.status = finish(running(), finished(Failure{Reason::RateLimited, "too fast"}), 1, "run", kEnd);
  task.paths = {"/s/t"};
  EXPECT_EQ(render_facts(task_facts(task, kEnd, {}), {}),
            "Task:          t\n"
            "Outcome:       Failed\n"
            "Reason:        RateLimited (may well succeed if it is run again)\n"
            "Message:       too fast\n"
            "Type:          codex\n"
            "Repository:    /home/me/r\n"
            "Branch:        fix\n"
            "Tokens:        10 in, 5 out\n"
            "Cost:          $0.5\n"
            "Time:          1m5s\n"
            "Clone:         /s/t/workspace/repo\n"
            "Take it over:  git -C /home/me/r fetch /s/t/workspace/repo fix\n"
            "Logs:          axon logs --local t\n");
}

TEST(YamlText, IsReadBackAsTheSameValue) {
  const nlohmann::json value = {
      {"plain", "a word"},
      {"empty", ""},
      {"words", {"true", "yes", "12", "1.5", "null", "~", "- a", "a: b", "#c", "-"}},
      {"block", "two\n\n  lines\n"},
      {"odd", " x\ny"},
      {"tab", "a\tb\n"},
      {"none", nullptr},
      {"numbers", {1, -2, 1.5, true}},
      {"list", {{{"a", 1}, {"b", {1, 2}}}, nlohmann::json::array(), nlohmann::json::object()}},
      {"2", "é"}};
  const auto documents = parse_yaml(yaml_text(value), "f");
  ASSERT_TRUE(documents) << documents.error().message << "\n" << yaml_text(value);
  EXPECT_EQ(documents->front().value, value) << yaml_text(value);
}

}  // namespace
}  // namespace axon::cli
