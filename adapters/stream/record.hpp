// One line of an agent's stdout, as the extractor gives it to a parser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace axon::stream {

/// What is kept of one line, so that memory does not depend on its length. A text that is cut ends between two UTF-8
/// characters.
struct Limits {
  std::size_t value = 64 * 1024;   // bytes of one value
  std::size_t total = 192 * 1024;  // bytes of all values; beyond it each value still has `short_value` bytes
  std::size_t short_value = 128;   // so that a late "type" is never lost to a long text before it
  std::size_t plain = 64 * 1024;   // bytes of a line that is no JSON object
  std::size_t values = 512;        // values of one line; the last 64 are kept for paths without a wildcard
};

enum class Kind : std::uint8_t { Null, False, True, Number, String, Object, Array };

struct Value {
  int path = 0;  // index of its PathSpec
  Kind kind = Kind::Null;
  bool truncated = false;
  std::uint32_t index = 0;  // in the innermost array on its way
  std::string_view key;     // what the innermost "*" on its way stands for, cut at Limits::short_value
  std::string_view text;    // unescaped; numbers as written; objects and arrays only where taken as JSON
};

/// Valid only while the sink runs.
struct Record {
  bool is_object = false;
  std::span<const Value> values;  // in the order of the line; a key that is there twice gives two values
  std::string_view line;          // no object: the line without its line end
  bool truncated = false;         // of `line`

  /// The last value of this path, as JSON readers take it; null if there is none.
  [[nodiscard]] const Value* find(int path) const;
  [[nodiscard]] bool has(int path) const { return find(path) != nullptr; }

  /// The string of this path; empty if it is absent or no string.
  [[nodiscard]] std::string_view text(int path) const;
  [[nodiscard]] bool is_true(int path) const;
  /// Whole numbers, also when written as 3.0 or 3e0; beyond a hundred trillion they are cut to it.
  [[nodiscard]] std::optional<std::int64_t> integer(int path) const;
  [[nodiscard]] std::optional<double> number(int path) const;
};

std::optional<double> to_number(const Value& value);
std::optional<std::int64_t> to_integer(const Value& value);

/// Collects the values of one line within the limits.
class RecordBuilder {
 public:
  explicit RecordBuilder(const Limits& limits) : limits_(limits) {}

  /// A piece of the collected text, by offset: the text may move while it grows.
  struct Piece {
    std::size_t begin = 0;
    std::size_t size = 0;
  };

  void clear();
  Piece keep_key(std::string_view key);
  void begin(int path, bool repeats, Kind kind, std::uint32_t index, Piece key);
  void append(std::string_view bytes) {
    if (!open_ || bytes.empty()) return;
    if (bytes.size() > room_) return append_cut(bytes);
    room_ -= bytes.size();
    text_ += bytes;
  }
  void end();

  std::span<const Value> values();

 private:
  void append_cut(std::string_view bytes);

  struct Entry {
    Value value;
    Piece key;
    Piece text;
  };

  Limits limits_;
  std::string text_;
  std::vector<Entry> entries_;
  std::vector<Value> values_;
  std::size_t room_ = 0;
  bool open_ = false;
};

}  // namespace axon::stream
