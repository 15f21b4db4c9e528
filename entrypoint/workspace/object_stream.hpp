// Writes a large blob from git's object store to a file without holding it. libgit2 reads a whole object into memory.
// Source of the formats: git's Documentation/gitformat-pack.txt.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.hpp"

namespace axon {

/// OBJECTS is the `objects` directory, OID hexadecimal (SHA-1), SIZE that of the blob. False if the object is not
/// stored as a whole, but as a difference to another or not here: then nothing was written.
Result<bool> stream_blob(const std::string& objects, const std::string& oid, std::uint64_t size, int output);

}  // namespace axon
