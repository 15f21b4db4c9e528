// Reads long answers of the API server piece by piece, however the bytes are cut, holding one object at a time. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kube/object.hpp"

namespace axon::kube {

/// Names of members that nobody reads.
using Unread = std::vector<std::string>;

/// A JSON object or array, taken piece by piece, with null in the place of each array or object under one of the names,
/// at any depth: who wrote which field is the larger half of many an object, and it costs far less to pass over the
/// text than to parse it. What is no JSON stays no JSON.
class PrunedText {
 public:
  explicit PrunedText(Unread names);

  /// Takes bytes until the last bracket closes, or all; how many that were.
  std::size_t take(std::string_view bytes);

  /// The last bracket has closed.
  [[nodiscard]] bool is_whole() const { return depth_ == 0 && !text_.empty(); }
  [[nodiscard]] const std::string& text() const { return text_; }

  /// From here on another one is taken.
  void clear();

 private:
  void open();
  void close();

  std::vector<std::string> keys_;  // the names, each with quotes and colon
  std::string text_;
  int depth_ = 0;
  int unread_below_ = kNone;  // the depth around what is being passed over
  bool in_string_ = false;
  bool is_escaped_ = false;
  static constexpr int kNone = -1;
};

using ItemSink = std::function<Result<void>(Json item)>;

/// Takes the objects out of a list; what is left around them is the list's own metadata.
class ListReader {
 public:
  ListReader(Unread unread, ItemSink sink) : sink_(std::move(sink)), item_(std::move(unread)) {}

  /// Fails where an item is no JSON, or with the sink's own error.
  Result<void> feed(std::string_view bytes);

  /// The list with "items" empty, once all bytes have come.
  Result<Json> end();

 private:
  void take(char c);
  void take_in_string(char c);
  [[nodiscard]] bool is_between_items() const { return in_items_ && depth_ == 2; }

  ItemSink sink_;
  PrunedText item_;       // the one that is being read
  std::string around_;    // everything but the items
  std::string last_key_;  // the last string at the list's own level
  int depth_ = 0;         // around the item
  bool in_items_ = false;
  bool in_item_ = false;
  bool in_string_ = false;
  bool is_escaped_ = false;
};

struct WatchEvent {
  enum class Kind { Added, Modified, Deleted, Bookmark };
  Kind kind = Kind::Added;
  Json object;
};

using WatchSink = std::function<Result<void>(WatchEvent event)>;

/// Takes the events out of a watch: JSON objects, one a line.
class WatchReader {
 public:
  WatchReader(Unread unread, WatchSink sink) : sink_(std::move(sink)), event_(std::move(unread)) {}

  /// Fails where a line is no event, with Errc::Expired (begin anew with a list) or another code where the server
  /// sent an error, or with the sink's own error.
  Result<void> feed(std::string_view bytes);

 private:
  Result<void> take(std::string_view line);

  WatchSink sink_;
  PrunedText event_;
  std::string pending_;
};

}  // namespace axon::kube
