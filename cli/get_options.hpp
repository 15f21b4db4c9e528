// What `axon get` is asked for, and its two halves.
#pragma once

#include <string>
#include <vector>

#include "cli/cluster.hpp"

namespace axon::cli {

struct GetOptions {
  bool local = false;
  std::string kind;
  std::vector<std::string> names;
  std::string output = "table";  // table, wide, json, yaml, name
  bool all_namespaces = false;
  std::string selector;
  bool detail = false;
  bool watch = false;
  ClusterOptions cluster;
};

/// Tasks of this machine.
Result<int> get_local(const GetOptions& options);

Result<int> get_from_cluster(const GetOptions& options);

}  // namespace axon::cli
