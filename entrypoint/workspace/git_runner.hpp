// Runs git commands in a clone.
#pragma once

#include <string>
#include <vector>

#include "entrypoint/workspace/clone.hpp"

namespace axon {

class GitRunner {
 public:
  /// `program` is git's path. The request and the progress are kept by reference.
  GitRunner(std::string program, const CloneRequest& request, Progress& progress);

  /// What it prints; an error is what it said on stderr, explained.
  Result<std::string> run(const std::vector<std::string>& words, const std::string& input = "");

  /// The first line that it prints; empty if it fails.
  std::string line(const std::vector<std::string>& words);

 private:
  Error explained(const std::string& said) const;

  std::string program_;
  const CloneRequest* request_;
  Progress* progress_;
  std::vector<std::string> settings_;
  Environment environment_;
};

}  // namespace axon
