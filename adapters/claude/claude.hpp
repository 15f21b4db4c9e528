// Claude Code (npm @anthropic-ai/claude-code): how it is started, what its stream-json says, and what its session files
// keep. Held to version 2.1.330.
#pragma once

#include "adapters/adapter.hpp"

namespace axon::claude {

inline constexpr std::string_view kName = "claude-code";

/// SIGINT, not SIGTERM: it then writes a result event with its usage.
inline constexpr int kStopSignal = SIGINT;

Result<Launch> plan(const AgentTask& task, const FileView& files);
std::unique_ptr<StreamParser> make_parser();
std::optional<Usage> recover(const AgentTask& task, const Summary& summary, const FileView& files);

}  // namespace axon::claude
