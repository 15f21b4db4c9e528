// Makes a workspace: the clone in a child process, then the files that are put into it.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "core/launch.hpp"
#include "core/result.hpp"
#include "core/task_file.hpp"

namespace axon {

struct WorkspaceLimits {
  std::chrono::seconds stall{120};
  std::chrono::seconds overall{0};
};

/// The message of the failure after TERM or INT.
inline constexpr std::string_view kInterrupted = "stopped by a signal before the workspace was ready";

/// Clones, or continues what an earlier call began; calling it again is harmless. What a failed clone leaves is
/// removed. `say` is given lines for people. The caller must have one thread.
Result<void> make_workspace(const WorkspaceSource& workspace, const std::string& branch, const WorkspaceLimits& limits,
                            const Environment& environment, const std::function<void(const std::string&)>& say);

}  // namespace axon
