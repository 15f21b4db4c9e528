#include "controller/task/own_writes.hpp"

#include <gtest/gtest.h>

namespace axon::controller {
namespace {

TaskFacts task_at(const std::string& version, const std::string& phase) {
  TaskFacts task;
  task.uid = "u";
  task.resource_version = version;
  task.status.phase = phase;
  return task;
}

TEST(OwnWrites, StandInForAWatchThatIsBehind) {
  OwnWrites writes;
  TaskStatus status;
  status.phase = "Running";
  writes.remember("u", "10", status);
  TaskFacts behind = task_at("9", "Pending");
  writes.bring_up_to_date(behind);
  EXPECT_EQ(behind, task_at("10", "Running"));
  TaskFacts ahead = task_at("11", "Succeeded");
  writes.bring_up_to_date(ahead);
  EXPECT_EQ(ahead, task_at("11", "Succeeded"));
}

TEST(OwnWrites, AreForgottenOnceTheWatchHasShownThem) {
  OwnWrites writes;
  writes.remember("u", "10", TaskStatus{});
  writes.seen("u", "9");
  TaskFacts behind = task_at("9", "Pending");
  writes.bring_up_to_date(behind);
  EXPECT_EQ(behind.status.phase, "");
  writes.seen("u", "10");
  behind = task_at("9", "Pending");
  writes.bring_up_to_date(behind);
  EXPECT_EQ(behind.status.phase, "Pending");
}

TEST(OwnWrites, HoldTheBranchWhereAnAnswerWasLost) {
  OwnWrites writes;
  writes.reserve_job("u");
  EXPECT_TRUE(writes.has_reserved("u"));
  writes.doubt_job("u");
  EXPECT_FALSE(writes.has_reserved("u")) << "it is created again";
  EXPECT_TRUE(writes.may_have_job("u"));
  writes.reserve_job("u");
  writes.reserve_job("u");
  writes.cancel_reservation("u");
  EXPECT_TRUE(writes.may_have_job("u"));
  writes.release_job("u");
  EXPECT_FALSE(writes.may_have_job("u"));
}

TEST(OwnWrites, CompareVersionsAsNumbers) {
  EXPECT_TRUE(is_as_new("100", "99"));
  EXPECT_TRUE(is_as_new("99", "99"));
  EXPECT_FALSE(is_as_new("9", "10"));
}

}  // namespace
}  // namespace axon::controller
