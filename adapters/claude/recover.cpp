#include <map>

#include "adapters/claude/claude.hpp"
#include "adapters/claude/files.hpp"
#include "adapters/claude/model_usage.hpp"
#include "adapters/stream/json_lines.hpp"

namespace axon::claude {
namespace {

using stream::Record;

enum Path : int {
  kType,
  kMessageId,
  kMessageInput,
  kMessageCacheRead,
  kMessageCacheWrite,
  kMessageOutput,
  kMessageThinking,
  kInput,
  kOutput,
  kCacheRead,
  kCacheWrite,
  kThinking,
  kCost,
};

std::shared_ptr<const stream::JsonPaths> paths() {
  static const auto compiled = std::make_shared<const stream::JsonPaths>(
      stream::JsonPaths::compile({
                                     {"type"},
                                     {"message.id"},
                                     {"message.usage.input_tokens"},
                                     {"message.usage.cache_read_input_tokens"},
                                     {"message.usage.cache_creation_input_tokens"},
                                     {"message.usage.output_tokens"},
                                     {"message.usage.output_tokens_details.thinking_tokens"},
                                     {"modelUsage.*.inputTokens"},
                                     {"modelUsage.*.outputTokens"},
                                     {"modelUsage.*.cacheReadInputTokens"},
                                     {"modelUsage.*.cacheCreationInputTokens"},
                                     {"modelUsage.*.thinkingTokens"},
                                     {"totalCostUSD"},
                                 })
          .value());
  return compiled;
}

constexpr ModelUsagePaths kModelUsagePaths = {.input = kInput,
                                              .output = kOutput,
                                              .cache_read = kCacheRead,
                                              .cache_write = kCacheWrite,
                                              .thinking = kThinking,
                                              .cost = kCost};

Usage message_usage(const Record& record) {
  Usage usage;
  usage.cache_read_tokens = record.integer(kMessageCacheRead).value_or(0);
  usage.cache_write_tokens = record.integer(kMessageCacheWrite).value_or(0);
  usage.input_tokens = record.integer(kMessageInput).value_or(0) + usage.cache_read_tokens + usage.cache_write_tokens;
  usage.output_tokens = record.integer(kMessageOutput).value_or(0);
  usage.reasoning_tokens = record.integer(kMessageThinking).value_or(0);
  return usage;
}

struct Found {
  std::map<std::string, Usage> messages;  // a message has a line for each block; the last one is complete
  std::optional<Usage> state;             // the cost-state line, written when it ends in order
};

void read_line(const Record& record, Found& found) {
  if (!record.is_object) return;
  const std::string_view type = record.text(kType);
  if (type == "cost-state") found.state = sum_model_usage(record, kModelUsagePaths);
  if (type != "assistant") return;
  found.messages.insert_or_assign(std::string(record.text(kMessageId)), message_usage(record));
}

/// ID.jsonl, and ID/subagents/agent-*.jsonl. The directory between projects/ and them is the working directory's real
/// path, mangled; the id alone is unique.
bool belongs_to(const std::string& path, const std::string& session_id) {
  return path.ends_with(".jsonl") &&
         (path.ends_with("/" + session_id + ".jsonl") || path.contains("/" + session_id + "/"));
}

std::int64_t tokens(const Usage& usage) { return usage.input_tokens + usage.output_tokens; }

}  // namespace

std::optional<Usage> recover(const AgentTask& task, const Summary& summary, const FileView& files) {
  if (summary.session_id.empty()) return std::nullopt;
  Found found;
  for (const std::string& path : files.list(config_directory(task) + "/projects")) {
    if (!belongs_to(path, summary.session_id)) continue;
    stream::JsonLines lines(paths());
    const auto sink = [&](const Record& record) { read_line(record, found); };
    // A file that cannot be read tells nothing; the others still do.
    if (!files.read_chunks(path, [&](std::string_view bytes) { lines.feed(bytes, sink); })) continue;
    lines.finish(sink);
  }
  Usage sum;
  for (const auto& [id, usage] : found.messages) sum = sum + usage;
  // The state knows the cost and requests that left no message; after a kill it may be older than the messages.
  if (found.state && tokens(*found.state) >= tokens(sum)) return found.state;
  return found.messages.empty() ? std::nullopt : std::optional(sum);
}

}  // namespace axon::claude
