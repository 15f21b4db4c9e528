#include "cli/printer.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

std::vector<std::string> printed(const std::vector<Event>& events) {
  std::vector<std::string> lines;
  EventPrinter printer(
      [&](Channel channel, std::string_view line) {
        lines.push_back((channel == Channel::Out ? "out| " : "info| ") + std::string(line));
      },
      Style{});
  for (const Event& event : events) printer.print(event);
  printer.finish();
  return lines;
}

using Lines = std::vector<std::string>;

TEST(EventPrinter, SendsWhatIsSaidToOneChannelAndWhatIsDoneToTheOther) {
  EXPECT_EQ(printed({event::SessionStarted{"s", "opus"}, event::Turn{}, event::Text{"I look.\n"},
                     event::ToolCall{"1", "Bash", R"({"command":"git status\n| head"})"}, event::ToolResult{"1", true},
                     event::Text{"Done."}, event::UsageTotal{{1200, 1000, 50, 40, 0, 0.013}},
                     event::Finished{std::nullopt, "Done.", 2}}),
            (Lines{"info| [model] opus", "info| [turn] 1", "out| I look.", "info| [tool] Bash git status | head",
                   "info| [tool] Bash failed", "out| Done.", "info| [result] succeeded after 2 turns",
                   "info| [usage] 1,200 in (1,000 from cache, 50 to cache), 40 out, $0.013"}));
}

TEST(EventPrinter, TellsRetriesProblemsAndFailures) {
  EXPECT_EQ(printed({event::Retry{2, 10, {Reason::RateLimited, "429"}}, event::Problem{{Reason::NetworkError, ""}},
                     event::Finished{Failure{Reason::AuthenticationFailed, "bad\nkey"}, "", {}}}),
            (Lines{"info| [retry] 2 of 10, RateLimited: 429", "info| [problem] NetworkError",
                   "info| [result] failed: AuthenticationFailed: bad key"}));
}

TEST(EventPrinter, PassesPlainLinesOnAndHidesTheOutputs) {
  EXPECT_EQ(printed({event::Plain{"npm notice"}, event::Plain{"---AXON_OUTPUTS_START---"}, event::Plain{"branch: b"},
                     event::Plain{"---AXON_OUTPUTS_END---"}, event::Plain{"after"}, event::Unknown{"x"}}),
            (Lines{"out| npm notice", "out| after"}));
}

TEST(EventPrinter, PrintsAResponseThatNoTextHasSaid) {
  EXPECT_EQ(printed({event::Finished{std::nullopt, "42", {}}}), (Lines{"out| 42", "info| [result] succeeded"}));
}

TEST(EventPrinter, ShortensArguments) {
  EXPECT_EQ(short_arguments(R"({"file_path":"/a/b","content":"long"})"), "/a/b");
  EXPECT_EQ(short_arguments(R"({"x":1})"), R"({"x":1})");
  EXPECT_EQ(short_arguments("{}"), "");
  EXPECT_EQ(short_arguments("ls -l"), "ls -l");
}

}  // namespace
}  // namespace axon::cli
