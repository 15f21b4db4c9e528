#include "adapters/stream/unescape.hpp"

#include <algorithm>
#include <cstddef>

namespace axon::stream {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::size_t put_utf8(char* out, unsigned code) {
  const auto continuation = [code](unsigned shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  if (code < 0x800) {
    out[0] = static_cast<char>(0xC0 | (code >> 6));
    out[1] = continuation(0);
    return 2;
  }
  if (code < 0x10000) {
    out[0] = static_cast<char>(0xE0 | (code >> 12));
    out[1] = continuation(6);
    out[2] = continuation(0);
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | (code >> 18));
  out[1] = continuation(12);
  out[2] = continuation(6);
  out[3] = continuation(0);
  return 4;
}

}  // namespace

std::string_view Unescape::encode(unsigned code_point, std::string_view before) {
  std::ranges::copy(before, out_);
  return {out_, before.size() + put_utf8(out_ + before.size(), code_point)};
}

std::string_view Unescape::flush_half() {
  high_ = 0;
  return kReplacement;
}

Unescape::Step Unescape::finish_unicode() {
  const bool is_high = code_ >= 0xD800 && code_ < 0xDC00;
  const bool is_low = code_ >= 0xDC00 && code_ < 0xE000;
  if (is_low && high_ != 0) {
    const unsigned code_point = 0x10000 + ((high_ - 0xD800) << 10) + (code_ - 0xDC00);
    high_ = 0;
    return {encode(code_point, {}), true, true};
  }
  const std::string_view owed = flush();
  if (is_high) {
    high_ = code_;
    return {owed, true, true};
  }
  return {encode(is_low ? 0xFFFD : code_, owed), true, true};
}

Unescape::Step Unescape::feed(char c) {
  if (digits_ < 0) {
    if (c == 'u') {
      digits_ = 0;
      code_ = 0;
      return {};
    }
    if (static_cast<unsigned char>(c) >= 0x80) return {flush(), true, false};
    const char simple = simple_escape(c);
    return {encode(static_cast<unsigned>(simple == '\0' ? c : simple), flush()), true, true};
  }
  const int digit = hex_digit(c);
  if (digit < 0) return {encode(0xFFFD, flush()), true, false};
  code_ = code_ << 4 | static_cast<unsigned>(digit);
  return ++digits_ == 4 ? finish_unicode() : Step{};
}

}  // namespace axon::stream
