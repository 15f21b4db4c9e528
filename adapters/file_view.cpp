#include <algorithm>

#include "adapters/adapter.hpp"

namespace axon {

// For views that have nothing better: the real files are read at the place.
Result<std::string> FileView::read_at(const std::string& path, std::uint64_t offset, std::size_t size) const {
  std::string out;
  const Result<bool> found = read_chunks(path, [&](std::string_view chunk) {
    const std::size_t skipped = std::min<std::uint64_t>(offset, chunk.size());
    offset -= skipped;
    out += chunk.substr(skipped, size - out.size());
  });
  if (!found) return std::unexpected(found.error());
  return out;
}

}  // namespace axon
