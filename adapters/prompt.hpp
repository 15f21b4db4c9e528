// The prompt on its way to an agent.
#pragma once

#include <string>

#include "core/result.hpp"

namespace axon {

/// Fails where there is nothing to do.
Result<void> require_prompt(const std::string& prompt);

/// What an agent does not take for one of its own commands, which are a slash at the very beginning and a name: then
/// it might ask no model at all, and say that all went well. An empty line before it is enough for Claude Code 2.1
/// and Gemini CLI 0.61.
std::string no_command(const std::string& prompt);

}  // namespace axon
