// Runs the entrypoint as a child, in a session of its own so that a Ctrl-C reaches only us, and hands on what it
// writes as it comes.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/signals.hpp"
#include "core/launch.hpp"
#include "core/result.hpp"

namespace axon::cli {

/// The descriptor on which bubblewrap tells the child's process id; the number for --info-fd.
inline constexpr int kInfoDescriptor = 3;

struct ChildSpec {
  std::vector<std::string> argv;  // argv[0] is a path
  Environment env;                // all of it
  std::string working_directory;
  bool in_sandbox = false;                         // argv is bubblewrap's: signals go to the child that it names
  std::chrono::seconds grace{60};                  // from the first stop signal to the KILL
  std::optional<std::chrono::seconds> time_limit;  // then it is stopped as by a signal
};

struct ChildEnd {
  int exit_code = 0;       // 128+n where a signal ended it
  bool cancelled = false;  // a stop signal came
  bool timed_out = false;
};

using ByteSink = std::function<void(std::string_view)>;

/// Fails where the program cannot be started.
Result<ChildEnd> run_child(const ChildSpec& spec, StopSignals& signals, const ByteSink& out, const ByteSink& err);

/// Runs a short program to its end with its stderr kept. Used to ask bubblewrap whether it works here.
Result<ChildEnd> run_quietly(const std::vector<std::string>& argv, std::string& stderr_text);

}  // namespace axon::cli
