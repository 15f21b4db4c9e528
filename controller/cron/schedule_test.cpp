#include "controller/cron/schedule.hpp"

#include <gtest/gtest.h>

namespace axon::cron {
namespace {

using namespace std::chrono;

Time at(year_month_day date, int hour = 0, int minute = 0, int second = 0) {
  return sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

Time next(std::string_view schedule, Time after) { return Schedule::parse(schedule).value().next(after); }

TEST(Schedule, IsStrictlyAfter) {
  EXPECT_EQ(next("*/5 * * * *", at(2026y / 1 / 1, 10, 0)), at(2026y / 1 / 1, 10, 5));
  EXPECT_EQ(next("*/5 * * * *", at(2026y / 1 / 1, 10, 4, 59)), at(2026y / 1 / 1, 10, 5));
  EXPECT_EQ(next("59 23 31 12 *", at(2026y / 12 / 31, 23, 59)), at(2027y / 12 / 31, 23, 59));
}

TEST(Schedule, TakesEitherDayWhereBothAreRestricted) {
  EXPECT_EQ(next("0 0 13 * FRI", at(2026y / 1 / 1)), at(2026y / 1 / 2));
  EXPECT_EQ(next("0 0 13 * *", at(2026y / 1 / 1)), at(2026y / 1 / 13));
  EXPECT_EQ(next("0 0 * * fri", at(2026y / 1 / 2)), at(2026y / 1 / 9));
}

TEST(Schedule, KnowsSevenForSunday) {
  EXPECT_EQ(Schedule::parse("0 0 * * 7").value(), Schedule::parse("0 0 * * SUN").value());
  EXPECT_EQ(Schedule::parse("0 0 * * 5-7").value(), Schedule::parse("0 0 * * 0,5,6").value());
}

TEST(Schedule, FindsALeapDayAcrossACenturyWithoutOne) {
  EXPECT_EQ(next("0 0 29 2 *", at(2096y / 3 / 1)), at(2104y / 2 / 29));
}

TEST(Schedule, ReadsMacros) {
  EXPECT_EQ(Schedule::parse("@weekly").value(), Schedule::parse("0 0 * * SUN").value());
  EXPECT_EQ(Schedule::parse("@hourly").value(), Schedule::parse("0 * * * *").value());
}

TEST(Schedule, ListsTheEarliestInARange) {
  const Schedule hourly = Schedule::parse("@hourly").value();
  const Time noon = at(2026y / 5 / 5, 12);
  EXPECT_EQ(hourly.between(noon, noon + hours(2), 10), (std::vector<Time>{noon + hours(1), noon + hours(2)}));
  EXPECT_EQ(hourly.between(noon, noon + hours(9), 1), (std::vector<Time>{noon + hours(1)}));
  EXPECT_TRUE(hourly.between(noon, noon, 10).empty());
}

TEST(Schedule, SaysWhatIsWrong) {
  const auto message = [](std::string_view text) { return Schedule::parse(text).error().message; };
  EXPECT_EQ(message("* * * *"),
            "schedule \"* * * *\": expected five fields (minute, hour, day of month, month, day of week), found 4");
  EXPECT_EQ(message("60 * * * *"),
            "schedule \"60 * * * *\": minute \"60\": expected 0-59, *, a range, a step or a list of them");
  EXPECT_EQ(
      message("0 0 * * MON-"),
      "schedule \"0 0 * * MON-\": day of week \"MON-\": expected 0-7 or SUN-SAT, *, a range, a step or a list of them");
  EXPECT_EQ(message("0 9-5 * * *"), "schedule \"0 9-5 * * *\": hour \"9-5\": the range ends before it begins");
  EXPECT_EQ(message("*/0 * * * *"), "schedule \"*/0 * * * *\": minute \"*/0\": expected a number above 0 behind \"/\"");
  EXPECT_EQ(message("0 0 31 2 *"), "schedule \"0 0 31 2 *\": no such day ever comes");
  EXPECT_EQ(message("TZ=Asia/Tokyo 0 0 * * *"),
            "schedule \"TZ=Asia/Tokyo 0 0 * * *\": time zones are not supported; give it in UTC");
  EXPECT_EQ(message("@never"),
            "schedule \"@never\": unknown; expected five fields or @yearly, @monthly, @weekly, @daily or @hourly");
}

}  // namespace
}  // namespace axon::cron
