#include "cli/log_cursor.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/timestamp.hpp"

namespace axon::cli {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::size_t kLongestTime = 40;
constexpr std::size_t kWhole = static_cast<std::size_t>(-1);
constexpr std::size_t kSecondsSize = 19;  // "2026-03-01T12:00:00"

std::optional<int> number_in(std::string_view digits) {
  int number = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || failed != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// "Z", "+02:00".
std::optional<seconds> offset_of(std::string_view zone) {
  if (zone == "Z") return seconds(0);
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  const auto hours = number_in(zone.substr(1, 2));
  const auto minutes = number_in(zone.substr(4, 2));
  if (!hours || !minutes) return std::nullopt;
  const seconds offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return zone[0] == '-' ? -offset : offset;
}

}  // namespace

std::optional<LogTime> parse_log_time(std::string_view text) {
  if (text.size() <= kSecondsSize) return std::nullopt;
  const std::optional<Time> whole = parse_time(std::string(text.substr(0, kSecondsSize)) + "Z");
  if (!whole) return std::nullopt;
  text.remove_prefix(kSecondsSize);
  nanoseconds fraction{0};
  if (text.starts_with('.')) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", 1), text.size());
    std::string digits(text.substr(1, end - 1));
    digits.resize(9, '0');
    const auto count = number_in(digits);
    if (end == 1 || !count) return std::nullopt;
    fraction = nanoseconds(*count);
    text.remove_prefix(end);
  }
  const auto offset = offset_of(text);
  if (!offset) return std::nullopt;
  return LogTime(*whole) + fraction - *offset;
}

void LogCursor::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t newline = bytes.find('\n');
    const std::size_t end = newline == std::string_view::npos ? bytes.size() : newline + 1;
    if (!in_line_) {
      const std::size_t space = std::min(bytes.find(' '), end - 1);
      head_ += bytes.substr(0, space + 1);
      bytes.remove_prefix(space + 1);
      if (!head_.ends_with(' ') && !head_.ends_with('\n') && head_.size() < kLongestTime) continue;
      begin_line();
      continue;
    }
    pass(bytes.substr(0, end));
    bytes.remove_prefix(end);
    if (newline != std::string_view::npos) in_line_ = false;
  }
}

/// Decides what of the line is new.
void LogCursor::begin_line() {
  const std::string head = std::exchange(head_, {});
  const std::string_view text = std::string_view(head).substr(0, head.size() - 1);
  const std::optional<LogTime> time = head.ends_with(' ') ? parse_log_time(text) : std::nullopt;
  in_line_ = true;
  skip_ = 0;
  if (!time) {  // the node itself says something
    time_text_.clear();
    sink_("", head);
    in_line_ = !head.ends_with('\n');
    return;
  }
  time_text_ = text;
  if (is_catching_up_ && time_ && *time < *time_) {
    skip_ = kWhole;
    return;
  }
  if (is_catching_up_ && time_ && *time == *time_ && again_ < lines_) {
    skip_ = ++again_ < lines_ ? kWhole : bytes_;
    return;
  }
  if (is_catching_up_ && time_ && again_ == 0) has_gap_ = true;
  is_catching_up_ = false;
  lines_ = time == time_ ? lines_ + 1 : 1;
  time_ = time;
  bytes_ = 0;
}

void LogCursor::pass(std::string_view bytes) {
  if (skip_ == kWhole) return;
  const std::size_t known = std::min(skip_, bytes.size());
  skip_ -= known;
  bytes.remove_prefix(known);
  if (bytes.empty()) return;
  if (!time_text_.empty()) bytes_ += bytes.size();
  sink_(time_text_, bytes);
}

void LogCursor::reconnect() {
  head_.clear();
  in_line_ = false;
  is_catching_up_ = true;
  has_gap_ = false;
  again_ = 0;
}

std::string LogCursor::since() const {
  return time_ ? format_time(std::chrono::floor<seconds>(*time_)) : std::string();
}

}  // namespace axon::cli
