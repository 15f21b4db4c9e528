#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "controller/template/format_spec.hpp"
#include "controller/template/quote.hpp"
#include "controller/template/unicode.hpp"

namespace axon::templates {
namespace {

std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

/// The rune of a number, as a conversion to Go's rune type gives it.
char32_t rune_of(Integer integer) {
  if (integer.number < 0 || integer.number > 0x10FFFF) return kReplacement;
  return static_cast<char32_t>(integer.number);
}

// A float64 has no more significant digits than this; what is asked beyond them is zeros.
constexpr int kEnoughDigits = 1100;

std::string shortest_or(double number, std::chars_format format, int precision) {
  char buffer[2 * kEnoughDigits];
  const int digits = std::min(precision, kEnoughDigits);
  const auto [end, problem] = precision < 0 ? std::to_chars(buffer, std::end(buffer), number, format)
                                            : std::to_chars(buffer, std::end(buffer), number, format, digits);
  return problem == std::errc{} ? std::string(buffer, end) : std::string();
}

/// With the zeros that were asked beyond what a float64 has.
std::string with_precision(double number, std::chars_format format, int precision) {
  std::string text = shortest_or(number, format, precision);
  const std::size_t exponent = format == std::chars_format::scientific ? text.find('e') : text.size();
  if (precision > kEnoughDigits) {
    text.insert(exponent, static_cast<std::size_t>(precision - kEnoughDigits), '0');
  }
  return text;
}

/// The decimal exponent of a number printed as d.ddde±xx.
int exponent_of(std::string_view scientific) {
  const std::size_t e = scientific.find('e') + 1;
  int exponent = 0;
  std::from_chars(scientific.data() + e + (scientific[e] == '+' ? 1 : 0), scientific.data() + scientific.size(),
                  exponent);
  return exponent;
}

std::string general(double number, int precision) {
  if (precision == 0) precision = 1;
  std::string scientific = shortest_or(number, std::chars_format::scientific, precision < 0 ? -1 : precision - 1);
  const int exponent = exponent_of(scientific);
  const std::size_t e = scientific.find('e');
  std::string mantissa = scientific.substr(0, e);
  if (mantissa.contains('.')) mantissa.resize(mantissa.find_last_not_of('0') + 1);
  if (mantissa.ends_with('.')) mantissa.pop_back();
  const auto digits = static_cast<int>(std::ranges::count_if(mantissa, [](char c) { return c >= '0' && c <= '9'; }));
  // Go decides by 6 digits where no precision is asked for.
  int limit = precision < 0 ? 6 : precision;
  if (precision >= 0 && limit > digits && digits >= exponent + 1) limit = digits;
  if (exponent < -4 || exponent >= limit) return mantissa + scientific.substr(e);
  const int decimals = std::max(0, digits - 1 - exponent);
  return shortest_or(number, std::chars_format::fixed, decimals);
}

/// "0x1.8p+01": at least two digits of exponent, and always 1 (or 0) before the point, after rounding too.
std::string hexadecimal(double number, int precision) {
  std::string text = shortest_or(std::abs(number), std::chars_format::hex, precision);
  const std::size_t p = text.find('p');
  int exponent = 0;
  std::from_chars(text.data() + p + (text[p + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
  text.resize(p);
  if (text[0] == '2') {
    text[0] = '1';
    ++exponent;
  }
  const std::string digits = std::to_string(std::abs(exponent));
  return (std::signbit(number) ? "-0x" : "0x") + text + (exponent < 0 ? "p-" : "p+") + (digits.size() < 2 ? "0" : "") +
         digits;
}

/// "4503599627370496p-52": the mantissa as an integer and the power of two.
std::string binary(double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number);
  std::uint64_t mantissa = bits & ((1ULL << 52) - 1);
  int exponent = static_cast<int>(bits >> 52 & 0x7FF);
  if (exponent == 0) {
    exponent = 1;
  } else {
    mantissa |= 1ULL << 52;
  }
  exponent -= 1023 + 52;
  return (std::signbit(number) ? "-" : "") + std::to_string(mantissa) + "p" + (exponent >= 0 ? "+" : "") +
         std::to_string(exponent);
}

std::string digits_of(double number, char verb, int precision) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Inf" : "+Inf";
  switch (verb) {
    case 'e':
      return with_precision(number, std::chars_format::scientific, precision);
    case 'f':
      return with_precision(number, std::chars_format::fixed, precision);
    case 'x':
      return hexadecimal(number, precision);
    case 'b':
      return binary(number);
    default:
      return general(number, precision);
  }
}

/// What "#" asks for: a decimal point always, and for %g and %x the zeros that its precision counts.
std::string with_point(std::string text, char verb, int precision) {
  const bool counts = verb == 'g' || verb == 'x';
  int wanted = !counts ? 0 : precision < 0 ? 6 : precision;
  const std::size_t tail_at = text.find_first_of(verb == 'x' ? "pP" : "eEpP", 1);
  const std::string tail = tail_at == std::string::npos ? "" : text.substr(tail_at);
  text.resize(text.size() - tail.size());
  bool seen = false;
  for (const char c : text.substr(1)) {
    if (c == '.') continue;
    seen |= c != '0';
    if (seen) --wanted;
  }
  if (!text.contains('.')) {
    if (text.size() == 2 && text[1] == '0') --wanted;
    text += '.';
  }
  if (wanted > 0) text.append(static_cast<std::size_t>(wanted), '0');
  return text + tail;
}

}  // namespace

void Formatter::integer(const Value& value, Integer integer, char32_t verb) {
  switch (verb) {
    case 'v':
      if (spec_.go_syntax && integer.is_byte) {
        const bool sharp = std::exchange(spec_.sharp, true);
        digits(integer, 16, 'x');
        spec_.sharp = sharp;
        return;
      }
      return digits(integer, 10, verb);
    case 'd':
      return digits(integer, 10, verb);
    case 'b':
      return digits(integer, 2, verb);
    case 'o':
    case 'O':
      return digits(integer, 8, verb);
    case 'x':
    case 'X':
      return digits(integer, 16, verb);
    case 'c': {
      std::string rune;
      append_rune(rune, rune_of(integer));
      return pad(rune);
    }
    case 'q':
      return pad(quote_rune(rune_of(integer), spec_.plus ? QuoteStyle::Ascii : QuoteStyle::Unicode));
    case 'U':
      return unicode(integer);
    default:
      return bad_verb(value, verb);
  }
}

void Formatter::digits(Integer integer, int base, char32_t verb) {
  const bool negative = integer.number < 0;
  const auto bits = static_cast<std::uint64_t>(integer.number);
  std::size_t precision = spec_.precision.value_or(0);
  if (spec_.precision && precision == 0 && bits == 0) {
    return out_.fill(spec_.width.value_or(0), ' ');
  }
  if (!spec_.precision && spec_.zero && !spec_.minus && spec_.width) {
    precision = *spec_.width;
    if (precision > 0 && (negative || spec_.plus || spec_.space)) --precision;
  }
  char buffer[64];
  char* end = std::to_chars(buffer, std::end(buffer), negative ? 0 - bits : bits, base).ptr;
  std::string text(buffer, end);
  if (text.size() < precision) text.insert(0, precision - text.size(), '0');
  if (verb == 'X') text = upper_case(text);
  if (spec_.sharp && base == 2) text.insert(0, "0b");
  if (spec_.sharp && base == 8 && text[0] != '0') text.insert(0, "0");
  if (spec_.sharp && base == 16) text.insert(0, verb == 'X' ? "0X" : "0x");
  if (verb == 'O') text.insert(0, "0o");
  if (negative || spec_.plus || spec_.space) text.insert(0, negative ? "-" : spec_.plus ? "+" : " ");
  pad_without_zeros(text);
}

void Formatter::unicode(Integer integer) {
  char buffer[64];
  const auto bits = static_cast<std::uint64_t>(integer.number);
  std::string text = upper_case(std::string(buffer, std::to_chars(buffer, std::end(buffer), bits, 16).ptr));
  const std::size_t least = std::max<std::size_t>(4, spec_.precision.value_or(0));
  if (text.size() < least) text.insert(0, least - text.size(), '0');
  text.insert(0, "U+");
  if (spec_.sharp && bits <= 0x10FFFF && is_printable(static_cast<char32_t>(bits))) {
    text += " '";
    append_rune(text, static_cast<char32_t>(bits));
    text += '\'';
  }
  pad_without_zeros(text);
}

void Formatter::real(const Value& value, double number, char32_t verb) {
  switch (verb) {
    case 'v':
      return real_as(number, 'g', -1);
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
      return real_as(number, static_cast<char>(verb), -1);
    case 'f':
    case 'F':
      return real_as(number, 'f', 6);
    case 'e':
    case 'E':
      return real_as(number, static_cast<char>(verb), 6);
    default:
      return bad_verb(value, verb);
  }
}

void Formatter::real_as(double number, char verb, int precision) {
  if (spec_.precision) precision = static_cast<int>(*spec_.precision);
  const char lower = static_cast<char>(verb | 0x20);
  std::string text = digits_of(number, lower, precision);
  if (text[0] != '-' && text[0] != '+') text.insert(0, "+");
  if (spec_.space && text[0] == '+' && !spec_.plus) text[0] = ' ';
  if (text[1] == 'I' || text[1] == 'N') {
    if (text[1] == 'N' && !spec_.space && !spec_.plus) text.erase(0, 1);
    return pad_without_zeros(text);
  }
  if (spec_.sharp && lower != 'b') text = with_point(std::move(text), lower, precision);
  if (verb != lower) text = upper_case(std::move(text));
  if (!spec_.plus && text[0] == '+') return pad(std::string_view(text).substr(1));
  if (spec_.zero && !spec_.minus && spec_.width.value_or(0) > text.size()) {
    out_.put(text[0]);
    padding(*spec_.width - text.size());
    return out_.put(std::string_view(text).substr(1));
  }
  pad(text);
}

}  // namespace axon::templates
