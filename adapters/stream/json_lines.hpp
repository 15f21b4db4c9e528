// Takes the values that a parser wants out of an agent's JSON lines: incrementally, fast, in memory that does not
// depend on the length of a line (with the default limits below 300 KiB).
//
// It is a tokenizer of its own because a line may be 100 MiB: subtrees that no path leads into are skipped by counting
// brackets outside of strings, at the speed of a search. It is lenient where nothing depends on it: inside what is
// skipped only brackets, strings and the line end count. A line counts as an object if it is one from "{" to "}" with
// nothing but white space around it; any other line is given as it is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/stream/paths.hpp"
#include "adapters/stream/record.hpp"
#include "adapters/stream/unescape.hpp"

namespace axon::stream {

using RecordSink = std::function<void(const Record&)>;

class JsonLines {
 public:
  explicit JsonLines(std::shared_ptr<const JsonPaths> paths, const Limits& limits = {});

  /// Takes every line as it is, JSON or not.
  static JsonLines plain(const Limits& limits = {});

  /// The same records however the bytes are cut.
  void feed(std::string_view bytes, const RecordSink& sink);

  /// Gives the last line if it has no newline. Bytes fed after it begin a new stream.
  void finish(const RecordSink& sink);

 private:
  enum class State : std::uint8_t {
    LineStart,
    FirstKey,  // after {
    Key,       // after , in an object
    Colon,
    FirstElement,  // after [
    Element,       // after : or , in an array
    AfterValue,
    Done,  // after the last }
    KeyString,
    ValueString,
    KeyEscape,
    ValueEscape,
    Number,
    Literal,
    Skip,  // inside a container that is of no interest, or taken as JSON
    SkipString,
    SkipEscape,
    Plain,
    LineEnd,  // at the newline
  };

  struct Frame {
    int node = JsonPaths::kNone;
    bool is_array = false;
    std::uint32_t index = 0;
    RecordBuilder::Piece key;  // of the member that "*" matched last
    bool has_key = false;
  };

  // Longer keys are compared by their beginning only; no path of interest is near it.
  static constexpr std::size_t kKeyLimit = 1024;

  const char* step(const char* at, const char* end);
  const char* structural(const char* at, const char* end);
  const char* end_line(const char* at);
  void malformed();

  const char* start_key(const char* at, const char* end);
  const char* key_string(const char* at, const char* end);
  void match_key(std::string_view key);
  void close_container(char c);

  void start_value(char c);
  void start_unwanted(char c);
  void start_container(char c, const JsonPaths::Node& node);
  void begin_value(const JsonPaths::Node& node, Kind kind);
  void end_value();
  const char* value_string(const char* at, const char* end);
  const char* escape(const char* at);
  const char* number(const char* at, const char* end);
  const char* literal(const char* at);

  const char* skipping(const char* at, const char* end);
  const char* skip(const char* at, const char* end);
  const char* skip_tokens(const char* at, const char* end);
  const char* skip_string(const char* at, const char* end);

  void deliver(const char* end, const RecordSink& sink);
  void remember(const char* end);
  void reset_line(const char* start);

  std::shared_ptr<const JsonPaths> paths_;
  Limits limits_;
  RecordBuilder values_;
  Unescape unescape_;

  State line_start_ = State::LineStart;
  State state_ = State::LineStart;
  bool complete_ = false;  // at LineEnd: the line was an object
  std::array<Frame, JsonPaths::kMaxDepth + 1> frames_;
  std::size_t depth_ = 0;
  int value_node_ = JsonPaths::kNone;  // of the value that comes next
  std::string_view literal_;           // what is left to read of true, false or null
  std::uint64_t skip_depth_ = 0;
  bool keep_json_ = false;  // what is skipped is a value taken as JSON
  std::string key_;         // a key that came in pieces

  const char* line_ = nullptr;  // where this line begins in the bytes being fed
  std::string line_head_;       // its beginning in earlier bytes
  std::size_t line_size_ = 0;   // its bytes so far in earlier bytes
};

}  // namespace axon::stream
