// opencode (npm opencode-ai): how it is started, what its JSON stream says, and what its database keeps. Held to
// version 1.18.33.
#pragma once

#include "adapters/adapter.hpp"

namespace axon::opencode {

inline constexpr std::string_view kName = "opencode";

Result<Launch> plan(const AgentTask& task, const FileView& files);
std::unique_ptr<StreamParser> make_parser();
std::optional<Usage> recover(const AgentTask& task, const Summary& summary, const FileView& files);
std::optional<Failure> explain_exit(int exit_code);

}  // namespace axon::opencode
