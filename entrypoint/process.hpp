// Processes: starting them, the one Reaper that waits for them, and killing what is left of them.
#pragma once

#include <sys/types.h>

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/launch.hpp"
#include "core/verdict.hpp"

namespace axon {

struct SpawnRequest {
  std::vector<std::string> argv;
  Environment env;  // the whole environment of the child; its PATH is the one searched
  std::string working_directory;
  int stdin_fd = -1;  // -1: /dev/null
  int stdout_fd = 1;
  int stderr_fd = 2;
};

/// The child leads a process group of its own, with default signal handling and an empty signal mask. On failure says
/// what a shell would: 127 for a program that is not there, 126 for one that cannot be executed.
std::expected<pid_t, NotStarted> spawn(const SpawnRequest& request);

/// Signals the process group that the child leads, and the child itself where it has gone to another group. It must not
/// have been reaped yet.
void signal_group(pid_t leader, int signal);

/// The only place that waits for children. Unknown ones are orphans that were given to us and are just reaped.
class Reaper {
 public:
  using Callback = std::function<void(const ProcessEnd&)>;

  void watch(pid_t pid, Callback on_end);

  /// Reaps whoever has ended, without waiting. To be called on SIGCHLD.
  void reap();

 private:
  std::map<pid_t, Callback> watched_;
};

/// Makes this process the one that orphans of its tree are given to. Needed where it is not PID 1 of a namespace.
void become_subreaper();

/// Kills every descendant of this process, whatever its process group or session, and reaps them through the reaper.
/// Returns when none is left, or after two seconds.
void kill_descendants(Reaper& reaper);

}  // namespace axon
