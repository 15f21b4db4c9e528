// `axon-entrypoint run [PROMPT]`: the agent image interface, from the task to the report.
#pragma once

#include <optional>
#include <string>

namespace axon {

/// Returns the container's exit code; see contract::exit_code. Every path of it writes the report.
int run_command(const std::optional<std::string>& prompt);

}  // namespace axon
