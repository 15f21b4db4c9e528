// Which flags of `axon run` go with a cluster, and which with one machine. Pure.
#pragma once

#include "cli/run_options.hpp"
#include "core/result.hpp"

namespace axon::cli {

/// Fails where a flag is given that only works on one machine; says what takes its place.
Result<void> check_cluster_flags(const RunOptions& options);

/// The opposite.
Result<void> check_local_flags(const RunOptions& options);

}  // namespace axon::cli
