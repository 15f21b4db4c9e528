#include "core/yaml_scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace axon {
namespace {

using nlohmann::json;

bool is_float(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  const auto digits = [&] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  std::size_t mantissa = digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    mantissa += digits();
  }
  if (mantissa == 0) return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

template <class Number>
std::optional<Number> whole(std::string_view text, int base) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number, base);
  return error == std::errc{} && last == end && !text.empty() ? std::optional(number) : std::nullopt;
}

}  // namespace

json yaml_scalar(const std::string& text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  const std::string_view unsigned_part = std::string_view(text).substr(text.starts_with('+') ? 1 : 0);
  if (text.starts_with("0x")) {
    if (const auto number = whole<std::uint64_t>(unsigned_part.substr(2), 16)) return *number;
  } else if (text.starts_with("0o")) {
    if (const auto number = whole<std::uint64_t>(unsigned_part.substr(2), 8)) return *number;
  } else if (!is_float(text)) {
    return text;
  } else if (const auto small = whole<std::int64_t>(unsigned_part, 10)) {
    return *small;
  } else if (const auto large = whole<std::uint64_t>(unsigned_part, 10)) {
    return *large;
  } else {
    double number = 0;
    const auto [last, error] =
        std::from_chars(unsigned_part.data(), unsigned_part.data() + unsigned_part.size(), number);
    if (error == std::errc{}) return number;
  }
  return text;
}

}  // namespace axon
