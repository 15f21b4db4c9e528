#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "adapters/gemini/failure.hpp"
#include "adapters/gemini/gemini.hpp"
#include "adapters/stream/json_lines.hpp"
#include "core/encoding.hpp"

namespace axon::gemini {
namespace {

using stream::Record;

enum Path : int {
  kType,
  kSessionId,
  kModel,
  kRole,
  kContent,
  kToolName,
  kToolId,
  kParameters,
  kStatus,
  kMessage,
  kSeverity,
  kErrorType,
  kErrorMessage,
  kTotalTokens,
  kInputTokens,
  kOutputTokens,
  kCached,
  kModelTokens,
};

std::shared_ptr<const stream::JsonPaths> paths() {
  static const auto compiled =
      std::make_shared<const stream::JsonPaths>(stream::JsonPaths::compile({
                                                                               {"type"},
                                                                               {"session_id"},
                                                                               {"model"},
                                                                               {"role"},
                                                                               {"content"},
                                                                               {"tool_name"},
                                                                               {"tool_id"},
                                                                               {"parameters", /*as_json=*/true},
                                                                               {"status"},
                                                                               {"message"},
                                                                               {"severity"},
                                                                               {"error.type"},
                                                                               {"error.message"},
                                                                               {"stats.total_tokens"},
                                                                               {"stats.input_tokens"},
                                                                               {"stats.output_tokens"},
                                                                               {"stats.cached"},
                                                                               {"stats.models.*.total_tokens"},
                                                                           })
                                                    .value());
  return compiled;
}

constexpr std::size_t kMaxAnswer = stream::Limits().value;

Usage usage_of(const Record& record) {
  Usage usage;
  usage.input_tokens = record.integer(kInputTokens).value_or(0);
  usage.cache_read_tokens = record.integer(kCached).value_or(0);
  // output_tokens leaves the thoughts out; only the total holds them.
  const std::int64_t answers = record.integer(kOutputTokens).value_or(0);
  usage.output_tokens = std::max(record.integer(kTotalTokens).value_or(0) - usage.input_tokens, answers);
  usage.reasoning_tokens = usage.output_tokens - answers;
  return usage;
}

std::string most_used_model(const Record& record) {
  std::string_view model;
  std::int64_t most = 0;
  for (const stream::Value& value : record.values) {
    if (value.path != kModelTokens || stream::to_integer(value).value_or(0) <= most) continue;
    most = *stream::to_integer(value);
    model = value.key;
  }
  return std::string(model);
}

class Parser final : public StreamParser {
 public:
  void feed(std::string_view bytes, const EventSink& sink) override {
    lines_.feed(bytes, [&](const Record& record) { on_record(record, sink); });
  }
  void finish(const EventSink& sink) override {
    lines_.finish([&](const Record& record) { on_record(record, sink); });
    flush(sink);
  }

 private:
  void on_record(const Record& record, const EventSink& sink) {
    if (!record.is_object) {
      if (!record.line.empty()) sink(event::Plain{std::string(record.line)});
      return;
    }
    const std::string_view type = record.text(kType);
    if (type == "init") {
      is_routed_ = record.text(kModel) == "auto";  // a router chooses a model for each turn
      sink(event::SessionStarted{std::string(record.text(kSessionId)),
                                 is_routed_ ? "" : std::string(record.text(kModel))});
    } else if (type == "message") {
      on_message(record, sink);
    } else if (type == "tool_use") {
      begin_turn(sink);
      flush(sink);
      sink(event::ToolCall{std::string(record.text(kToolId)), std::string(record.text(kToolName)),
                           record.has(kParameters) ? std::string(record.find(kParameters)->text) : ""});
    } else if (type == "tool_result") {
      flush(sink);
      in_turn_ = false;
      answer_.clear();
      sink(event::ToolResult{std::string(record.text(kToolId)), record.text(kStatus) == "error"});
    } else if (type == "error") {
      on_error(record, sink);
    } else if (type == "result") {
      on_result(record, sink);
    } else {
      sink(event::Unknown{std::string(type)});
    }
  }

  void begin_turn(const EventSink& sink) {
    if (!in_turn_) sink(event::Turn{});
    in_turn_ = true;
  }

  /// An answer comes in pieces of a few words.
  void on_message(const Record& record, const EventSink& sink) {
    if (record.text(kRole) != "assistant") return;
    begin_turn(sink);
    const std::string_view piece = record.text(kContent);
    answer_ += utf8_prefix(piece, kMaxAnswer - answer_.size());
    if (text_.size() + piece.size() > kMaxAnswer) flush(sink);
    text_ += piece;
  }

  void flush(const EventSink& sink) {
    if (!text_.empty()) sink(event::Text{std::exchange(text_, {})});
  }

  void on_error(const Record& record, const EventSink& sink) {
    flush(sink);
    const std::string_view message = record.text(kMessage);
    Failure failure = failure_of("", message);
    // After some warnings it ends with success all the same; others, such as a compressed context, are nothing.
    if (record.text(kSeverity) == "error" || ends_the_run(message)) failed_ = failure;
    sink(event::Problem{std::move(failure)});
  }

  void on_result(const Record& record, const EventSink& sink) {
    flush(sink);
    if (is_routed_) sink(event::SessionStarted{{}, most_used_model(record)});
    if (record.has(kTotalTokens)) sink(event::UsageTotal{usage_of(record)});
    event::Finished finished;
    finished.failure = failed_;
    if (record.text(kStatus) != "success" && (record.has(kErrorMessage) || !failed_)) {
      finished.failure = failure_of(record.text(kErrorType), record.text(kErrorMessage));
    }
    finished.response = answer_;
    sink(std::move(finished));
  }

  stream::JsonLines lines_{paths()};
  bool is_routed_ = false;
  bool in_turn_ = false;  // the model's answer and its calls, up to their results
  std::string text_;      // said, and no event yet
  std::string answer_;    // all since the last tool result
  std::optional<Failure> failed_;
};

}  // namespace

std::unique_ptr<StreamParser> make_parser() { return std::make_unique<Parser>(); }

}  // namespace axon::gemini
