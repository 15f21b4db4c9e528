// Brings objects of Git LFS into a repository's store, where git-lfs looks for them.
#pragma once

#include <string>
#include <vector>

#include "entrypoint/workspace/clone.hpp"
#include "entrypoint/workspace/lfs/pointer.hpp"
#include "entrypoint/workspace/lfs/server.hpp"

namespace axon::lfs {

struct Object {
  Pointer pointer;
  std::string path;  // of a file that wants it, for messages

  bool operator==(const Object&) const = default;
};

/// STORE/objects/ab/cd/abcd…: where an object lies.
std::string object_path(const std::string& store, const std::string& oid);

/// True if the store has the whole object.
bool has_object(const std::string& store, const Pointer& pointer);

/// Downloads the objects into the store, several at once, each straight to the disk, and checks their hashes. What is
/// there already is left. Errors name the file.
Result<void> download(const CloneRequest& request, Server server, const std::vector<Object>& objects,
                      const std::string& store, Progress& progress);

}  // namespace axon::lfs
