// A database's write-ahead log: pages that are newer than those in the database itself. After a kill all of a run can
// lie there alone.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "adapters/adapter.hpp"

namespace axon::sqlite {

struct Wal {
  std::uint32_t page_size = 0;                              // 0: there is nothing in it
  std::unordered_map<std::uint32_t, std::uint64_t> offset;  // of each page's last committed version in the file
};

/// Reads it once from front to back. What was never committed, or belongs to an older round of the log, does not count.
Wal read_wal(const FileView& files, const std::string& path);

}  // namespace axon::sqlite
