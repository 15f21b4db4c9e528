// Large files are checked out piece by piece: libgit2 would hold each of them whole.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "entrypoint/workspace/git.hpp"
#include "entrypoint/workspace/progress.hpp"

namespace axon {

/// What is larger is written piece by piece.
inline constexpr std::uint64_t kLargeFile = std::uint64_t{16} << 20U;

struct LargeFile {
  std::string path;
  std::string oid;
  std::uint64_t size = 0;
  std::uint32_t mode = 0;  // 0100644 or 0100755

  bool operator==(const LargeFile&) const = default;
};

struct TreeFiles {
  std::vector<LargeFile> large;
  std::vector<std::string> others;  // the paths of everything else; filled only if there are large ones
};

/// What the commit holds.
Result<TreeFiles> list_files(git_repository* repository, const git_commit* commit);

/// Takes out those whose content a filter changes on its way (line ends, say), as the attributes in the work tree have
/// it, and gives their paths.
std::vector<std::string> take_filtered(git_repository* repository, std::vector<LargeFile>& files);

/// Writes the files and enters them into the index.
Result<void> write_large_files(git_repository* repository, const std::vector<LargeFile>& files, Progress& progress);

}  // namespace axon
