// Gemini CLI (npm @google/gemini-cli): how it is started, what its stream-json says, and what its session files keep.
// Held to version 0.61.0.
//
// Its stream does not tell an answer that a filter or the output limit cut after its first words from a whole one: such
// a run succeeds with the words that there are.
#pragma once

#include "adapters/adapter.hpp"

namespace axon::gemini {

inline constexpr std::string_view kName = "gemini";

/// It writes no result event for any signal, and exits 0.
inline constexpr int kStopSignal = SIGTERM;

/// A prompt that begins with "/" and the name of a command is that command; "@PATH" adds the file of that path.
Result<Launch> plan(const AgentTask& task, const FileView& files);
std::unique_ptr<StreamParser> make_parser();
std::optional<Usage> recover(const AgentTask& task, const Summary& summary, const FileView& files);

/// What its exit codes for a run that did not begin mean.
std::optional<Failure> explain_exit(int exit_code);

}  // namespace axon::gemini
