// What a run left: branch, commit and pull requests from the repository, the rest from the agent's stream and files.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/adapter.hpp"
#include "core/report.hpp"
#include "core/summary.hpp"
#include "entrypoint/redactor.hpp"

namespace axon {

/// What can be told at once, without the network.
Results local_results(const std::string& directory, const std::string& base_branch, const Summary& summary);

/// Without the secrets: the stream that the results come from is clean, but a parser undoes escapes, and a branch may
/// have any name.
Results redacted(Results results, const SecretPatterns& patterns);

/// The larger of what the stream said and what the agent's own files say: a stream leaves out subagents or, after a
/// kill, the total; files leave out what was not written yet.
std::optional<Usage> whole_usage(const std::optional<Usage>& stream, const std::optional<Usage>& files);

/// The environment without what only the entrypoint needs; HOME, PATH and git's safe.directory made to fit.
Environment agent_environment(Environment env);

/// `axon-entrypoint capture [--agent-type TYPE] [--stream FILE|-]`: the block of outputs, for other entrypoints.
int capture_command(std::span<const std::string> args);

/// `axon-entrypoint pull-requests`: the URLs of the pull requests of the branch in the working directory, one a line.
/// Run as a process of its own, so that it can be killed when it takes too long.
int pull_requests_command();

}  // namespace axon
