#include "cli/hints.hpp"

#include <gtest/gtest.h>

#include "core/outcome.hpp"

namespace axon::cli {
namespace {

TEST(Hint, IsThereForEveryReason) {
  for (int i = 0; i <= static_cast<int>(Reason::Unschedulable); ++i) {
    TaskStatus status;
    status.phase = phase::kFailed;
    status.reason = to_string(static_cast<Reason>(i));
    EXPECT_NE(hint_for(status, "t"), "") << status.reason;
  }
}

TEST(Hint, NamesTheTaskInItsCommand) {
  TaskStatus status;
  status.phase = phase::kFailed;
  status.reason = "AgentError";
  EXPECT_EQ(hint_for(status, "t"), "the log says more: axon logs t");
}

TEST(Hint, OfATaskThatWaitsIsThatOfItsCondition) {
  TaskStatus status;
  status.phase = phase::kPending;
  set_condition(status, condition::kReady, false, "SecretKeyNotFound", "no key", Time{});
  EXPECT_EQ(hint_for(status, "t"), "add the key, and the Task goes on by itself");
  status.phase = phase::kRunning;
  EXPECT_EQ(hint_for(status, "t"), "");
  status = {};
  EXPECT_EQ(hint_for(status, "t"), "no controller has seen it yet; this says why: axon doctor");
  status.phase = phase::kPending;
  EXPECT_EQ(hint_for(status, "t"), "no controller has seen it yet; this says why: axon doctor");
}

}  // namespace
}  // namespace axon::cli
