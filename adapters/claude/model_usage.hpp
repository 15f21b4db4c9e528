// The sum over `modelUsage` as result events and cost-state lines write it.
#pragma once

#include "adapters/stream/record.hpp"
#include "core/usage.hpp"

namespace axon::claude {

/// Path ids of modelUsage.*.inputTokens and so on, and of the total cost, in the caller's own table.
struct ModelUsagePaths {
  int input = 0;
  int output = 0;
  int cache_read = 0;
  int cache_write = 0;
  int thinking = 0;
  int cost = 0;
};

/// All models together, in the words of core/usage.hpp.
Usage sum_model_usage(const stream::Record& record, const ModelUsagePaths& paths);

}  // namespace axon::claude
