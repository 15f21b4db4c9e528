#include "entrypoint/workspace/child.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "entrypoint/workspace/progress.hpp"

namespace axon {
namespace {

using Kind = ChildEnd::Kind;
using std::chrono::seconds;

ChildEnd run(const std::function<std::string(int)>& work, ChildLimits limits = {}) {
  return run_in_child(work, limits, [](const std::string&) {});
}

std::string hang(int) {
  for (;;) pause();
}

TEST(RunInChild, AnswersOfAnyLengthComeThrough) {
  const std::string long_answer(1'000'000, '\n');
  const ChildEnd end = run([&](int) { return long_answer; });
  EXPECT_EQ(end.kind, Kind::Answered);
  EXPECT_EQ(end.answer, long_answer);
}

TEST(RunInChild, ProgressIsShown) {
  std::string shown;
  const auto work = [](int output) {
    Progress progress(output);
    progress.alive();
    progress.note("one");
    progress.note("two");
    return std::string("=p three");
  };
  const ChildEnd end = run_in_child(work, {}, [&](const std::string& text) { shown += text + "|"; });
  EXPECT_EQ(end.answer, "=p three");
  EXPECT_EQ(shown, "one|two|");
}

TEST(RunInChild, SilenceAndSlownessEndIt) {
  EXPECT_EQ(run(hang, {.stall = seconds(1), .overall = seconds(0)}).kind, Kind::Stalled);
  EXPECT_EQ(run(hang, {.stall = seconds(0), .overall = seconds(1)}).kind, Kind::TimedOut);
}

TEST(RunInChild, ASignalThatEndsItIsTold) {
  const ChildEnd end = run([](int) -> std::string { raise(SIGKILL), _exit(0); });
  EXPECT_EQ(end.kind, Kind::Died);
  EXPECT_EQ(end.signal, SIGKILL);
}

TEST(RunInChild, TermEndsItAndIsNotLost) {
  const ChildEnd end = run([](int) { return kill(getppid(), SIGTERM), hang(0); });
  EXPECT_EQ(end.kind, Kind::Interrupted);
  EXPECT_EQ(end.signal, SIGTERM);
}

TEST(Progress, SizesAreForPeople) {
  EXPECT_EQ(to_size(340), "340 B");
  EXPECT_EQ(to_size(12'902'400), "12.3 MiB");
}

}  // namespace
}  // namespace axon
