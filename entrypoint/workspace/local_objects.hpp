// Takes over the objects of a repository on the same machine, file by file: no pack is built, sent or indexed.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "core/result.hpp"

namespace axon {

/// Copies what SOURCE (its common .git directory) has and the repository whose .git directory is TARGET lacks. Never by
/// hard links, as git does it: what the agent writes into the copy must not reach the original. A file system that can
/// share blocks does so. `advanced` is called after each file.
Result<void> copy_objects(const std::string& source, const std::string& target, const std::function<void()>& advanced);

/// Copies a whole file between two open ones by the cheapest way that this pair of file systems knows. False: errno
/// says why not.
bool copy_bytes(int from, int to, off_t size);

}  // namespace axon
