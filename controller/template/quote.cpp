#include "controller/template/quote.hpp"

#include "controller/template/unicode.hpp"

namespace axon::templates {
namespace {

void append_hex(std::string& out, char32_t number, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += "0123456789abcdef"[number >> shift & 0xF];
}

void append_escaped(std::string& out, char32_t rune, char quote, QuoteStyle style) {
  constexpr std::string_view kControls = "\a\b\f\n\r\t\v";
  if (rune == static_cast<char32_t>(quote) || rune == '\\') {
    out += '\\';
    out += static_cast<char>(rune);
  } else if (is_printable(rune) && (rune < 0x80 || style == QuoteStyle::Unicode)) {
    append_rune(out, rune);
  } else if (const auto i = rune < 0x80 ? kControls.find(static_cast<char>(rune)) : kControls.npos;
             i != kControls.npos) {
    out += '\\';
    out += "abfnrtv"[i];
  } else if (rune < 0x80) {
    out += "\\x";
    append_hex(out, rune, 2);
  } else {
    if (!is_valid_rune(rune)) rune = kReplacement;
    out += rune < 0x10000 ? "\\u" : "\\U";
    append_hex(out, rune, rune < 0x10000 ? 4 : 8);
  }
}

struct Unescaped {
  char32_t value = 0;
  bool is_byte = false;  // a byte of the string rather than a rune
  std::size_t size = 0;
};

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
  return 99;
}

/// `digits` digits of the base behind the first `skip` bytes.
std::optional<Unescaped> numeric_escape(std::string_view text, std::size_t skip, std::size_t digits, int base) {
  if (text.size() < skip + digits) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text.substr(skip, digits)) {
    if (digit_value(c) >= base) return std::nullopt;
    value = value * static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(digit_value(c));
  }
  const bool is_byte = digits < 4;
  if (is_byte ? value > 255 : value > 0x10FFFF || !is_valid_rune(static_cast<char32_t>(value))) return std::nullopt;
  return Unescaped{static_cast<char32_t>(value), is_byte, skip + digits};
}

/// The first character or escape of the inside of a literal.
std::optional<Unescaped> unescape(std::string_view text, char quote) {
  if (text.empty() || text[0] == quote || text[0] == '\n') return std::nullopt;
  if (text[0] != '\\') {
    const Rune rune = decode_rune(text);
    return Unescaped{rune.value, false, rune.size};
  }
  if (text.size() < 2) return std::nullopt;
  const char c = text[1];
  constexpr std::string_view kNames = "abfnrtv\\";
  if (const auto i = kNames.find(c); i != kNames.npos) {
    return Unescaped{static_cast<char32_t>("\a\b\f\n\r\t\v\\"[i]), false, 2};
  }
  if (c == quote) return Unescaped{static_cast<char32_t>(c), false, 2};
  if (c == 'x') return numeric_escape(text, 2, 2, 16);
  if (c == 'u') return numeric_escape(text, 2, 4, 16);
  if (c == 'U') return numeric_escape(text, 2, 8, 16);
  return numeric_escape(text, 1, 3, 8);
}

}  // namespace

std::string quote_string(std::string_view text, QuoteStyle style) {
  std::string out = "\"";
  while (!text.empty()) {
    const Rune rune = decode_rune(text);
    if (rune.is_broken()) {
      out += "\\x";
      append_hex(out, static_cast<unsigned char>(text[0]), 2);
    } else {
      append_escaped(out, rune.value, '"', style);
    }
    text.remove_prefix(rune.size);
  }
  return out + '"';
}

std::string quote_rune(char32_t rune, QuoteStyle style) {
  std::string out = "'";
  append_escaped(out, is_valid_rune(rune) ? rune : kReplacement, '\'', style);
  return out + '\'';
}

bool can_backquote(std::string_view text) {
  while (!text.empty()) {
    const Rune rune = decode_rune(text);
    if (rune.is_broken() || rune.value == 0xFEFF || rune.value == '`' || rune.value == 0x7F) return false;
    if (rune.value < ' ' && rune.value != '\t') return false;
    text.remove_prefix(rune.size);
  }
  return true;
}

std::string describe_rune(char32_t rune) {
  std::string out = "U+";
  for (int shift = rune > 0xFFFFF ? 20 : rune > 0xFFFF ? 16 : 12; shift >= 0; shift -= 4) {
    out += "0123456789ABCDEF"[rune >> shift & 0xF];
  }
  if (!is_printable(rune)) return out;
  out += " '";
  append_rune(out, rune);
  return out + '\'';
}

std::optional<std::string> unquote(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != literal.back()) return std::nullopt;
  const char quote = literal.front();
  literal = literal.substr(1, literal.size() - 2);
  std::string out;
  if (quote == '`') {
    for (const char c : literal) {
      if (c == '`') return std::nullopt;
      if (c != '\r') out += c;
    }
    return out;
  }
  while (!literal.empty()) {
    const std::optional<Unescaped> next = unescape(literal, quote);
    if (!next) return std::nullopt;
    if (next->is_byte) {
      out += static_cast<char>(next->value);
    } else {
      append_rune(out, next->value);
    }
    literal.remove_prefix(next->size);
  }
  return out;
}

std::optional<char32_t> unquote_rune(std::string_view literal) {
  const std::optional<Unescaped> rune = unescape(literal.substr(1), '\'');
  if (!rune || literal.substr(1 + rune->size) != "'") return std::nullopt;
  return rune->value;
}

}  // namespace axon::templates
