// What `axon delete` is asked for, and the half of it that is for this machine.
#pragma once

#include <string>
#include <vector>

#include "cli/cluster.hpp"

namespace axon::cli {

struct DeleteOptions {
  bool local = false;
  std::string kind;
  std::vector<std::string> names;
  bool all = false;
  std::string selector;
  bool ignore_not_found = false;
  ClusterOptions cluster;
};

/// Tasks of this machine.
Result<int> delete_local(const DeleteOptions& options);

}  // namespace axon::cli
