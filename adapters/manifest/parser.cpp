#include "adapters/manifest/parser.hpp"

#include <algorithm>
#include <utility>

#include "adapters/manifest/rule.hpp"
#include "adapters/stream/json_lines.hpp"

namespace axon::manifest {
namespace {

using stream::Record;

class Parser final : public StreamParser {
 public:
  explicit Parser(std::shared_ptr<const Manifest> manifest)
      : manifest_(std::move(manifest)), type_(id_of("type")), lines_({manifest_, &manifest_->stream.paths}) {}

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
    bool known = false;
    const RuleSink on_event = [&](const Rule& rule, Event&& event, bool is_delta) {
      give(rule, std::move(event), is_delta, sink);
    };
    for (const Rule& rule : manifest_->stream.rules) {
      known = apply_rule(rule, manifest_->stream, record, manifest_->name, on_event) || known;
    }
    if (!known) sink(event::Unknown{type_ ? std::string(record.text(*type_)) : ""});
  }

  /// Pieces of a text are put together until something else comes.
  void give(const Rule& rule, Event&& event, bool is_delta, const EventSink& sink) {
    if (rule.kind != EventKind::Text || !is_delta) {
      flush(sink);
      return sink(std::move(event));
    }
    auto& piece = std::get<event::Text>(event);
    if (pending_.subagent != piece.subagent || pending_.text.size() + piece.text.size() > kPendingLimit) flush(sink);
    pending_.subagent = piece.subagent;
    pending_.text += piece.text;
  }

  void flush(const EventSink& sink) {
    if (!pending_.text.empty()) sink(std::exchange(pending_, {}));
  }

  [[nodiscard]] std::optional<int> id_of(const std::string& path) const {
    const std::vector<std::string>& names = manifest_->stream.path_names;
    const auto found = std::ranges::find(names, path);
    return found == names.end() ? std::nullopt : std::optional(static_cast<int>(found - names.begin()));
  }

  static constexpr std::size_t kPendingLimit = 64 * 1024;

  std::shared_ptr<const Manifest> manifest_;
  std::optional<int> type_;
  stream::JsonLines lines_;
  event::Text pending_;
};

/// A stream of text: each line is what the agent says.
class TextParser final : public StreamParser {
 public:
  void feed(std::string_view bytes, const EventSink& sink) override { lines_.feed(bytes, give_to(sink)); }
  void finish(const EventSink& sink) override { lines_.finish(give_to(sink)); }

 private:
  static stream::RecordSink give_to(const EventSink& sink) {
    return [&sink](const Record& record) {
      if (record.line.find_first_not_of(" \t") != std::string_view::npos) sink(event::Text{std::string(record.line)});
    };
  }

  stream::JsonLines lines_ = stream::JsonLines::plain();
};

}  // namespace

std::unique_ptr<StreamParser> make_parser(std::shared_ptr<const Manifest> manifest) {
  if (manifest->stream.is_jsonl) return std::make_unique<Parser>(std::move(manifest));
  return std::make_unique<TextParser>();
}

}  // namespace axon::manifest
