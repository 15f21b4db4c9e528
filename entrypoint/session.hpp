// Carries out what the Supervisor decides: one event loop over the signals, the child's output and the clock. One
// Session lives as long as the program; it runs the setup command, the agent and the helpers, one after another.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/launch.hpp"
#include "core/verdict.hpp"
#include "entrypoint/descriptor.hpp"
#include "entrypoint/live_secrets.hpp"
#include "entrypoint/output.hpp"
#include "entrypoint/process.hpp"
#include "entrypoint/supervisor.hpp"

namespace axon {

struct Child {
  std::vector<std::string> argv;
  Environment env;
  std::string working_directory;
  std::optional<std::string> stdin_bytes;
  bool stdout_to_stderr = false;  // the setup command: stdout is the agent's
};

/// What reading a piece of the agent's stdout showed.
struct StreamNews {
  bool progress = false;
  bool done = false;
};

struct Listener {
  /// Called with the redacted bytes of stdout, after they were passed on.
  std::function<StreamNews(std::string_view)> on_stdout = [](std::string_view) { return StreamNews{}; };
  /// Called now and then while the child runs; returns when it wants to be called next.
  std::function<TimePoint(TimePoint)> checkpoint = [](TimePoint) { return TimePoint::max(); };
};

struct ChildResult {
  ProcessEnd end;
  StopCause stopped = StopCause::None;
};

class Session {
 public:
  /// Blocks the signals that it reads itself from here on. One per process.
  Session();

  /// The secrets that do not leave with the output.
  void redact(LiveSecrets secrets) { secrets_ = std::move(secrets); }
  LiveSecrets& secrets() { return secrets_; }

  /// Runs the child to its end, passing its output on. Returns when nobody of its tree holds its output any more.
  ChildResult supervise(const Child& child, const Limits& limits, const Listener& listener);

  /// Runs a short helper with its stdout captured (at most 64 KiB) and its stderr passed on; kills it after `limit`.
  /// Empty if it failed, was killed or could not be started.
  std::optional<std::string> run_helper(const Child& child, std::chrono::milliseconds limit);

  /// Kills all that is left of our process tree.
  void kill_leftovers() { kill_descendants(reaper_); }

  /// A TERM or INT that came while no child was running.
  bool stop_requested();

  Output& out() { return out_; }
  Output& err() { return err_; }

 private:
  class Loop;

  std::vector<int> read_signals();

  Descriptor signals_;
  Reaper reaper_;
  Output out_{1};
  Output err_{2};
  LiveSecrets secrets_;
  bool stop_requested_ = false;
};

}  // namespace axon
