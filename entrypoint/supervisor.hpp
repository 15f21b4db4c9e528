// What to do with a running process, decided in pure code: every input with its time, commands out. The rules are those
// of the contract: forward TERM as the signal this agent stops best on, kill the tree after a grace, a second TERM
// shortens it, end an agent that lingers after its result, and stop at the deadline or when nothing moves.
#pragma once

#include <chrono>
#include <optional>
#include <variant>
#include <vector>

#include "core/verdict.hpp"

namespace axon {

using TimePoint = std::chrono::steady_clock::time_point;

namespace input {
/// The process that was started has ended; others of its tree may live on.
struct ChildExited {};
struct SignalArrived {
  int signal = 0;
};
/// The stream showed work going on.
struct Progress {};
/// The agent said that it is done and has nothing in the background; or, with false, it began another turn after that.
struct Done {
  bool done = true;
};
/// Nobody holds its stdout and stderr any more.
struct OutputClosed {};
/// wake_at() has come.
struct Tick {};
}  // namespace input

using Input = std::variant<input::ChildExited, input::SignalArrived, input::Progress, input::Done, input::OutputClosed,
                           input::Tick>;

namespace command {
/// Send this signal to the process group of the child.
struct SignalGroup {
  int signal = 0;
  bool operator==(const SignalGroup&) const = default;
};
/// Kill every process of the tree, those that left the group included.
struct KillTree {
  bool operator==(const KillTree&) const = default;
};
/// Nothing more is to be waited for.
struct Finish {
  bool operator==(const Finish&) const = default;
};
}  // namespace command

using Command = std::variant<command::SignalGroup, command::KillTree, command::Finish>;
using Commands = std::vector<Command>;

struct Limits {
  int stop_signal = 15;
  std::chrono::milliseconds grace{30'000};         // from the stop signal to the kill
  std::chrono::milliseconds linger{5'000};         // from the final result to the stop signal
  std::chrono::milliseconds drain{1'000};          // from the exit to the kill of whoever still holds its output
  std::optional<std::chrono::milliseconds> stall;  // without progress
  std::optional<TimePoint> stop_at;                // the deadline, less what stopping needs
};

class Supervisor {
 public:
  Supervisor(Limits limits, TimePoint start);

  /// The commands are to be carried out in their order, at once.
  [[nodiscard]] Commands on(const Input& input, TimePoint now);

  /// When on() wants a Tick at the latest.
  [[nodiscard]] std::optional<TimePoint> wake_at() const;

  [[nodiscard]] StopCause stopped() const { return stopped_; }

 private:
  Commands on_signal(int signal, TimePoint now);
  Commands on_tick(TimePoint now);
  Commands stop(StopCause cause, TimePoint now);
  Commands kill();
  Commands finish_if_over() const;

  Limits limits_;
  TimePoint last_progress_;
  std::optional<TimePoint> done_at_;
  std::optional<TimePoint> kill_at_;
  StopCause stopped_ = StopCause::None;
  bool exited_ = false;
  bool output_closed_ = false;
  bool killed_ = false;
};

}  // namespace axon
