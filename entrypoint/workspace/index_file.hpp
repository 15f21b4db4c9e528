// git's index as a file: what is checked out, and the state of each file at the time. Read and changed without libgit2,
// which knows neither SHA-256 repositories nor a file whose content is not the blob's. Pure. Source: git's
// Documentation/gitformat-index.txt, versions 2 to 4.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace axon {

struct IndexEntry {
  std::string path;
  std::uint32_t mode = 0;   // 0100644, 0100755, 0120000 for links, 0160000 for submodules
  std::uint32_t size = 0;   // of the file when it was checked out, modulo 2^32
  std::uint32_t mtime = 0;  // of it, in seconds since 1970, modulo 2^32
  int stage = 0;            // not 0: of a conflict
  bool skipped = false;     // not in the work tree, by sparse checkout
  std::size_t offset = 0;   // of its state in the file

  bool operator==(const IndexEntry&) const = default;
};

/// `hash_size`: 20 bytes with SHA-1, 32 with SHA-256.
Result<std::vector<IndexEntry>> read_index(std::string_view bytes, std::size_t hash_size);

/// Makes git take the file as it is now for what the entry names.
void set_state(std::string& bytes, const IndexEntry& entry, const struct stat& now);

/// Renews the checksum at the end.
Result<void> seal_index(std::string& bytes, std::size_t hash_size);

}  // namespace axon
