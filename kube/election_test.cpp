#include "kube/election.hpp"

#include <gtest/gtest.h>

namespace axon::kube {
namespace {

using std::chrono::seconds;

const Election::Moment kStart{};
const Election::WallTime kWall{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::microseconds(42)};
const Key kLease{"axon-system", "axon"};

Election candidate(const std::string& name) { return {kLease, name, ElectionTiming{}}; }

TEST(Election, MakesTheLeaseThatIsMissing) {
  const auto lease = candidate("a").claim(std::nullopt, kStart, kWall);
  ASSERT_TRUE(lease);
  EXPECT_EQ(*lease, Json::parse(R"({"apiVersion":"coordination.k8s.io/v1","kind":"Lease",
    "metadata":{"namespace":"axon-system","name":"axon"},
    "spec":{"holderIdentity":"a","leaseDurationSeconds":15,"leaseTransitions":0,
            "acquireTime":"2026-03-01T00:00:00.000042Z","renewTime":"2026-03-01T00:00:00.000042Z"}})"));
}

TEST(Election, RenewsWhatItHolds) {
  Election a = candidate("a");
  const auto first = a.claim(std::nullopt, kStart, kWall);
  const auto again = a.claim(first, kStart + seconds(100), kWall + seconds(100));
  ASSERT_TRUE(again);
  EXPECT_EQ(text_at(*again, "/spec/acquireTime"), "2026-03-01T00:00:00.000042Z");
  EXPECT_EQ(text_at(*again, "/spec/renewTime"), "2026-03-01T00:01:40.000042Z");
  EXPECT_EQ((*again)["spec"]["leaseTransitions"], 0);
}

TEST(Election, WaitsUntilTheLeaseWasSilentForItsWholeTime) {
  Election a = candidate("a");
  Election b = candidate("b");
  const auto first = a.claim(std::nullopt, kStart, kWall);
  EXPECT_FALSE(
      b.claim(first, kStart + seconds(1000), kWall + seconds(9999)));  // seen now, whatever the times in it say
  EXPECT_EQ(b.holder(), "a");
  const auto renewed = a.claim(first, kStart + seconds(1010), kWall + seconds(10));
  EXPECT_FALSE(b.claim(renewed, kStart + seconds(1014), kWall));
  EXPECT_FALSE(b.claim(renewed, kStart + seconds(1028), kWall));
  const auto taken = b.claim(renewed, kStart + seconds(1029), kWall);
  ASSERT_TRUE(taken);
  EXPECT_EQ((*taken)["spec"]["leaseTransitions"], 1);
  EXPECT_EQ(text_at(*taken, "/spec/holderIdentity"), "b");
}

TEST(Election, ALeaseThatWasLetGoIsFree) {
  Election a = candidate("a");
  const auto held = a.claim(std::nullopt, kStart, kWall);
  EXPECT_FALSE(candidate("b").let_go(*held, kWall));
  const auto free = a.let_go(*held, kWall);
  ASSERT_TRUE(free);
  EXPECT_EQ((*free)["spec"]["leaseDurationSeconds"], 1);
  EXPECT_TRUE(candidate("b").claim(free, kStart, kWall));
}

}  // namespace
}  // namespace axon::kube
