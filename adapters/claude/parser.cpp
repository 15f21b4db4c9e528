#include <array>
#include <set>
#include <utility>

#include "adapters/claude/claude.hpp"
#include "adapters/claude/failure.hpp"
#include "adapters/claude/model_usage.hpp"
#include "adapters/stream/json_lines.hpp"

namespace axon::claude {
namespace {

using stream::Kind;
using stream::Record;
using stream::Value;

enum Path : int {
  kType,
  kSubtype,
  kSessionId,
  kModel,
  kParent,
  kMessageId,
  kMessageModel,
  kBlock,
  kBlockType,
  kBlockText,
  kBlockId,
  kBlockName,
  kBlockInput,
  kBlockToolUseId,
  kBlockIsError,
  kErrorKind,
  kErrorStatus,
  kAttempt,
  kMaxRetries,
  kIsError,
  kApiErrorStatus,
  kApiErrorType,
  kTerminalReason,
  kStopReason,
  kStartupFailure,
  kLocalCommand,
  kResult,
  kErrors,
  kNumTurns,
  kCost,
  kModelUsage,
  kInput,
  kOutput,
  kCacheRead,
  kCacheWrite,
  kThinking,
  kTasks,
  kTask,
};

// In the order of Path.
constexpr std::array kPaths = std::to_array<std::string_view>({
    "type",
    "subtype",
    "session_id",
    "model",
    "parent_tool_use_id",
    "message.id",
    "message.model",
    "message.content[]",
    "message.content[].type",
    "message.content[].text",
    "message.content[].id",
    "message.content[].name",
    "message.content[].input",
    "message.content[].tool_use_id",
    "message.content[].is_error",
    "error",
    "error_status",
    "attempt",
    "max_retries",
    "is_error",
    "api_error_status",
    "api_error_type",
    "terminal_reason",
    "stop_reason",
    "startup_failure_reason",
    "local_command",
    "result",
    "errors[]",
    "num_turns",
    "total_cost_usd",
    "modelUsage",
    "modelUsage.*.inputTokens",
    "modelUsage.*.outputTokens",
    "modelUsage.*.cacheReadInputTokens",
    "modelUsage.*.cacheCreationInputTokens",
    "modelUsage.*.thinkingTokens",
    "tasks",
    "tasks[]",
});
static_assert(kPaths.size() == kTask + 1);

std::shared_ptr<const stream::JsonPaths> paths() {
  static const auto compiled = [] {
    std::vector<stream::PathSpec> specs;
    for (const std::string_view path : kPaths) specs.push_back({std::string(path)});
    specs[kBlockInput].as_json = true;
    return std::make_shared<const stream::JsonPaths>(stream::JsonPaths::compile(specs).value());
  }();
  return compiled;
}

// Lines that carry nothing for an event of ours; anything else that is not known becomes Unknown.
bool is_silent_type(std::string_view type) {
  static const std::set<std::string_view> types = {"stream_event",     "rate_limit_event", "tool_progress",
                                                   "tool_use_summary", "auth_status",      "prompt_suggestion"};
  return types.contains(type);
}

bool is_silent_subtype(std::string_view subtype) {
  static const std::set<std::string_view> subtypes = {"informational",   "model_refusal_no_fallback",
                                                      "status",          "compact_boundary",
                                                      "task_started",    "task_updated",
                                                      "task_progress",   "task_notification",
                                                      "hook_started",    "hook_progress",
                                                      "hook_response",   "session_state_changed",
                                                      "files_persisted", "local_command_output"};
  return subtypes.contains(subtype);
}

/// One element of message.content; its keys come in any order.
struct Block {
  std::string_view type;
  std::string_view text;
  std::string_view id;
  std::string_view name;
  std::string_view input;
  std::string_view tool_use_id;
  bool is_error = false;

  void set(const Value& value) {
    switch (value.path) {
      case kBlockType:
        type = value.text;
        break;
      case kBlockText:
        text = value.text;
        break;
      case kBlockId:
        id = value.text;
        break;
      case kBlockName:
        name = value.text;
        break;
      case kBlockInput:
        input = value.text;
        break;
      case kBlockToolUseId:
        tool_use_id = value.text;
        break;
      case kBlockIsError:
        is_error = value.kind == Kind::True;
        break;
      default:
        break;
    }
  }
};

std::vector<Block> blocks_of(const Record& record) {
  std::vector<Block> blocks;
  for (const Value& value : record.values) {
    if (value.path == kBlock) {
      blocks.emplace_back();
    } else if (!blocks.empty()) {
      blocks.back().set(value);
    }
  }
  return blocks;
}

constexpr ModelUsagePaths kModelUsagePaths = {.input = kInput,
                                              .output = kOutput,
                                              .cache_read = kCacheRead,
                                              .cache_write = kCacheWrite,
                                              .thinking = kThinking,
                                              .cost = kCost};

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
    if (type == "assistant") return on_assistant(record, sink);
    if (type == "user") return on_user(record, sink);
    if (type == "system") return on_system(record, sink);
    if (type == "result") return on_result(record, sink);
    if (!is_silent_type(type)) sink(event::Unknown{std::string(type)});
  }

  void on_assistant(const Record& record, const EventSink& sink) {
    const bool subagent = !record.text(kParent).empty();
    const std::vector<Block> blocks = blocks_of(record);
    if (record.has(kErrorKind)) {
      const std::string_view text = blocks.empty() ? std::string_view() : blocks.front().text;
      sink(event::Problem{request_failure(record.integer(kApiErrorStatus), record.text(kErrorKind), text)});
      return;
    }
    // One event comes for each block of a message, all with the message's id.
    if (const std::string_view id = record.text(kMessageId); !subagent && id != message_id_) {
      message_id_ = id;
      sink(event::Turn{});
    }
    for (const Block& block : blocks) {
      if (block.type == "text" && !block.text.empty()) sink(event::Text{std::string(block.text), subagent});
      if (block.type != "tool_use") continue;
      sink(event::ToolCall{std::string(block.id), std::string(block.name), std::string(block.input), subagent});
    }
  }

  static void on_user(const Record& record, const EventSink& sink) {
    for (const Block& block : blocks_of(record)) {
      if (block.type == "tool_result") sink(event::ToolResult{std::string(block.tool_use_id), block.is_error});
    }
  }

  static void on_system(const Record& record, const EventSink& sink) {
    const std::string_view subtype = record.text(kSubtype);
    if (subtype == "init") {
      sink(event::SessionStarted{std::string(record.text(kSessionId)), std::string(record.text(kModel))});
    } else if (subtype == "api_retry") {
      event::Retry retry;
      retry.attempt = static_cast<int>(record.integer(kAttempt).value_or(0));
      retry.max_attempts = static_cast<int>(record.integer(kMaxRetries).value_or(0));
      retry.cause = request_failure(record.integer(kErrorStatus), record.text(kErrorKind), "");
      sink(std::move(retry));
    } else if (subtype == "background_tasks_changed") {
      int running = 0;
      for (const Value& value : record.values) running += value.path == kTask ? 1 : 0;
      sink(event::BackgroundTasks{running});
    } else if (!is_silent_subtype(subtype)) {
      sink(event::Unknown{"system/" + std::string(subtype)});
    }
  }

  void on_result(const Record& record, const EventSink& sink) {
    ResultFacts facts;
    facts.is_error = record.is_true(kIsError);
    facts.subtype = record.text(kSubtype);
    facts.terminal_reason = record.text(kTerminalReason);
    facts.stop_reason = record.text(kStopReason);
    facts.startup_failure = record.text(kStartupFailure);
    facts.error_type = record.text(kApiErrorType);
    facts.status = record.integer(kApiErrorStatus);
    facts.local_command = record.text(kLocalCommand);
    facts.asked_no_model =
        turns_ == 0 && record.integer(kNumTurns) == 0 && record.has(kModelUsage) && !record.has(kInput);
    facts.text = record.has(kResult) ? record.text(kResult) : first_error(record);
    event::Finished finished;
    finished.failure = result_failure(facts);
    // The result of a failed run is the error's text: the last words of the agent itself stand instead.
    if (!finished.failure) finished.response = record.text(kResult);
    // Each result counts the turns since the one before; its modelUsage is of the whole run.
    turns_ += static_cast<int>(record.integer(kNumTurns).value_or(0));
    finished.turns = turns_;
    if (record.has(kModelUsage)) sink(event::UsageTotal{sum_model_usage(record, kModelUsagePaths)});
    sink(std::move(finished));
  }

  static std::string_view first_error(const Record& record) {
    for (const Value& value : record.values) {
      if (value.path == kErrors) return value.text;
    }
    return {};
  }

  stream::JsonLines lines_{paths()};
  std::string message_id_;
  int turns_ = 0;
};

}  // namespace

std::unique_ptr<StreamParser> make_parser() { return std::make_unique<Parser>(); }

}  // namespace axon::claude
