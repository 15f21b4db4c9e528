// This program, as git is to call it.
#pragma once

#include <string>

namespace axon {

/// "/axon/bin/axon-entrypoint SUBCOMMAND", quoted for the shell that git hands it to. The path has to hold in the
/// agent's container too: there the program is in contract::kBinDir. Empty if it is not known.
std::string own_command(const std::string& subcommand);

/// Its path alone.
std::string own_program();

}  // namespace axon
