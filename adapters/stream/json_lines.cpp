#include "adapters/stream/json_lines.hpp"

#include <algorithm>
#include <utility>

#include "adapters/stream/scan.hpp"
#include "core/encoding.hpp"

namespace axon::stream {
namespace {

// Longer keys are compared by their beginning only; no path of interest is near it.
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

JsonLines::JsonLines(std::shared_ptr<const JsonPaths> paths, const Limits& limits)
    : paths_(std::move(paths)), limits_(limits), values_(limits) {}

JsonLines JsonLines::plain(const Limits& limits) {
  JsonLines lines(nullptr, limits);
  lines.line_start_ = lines.state_ = State::Plain;
  return lines;
}

void JsonLines::feed(std::string_view bytes, const RecordSink& sink) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  line_ = at;
  while (at != end) {
    at = step(at, end);
    if (state_ != State::LineEnd) continue;
    deliver(at, sink);
    ++at;
    reset_line(at);
  }
  remember(end);
}

void JsonLines::finish(const RecordSink& sink) {
  if (line_size_ == 0) return;
  static constexpr char kNothing = 0;
  line_ = &kNothing;
  end_line(line_);
  deliver(line_, sink);
  reset_line(line_);
}

const char* JsonLines::step(const char* at, const char* end) {
  switch (state_) {
    case State::KeyString:
      return key_string(at, end);
    case State::ValueString:
      return value_string(at, end);
    case State::KeyEscape:
    case State::ValueEscape:
      return escape(at);
    case State::Number:
      return number(at, end);
    case State::Literal:
      return literal(at);
    case State::Skip:
    case State::SkipString:
    case State::SkipEscape:
      return skipping(at, end);
    case State::Plain: {
      const void* newline = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
      return newline == nullptr ? end : end_line(static_cast<const char*>(newline));
    }
    default:
      return structural(at, end);
  }
}

const char* JsonLines::end_line(const char* at) {
  complete_ = state_ == State::Done;
  state_ = State::LineEnd;
  return at;
}

void JsonLines::malformed() { state_ = State::Plain; }

const char* JsonLines::structural(const char* at, const char* end) {
  const char c = *at;
  if (c == '\n') return end_line(at);
  if (is_space(c)) return at + 1;
  switch (state_) {
    case State::FirstKey:
    case State::Key:
      if (c == '"') return start_key(at + 1, end);
      if (c == '}' && state_ == State::FirstKey) break;
      malformed();
      return at;
    case State::Colon:
      if (c != ':')
        malformed();
      else
        state_ = State::Element;
      return at + 1;
    case State::FirstElement:
      if (c == ']') break;
      [[fallthrough]];
    case State::Element:
      start_value(c);
      return at + (state_ == State::Plain || state_ == State::Number ? 0 : 1);
    case State::AfterValue:
      break;
    default:  // LineStart, Done
      if (c == '{' && state_ == State::LineStart)
        start_container(c, paths_->node(0));
      else
        malformed();
      return at + 1;
  }
  close_container(c);
  return at + 1;
}

void JsonLines::close_container(char c) {
  Frame& frame = frames_[depth_ - 1];
  if (c == ',' && state_ == State::AfterValue) {
    if (frame.is_array) {
      ++frame.index;
      value_node_ = paths_->node(frame.node).element;
    }
    state_ = frame.is_array ? State::Element : State::Key;
    return;
  }
  if (c != (frame.is_array ? ']' : '}')) return malformed();
  --depth_;
  state_ = depth_ == 0 ? State::Done : State::AfterValue;
}

const char* JsonLines::start_key(const char* at, const char* end) {
  const char* stop = find_string_stop(at, end);
  if (stop != end && *stop == '"') {
    match_key(std::string_view(at, stop).substr(0, kKeyLimit));
    return stop + 1;
  }
  key_.clear();
  state_ = State::KeyString;
  return at;
}

const char* JsonLines::key_string(const char* at, const char* end) {
  const char* stop = find_string_stop(at, end);
  if (stop != at) {
    key_ += unescape_.flush();
    key_.append(at, std::min(static_cast<std::size_t>(stop - at), kKeyLimit - std::min(key_.size(), kKeyLimit)));
  }
  if (stop == end) return end;
  if (*stop == '\n') return end_line(stop);
  if (*stop == '\\') {
    unescape_.start();
    state_ = State::KeyEscape;
    return stop + 1;
  }
  key_ += unescape_.flush();
  match_key(std::string_view(key_).substr(0, kKeyLimit));
  return stop + 1;
}

void JsonLines::match_key(std::string_view key) {
  Frame& frame = frames_[depth_ - 1];
  const JsonPaths::Match match = paths_->child(frame.node, key);
  value_node_ = match.node;
  frame.has_key = match.wildcard;
  if (match.wildcard) frame.key = values_.keep_key(key);
  state_ = State::Colon;
}

void JsonLines::deliver(const char* end, const RecordSink& sink) {
  Record record;
  record.is_object = complete_;
  if (complete_) {
    record.values = values_.values();
    return sink(record);
  }
  std::string_view line(line_, end);
  const std::size_t size = line_size_ + line.size();
  if (line_size_ != 0) {
    remember(end);
    line = line_head_;
  }
  record.truncated = size > limits_.plain;
  if (record.truncated) {
    line = utf8_prefix(line, limits_.plain);
  } else if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  record.line = line;
  sink(record);
}

void JsonLines::remember(const char* end) {
  const auto here = static_cast<std::size_t>(end - line_);
  // One byte more than is given shows whether the cut is inside a character.
  line_head_.append(line_, std::min(here, limits_.plain + 1 - line_head_.size()));
  line_size_ += here;
}

void JsonLines::reset_line(const char* start) {
  values_.clear();
  unescape_ = Unescape();
  line_head_.clear();
  line_size_ = 0;
  line_ = start;
  depth_ = 0;
  keep_json_ = false;
  state_ = line_start_;
}

}  // namespace axon::stream
