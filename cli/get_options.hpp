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

Result<int> get_from_cluster(GetOptions options);

/// What `-o json` and `-o yaml` print; who wrote which field (managedFields) is left out, as kubectl does.
void print_object(nlohmann::json object, const std::string& output);

/// Objects as a list, in kubectl's form.
void print_list(std::vector<nlohmann::json> objects, const std::string& output);

}  // namespace axon::cli
