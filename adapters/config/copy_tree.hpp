// Directories of a plugin copied to where an agent looks for them.
#pragma once

#include <string>

#include "adapters/adapter.hpp"
#include "core/launch.hpp"
#include "core/result.hpp"

namespace axon::config {

/// Adds a copy of every regular file below `from`, at any depth, to `launch`, at the same place below `to`; what is
/// executable stays so. InvalidInput if two files are to be written to one place: who copies several directories into
/// one tells the user which.
Result<void> copy_tree(const FileView& files, const std::string& from, const std::string& to, Launch& launch);

/// The same for one file.
Result<void> copy_file(const FileView& files, const std::string& from, const std::string& to, Launch& launch);

}  // namespace axon::config
