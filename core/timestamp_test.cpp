#include "core/timestamp.hpp"

#include <gtest/gtest.h>

namespace axon {
namespace {

TEST(Timestamp, IsReadAsItWasWritten) {
  EXPECT_EQ(format_time(Time(std::chrono::seconds(1'770'091'506))), "2026-02-03T04:05:06Z");
  EXPECT_EQ(parse_time("2026-02-03T04:05:06Z"), Time(std::chrono::seconds(1'770'091'506)));
  EXPECT_EQ(parse_time("2026-02-03T04:05:06.123456Z"), Time(std::chrono::seconds(1'770'091'506)));
}

TEST(Timestamp, IsNothingElse) {
  for (const char* text : {"", "yesterday", "2026-02-03", "2026-02-03T04:05:06", "2026-02-03T04:05:06+01:00"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace axon
