#include "controller/template/literal.hpp"

#include <charconv>
#include <optional>

#include "controller/template/quote.hpp"

namespace axon::templates {
namespace {

struct Parts {
  bool negative = false;
  int base = 10;
  bool is_legacy_octal = false;  // 017
  std::string digits;            // without sign, prefix and "_"
};

char lower(char c) { return static_cast<char>(c | 0x20); }
bool is_digit(char c, bool hex) { return (c >= '0' && c <= '9') || (hex && lower(c) >= 'a' && lower(c) <= 'f'); }

/// "_" stands between digits, or between the prefix of a base and a digit.
bool underscores_fit(std::string_view text, bool has_prefix, bool hex) {
  char before = has_prefix ? '0' : '!';
  for (const char c : text) {
    if (c == '_') {
      if (before != '0') return false;
      before = '_';
    } else if (is_digit(c, hex)) {
      before = '0';
    } else {
      if (before == '_') return false;
      before = '!';
    }
  }
  return before != '_';
}

std::optional<Parts> take_apart(std::string_view text) {
  Parts parts;
  if (text.starts_with('+') || text.starts_with('-')) {
    parts.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  bool has_prefix = false;
  if (text.size() > 1 && text[0] == '0') {
    const char c = lower(text[1]);
    parts.base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
    has_prefix = parts.base != 10;
    parts.is_legacy_octal = !has_prefix;
    if (has_prefix) text.remove_prefix(2);
  }
  if (!underscores_fit(text, has_prefix || parts.is_legacy_octal, parts.base == 16)) return std::nullopt;
  for (const char c : text) {
    if (c != '_') parts.digits += c;
  }
  return parts;
}

enum class Fit { None, Yes, TooLarge };

Fit to_integer(const Parts& parts, std::int64_t& out, bool& fits_unsigned) {
  std::uint64_t number = 0;
  const char* end = parts.digits.data() + parts.digits.size();
  const auto [stop, problem] =
      std::from_chars(parts.digits.data(), end, number, parts.is_legacy_octal ? 8 : parts.base);
  if (stop != end || parts.digits.empty()) return Fit::None;
  const std::uint64_t limit = std::uint64_t(INT64_MAX) + (parts.negative ? 1 : 0);
  if (problem != std::errc{} || number > limit) {
    fits_unsigned = problem == std::errc{} && !parts.negative;
    return Fit::TooLarge;
  }
  out = static_cast<std::int64_t>(parts.negative ? 0 - number : number);
  return Fit::Yes;
}

std::optional<double> to_float(const Parts& parts) {
  const bool hex = parts.base == 16;
  if (parts.base != 10 && !hex) return std::nullopt;
  if (hex && parts.digits.find_first_of("pP") == std::string::npos) return std::nullopt;
  if (parts.digits.empty() || parts.digits[0] == '-' || parts.digits[0] == '+') return std::nullopt;
  double number = 0;
  const char* end = parts.digits.data() + parts.digits.size();
  const auto format = hex ? std::chars_format::hex : std::chars_format::general;
  const auto [stop, problem] = std::from_chars(parts.digits.data(), end, number, format);
  // What is too small for a float64 is 0 in Go, and what is too large an error.
  if (problem == std::errc::result_out_of_range && stop == end) {
    const auto exponent = parts.digits.find_first_of(hex ? "pP" : "eE");
    if (exponent == std::string::npos || parts.digits.substr(exponent + 1, 1) != "-") return std::nullopt;
    return parts.negative ? -0.0 : 0.0;
  }
  if (problem != std::errc{} || stop != end) return std::nullopt;
  return parts.negative ? -number : number;
}

}  // namespace

Result<std::variant<Literal, Overflow>> parse_number(std::string_view text) {
  if (text.ends_with('i')) {
    return fail(Errc::InvalidInput, "complex numbers are not supported: " + quote_string(text));
  }
  const auto illegal = [&] { return fail(Errc::InvalidInput, "illegal number syntax: " + quote_string(text)); };
  const std::optional<Parts> parts = take_apart(text);
  if (!parts) return illegal();
  std::int64_t number = 0;
  bool fits_unsigned = false;
  switch (to_integer(*parts, number, fits_unsigned)) {
    case Fit::Yes:
      return Literal{Value::integer(number)};
    case Fit::TooLarge:
      if (fits_unsigned) return Overflow{};
      return fail(Errc::InvalidInput, "integer overflow: " + quote_string(text));
    case Fit::None:
      break;
  }
  const std::optional<double> real = to_float(*parts);
  if (!real) return illegal();
  // "09" reads as a float, but says nothing of one.
  if (text.find_first_of(".eEpP") == text.npos) {
    return fail(Errc::InvalidInput, "integer overflow: " + quote_string(text));
  }
  return Literal{Value(*real)};
}

}  // namespace axon::templates
