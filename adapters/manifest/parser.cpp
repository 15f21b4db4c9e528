#include "adapters/manifest/parser.hpp"

#include "adapters/manifest/rule.hpp"
#include "adapters/stream/json_lines.hpp"

namespace axon::manifest {
namespace {

using stream::Record;

class Parser final : public StreamParser {
 public:
  explicit Parser(std::shared_ptr<const Manifest> manifest)
      : manifest_(std::move(manifest)), lines_({manifest_, &manifest_->stream.paths}) {}

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
    bool known = false;
    for (const Rule& rule : manifest_->stream.rules) {
      known = apply_rule(rule, manifest_->stream, record, manifest_->name, sink) || known;
    }
    if (!known) sink(event::Unknown{});
  }

  std::shared_ptr<const Manifest> manifest_;
  stream::JsonLines lines_;
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
