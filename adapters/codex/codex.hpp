// Codex (npm @openai/codex): how it is started, what `exec --json` says, and what its session files keep. Held to
// version 0.169.0.
#pragma once

#include "adapters/adapter.hpp"

namespace axon::codex {

inline constexpr std::string_view kName = "codex";

/// SIGINT: it then ends the commands that it runs. By SIGTERM it dies at once and leaves them behind.
inline constexpr int kStopSignal = SIGINT;

Result<Launch> plan(const AgentTask& task, const FileView& files);
std::unique_ptr<StreamParser> make_parser();
std::optional<Usage> recover(const AgentTask& task, const Summary& summary, const FileView& files);
std::optional<Failure> explain_exit(int exit_code);

}  // namespace axon::codex
