#include <set>
#include <utility>

#include "adapters/codex/codex.hpp"
#include "adapters/codex/failure.hpp"
#include "adapters/stream/json_lines.hpp"

namespace axon::codex {
namespace {

using stream::Record;

enum Path : int {
  kType,
  kThreadId,
  kMessage,
  kErrorMessage,
  kItemId,
  kItemType,
  kItemText,
  kItemMessage,
  kItemStatus,
  kItemCommand,
  kItemServer,
  kItemTool,
  kItemArguments,
  kItemChanges,
  kItemQuery,
  kItemPrompt,
  kUsage,
  kInput,
  kCacheRead,
  kCacheWrite,
  kOutput,
  kReasoning,
};

std::shared_ptr<const stream::JsonPaths> paths() {
  static const auto compiled =
      std::make_shared<const stream::JsonPaths>(stream::JsonPaths::compile({
                                                                               {"type"},
                                                                               {"thread_id"},
                                                                               {"message"},
                                                                               {"error.message"},
                                                                               {"item.id"},
                                                                               {"item.type"},
                                                                               {"item.text"},
                                                                               {"item.message"},
                                                                               {"item.status"},
                                                                               {"item.command"},
                                                                               {"item.server"},
                                                                               {"item.tool"},
                                                                               {"item.arguments", /*as_json=*/true},
                                                                               {"item.changes", /*as_json=*/true},
                                                                               {"item.query"},
                                                                               {"item.prompt"},
                                                                               {"usage"},
                                                                               {"usage.input_tokens"},
                                                                               {"usage.cached_input_tokens"},
                                                                               {"usage.cache_write_input_tokens"},
                                                                               {"usage.output_tokens"},
                                                                               {"usage.reasoning_output_tokens"},
                                                                           })
                                                    .value());
  return compiled;
}

// Items that carry nothing for an event of ours.
bool is_silent_item(std::string_view type) { return type == "reasoning" || type == "todo_list"; }

bool is_tool(std::string_view type) {
  static const std::set<std::string_view> types = {"command_execution", "mcp_tool_call", "collab_tool_call",
                                                   "file_change", "web_search"};
  return types.contains(type);
}

event::ToolCall tool_call(const Record& record) {
  event::ToolCall call;
  const std::string_view type = record.text(kItemType);
  call.id = record.text(kItemId);
  call.name = type;
  if (type == "mcp_tool_call") {
    call.name = "mcp__" + std::string(record.text(kItemServer)) + "__" + std::string(record.text(kItemTool));
  } else if (type == "collab_tool_call") {
    call.name = record.text(kItemTool);
  }
  for (const Path path : {kItemCommand, kItemArguments, kItemChanges, kItemQuery, kItemPrompt}) {
    const stream::Value* value = record.find(path);
    if (value != nullptr && value->kind != stream::Kind::Null) call.arguments = value->text;
  }
  return call;
}

Usage usage_of(const Record& record) {
  Usage usage;
  usage.input_tokens = record.integer(kInput).value_or(0);
  usage.cache_read_tokens = record.integer(kCacheRead).value_or(0);
  usage.cache_write_tokens = record.integer(kCacheWrite).value_or(0);
  usage.output_tokens = record.integer(kOutput).value_or(0);
  usage.reasoning_tokens = record.integer(kReasoning).value_or(0);
  return usage;
}

class Parser final : public StreamParser {
 public:
  void feed(std::string_view bytes, const EventSink& sink) override {
    lines_.feed(bytes, [&](const Record& record) { on_record(record, sink); });
  }
  void finish(const EventSink& sink) override {
    lines_.finish([&](const Record& record) { on_record(record, sink); });
  }

 private:
  void on_record(const Record& record, const EventSink& sink) {
    if (!record.is_object) {
      if (!record.line.empty()) sink(event::Plain{std::string(record.line)});
      return;
    }
    const std::string_view type = record.text(kType);
    if (type == "item.started") return on_item_started(record, sink);
    if (type == "item.completed") return on_item_completed(record, sink);
    if (type == "item.updated" || type == "turn.started") return;
    if (type == "thread.started") {
      sink(event::SessionStarted{std::string(record.text(kThreadId)), ""});
    } else if (type == "turn.completed") {
      if (record.has(kUsage)) sink(event::UsageTotal{usage_of(record)});
      sink(event::Finished{std::nullopt, response_, std::nullopt});
    } else if (type == "turn.failed") {
      sink(event::Finished{failure_from_message(record.text(kErrorMessage)), "", std::nullopt});
    } else if (type == "error") {
      on_error(record.text(kMessage), sink);
    } else {
      sink(event::Unknown{std::string(type)});
    }
  }

  static void on_error(std::string_view message, const EventSink& sink) {
    if (const auto again = parse_reconnecting(message)) {
      sink(event::Retry{again->attempt, again->max_attempts, failure_from_message(again->cause)});
    } else {
      sink(event::Problem{failure_from_message(message)});
    }
  }

  void on_item_started(const Record& record, const EventSink& sink) {
    if (!is_tool(record.text(kItemType))) return;
    open_.emplace(record.text(kItemId));
    sink(tool_call(record));
  }

  void on_item_completed(const Record& record, const EventSink& sink) {
    const std::string_view type = record.text(kItemType);
    if (type == "agent_message") {
      response_ = record.text(kItemText);
      if (!response_.empty()) sink(event::Text{response_});
    } else if (type == "error") {  // a warning: it goes on
      sink(event::Problem{failure_from_message(record.text(kItemMessage))});
    } else if (is_tool(type)) {
      std::string id(record.text(kItemId));
      // A file change is told only when it is done.
      if (open_.erase(id) == 0) sink(tool_call(record));
      const std::string_view status = record.text(kItemStatus);
      sink(event::ToolResult{std::move(id), status == "failed" || status == "declined"});
    } else if (!is_silent_item(type)) {
      sink(event::Unknown{"item/" + std::string(type)});
    }
  }

  stream::JsonLines lines_{paths()};
  std::string response_;        // the last message: the final answer is the last one of them
  std::set<std::string> open_;  // tool calls that were told and are not done
};

}  // namespace

std::unique_ptr<StreamParser> make_parser() { return std::make_unique<Parser>(); }

}  // namespace axon::codex
