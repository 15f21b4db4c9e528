#include "kube/stream_reader.hpp"

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

/// How many bytes from the start on neither begin nor end anything.
std::size_t plain_size(std::string_view bytes, bool in_string) {
  const std::size_t end = bytes.find_first_of(in_string ? R"("\)" : R"("[]{})");
  return end == std::string_view::npos ? bytes.size() : end;
}

/// Behind the bracket that closes the array whose first element begins at `at`; npos if there is none.
std::size_t end_of_array(std::string_view text, std::size_t at) {
  int depth = 1;
  bool in_string = false;
  while (at < text.size()) {
    at += plain_size(text.substr(at), in_string);
    if (at >= text.size()) break;
    const char c = text[at++];
    if (c == '\\') {
      ++at;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (--depth == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::string without_managed_fields(std::string_view text) {
  constexpr std::string_view kStart = R"("managedFields":[)";
  std::string kept;
  std::size_t from = 0;
  // A quote within a string stands behind a backslash, so this is a key wherever it is found.
  for (std::size_t at = 0; (at = text.find(kStart, from)) != std::string_view::npos;) {
    const std::size_t end = end_of_array(text, at + kStart.size());
    if (end == std::string_view::npos) break;
    kept += text.substr(from, at - from);
    from = end;
    if (from < text.size() && text[from] == ',') {
      ++from;
    } else if (kept.ends_with(',')) {
      kept.pop_back();
    }
  }
  return kept += text.substr(from);
}

Result<void> ListReader::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    // What changes nothing is taken as a whole.
    if (const std::size_t plain = in_item() && !is_escaped_ ? plain_size(bytes, in_string_) : 0; plain > 0) {
      if (in_string_ || depth_ > 2) item_ += bytes.substr(0, plain);
      bytes.remove_prefix(plain);
      continue;
    }
    if (auto taken = take(bytes.front()); !taken) return taken;
    bytes.remove_prefix(1);
  }
  return {};
}

/// Depth 1 is inside the list, 2 inside an array or object of it; the items' own braces are counted from 2 on.
Result<void> ListReader::take(char c) {
  if (in_string_) {
    track_string(c);
    return {};
  }
  if (c == '"') {
    in_string_ = true;
    if (depth_ == 1) last_key_.clear();
  }
  if (c == '[' && depth_ == 1 && last_key_ == "items") {
    in_items_ = true;
    ++depth_;
    around_ += c;
    return {};
  }
  if (c == '{' || c == '[') ++depth_;
  if (c == '}' || c == ']') return close(c);
  if (!in_items_) {
    around_ += c;
  } else if (depth_ > 2) {
    item_ += c;  // what stands between items are commas and space
  }
  return {};
}

void ListReader::track_string(char c) {
  (in_items_ ? item_ : around_) += c;
  if (depth_ == 1 && c != '"') last_key_ += c;
  if (is_escaped_) {
    is_escaped_ = false;
  } else if (c == '\\') {
    is_escaped_ = true;
  } else if (c == '"') {
    in_string_ = false;
  }
}

Result<void> ListReader::close(char c) {
  --depth_;
  if (!in_items_) {
    around_ += c;
    return {};
  }
  if (depth_ == 1) {  // the end of the items
    in_items_ = false;
    around_ += c;
    return {};
  }
  item_ += c;
  if (depth_ > 2) return {};
  Result<Json> item = parse_json(without_managed_fields(item_));
  item_.clear();
  if (!item) return std::unexpected(std::move(item).error());
  return sink_(*std::move(item));
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
  Result<Json> event = parse_json(without_managed_fields(line));
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
