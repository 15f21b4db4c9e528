#include "controller/github/schedule.hpp"

#include <gtest/gtest.h>

namespace axon::controller::github {
namespace {

using std::chrono::seconds;

constexpr Time kStart{seconds(1'800'000'000)};

Life life(seconds lasting) { return {.issued = kStart, .expires = kStart + lasting}; }

TEST(RefreshAt, IsAboutTheHalfOfALife) {
  EXPECT_EQ(refresh_at(life(seconds(3600)), 0.0), kStart + seconds(1620));
  EXPECT_EQ(refresh_at(life(seconds(3600)), 0.5), kStart + seconds(1800));
  EXPECT_EQ(refresh_at(life(seconds(3600)), 0.999), kStart + seconds(1800));
  EXPECT_EQ(refresh_at(life(seconds(20)), 0.0), kStart + seconds(9));
  EXPECT_EQ(refresh_at(life(seconds(1)), 0.0), kStart + seconds(1));
  EXPECT_EQ(refresh_at(life(std::chrono::years(5000)), 0.5), kStart + seconds(1800));
}

TEST(IsUsable, UntilTheLastTenth) {
  EXPECT_TRUE(is_usable(life(seconds(3600)), kStart + seconds(3239)));
  EXPECT_FALSE(is_usable(life(seconds(3600)), kStart + seconds(3240)));
}

TEST(IsRunningOut, InTheLastQuarter) {
  EXPECT_FALSE(is_running_out(life(seconds(3600)), kStart + seconds(2699)));
  EXPECT_TRUE(is_running_out(life(seconds(3600)), kStart + seconds(2700)));
}

TEST(RetryAfter, GrowsToMinutesAndHeedsGithub) {
  EXPECT_EQ(retry_after(1, {}, 0.0), seconds(5));
  EXPECT_EQ(retry_after(2, {}, 0.0), seconds(10));
  EXPECT_EQ(retry_after(2, {}, 0.999), seconds(15));
  EXPECT_EQ(retry_after(100, {}, 0.0), seconds(300));
  EXPECT_EQ(retry_after(1, seconds(60), 0.0), seconds(60));
  EXPECT_EQ(retry_after(4, seconds(1), 0.0), seconds(40));
  EXPECT_EQ(retry_after(1, seconds::max(), 0.0), seconds(3600));
}

}  // namespace
}  // namespace axon::controller::github
