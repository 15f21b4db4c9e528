#include "kube/key_queue.hpp"

#include <gtest/gtest.h>

namespace axon::kube {
namespace {

using std::chrono::milliseconds;

const KeyQueue::Moment kStart{};
const Key kA{"demo", "a"};
const Key kB{"demo", "b"};

TEST(KeyQueue, HoldsAKeyOnceAndInOrder) {
  KeyQueue queue;
  queue.add(kA);
  queue.add(kB);
  queue.add(kA);
  EXPECT_EQ(queue.depth(), 2U);
  EXPECT_EQ(queue.take(kStart), kA);
  EXPECT_EQ(queue.take(kStart), kB);
  EXPECT_EQ(queue.take(kStart), std::nullopt);
}

TEST(KeyQueue, NeverGivesAKeyToTwoWorkers) {
  KeyQueue queue;
  queue.add(kA);
  EXPECT_EQ(queue.take(kStart), kA);
  queue.add(kA);
  queue.add(kA);
  EXPECT_EQ(queue.take(kStart), std::nullopt);
  queue.done(kA);
  EXPECT_EQ(queue.take(kStart), kA);
  queue.done(kA);
  EXPECT_EQ(queue.take(kStart), std::nullopt);
}

TEST(KeyQueue, TheEarliestOfSeveralTimesWins) {
  KeyQueue queue;
  queue.add_at(kA, kStart + milliseconds(50));
  queue.add_at(kA, kStart + milliseconds(20));
  queue.add_at(kA, kStart + milliseconds(90));
  queue.add_at(kB, kStart + milliseconds(30));
  EXPECT_EQ(queue.next_due(), kStart + milliseconds(20));
  EXPECT_EQ(queue.take(kStart + milliseconds(19)), std::nullopt);
  EXPECT_EQ(queue.take(kStart + milliseconds(20)), kA);
  EXPECT_EQ(queue.next_due(), kStart + milliseconds(30));
  EXPECT_EQ(queue.take(kStart + milliseconds(100)), kB);
  EXPECT_EQ(queue.take(kStart + milliseconds(100)), std::nullopt);
  EXPECT_EQ(queue.next_due(), std::nullopt);
}

TEST(KeyQueue, WaitsLongerWithEachFailure) {
  KeyQueue queue;
  std::vector<KeyQueue::Moment> due;
  for (int i = 0; i < 3; ++i) {
    queue.add_after_failure(kA, kStart, 0);
    due.push_back(*queue.next_due());
    EXPECT_EQ(queue.take(due.back()), kA);
    queue.done(kA);
  }
  EXPECT_EQ(due, (std::vector{kStart + milliseconds(10), kStart + milliseconds(20), kStart + milliseconds(40)}));
  EXPECT_EQ(queue.failures(kA), 3);
  queue.forget(kA);
  queue.add_after_failure(kA, kStart, 0);
  EXPECT_EQ(queue.next_due(), kStart + milliseconds(10));
  for (int i = 0; i < 60; ++i) queue.add_after_failure(kB, kStart, 0);
  EXPECT_TRUE(queue.take(kStart + milliseconds(10)));
  EXPECT_TRUE(queue.take(kStart + std::chrono::minutes(5)));
}

}  // namespace
}  // namespace axon::kube
