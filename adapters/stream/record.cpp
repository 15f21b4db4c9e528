#include "adapters/stream/record.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ranges>

namespace axon::stream {
namespace {

// More than anybody counts, and the sum of a line's values stays far from what an integer can hold.
constexpr std::int64_t kMost = 100'000'000'000'000;

constexpr std::size_t kReservedValues = 64;

/// The text without a UTF-8 character whose end is missing.
std::string_view whole_characters(std::string_view text) {
  std::size_t tail = 0;
  while (tail < 3 && tail < text.size() && (static_cast<unsigned char>(text[text.size() - 1 - tail]) & 0xC0) == 0x80) {
    ++tail;
  }
  if (tail >= text.size()) return text;
  const auto lead = static_cast<unsigned char>(text[text.size() - 1 - tail]);
  std::size_t expected = 0;
  if (lead >= 0xF0) {
    expected = 3;
  } else if (lead >= 0xE0) {
    expected = 2;
  } else if (lead >= 0xC0) {
    expected = 1;
  }
  return expected > tail ? text.substr(0, text.size() - 1 - tail) : text;
}

}  // namespace

const Value* Record::find(int path) const {
  for (const Value& value : std::views::reverse(values)) {
    if (value.path == path) return &value;
  }
  return nullptr;
}

std::string_view Record::text(int path) const {
  const Value* value = find(path);
  return value != nullptr && value->kind == Kind::String ? value->text : std::string_view();
}

bool Record::is_true(int path) const {
  const Value* value = find(path);
  return value != nullptr && value->kind == Kind::True;
}

std::optional<std::int64_t> Record::integer(int path) const {
  const Value* value = find(path);
  return value == nullptr ? std::nullopt : to_integer(*value);
}

std::optional<double> Record::number(int path) const {
  const Value* value = find(path);
  return value == nullptr ? std::nullopt : to_number(*value);
}

std::optional<double> to_number(const Value& value) {
  if (value.kind != Kind::Number) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
  if (error != std::errc() || end != value.text.data() + value.text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

std::optional<std::int64_t> to_integer(const Value& value) {
  if (value.kind != Kind::Number) return std::nullopt;
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(value.text.data(), value.text.data() + value.text.size(), whole);
  if (error == std::errc() && end == value.text.data() + value.text.size()) return std::clamp(whole, -kMost, kMost);
  const std::optional<double> number = to_number(value);
  if (!number) return std::nullopt;
  constexpr auto kLimit = static_cast<double>(kMost);
  return static_cast<std::int64_t>(std::clamp(*number, -kLimit, kLimit));
}

void RecordBuilder::clear() {
  text_.clear();
  entries_.clear();
  open_ = false;
}

RecordBuilder::Piece RecordBuilder::keep_key(std::string_view key) {
  if (text_.size() >= limits_.total) return {};
  const Piece piece{text_.size(), std::min(key.size(), limits_.short_value)};
  text_ += key.substr(0, piece.size);
  return {piece.begin, whole_characters(std::string_view(text_).substr(piece.begin)).size()};
}

void RecordBuilder::begin(int path, bool repeats, Kind kind, std::uint32_t index, Piece key) {
  const std::size_t reserved = repeats ? std::min(kReservedValues, limits_.values) : 0;
  open_ = entries_.size() < limits_.values - reserved;
  if (!open_) return;
  const std::size_t left = limits_.total - std::min(limits_.total, text_.size());
  room_ = std::min(limits_.value, std::max(left, limits_.short_value));
  Entry entry;
  entry.value.path = path;
  entry.value.kind = kind;
  entry.value.index = index;
  entry.key = key;
  entry.text.begin = text_.size();
  entries_.push_back(entry);
}

void RecordBuilder::append_cut(std::string_view bytes) {
  entries_.back().value.truncated = true;
  text_ += bytes.substr(0, room_);
  room_ = 0;
}

void RecordBuilder::end() {
  if (!open_) return;
  Entry& entry = entries_.back();
  const std::string_view text = std::string_view(text_).substr(entry.text.begin);
  entry.text.size = entry.value.truncated ? whole_characters(text).size() : text.size();
  text_.resize(entry.text.begin + entry.text.size);
  open_ = false;
}

std::span<const Value> RecordBuilder::values() {
  values_.clear();
  for (Entry& entry : entries_) {
    entry.value.key = std::string_view(text_).substr(entry.key.begin, entry.key.size);
    entry.value.text = std::string_view(text_).substr(entry.text.begin, entry.text.size);
    values_.push_back(entry.value);
  }
  return values_;
}

}  // namespace axon::stream
