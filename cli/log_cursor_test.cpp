#include "cli/log_cursor.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

using std::chrono::nanoseconds;
using std::chrono::sys_days;

/// What is passed on, and in how many pieces it came.
struct Reader {
  std::string text;
  std::string last_time;
  LogCursor cursor{[this](std::string_view time, std::string_view bytes) {
    text += bytes;
    last_time = time;
  }};

  void feed_bytewise(std::string_view bytes) {
    for (const char c : bytes) cursor.feed(std::string_view(&c, 1));
  }
};

constexpr const char* kFirst = "2026-03-01T12:00:00.000000001Z one\n";
constexpr const char* kSecond = "2026-03-01T12:00:00.500000000Z two\n";
constexpr const char* kThird = "2026-03-01T12:00:01.100000000Z three\n";
constexpr const char* kFourth = "2026-03-01T12:00:01.200000000Z four\n";

TEST(LogTime, IsReadInAnyZone) {
  const LogTime noon = sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::hours(12);
  EXPECT_EQ(parse_log_time("2026-03-01T12:00:00.123456789Z"), noon + nanoseconds(123456789));
  EXPECT_EQ(parse_log_time("2026-03-01T14:30:00.1+02:30"), noon + nanoseconds(100000000));
  EXPECT_EQ(parse_log_time("2026-03-01T09:00:00-03:00"), noon);
  for (const char* wrong : {"", "2026-03-01", "2026-03-01T12:00:00", "2026-03-01T12:00:00.Z",
                            "2026-03-01T12:00:00+2:00", "2026-03-01T12:00:00Zx", "rpc error: code = NotFound"}) {
    EXPECT_EQ(parse_log_time(wrong), std::nullopt) << wrong;
  }
}

TEST(LogCursor, TakesTheTimesAwayHoweverTheBytesAreCut) {
  const std::string log = std::string(kFirst) + kSecond + "2026-03-01T12:00:01Z \n" + kThird;
  Reader whole;
  whole.cursor.feed(log);
  EXPECT_EQ(whole.text, "one\ntwo\n\nthree\n");
  EXPECT_EQ(whole.last_time, "2026-03-01T12:00:01.100000000Z");
  Reader pieces;
  pieces.feed_bytewise(log);
  EXPECT_EQ(pieces.text, whole.text);
}

TEST(LogCursor, GoesOnAtTheSecondOfTheNewestLine) {
  Reader reader;
  EXPECT_EQ(reader.cursor.since(), "");
  reader.cursor.feed(kSecond);
  EXPECT_EQ(reader.cursor.since(), "2026-03-01T12:00:00Z");
}

TEST(LogCursor, ANewConnectionRepeatsNothing) {
  Reader reader;
  reader.cursor.feed(std::string(kFirst) + kSecond);
  reader.cursor.reconnect();
  reader.cursor.feed(std::string(kFirst) + kSecond + kThird);
  EXPECT_FALSE(reader.cursor.has_gap());
  reader.cursor.reconnect();
  reader.cursor.feed(std::string(kThird) + kFourth);
  EXPECT_EQ(reader.text, "one\ntwo\nthree\nfour\n");
}

TEST(LogCursor, LosesNothingWhereverALineWasCut) {
  const std::string log = std::string(kFirst) + kSecond + kThird + kFourth;
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    Reader reader;
    reader.cursor.feed(std::string_view(log).substr(0, cut));
    reader.cursor.reconnect();
    reader.feed_bytewise(reader.cursor.since() == "2026-03-01T12:00:01Z" ? std::string(kThird) + kFourth : log);
    EXPECT_EQ(reader.text, "one\ntwo\nthree\nfour\n") << cut;
  }
}

TEST(LogCursor, TellsLinesOfTheSameTimeApart) {
  const std::string same = "2026-03-01T12:00:00.5Z a\n2026-03-01T12:00:00.5Z b\n2026-03-01T12:00:00.5Z c\n";
  for (std::size_t cut = 0; cut <= same.size(); ++cut) {
    Reader reader;
    reader.cursor.feed(std::string_view(same).substr(0, cut));
    reader.cursor.reconnect();
    reader.cursor.feed(same);
    reader.cursor.reconnect();
    reader.cursor.feed(same);
    EXPECT_EQ(reader.text, "a\nb\nc\n") << cut;
  }
}

TEST(LogCursor, SaysWhereLinesAreLost) {
  Reader reader;
  reader.cursor.feed(kFirst);
  reader.cursor.reconnect();
  reader.cursor.feed(kThird);
  EXPECT_TRUE(reader.cursor.has_gap());
  EXPECT_EQ(reader.text, "one\nthree\n");
}

TEST(LogCursor, AClockThatGoesBackCostsNoLine) {
  Reader reader;
  reader.cursor.feed(std::string(kThird) + kFirst);
  EXPECT_EQ(reader.text, "three\none\n");
}

TEST(LogCursor, PassesOnWhatHasNoTime) {
  Reader reader;
  reader.cursor.feed("unable to retrieve container logs for containerd://abc\nx\n");
  reader.cursor.feed(kFirst);
  EXPECT_EQ(reader.text, "unable to retrieve container logs for containerd://abc\nx\none\n");
}

}  // namespace
}  // namespace axon::cli
