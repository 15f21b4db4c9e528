// How a run is judged, from how its process ended, why it was stopped and what its stream said.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/outcome.hpp"
#include "core/summary.hpp"

namespace axon {

struct Exited {
  int code = 0;
  bool operator==(const Exited&) const = default;
};
struct Signaled {
  int signal = 0;
  bool operator==(const Signaled&) const = default;
};
/// exec failed: 127 for a program that is not there, 126 for one that cannot be run.
struct NotStarted {
  int code = 0;
  std::string message;
  bool operator==(const NotStarted&) const = default;
};
using ProcessEnd = std::variant<Exited, Signaled, NotStarted>;

/// Why the entrypoint itself ended the agent.
enum class StopCause { None, Cancelled, Deadline, Stalled, Lingered };

struct Verdict {
  Outcome outcome;
  int exit_code = 0;  // the container's; see contract::exit_code

  bool operator==(const Verdict&) const = default;
};

/// Success needs both: exit code 0 and a stream whose result says so (where this agent reports one).
Verdict judge(const ProcessEnd& end, StopCause stopped, const Summary& summary, bool reports_result);

/// 128+n for a signal, as shells have it.
int exit_code(const ProcessEnd& end);

}  // namespace axon
