// Where opencode keeps its files.
#pragma once

#include <string>

#include "core/task.hpp"

namespace axon::opencode {

/// $OPENCODE_CONFIG_DIR, else opencode/ in $XDG_CONFIG_HOME or ~/.config; absolute.
std::string config_directory(const AgentTask& task);

/// The SQLite database of sessions: $OPENCODE_DB, else opencode/opencode.db in $XDG_DATA_HOME or ~/.local/share.
std::string database_file(const AgentTask& task);

}  // namespace axon::opencode
