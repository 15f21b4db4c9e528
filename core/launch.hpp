// How an agent is started: a value that an adapter makes and the entrypoint carries out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace axon {

using Environment = std::map<std::string, std::string>;

/// A file to write before the agent starts. Its directories are made with it.
struct File {
  std::string path;  // absolute
  std::string content;
  unsigned mode = 0644;  // 0600 where a secret can be inside; 0755 for an executable

  bool operator==(const File&) const = default;
};

struct Launch {
  std::vector<File> files;
  std::vector<std::string> argv;           // argv[0] is looked up in PATH; never a shell's string
  Environment env;                         // set on top of the entrypoint's own environment
  std::vector<std::string> unset;          // taken out of it
  std::optional<std::string> stdin_bytes;  // empty: /dev/null. An agent never inherits an open stdin.
  std::vector<std::string> warnings = {};  // sentences for people, said before the agent starts

  bool operator==(const Launch&) const = default;
};

}  // namespace axon
