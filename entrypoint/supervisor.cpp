#include "entrypoint/supervisor.hpp"

#include <algorithm>
#include <csignal>

namespace axon {
namespace {

// A second TERM leaves the agent this long.
constexpr std::chrono::milliseconds kShortGrace{1'000};

}  // namespace

Supervisor::Supervisor(Limits limits, TimePoint start) : limits_(limits), last_progress_(start) {}

Commands Supervisor::on(const Input& input, TimePoint now) {
  if (const auto* signal = std::get_if<input::SignalArrived>(&input)) return on_signal(signal->signal, now);
  if (std::holds_alternative<input::ChildExited>(input)) {
    exited_ = true;
    // Its death is not waited for a second time; only those who hold its output are.
    kill_at_ = now + limits_.drain;
    return finish_if_over();
  }
  if (std::holds_alternative<input::OutputClosed>(input)) {
    output_closed_ = true;
    return finish_if_over();
  }
  if (std::holds_alternative<input::Progress>(input)) {
    last_progress_ = now;
    if (done_at_) done_at_ = now;
    return {};
  }
  if (const auto* done = std::get_if<input::Done>(&input)) {
    last_progress_ = now;
    done_at_ = done->done ? std::optional(now) : std::nullopt;
    return {};
  }
  return on_tick(now);
}

Commands Supervisor::on_signal(int signal, TimePoint now) {
  if (signal != SIGTERM && signal != SIGINT) return {command::SignalGroup{signal}};
  if (exited_ || killed_) return {};
  if (stopped_ == StopCause::None) return stop(StopCause::Cancelled, now);
  kill_at_ = kill_at_ ? std::min(*kill_at_, now + kShortGrace) : now + kShortGrace;
  return {command::SignalGroup{SIGTERM}};
}

Commands Supervisor::on_tick(TimePoint now) {
  if (kill_at_ && now >= *kill_at_ && !killed_) return kill();
  if (exited_ || stopped_ != StopCause::None) return {};
  if (done_at_ && now >= *done_at_ + limits_.linger) return stop(StopCause::Lingered, now);
  if (limits_.stop_at && now >= *limits_.stop_at) return stop(StopCause::Deadline, now);
  if (limits_.stall && !done_at_ && now >= last_progress_ + *limits_.stall) return stop(StopCause::Stalled, now);
  return {};
}

Commands Supervisor::stop(StopCause cause, TimePoint now) {
  stopped_ = cause;
  kill_at_ = now + (cause == StopCause::Lingered ? std::min(limits_.grace, limits_.linger) : limits_.grace);
  return {command::SignalGroup{limits_.stop_signal},
          command::SignalGroup{SIGCONT}};  // who is stopped hears nothing else
}

Commands Supervisor::kill() {
  killed_ = true;
  kill_at_.reset();
  Commands commands = {command::KillTree{}};
  // Once the tree is dead its output can only be what lies in the pipes, and that is read before the exit is seen.
  if (exited_) commands.emplace_back(command::Finish{});
  return commands;
}

Commands Supervisor::finish_if_over() const {
  if (!exited_) return {};
  if (output_closed_ || killed_) return {command::Finish{}};
  return {};
}

std::optional<TimePoint> Supervisor::wake_at() const {
  std::optional<TimePoint> at = kill_at_;
  const auto earlier = [&](TimePoint candidate) { at = at ? std::min(*at, candidate) : candidate; };
  if (!exited_ && stopped_ == StopCause::None) {
    if (done_at_) earlier(*done_at_ + limits_.linger);
    if (limits_.stop_at) earlier(*limits_.stop_at);
    if (limits_.stall && !done_at_) earlier(last_progress_ + *limits_.stall);
  }
  return at;
}

}  // namespace axon
