// `axon-entrypoint run [PROMPT]`: the agent image interface, from the task to the report.
#pragma once

#include <optional>
#include <string>

#include "core/contract.hpp"

namespace axon {

/// Returns the container's exit code; see contract::exit_code. Every path of it writes the report. In the other dialect
/// each of its variables stands for ours of the same name where that is not set.
int run_command(const std::optional<std::string>& prompt, const contract::Dialect& dialect);

}  // namespace axon
