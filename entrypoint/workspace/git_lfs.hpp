// Git LFS in a clone that the image's git made.
#pragma once

#include <string>

#include "entrypoint/workspace/clone.hpp"

namespace axon {

/// Replaces the pointers of the clone and of its submodules by their content. A submodule whose content cannot be had
/// is told and keeps its pointers, as one that cannot be cloned is left out. `program` is git's path.
Result<void> smudge_by_git(const std::string& program, const CloneRequest& request, Progress& progress);

}  // namespace axon
