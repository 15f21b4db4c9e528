// What the user asks `axon logs` for, as the flags say it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/cluster_options.hpp"
#include "core/result.hpp"

namespace axon::cli {

struct LogsOptions {
  ClusterOptions cluster;
  bool local = false;
  std::string name;
  bool follow = false;
  bool raw = false;
  bool timestamps = false;
  std::string since;  // a duration
  std::optional<std::int64_t> tail;
  std::string agent_manifest;
};

/// Of a Task of this machine.
Result<int> print_local_logs(const LogsOptions& options);

/// Of a Task in a cluster.
Result<int> print_cluster_logs(const LogsOptions& options);

}  // namespace axon::cli
