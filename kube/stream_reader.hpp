// Reads long answers of the API server piece by piece, however the bytes are cut, holding one object at a time. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "kube/object.hpp"

namespace axon::kube {

/// The JSON text without its arrays of this name: who wrote which field is the larger half of many an object, and read
/// by nobody here. It costs far less to leave it out of the text than to parse it. What is no JSON stays no JSON.
std::string without_managed_fields(std::string_view text);

using ItemSink = std::function<Result<void>(Json item)>;

/// Takes the objects out of a list; what is left around them is the list's own metadata.
class ListReader {
 public:
  explicit ListReader(ItemSink sink) : sink_(std::move(sink)) {}

  /// Fails where an item is no JSON, or with the sink's own error.
  Result<void> feed(std::string_view bytes);

  /// The list with "items" empty, once all bytes have come.
  Result<Json> end();

 private:
  Result<void> take(char c);
  void track_string(char c);
  Result<void> close(char c);
  [[nodiscard]] bool in_item() const { return in_items_ && depth_ >= 2; }

  ItemSink sink_;
  std::string around_;    // everything but the items
  std::string item_;      // the one that is being read
  std::string last_key_;  // the last string at the list's own level
  int depth_ = 0;
  bool in_items_ = false;
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
  explicit WatchReader(WatchSink sink) : sink_(std::move(sink)) {}

  /// Fails where a line is no event, with Errc::Expired (begin anew with a list) or another code where the server
  /// sent an error, or with the sink's own error.
  Result<void> feed(std::string_view bytes);

 private:
  Result<void> take(std::string_view line);

  WatchSink sink_;
  std::string pending_;
};

}  // namespace axon::kube
