#include "kube/event_log.hpp"

#include <gtest/gtest.h>

namespace axon::kube {
namespace {

using std::chrono::seconds;

const Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);

Happening happening(const std::string& reason) {
  return {"axon.io/v1alpha1", "Task", {"demo", "t"}, "u1", false, reason, "made"};
}

TEST(EventLog, MakesAnEventAndThenCounts) {
  EventLog log("axon-controller", "pod-1");
  EXPECT_TRUE(log.note(happening("JobCreated"), kNow));
  const auto first = log.take_due(kNow);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_TRUE(first[0].is_new);
  EXPECT_EQ(text_at(first[0].body, "/involvedObject/name"), "t");
  EXPECT_EQ(text_at(first[0].body, "/type"), "Normal");
  EXPECT_EQ(first[0].body["count"], 1);
  EXPECT_EQ(first[0].event, key_of(first[0].body));
  EXPECT_EQ(log.next_due(), std::nullopt);
  log.note(happening("JobCreated"), kNow + seconds(1));
  log.note(happening("JobCreated"), kNow + seconds(2));
  EXPECT_TRUE(log.take_due(kNow + seconds(2)).empty());
  EXPECT_EQ(log.next_due(), kNow + seconds(10));
  const auto second = log.take_due(kNow + seconds(10));
  ASSERT_EQ(second.size(), 1U);
  EXPECT_FALSE(second[0].is_new);
  EXPECT_EQ(second[0].event, first[0].event);
  EXPECT_EQ(second[0].body, Json::parse(R"({"count":3,"lastTimestamp":"2026-03-01T00:00:02Z"})"));
}

TEST(EventLog, AfterAWhileTheSameIsANewEvent) {
  EventLog log("c", "i");
  log.note(happening("X"), kNow);
  const auto first = log.take_due(kNow);
  log.note(happening("X"), kNow + std::chrono::minutes(11));
  const auto second = log.take_due(kNow + std::chrono::minutes(11));
  ASSERT_EQ(second.size(), 1U);
  EXPECT_TRUE(second[0].is_new);
  EXPECT_NE(second[0].event, first.at(0).event);
}

TEST(EventLog, LeavesOutWhatItCannotHold) {
  EventLog log("c", "i");
  int taken = 0;
  for (int i = 0; i < 5000; ++i) taken += log.note(happening("R" + std::to_string(i)), kNow) ? 1 : 0;
  EXPECT_EQ(taken, 2048);
  EXPECT_EQ(log.take_due(kNow).size(), 2048U);
  EXPECT_TRUE(log.note(happening("later"), kNow + seconds(11)));
}

}  // namespace
}  // namespace axon::kube
