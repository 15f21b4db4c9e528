// Git LFS keeps a small text in the place of a large file: the pointer. Source: git-lfs, docs/spec.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace axon::lfs {

/// No pointer is this long.
inline constexpr std::uint64_t kPointerLimit = 1024;

struct Pointer {
  std::string oid;  // SHA-256 of the content, 64 hexadecimal digits
  std::uint64_t size = 0;

  bool operator==(const Pointer&) const = default;
};

/// Empty if the text is no pointer, or one whose content goes through an extension (`ext-0-…`), which only the one who
/// configured that can undo.
std::optional<Pointer> parse_pointer(std::string_view text);

/// Whether the file's content is wanted: `lfs.fetchinclude` and `lfs.fetchexclude`, lists of patterns with commas, as
/// .lfsconfig has them. An empty list says nothing.
bool is_wanted(const std::string& path, std::string_view include, std::string_view exclude);

}  // namespace axon::lfs
