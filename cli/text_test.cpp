#include "cli/text.hpp"

#include <gtest/gtest.h>

#include "cli/duration.hpp"

namespace axon::cli {
namespace {

using std::chrono::seconds;

TEST(Duration, ReadsGosNotation) {
  EXPECT_EQ(parse_duration("30m", "--timeout"), seconds(1800));
  EXPECT_EQ(parse_duration("1h30m5s", "--timeout"), seconds(5405));
  EXPECT_EQ(parse_duration("1.5h", "--timeout"), seconds(5400));
  EXPECT_EQ(parse_duration("1500ms", "--timeout"), seconds(1));
  for (const char* wrong : {"", "5", "m", "-5m", "1h5", "5x", "inf", "nanm", "1e9h", "99999999999h"}) {
    const auto result = parse_duration(wrong, "--timeout");
    ASSERT_FALSE(result) << wrong;
    EXPECT_EQ(result.error().message,
              "--timeout: \"" + std::string(wrong) + "\" is no duration; expected for example 30m, 1h30m or 90s");
  }
  EXPECT_EQ(parse_duration("500ms", "--stall").error().message, "--stall: must be at least 1s, found \"500ms\"");
}

TEST(Duration, IsWrittenForPeople) {
  EXPECT_EQ(format_duration(seconds(5)), "5s");
  EXPECT_EQ(format_duration(seconds(192)), "3m12s");
  EXPECT_EQ(format_duration(seconds(7500)), "2h5m");
  EXPECT_EQ(format_age(seconds(119)), "119s");
  EXPECT_EQ(format_age(seconds(90000)), "25h");
}

TEST(Text, IsFreeOfWhatSteersATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb\rc\x07\td\n\xff\xc2\x9b!é"), "a[31mbc\td\n\xEF\xBF\xBD!é");
}

TEST(Text, IsPutOnOneShortLine) {
  EXPECT_EQ(one_line("  git  status\n\t&& ls ", 40), "git status && ls");
  EXPECT_EQ(one_line("0123456789abcdef", 10), "0123456…");
  EXPECT_EQ(one_line("äääääääääää", 10), "äää…");
  EXPECT_EQ(with_commas(1234567), "1,234,567");
  EXPECT_EQ(with_commas(-123), "-123");
}

TEST(Text, IsAlignedInTables) {
  EXPECT_EQ(render_table({{"NAME", "PHASE"}, {"täsk-1", ""}, {"t", "Running"}}),
            "NAME     PHASE\ntäsk-1\nt        Running\n");
  EXPECT_EQ(render_facts({{"Outcome", "Failed"}, {"PR", ""}, {"Clone", "a\nb"}}, {}),
            "Outcome:  Failed\nClone:    a\n          b\n");
}

TEST(Text, OfATableIsCutToTheTerminalButNeverItsNames) {
  const std::vector<Row> rows = {{"NAME", "REPO", "AGE"}, {"a-long-name-indeed", "https://host/a/b.git", "5s"}};
  EXPECT_EQ(render_table(rows, {.width = 40, .paint = {}}),
            "NAME                 REPO            AGE\na-long-name-indeed   https://host…   5s\n");
  EXPECT_EQ(render_table(rows, {.width = 10, .paint = {}}),
            "NAME                 REPO       AGE\na-long-name-indeed   https:/…   5s\n");
}

TEST(Text, OfATableIsPaintedWithoutMovingIt) {
  const TableLook look{.width = 0,
                       .paint = [](const std::string& cell) { return paint_phase({.colour = true}, cell); }};
  EXPECT_EQ(render_table({{"t", "Failed", "5s"}}, look), "t   \x1b[31mFailed\x1b[0m   5s\n");
}

TEST(CheckText, NamesTheFirstByteThatIsNone) {
  EXPECT_TRUE(check_text("", "--x"));
  EXPECT_TRUE(check_text("sch\xC3\xB6n \xEF\xBF\xBD", "--x"));  // U+FFFD is text, too
  EXPECT_EQ(check_text("a\xC3", "--x").error().message, "--x: byte 2 is not UTF-8; only text can be given");
  EXPECT_EQ(check_text(std::string("ab\0\xFF", 4), "--x").error().message,
            "--x: byte 3 is NUL; only text can be given");
}

}  // namespace
}  // namespace axon::cli
