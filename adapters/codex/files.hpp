// Where Codex keeps its files.
#pragma once

#include <string>
#include <string_view>

#include "core/task.hpp"

namespace axon::codex {

/// The variable's value; empty if it is not set.
std::string variable(const AgentTask& task, std::string_view name);

/// $CODEX_HOME, else ~/.codex; absolute.
std::string config_directory(const AgentTask& task);

}  // namespace axon::codex
