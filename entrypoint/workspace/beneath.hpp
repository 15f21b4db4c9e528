// Writes files below a directory whose content is not trusted: a symbolic link in a repository must not lead a write to
// a place outside of it.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "entrypoint/descriptor.hpp"

namespace axon {

/// Writes ROOT/PATH, with the directories that it needs. PATH must be relative, without "..", and no component of it
/// below ROOT may be a symbolic link. A file that exists is replaced and keeps its mode; a new one gets `mode`.
Result<void> write_beneath(const std::string& root, const std::string& path, std::string_view content,
                           unsigned mode = 0644);

/// The same for content that is too large to be held: the new, empty file, opened for writing.
Result<Descriptor> replace_beneath(const std::string& root, const std::string& path, unsigned mode = 0644);

/// ROOT/PATH, opened for reading. No component of PATH may be a symbolic link, and it must name a regular file.
Result<Descriptor> open_beneath(const std::string& root, const std::string& path);

/// Reads to the end; fails if there is more than `limit`. `path` is for the error.
Result<std::string> read_to_end(int file, std::size_t limit, const std::string& path);

/// `mkdir -p`. The error says what can be done about it where the directory cannot be written.
Result<void> make_directories(const std::string& path);

/// The whole file.
Result<std::string> read_small_file(const std::string& path);

}  // namespace axon
