// `gh`: stands before the real GitHub CLI in PATH and gives it the token of the moment.
#pragma once

#include <span>
#include <string>

namespace axon {

/// Runs the next gh in PATH with these arguments in this process's place; returns only if there is none (127) or it
/// cannot be run (126). The variable that gh reads for its host, GH_TOKEN or GH_ENTERPRISE_TOKEN, is set from the token
/// file.
int gh_command(std::span<const std::string> args);

/// The gh that is not this program; empty if there is none.
std::string find_real_gh(const std::string& path);

}  // namespace axon
