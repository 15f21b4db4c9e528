#include "adapters/stream/json_lines.hpp"

#include <algorithm>
#include <utility>

#include "adapters/stream/scan.hpp"
#include "core/encoding.hpp"

namespace axon::stream {
namespace {

// Longer keys are compared by their beginning only; no path of interest is near it.
constexpr std::size_t kKeyLimit = 1024;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_number_part(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

std::string_view literal_of(char c) {
  switch (c) {
    case 't':
      return "true";
    case 'f':
      return "false";
    case 'n':
      return "null";
    default:
      return {};
  }
}

Kind literal_kind(char c) {
  if (c == 't') return Kind::True;
  return c == 'f' ? Kind::False : Kind::Null;
}

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

void JsonLines::start_value(char c) {
  if (value_node_ == JsonPaths::kNone) return start_unwanted(c);
  const JsonPaths::Node& node = paths_->node(value_node_);
  if (c == '{' || c == '[') return start_container(c, node);
  if (node.path == JsonPaths::kNone) return start_unwanted(c);
  if (c == '"') {
    begin_value(node, Kind::String);
    state_ = State::ValueString;
  } else if (c == '-' || (c >= '0' && c <= '9')) {
    begin_value(node, Kind::Number);
    state_ = State::Number;
  } else if (literal_ = literal_of(c); !literal_.empty()) {
    begin_value(node, literal_kind(c));
    literal_.remove_prefix(1);
    state_ = State::Literal;
  } else {
    malformed();
  }
}

void JsonLines::start_unwanted(char c) {
  keep_json_ = false;
  if (c == '"') {
    skip_depth_ = 0;
    state_ = State::SkipString;
  } else if (c == '{' || c == '[') {
    skip_depth_ = 1;
    state_ = State::Skip;
  } else if (c == '-' || (c >= '0' && c <= '9')) {
    state_ = State::Number;
  } else if (literal_ = literal_of(c); !literal_.empty()) {
    literal_.remove_prefix(1);
    state_ = State::Literal;
  } else {
    malformed();
  }
}

void JsonLines::start_container(char c, const JsonPaths::Node& node) {
  const bool is_array = c == '[';
  const bool leads_on =
      is_array ? node.element != JsonPaths::kNone : !node.keys.empty() || node.any_key != JsonPaths::kNone;
  if (node.path != JsonPaths::kNone) begin_value(node, is_array ? Kind::Array : Kind::Object);
  if (node.as_json) {
    values_.append(std::string_view(&c, 1));
  } else {
    end_value();
  }
  if (!leads_on && depth_ != 0) {
    start_unwanted(c);
    keep_json_ = node.as_json;
    return;
  }
  const int id = depth_ == 0 ? 0 : value_node_;
  frames_[depth_++] = {id, is_array, 0, {}, false};
  if (is_array) value_node_ = node.element;
  state_ = is_array ? State::FirstElement : State::FirstKey;
}

void JsonLines::begin_value(const JsonPaths::Node& node, Kind kind) {
  std::uint32_t index = 0;
  RecordBuilder::Piece key;
  if (node.repeats) {
    bool has_index = false;
    bool has_key = false;
    for (std::size_t i = depth_; i-- > 0;) {
      const Frame& frame = frames_[i];
      if (frame.is_array && !std::exchange(has_index, true)) index = frame.index;
      if (frame.has_key && !std::exchange(has_key, true)) key = frame.key;
    }
  }
  values_.begin(node.path, node.repeats, kind, index, key);
}

void JsonLines::end_value() {
  values_.end();
  state_ = State::AfterValue;
}

const char* JsonLines::value_string(const char* at, const char* end) {
  while (true) {
    const char* stop = find_string_stop(at, end);
    if (stop != at) {
      values_.append(unescape_.flush());
      values_.append({at, stop});
    }
    if (stop == end) return end;
    if (*stop == '\n') return end_line(stop);
    if (*stop == '"') {
      values_.append(unescape_.flush());
      end_value();
      return stop + 1;
    }
    const char c = end - stop > 1 ? simple_escape(stop[1]) : '\0';
    if (c == '\0') {
      unescape_.start();
      state_ = State::ValueEscape;
      return stop + 1;
    }
    values_.append(unescape_.flush());
    values_.append({&c, 1});
    at = stop + 2;
  }
}

const char* JsonLines::escape(const char* at) {
  if (*at == '\n') return end_line(at);
  const Unescape::Step step = unescape_.feed(*at);
  const bool in_key = state_ == State::KeyEscape;
  if (!in_key) {
    values_.append(step.bytes);
  } else if (key_.size() < kKeyLimit) {
    key_ += step.bytes;
  }
  if (step.done) state_ = in_key ? State::KeyString : State::ValueString;
  return step.consumed ? at + 1 : at;
}

const char* JsonLines::number(const char* at, const char* end) {
  const char* stop = std::find_if_not(at, end, is_number_part);
  values_.append({at, stop});
  if (stop != end) end_value();
  return stop;
}

const char* JsonLines::literal(const char* at) {
  if (*at != literal_.front()) {
    malformed();
    return at;
  }
  literal_.remove_prefix(1);
  if (literal_.empty()) end_value();
  return at + 1;
}

const char* JsonLines::skipping(const char* at, const char* end) {
  const bool keep = keep_json_;
  const char* stop = at;
  if (state_ == State::Skip) {
    stop = skip(at, end);
  } else if (state_ == State::SkipString) {
    stop = skip_string(at, end);
  } else if (*at == '\n') {
    return end_line(at);
  } else {
    state_ = State::SkipString;
    stop = at + 1;
  }
  if (keep) values_.append({at, stop});
  if (state_ == State::AfterValue) values_.end();
  return stop;
}

const char* JsonLines::skip_string(const char* at, const char* end) {
  bool escaped = false;
  at = find_string_end(at, end, escaped);
  if (at == end) {
    if (escaped) state_ = State::SkipEscape;
    return end;
  }
  if (*at == '\n') return end_line(at);
  state_ = skip_depth_ == 0 ? State::AfterValue : State::Skip;
  return at + 1;
}

const char* JsonLines::skip(const char* at, const char* end) {
  Nesting nesting{.depth = skip_depth_};
  at = skip_blocks(at, end, nesting);
  skip_depth_ = nesting.depth;
  if (skip_depth_ == 0) {
    state_ = State::AfterValue;
    return at;
  }
  if (nesting.in_string) {
    state_ = nesting.escaped ? State::SkipEscape : State::SkipString;
    return at;
  }
  return skip_tokens(at, end);
}

const char* JsonLines::skip_tokens(const char* at, const char* end) {
  while (at != end) {
    switch (*at) {
      case '"':
        state_ = State::SkipString;
        at = skip_string(at + 1, end);
        if (state_ != State::Skip) return at;
        continue;
      case '\n':
        return end_line(at);
      case '{':
      case '[':
        ++skip_depth_;
        break;
      case '}':
      case ']':
        if (--skip_depth_ == 0) {
          state_ = State::AfterValue;
          return at + 1;
        }
        break;
      default:
        break;
    }
    ++at;
  }
  return end;
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
