// The part of the extractor that reads values, and skips those that nobody wants.
#include <algorithm>
#include <array>
#include <utility>

#include "adapters/stream/json_lines.hpp"
#include "adapters/stream/scan.hpp"

namespace axon::stream {
namespace {

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
  std::array<char, 512> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): it is filled before it is read
  while (true) {
    char* filled = buffer.data();
    copy_unescaped(at, end, filled, buffer.data() + buffer.size());
    if (filled != buffer.data()) {
      values_.append(unescape_.flush());
      values_.append({buffer.data(), filled});
    }
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

}  // namespace axon::stream
