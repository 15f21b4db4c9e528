// `axon-entrypoint prepare`: makes the workspace before the agent starts. It clones the repository, checks the branch
// out, writes the workspace's files and the plugins, as task.json in the task directory says; flags go before it.
#pragma once

#include <span>
#include <string>

namespace axon {

/// The arguments without "prepare". Returns the exit code (contract::exit_code): 0, kUsage for a wrong command line,
/// kCancelled after TERM, and kCloneFailed for all else. A failure is also reported in the termination message, as
/// `run` does it: ConfigInvalid for a wrong task file, URL or path, otherwise CloneFailed.
int prepare_command(std::span<const std::string> args);

}  // namespace axon
