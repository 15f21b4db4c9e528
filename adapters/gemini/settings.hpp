// ~/.gemini/settings.json with what a Task needs.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/task.hpp"

namespace axon::gemini {

/// `existing` (empty: a new file; its comments are lost) with the Task's MCP servers, each in the place of one that has
/// its name, and, only where nothing is said of them: the kind of credential, no usage statistics, and no search of the
/// whole workspace for a file that is named like a word after an "@" of the prompt. Doing it again gives the same
/// bytes. InvalidInput, naming `path` but nothing of its content, if it is not what Gemini CLI takes, or for a variable
/// that it does not hand to MCP servers.
Result<std::string> with_settings(std::string_view existing, const AgentTask& task, const std::string& path);

}  // namespace axon::gemini
