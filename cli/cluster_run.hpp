// Carries out `axon run` in a cluster.
#pragma once

#include "cli/run_options.hpp"
#include "core/result.hpp"

namespace axon::cli {

/// Makes the Task and what it refers to; with --watch follows it to its end, whose exit code it then is: 0 or 1.
Result<int> run_in_cluster(const RunOptions& options);

}  // namespace axon::cli
