#include <map>

#include "adapters/gemini/files.hpp"
#include "adapters/gemini/gemini.hpp"
#include "adapters/stream/json_lines.hpp"

namespace axon::gemini {
namespace {

using stream::Record;

enum Path : int { kId, kType, kInput, kCached, kThoughts, kTotal };

std::shared_ptr<const stream::JsonPaths> paths() {
  static const auto compiled =
      std::make_shared<const stream::JsonPaths>(stream::JsonPaths::compile({
                                                                               {"id"},
                                                                               {"type"},
                                                                               {"tokens.input"},
                                                                               {"tokens.cached"},
                                                                               {"tokens.thoughts"},
                                                                               {"tokens.total"},
                                                                           })
                                                    .value());
  return compiled;
}

using Messages = std::map<std::string, Usage>;  // a message is written again when its tools are done

void read_line(const Record& record, Messages& messages) {
  if (!record.is_object || record.text(kType) != "gemini" || !record.has(kTotal)) return;
  Usage usage;
  usage.input_tokens = record.integer(kInput).value_or(0);
  usage.cache_read_tokens = record.integer(kCached).value_or(0);
  usage.output_tokens = record.integer(kTotal).value_or(0) - usage.input_tokens;
  usage.reasoning_tokens = record.integer(kThoughts).value_or(0);
  messages.insert_or_assign(std::string(record.text(kId)), usage);
}

/// PROJECT/chats/session-TIME-ID8.jsonl, and PROJECT/chats/ID/*.jsonl of its subagents. The project's name is made of
/// the working directory's; the id alone is unique.
bool belongs_to(const std::string& path, const std::string& session_id) {
  constexpr std::size_t kShort = 8;
  return path.contains("/chats/") && path.ends_with(".jsonl") &&
         (path.ends_with("-" + session_id.substr(0, kShort) + ".jsonl") || path.contains("/" + session_id + "/"));
}

}  // namespace

std::optional<Usage> recover(const AgentTask& task, const Summary& summary, const FileView& files) {
  if (summary.session_id.empty()) return std::nullopt;
  Messages messages;
  for (const std::string& path : files.list(sessions_directory(task))) {
    if (!belongs_to(path, summary.session_id)) continue;
    stream::JsonLines lines(paths());
    const auto sink = [&](const Record& record) { read_line(record, messages); };
    // A file that cannot be read tells nothing; the others still do.
    if (!files.read_chunks(path, [&](std::string_view bytes) { lines.feed(bytes, sink); })) continue;
    lines.finish(sink);
  }
  if (messages.empty()) return std::nullopt;
  Usage sum;
  for (const auto& [id, usage] : messages) sum = sum + usage;
  return sum;
}

}  // namespace axon::gemini
