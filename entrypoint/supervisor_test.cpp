#include "entrypoint/supervisor.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <ostream>

namespace axon {

namespace command {
void PrintTo(const SignalGroup& command, std::ostream* out) { *out << "SignalGroup{" << command.signal << "}"; }
void PrintTo(const KillTree& /*command*/, std::ostream* out) { *out << "KillTree"; }
void PrintTo(const Finish& /*command*/, std::ostream* out) { *out << "Finish"; }
}  // namespace command

namespace {

using namespace std::chrono_literals;

TimePoint at(std::chrono::milliseconds since_start) { return TimePoint() + since_start; }

Limits limits() {
  Limits limits;
  limits.stop_signal = SIGINT;
  limits.grace = 30s;
  limits.linger = 5s;
  limits.drain = 1s;
  return limits;
}

const Commands kNothing;
const Commands kStop = {command::SignalGroup{SIGINT}, command::SignalGroup{SIGCONT}};
const Commands kKill = {command::KillTree{}};
const Commands kFinish = {command::Finish{}};
const Commands kKillAndFinish = {command::KillTree{}, command::Finish{}};

TEST(Supervisor, FinishesWhenTheChildHasExitedAndNobodyHoldsItsOutput) {
  for (const bool exit_first : {true, false}) {
    Supervisor supervisor(limits(), at(0s));
    const Input first = exit_first ? Input(input::ChildExited{}) : Input(input::OutputClosed{});
    const Input second = exit_first ? Input(input::OutputClosed{}) : Input(input::ChildExited{});
    EXPECT_EQ(supervisor.on(first, at(1s)), kNothing);
    EXPECT_EQ(supervisor.on(second, at(1s)), kFinish);
    EXPECT_EQ(supervisor.stopped(), StopCause::None);
  }
}

TEST(Supervisor, KillsWhoeverHoldsTheOutputAfterTheExit) {
  Supervisor supervisor(limits(), at(0s));
  EXPECT_EQ(supervisor.on(input::ChildExited{}, at(3s)), kNothing);
  EXPECT_EQ(supervisor.wake_at(), at(4s));
  EXPECT_EQ(supervisor.on(input::Tick{}, at(4s)), kKillAndFinish);
}

TEST(Supervisor, ForwardsTermAsTheAgentsStopSignalAndKillsAfterTheGrace) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Supervisor supervisor(limits(), at(0s));
    EXPECT_EQ(supervisor.on(input::SignalArrived{signal}, at(2s)), kStop);
    EXPECT_EQ(supervisor.stopped(), StopCause::Cancelled);
    EXPECT_EQ(supervisor.wake_at(), at(32s));
    EXPECT_EQ(supervisor.on(input::Tick{}, at(31s)), kNothing);
    EXPECT_EQ(supervisor.on(input::Tick{}, at(32s)), kKill);
    EXPECT_EQ(supervisor.on(input::ChildExited{}, at(32s)), kFinish);
  }
}

TEST(Supervisor, ShortensTheGraceOnASecondTerm) {
  Supervisor supervisor(limits(), at(0s));
  EXPECT_EQ(supervisor.on(input::SignalArrived{SIGTERM}, at(0s)), kStop);
  EXPECT_EQ(supervisor.on(input::SignalArrived{SIGTERM}, at(5s)), Commands{command::SignalGroup{SIGTERM}});
  EXPECT_EQ(supervisor.wake_at(), at(6s));
  EXPECT_EQ(supervisor.on(input::Tick{}, at(6s)), kKill);
}

TEST(Supervisor, ForwardsOtherSignalsAsTheyAre) {
  Supervisor supervisor(limits(), at(0s));
  EXPECT_EQ(supervisor.on(input::SignalArrived{SIGUSR1}, at(0s)), Commands{command::SignalGroup{SIGUSR1}});
  EXPECT_EQ(supervisor.stopped(), StopCause::None);
}

TEST(Supervisor, EndsAnAgentThatLingersAfterItsResult) {
  Supervisor supervisor(limits(), at(0s));
  EXPECT_EQ(supervisor.on(input::Done{}, at(10s)), kNothing);
  EXPECT_EQ(supervisor.on(input::Progress{}, at(12s)), kNothing);
  EXPECT_EQ(supervisor.wake_at(), at(17s));
  EXPECT_EQ(supervisor.on(input::Tick{}, at(17s)), kStop);
  EXPECT_EQ(supervisor.stopped(), StopCause::Lingered);
  EXPECT_EQ(supervisor.wake_at(), at(22s));
}

TEST(Supervisor, LetsAnAgentThatBeganAnotherTurnGoOn) {
  Supervisor supervisor(limits(), at(0s));
  EXPECT_EQ(supervisor.on(input::Done{}, at(10s)), kNothing);
  EXPECT_EQ(supervisor.on(input::Done{false}, at(11s)), kNothing);
  EXPECT_EQ(supervisor.wake_at(), std::nullopt);
}

TEST(Supervisor, StopsAtTheDeadline) {
  Limits with_deadline = limits();
  with_deadline.stop_at = at(60s);
  Supervisor supervisor(with_deadline, at(0s));
  EXPECT_EQ(supervisor.wake_at(), at(60s));
  EXPECT_EQ(supervisor.on(input::Tick{}, at(60s)), kStop);
  EXPECT_EQ(supervisor.stopped(), StopCause::Deadline);
}

TEST(Supervisor, StopsAnAgentWithoutProgress) {
  Limits with_stall = limits();
  with_stall.stall = 20s;
  Supervisor supervisor(with_stall, at(0s));
  EXPECT_EQ(supervisor.on(input::Progress{}, at(15s)), kNothing);
  EXPECT_EQ(supervisor.wake_at(), at(35s));
  EXPECT_EQ(supervisor.on(input::Tick{}, at(35s)), kStop);
  EXPECT_EQ(supervisor.stopped(), StopCause::Stalled);
}

TEST(Supervisor, KeepsTheFirstCause) {
  Limits with_deadline = limits();
  with_deadline.stop_at = at(1s);
  Supervisor supervisor(with_deadline, at(0s));
  EXPECT_EQ(supervisor.on(input::SignalArrived{SIGTERM}, at(0s)), kStop);
  EXPECT_EQ(supervisor.on(input::Tick{}, at(2s)), kNothing);
  EXPECT_EQ(supervisor.stopped(), StopCause::Cancelled);
}

// Whatever happens in whatever order: it never waits without a time once it was told to stop, it kills at most once,
// and with the child's exit and enough time it finishes.
TEST(Supervisor, AlwaysEnds) {
  const std::vector<Input> inputs = {input::ChildExited{}, input::SignalArrived{SIGTERM}, input::Progress{},
                                     input::Done{},        input::OutputClosed{},         input::Tick{}};
  Limits all = limits();
  all.stall = 3s;
  all.stop_at = at(4s);
  const int length = 5;
  for (int code = 0; code < 6 * 6 * 6 * 6 * 6; ++code) {
    Supervisor supervisor(all, at(0s));
    TimePoint now = at(0s);
    int kills = 0;
    bool exited = false;
    bool finished = false;
    const auto take = [&](const Input& input) {
      exited = exited || std::holds_alternative<input::ChildExited>(input);
      for (const Command& command : supervisor.on(input, now)) {
        kills += std::holds_alternative<command::KillTree>(command) ? 1 : 0;
        finished = finished || std::holds_alternative<command::Finish>(command);
      }
    };
    for (int i = 0, rest = code; i < length && !finished; ++i, rest /= 6) {
      now += 900ms;
      take(inputs[static_cast<std::size_t>(rest % 6)]);
    }
    while (!finished && supervisor.wake_at()) {
      now = std::max(now, *supervisor.wake_at());
      take(input::Tick{});
    }
    if (!exited) {
      take(input::ChildExited{});
      if (!finished) take(input::OutputClosed{});
    }
    EXPECT_TRUE(finished) << code;
    EXPECT_LE(kills, 1) << code;
  }
}

}  // namespace
}  // namespace axon
