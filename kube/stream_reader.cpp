#include "kube/stream_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "kube/status.hpp"

namespace axon::kube {
namespace {

std::optional<WatchEvent::Kind> kind_of(const std::string& type) {
  if (type == "ADDED") return WatchEvent::Kind::Added;
  if (type == "MODIFIED") return WatchEvent::Kind::Modified;
  if (type == "DELETED") return WatchEvent::Kind::Deleted;
  if (type == "BOOKMARK") return WatchEvent::Kind::Bookmark;
  return std::nullopt;
}

/// What begins, ends or escapes something. Most bytes do nothing.
constexpr std::array<bool, 256> kMarks = [] {
  std::array<bool, 256> marks{};
  for (const char c : std::string_view(R"("\[]{})")) marks[static_cast<unsigned char>(c)] = true;
  return marks;
}();

std::size_t find_mark(std::string_view bytes, std::size_t at) {
  while (at < bytes.size() && !kMarks[static_cast<unsigned char>(bytes[at])]) ++at;
  return at;
}

bool opens(char c) { return c == '[' || c == '{'; }

}  // namespace

PrunedText::PrunedText(Unread names) : keys_(std::move(names)) {
  for (std::string& key : keys_) key = '"' + key + "\":";
}

void PrunedText::clear() {
  text_.clear();
  depth_ = 0;
  unread_below_ = kNone;
  in_string_ = is_escaped_ = false;
}

std::size_t PrunedText::take(std::string_view bytes) {
  if (bytes.empty()) return 0;
  std::size_t kept = 0;  // up to here the bytes are in the text, or passed over
  const auto keep_to = [&](std::size_t at) {
    if (unread_below_ == kNone) text_ += bytes.substr(kept, at - kept);
    kept = at;
  };
  std::size_t at = std::exchange(is_escaped_, false) ? 1 : 0;
  while ((at = find_mark(bytes, at)) < bytes.size()) {
    const char c = bytes[at++];
    if (c == '"') {
      in_string_ = !in_string_;
    } else if (c == '\\') {
      is_escaped_ = at++ == bytes.size();
    } else if (!in_string_ && opens(c)) {
      keep_to(at - 1);
      open();
    } else if (!in_string_) {
      keep_to(at);
      close();
      if (depth_ == 0) return at;
    }
  }
  keep_to(bytes.size());
  return bytes.size();
}

/// A quote within a string stands behind a backslash, so that what ends like a name and a colon is a name.
void PrunedText::open() {
  const auto ends_text = [this](const std::string& key) { return text_.ends_with(key); };
  if (unread_below_ == kNone && std::ranges::any_of(keys_, ends_text)) {
    text_ += "null";
    unread_below_ = depth_;
  }
  ++depth_;
}

void PrunedText::close() {
  if (--depth_ == unread_below_) unread_below_ = kNone;
}

Result<void> ListReader::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (is_between_items() && bytes.front() == '{') in_item_ = true;
    if (!in_item_) {
      take(bytes.front());
      bytes.remove_prefix(1);
      continue;
    }
    bytes.remove_prefix(item_.take(bytes));
    if (!item_.is_whole()) continue;
    in_item_ = false;
    Result<Json> item = parse_json(item_.text());
    item_.clear();
    if (!item) return std::unexpected(std::move(item).error());
    if (auto taken = sink_(*std::move(item)); !taken) return taken;
  }
  return {};
}

/// What is around the items. Depth 1 is inside the list, 2 inside an array or object of it.
void ListReader::take(char c) {
  if (is_between_items() && c != ']') return;  // commas and space
  around_ += c;
  if (in_string_) {
    take_in_string(c);
  } else if (c == '"') {
    in_string_ = true;
    if (depth_ == 1) last_key_.clear();
  } else if (opens(c)) {
    in_items_ = c == '[' && depth_ == 1 && last_key_ == "items";
    ++depth_;
  } else if (c == ']' || c == '}') {
    in_items_ = false;
    --depth_;
  }
}

void ListReader::take_in_string(char c) {
  if (depth_ == 1 && c != '"') last_key_ += c;
  if (is_escaped_) {
    is_escaped_ = false;
  } else if (c == '\\') {
    is_escaped_ = true;
  } else if (c == '"') {
    in_string_ = false;
  }
}

Result<Json> ListReader::end() { return parse_json(around_); }

Result<void> WatchReader::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      pending_ += bytes;
      return {};
    }
    pending_ += bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    const std::string line = std::exchange(pending_, "");
    if (line.empty()) continue;
    if (auto taken = take(line); !taken) return taken;
  }
  return {};
}

Result<void> WatchReader::take(std::string_view line) {
  event_.clear();
  const std::size_t taken = event_.take(line);
  Result<Json> event = parse_json(event_.text() + std::string(line.substr(taken)));
  if (!event) return std::unexpected(std::move(event).error());
  const std::string type = text_at(*event, "/type");
  if (!event->contains("object")) return fail(Errc::Unavailable, "the API server sent an event without an object");
  Json& object = (*event)["object"];
  if (type == "ERROR") return std::unexpected(decode_status(object.dump(), 0, "watch").error);
  const std::optional<WatchEvent::Kind> kind = kind_of(type);
  if (!kind) return {};  // a later version's
  return sink_({*kind, std::move(object)});
}

}  // namespace axon::kube
