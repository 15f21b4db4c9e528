// The directory that a repository is cloned into: what is in it already, and the mark of a clone that is not finished.
#pragma once

#include <string>

#include "core/result.hpp"

namespace axon {

enum class TargetState {
  Empty,       // not there, or with nothing in it but a new volume's lost+found
  Unfinished,  // a clone of ours that was broken off
  Clone,       // a finished clone of the same repository
  Foreign,     // anything else
};

/// `remote_url` is what a clone there must name as its origin.
TargetState target_state(const std::string& directory, const std::string& remote_url);

/// Marks the clone as begun; end_clone() takes the mark away.
Result<void> begin_clone(const std::string& directory);
void end_clone(const std::string& directory);

/// Removes everything in the directory but lost+found; the directory stays: it may be a mount point.
void clear_directory(const std::string& directory);

}  // namespace axon
