// Where Gemini CLI keeps its files.
#pragma once

#include <string>
#include <string_view>

#include "core/task.hpp"

namespace axon::gemini {

/// $GEMINI_CLI_HOME/.gemini, else ~/.gemini; absolute.
std::string config_directory(const AgentTask& task);

/// The user's GEMINI.md.
std::string instructions_file(const AgentTask& task);

std::string settings_file(const AgentTask& task);

/// Each of its directories is an extension.
std::string extensions_directory(const AgentTask& task);

/// PROJECT/chats/ below it holds the sessions of one working directory.
std::string sessions_directory(const AgentTask& task);

/// The variable's value, empty if it is not set.
std::string variable(const AgentTask& task, const std::string& name);

}  // namespace axon::gemini
