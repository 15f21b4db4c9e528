#include <map>
#include <set>

#include "adapters/codex/codex.hpp"
#include "adapters/codex/files.hpp"
#include "adapters/stream/json_lines.hpp"

namespace axon::codex {
namespace {

using stream::Record;

enum Path : int {
  kType,
  kEventType,
  kId,
  kSessionId,
  kThreadId,
  kParentId,
  kOldParentId,
  kThreadUsage,  // five of them
  kInfoUsage = kThreadUsage + 5,
};

std::shared_ptr<const stream::JsonPaths> paths() {
  static const auto compiled = [] {
    std::vector<stream::PathSpec> specs = {{"type"},
                                           {"payload.type"},
                                           {"payload.id"},
                                           {"payload.session_id"},
                                           {"payload.thread_id"},
                                           {"payload.parent_thread_id"},
                                           {"payload.source.subagent.thread_spawn.parent_thread_id"}};
    for (const std::string parent : {"payload.thread_token_usage.", "payload.info.total_token_usage."}) {
      for (const char* key : {"input_tokens", "cached_input_tokens", "cache_write_input_tokens", "output_tokens",
                              "reasoning_output_tokens"}) {
        specs.push_back({parent + key});
      }
    }
    return std::make_shared<const stream::JsonPaths>(stream::JsonPaths::compile(specs).value());
  }();
  return compiled;
}

Usage usage_at(const Record& record, int first) {
  Usage usage;
  usage.input_tokens = record.integer(first).value_or(0);
  usage.cache_read_tokens = record.integer(first + 1).value_or(0);
  usage.cache_write_tokens = record.integer(first + 2).value_or(0);
  usage.output_tokens = record.integer(first + 3).value_or(0);
  usage.reasoning_tokens = record.integer(first + 4).value_or(0);
  return usage;
}

/// One thread's file: the session itself or one of its subagents. A subagent's begins with a copy of its parent's lines
/// if it was forked from it.
struct Rollout {
  std::string id;
  std::string session_id;
  std::string parent_id;
  std::map<std::string, Usage> threads;  // thread -> its last total: written as soon as a response is complete
  std::optional<Usage> count;            // the last token_count: written only after the response's tools are done
};

void read_line(const Record& record, Rollout& rollout) {
  if (!record.is_object) return;
  const std::string_view type = record.text(kType);
  if (type == "session_meta" && rollout.id.empty()) {
    rollout.id = record.text(kId);
    rollout.session_id = record.text(kSessionId);
    rollout.parent_id = record.text(record.has(kParentId) ? kParentId : kOldParentId);
  } else if (type == "token_usage_record") {
    rollout.threads.insert_or_assign(std::string(record.text(kThreadId)), usage_at(record, kThreadUsage));
  } else if (record.text(kEventType) == "token_count" && record.has(kInfoUsage)) {
    rollout.count = usage_at(record, kInfoUsage);
  }
}

/// The files that can belong to the session. Their names, rollout-TIME-ID, sort by time: no subagent is older than it.
std::vector<std::string> candidates(const std::vector<std::string>& all, const std::string& session_id) {
  std::vector<std::string> found;
  for (const std::string& path : all) {
    if (path.ends_with("-" + session_id + ".jsonl")) found.clear();
    if (path.ends_with(".jsonl")) found.push_back(path);
  }
  return found;
}

}  // namespace

std::optional<Usage> recover(const AgentTask& task, const Summary& summary, const FileView& files) {
  if (summary.session_id.empty()) return std::nullopt;
  std::set<std::string> ours = {summary.session_id};
  std::map<std::string, Usage> threads;
  for (const std::string& path : candidates(files.list(config_directory(task) + "/sessions"), summary.session_id)) {
    Rollout rollout;
    stream::JsonLines lines(paths());
    const auto sink = [&](const Record& record) { read_line(record, rollout); };
    // A file that cannot be read tells nothing; the others still do.
    if (!files.read_chunks(path, [&](std::string_view bytes) { lines.feed(bytes, sink); })) continue;
    lines.finish(sink);
    if (!ours.contains(rollout.id) && !ours.contains(rollout.session_id) && !ours.contains(rollout.parent_id)) continue;
    ours.insert(rollout.id);
    const auto own = rollout.threads.find(rollout.id);
    if (own != rollout.threads.end()) {
      threads[rollout.id] = own->second;
    } else if (rollout.count) {
      threads[rollout.id] = *rollout.count;
    }
  }
  if (threads.empty()) return std::nullopt;
  Usage sum;
  for (const auto& [id, usage] : threads) sum = sum + usage;
  return sum;
}

}  // namespace axon::codex
