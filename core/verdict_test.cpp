#include "core/verdict.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace axon {
namespace {

Summary with_result(std::optional<Failure> failure) {
  Summary summary;
  update(summary, event::Finished{std::move(failure), "text", 2});
  return summary;
}

const Failure kRefused{Reason::Refused, "no"};

std::optional<Reason> reason(const Verdict& verdict) {
  return verdict.outcome.failure ? std::optional(verdict.outcome.failure->reason) : std::nullopt;
}

struct Case {
  const char* name;
  ProcessEnd end;
  StopCause stopped;
  Summary summary;
  std::optional<Reason> reason;
  int exit_code;
};

TEST(Verdict, FollowsTheTable) {
  const Summary silent;
  Summary retrying;
  update(retrying, event::Retry{1, 3, {Reason::Overloaded, "529"}});
  Summary resumed = with_result({});
  update(resumed, event::SessionStarted{"s", "m"});
  Summary overcome;
  update(overcome, event::Finished{{}, "text", 2, 1});
  const std::vector<Case> cases = {
      {"success", Exited{0}, StopCause::None, with_result({}), {}, 0},
      {"exit 0, result says error", Exited{0}, StopCause::None, with_result(kRefused), Reason::Refused, 1},
      {"exit 3, result says error", Exited{3}, StopCause::None, with_result(kRefused), Reason::Refused, 3},
      {"exit 3 after success", Exited{3}, StopCause::None, with_result({}), Reason::AgentError, 3},
      {"exit 1 for an error that it has overcome", Exited{1}, StopCause::None, overcome, {}, 0},
      {"exit 0 after an error that it has overcome", Exited{0}, StopCause::None, overcome, {}, 0},
      {"exit 3 after an error that it has overcome", Exited{3}, StopCause::None, overcome, Reason::AgentError, 3},
      {"crash after an error that it has overcome", Signaled{SIGSEGV}, StopCause::None, overcome, Reason::AgentCrashed,
       139},
      {"no result", Exited{0}, StopCause::None, silent, Reason::AgentError, 1},
      {"last problem", Exited{1}, StopCause::None, retrying, Reason::Overloaded, 1},
      {"crash", Signaled{SIGSEGV}, StopCause::None, silent, Reason::AgentCrashed, 139},
      {"crash after success", Signaled{SIGKILL}, StopCause::None, with_result({}), Reason::AgentCrashed, 137},
      {"not there", NotStarted{127, "m"}, StopCause::None, silent, Reason::AgentNotFound, 127},
      {"not executable", NotStarted{126, "m"}, StopCause::None, silent, Reason::AgentNotFound, 126},
      {"TERM", Exited{143}, StopCause::Cancelled, silent, Reason::Cancelled, 143},
      {"TERM, agent exits 0", Exited{0}, StopCause::Cancelled, silent, Reason::Cancelled, 143},
      {"TERM, then error result", Exited{0}, StopCause::Cancelled, with_result(kRefused), Reason::Cancelled, 143},
      {"TERM after the result", Signaled{SIGTERM}, StopCause::Cancelled, with_result({}), {}, 0},
      {"TERM in another turn", Signaled{SIGTERM}, StopCause::Cancelled, resumed, Reason::Cancelled, 143},
      {"deadline", Signaled{SIGKILL}, StopCause::Deadline, silent, Reason::DeadlineExceeded, 124},
      {"stall", Signaled{SIGTERM}, StopCause::Stalled, retrying, Reason::Stalled, 124},
      {"lingered", Signaled{SIGKILL}, StopCause::Lingered, with_result({}), {}, 0},
      {"lingered after an error", Signaled{SIGKILL}, StopCause::Lingered, with_result(kRefused), Reason::Refused, 1},
  };
  for (const Case& c : cases) {
    const Verdict verdict = judge(c.end, c.stopped, c.summary, true);
    EXPECT_EQ(reason(verdict), c.reason) << c.name;
    EXPECT_EQ(verdict.exit_code, c.exit_code) << c.name;
  }
}

TEST(Verdict, TakesTheExitCodeOfAnAgentThatReportsNoResult) {
  EXPECT_EQ(judge(Exited{0}, StopCause::None, {}, false), Verdict());
  for (int code = 1; code < 256; ++code) EXPECT_EQ(judge(Exited{code}, StopCause::None, {}, false).exit_code, code);
}

TEST(Outcome, NamesEveryReasonBothWays) {
  for (int i = 0; i <= static_cast<int>(Reason::Unschedulable); ++i) {
    const auto value = static_cast<Reason>(i);
    EXPECT_EQ(parse_reason(to_string(value)), value);
  }
  EXPECT_EQ(parse_reason("Nonsense"), std::nullopt);
}

}  // namespace
}  // namespace axon
