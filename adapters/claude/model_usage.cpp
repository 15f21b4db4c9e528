#include "adapters/claude/model_usage.hpp"

namespace axon::claude {

Usage sum_model_usage(const stream::Record& record, const ModelUsagePaths& paths) {
  Usage usage;
  for (const stream::Value& value : record.values) {
    const std::int64_t tokens = stream::to_integer(value).value_or(0);
    if (value.path == paths.input || value.path == paths.cache_read || value.path == paths.cache_write) {
      usage.input_tokens += tokens;
    }
    if (value.path == paths.cache_read) usage.cache_read_tokens += tokens;
    if (value.path == paths.cache_write) usage.cache_write_tokens += tokens;
    if (value.path == paths.output) usage.output_tokens += tokens;
    if (value.path == paths.thinking) usage.reasoning_tokens += tokens;
  }
  usage.cost_usd = record.number(paths.cost);
  return usage;
}

}  // namespace axon::claude
