// Where an agent's program lies on this machine, and what of the file system it needs to run: its own package, its
// interpreter, nothing else of the user's home.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace axon::cli {

struct Installation {
  std::string program;                                     // as PATH finds it
  std::vector<std::string> paths;                          // files and directories to show, read-only
  std::vector<std::pair<std::string, std::string>> links;  // path -> target of symbolic links to make again
  std::vector<std::string> directories;                    // to put into PATH
  bool operator==(const Installation&) const = default;
};

/// The first executable file of this name in a PATH; a name with "/" is a path itself. Empty if there is none.
std::string find_program(const std::string& name, const std::string& path);

/// `visible` are the directories that the sandbox shows anyway. Fails with NotFound, naming the PATH that was searched.
Result<Installation> find_installation(const std::string& program, const std::string& path,
                                       const std::vector<std::string>& visible);

}  // namespace axon::cli
