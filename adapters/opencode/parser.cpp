#include <utility>

#include "adapters/opencode/failure.hpp"
#include "adapters/opencode/opencode.hpp"
#include "adapters/stream/json_lines.hpp"

namespace axon::opencode {
namespace {

using stream::Record;

// A conversation that still does not fit after this many overflows, compacted in between, never will: opencode itself
// goes on without end.
constexpr int kMaxOverflows = 3;

enum Path : int {
  kType,
  kSessionId,
  kText,
  kSynthetic,
  kFinishReason,
  kInput,
  kOutput,
  kReasoning,
  kCacheRead,
  kCacheWrite,
  kCost,
  kTool,
  kCallId,
  kToolStatus,
  kToolInput,
  kToolError,
  kToolExit,
  kErrorName,
  kErrorMessage,
  kErrorStatus,
  kErrorBody,
};

std::shared_ptr<const stream::JsonPaths> paths() {
  static const auto compiled =
      std::make_shared<const stream::JsonPaths>(stream::JsonPaths::compile({
                                                                               {"type"},
                                                                               {"sessionID"},
                                                                               {"part.text"},
                                                                               {"part.synthetic"},
                                                                               {"part.reason"},
                                                                               {"part.tokens.input"},
                                                                               {"part.tokens.output"},
                                                                               {"part.tokens.reasoning"},
                                                                               {"part.tokens.cache.read"},
                                                                               {"part.tokens.cache.write"},
                                                                               {"part.cost"},
                                                                               {"part.tool"},
                                                                               {"part.callID"},
                                                                               {"part.state.status"},
                                                                               {"part.state.input", /*as_json=*/true},
                                                                               {"part.state.error"},
                                                                               {"part.state.metadata.exit"},
                                                                               {"error.name"},
                                                                               {"error.data.message"},
                                                                               {"error.data.statusCode"},
                                                                               {"error.data.responseBody"},
                                                                           })
                                                    .value());
  return compiled;
}

Usage usage_of(const Record& record) {
  Usage usage;
  usage.cache_read_tokens = record.integer(kCacheRead).value_or(0);
  usage.cache_write_tokens = record.integer(kCacheWrite).value_or(0);
  usage.input_tokens = record.integer(kInput).value_or(0) + usage.cache_read_tokens + usage.cache_write_tokens;
  usage.reasoning_tokens = record.integer(kReasoning).value_or(0);
  usage.output_tokens = record.integer(kOutput).value_or(0) + usage.reasoning_tokens;
  // It says 0 for every model whose price it does not know.
  if (const std::optional<double> cost = record.number(kCost); cost && *cost > 0) usage.cost_usd = cost;
  return usage;
}

class Parser final : public StreamParser {
 public:
  void feed(std::string_view bytes, const EventSink& sink) override {
    lines_.feed(bytes, [&](const Record& record) { on_record(record, sink); });
  }
  void finish(const EventSink& sink) override {
    lines_.finish([&](const Record& record) { on_record(record, sink); });
    if (finished_) return;
    if (compacting_) sink(event::Finished{compaction_failure(), "", std::nullopt});
    if (!rejected_.empty()) sink(event::Finished{rejected_failure(rejected_), "", std::nullopt});
  }

 private:
  void on_record(const Record& record, const EventSink& sink) {
    if (!record.is_object) {
      if (!record.line.empty()) sink(event::Plain{std::string(record.line)});
      return;
    }
    if (hopeless_) return;  // it goes on for ever; silence lets the supervisor end it
    if (const std::string_view id = record.text(kSessionId); !id.empty() && id != session_id_) {
      session_id_ = id;
      sink(event::SessionStarted{session_id_, ""});
    }
    const std::string_view type = record.text(kType);
    if (type == "step_start") return go_on(sink);
    if (type == "text") return on_text(record, sink);
    if (type == "tool_use") return on_tool(record, sink);
    if (type == "step_finish") return on_step_finish(record, sink);
    if (type == "error") return on_error(record, sink);
    if (type != "reasoning") sink(event::Unknown{std::string(type)});
  }

  /// What looked like the end was none.
  void go_on(const EventSink& sink) {
    if (finished_) sink(event::SessionStarted{session_id_, ""});
    finished_ = false;
  }

  void on_text(const Record& record, const EventSink& sink) {
    if (record.is_true(kSynthetic)) {  // opencode's own words to the model, after it has compacted the conversation
      compacting_ = false;
      return go_on(sink);
    }
    if (compacting_) return;  // the summary is for the model
    text_ = record.text(kText);
    if (!text_.empty()) sink(event::Text{text_, false});
  }

  void on_tool(const Record& record, const EventSink& sink) {
    const std::string id(record.text(kCallId));
    const stream::Value* input = record.find(kToolInput);
    const std::string_view arguments = input == nullptr ? std::string_view() : input->text;
    sink(event::ToolCall{id, std::string(record.text(kTool)), std::string(arguments), false});
    const bool failed = record.text(kToolStatus) == "error";
    sink(event::ToolResult{id, failed || record.integer(kToolExit).value_or(0) != 0});
    const std::string_view error = failed ? record.text(kToolError) : std::string_view();
    rejected_ = error.contains("rejected permission") ? error : std::string_view();
  }

  void on_step_finish(const Record& record, const EventSink& sink) {
    const std::string_view reason = record.text(kFinishReason);
    sink(event::UsageStep{usage_of(record)});
    sink(event::Turn{});
    if (compacting_) return;  // this was the summary
    overflows_ = 0;
    if (reason == "tool-calls" || reason == "unknown") return text_.clear();
    finished_ = true;
    std::optional<Failure> failure = finish_failure(reason);
    std::string response = failure ? "" : text_;
    const int success_code = overflowed_ ? 1 : 0;
    sink(event::Finished{std::move(failure), std::move(response), std::nullopt, success_code});
  }

  void on_error(const Record& record, const EventSink& sink) {
    const std::string_view name = record.text(kErrorName);
    Failure failure =
        error_failure({name, record.text(kErrorMessage), record.text(kErrorBody), record.integer(kErrorStatus)});
    if (name != "ContextOverflowError") {
      finished_ = true;
      return sink(event::Finished{std::move(failure), "", std::nullopt});
    }
    compacting_ = true;
    overflowed_ = true;
    hopeless_ = ++overflows_ == kMaxOverflows;
    if (!hopeless_) return sink(event::Problem{std::move(failure)});  // it compacts and tries again
    finished_ = true;
    sink(event::Finished{compaction_failure(), "", std::nullopt});
  }

  stream::JsonLines lines_{paths()};
  std::string session_id_;
  std::string text_;      // the last one of this step
  std::string rejected_;  // what the last tool call said, if its permission was refused
  int overflows_ = 0;     // since the last step of the work itself
  bool overflowed_ = false;
  bool compacting_ = false;
  bool finished_ = false;
  bool hopeless_ = false;
};

}  // namespace

std::unique_ptr<StreamParser> make_parser() { return std::make_unique<Parser>(); }

}  // namespace axon::opencode
