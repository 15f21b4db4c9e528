#include "controller/template/format_spec.hpp"
#include "controller/template/quote.hpp"
#include "controller/template/unicode.hpp"

namespace axon::templates {

void Formatter::padding(std::size_t count) { out_.fill(count, spec_.zero && !spec_.minus ? '0' : ' '); }

void Formatter::pad(std::string_view text) {
  if (!spec_.width || *spec_.width == 0) return out_.put(text);
  const std::size_t length = count_runes(text);
  const std::size_t missing = *spec_.width > length ? *spec_.width - length : 0;
  if (!spec_.minus) padding(missing);
  out_.put(text);
  if (spec_.minus) padding(missing);
}

void Formatter::pad_without_zeros(std::string_view text) {
  const bool zero = std::exchange(spec_.zero, false);
  pad(text);
  spec_.zero = zero;
}

std::string_view Formatter::truncated(std::string_view text) const {
  if (!spec_.precision) return text;
  std::string_view rest = text;
  for (std::size_t left = *spec_.precision; left > 0 && !rest.empty(); --left)
    rest.remove_prefix(decode_rune(rest).size);
  return text.substr(0, text.size() - rest.size());
}

void Formatter::print(const Value& value, char32_t verb) {
  if (verb == 'T') return pad(truncated(value.type()));
  if (value.is_nil()) return verb == 'v' ? pad("<nil>") : bad_verb(value, verb);
  if (verb == 'p') return bad_verb(value, verb);
  nested(value, verb, value);
}

/// A value that may be an element of another; `whole` is what a message about the verb names.
void Formatter::nested(const Value& value, char32_t verb, const Value& whole) {
  if (out_.is_full()) return;
  if (value.is_nil()) return out_.put(spec_.go_syntax ? "interface {}(nil)" : "<nil>");
  if (const bool* truth = value.get<bool>()) return boolean(whole, *truth, verb);
  if (const Integer* number = value.get<Integer>()) return integer(whole, *number, verb);
  if (const double* number = value.get<double>()) return real(whole, *number, verb);
  if (const Text* text = value.get<Text>()) return string(whole, text->view, verb);
  if (const Items* items = value.get<Items>()) return list(*items, verb);
  if (const Table* table = value.get<Table>()) map(*table, verb);
}

void Formatter::bad_verb(const Value& value, char32_t verb) {
  std::string rune;
  append_rune(rune, verb);
  out_.put("%!" + rune + "(");
  if (value.is_nil()) {
    out_.put("<nil>");
  } else {
    out_.put(value.type());
    out_.put('=');
    nested(value, 'v', value);
  }
  out_.put(')');
}

void Formatter::boolean(const Value& value, bool truth, char32_t verb) {
  if (verb != 't' && verb != 'v') return bad_verb(value, verb);
  pad(truth ? "true" : "false");
}

void Formatter::string(const Value& value, std::string_view text, char32_t verb) {
  switch (verb) {
    case 'v':
      return spec_.go_syntax ? quoted(text) : pad(truncated(text));
    case 's':
      return pad(truncated(text));
    case 'x':
    case 'X':
      return hex(text, verb == 'X');
    case 'q':
      return quoted(text);
    default:
      return bad_verb(value, verb);
  }
}

void Formatter::quoted(std::string_view text) {
  text = truncated(text);
  if (spec_.sharp && can_backquote(text)) return pad("`" + std::string(text) + "`");
  pad(quote_string(text, spec_.plus ? QuoteStyle::Ascii : QuoteStyle::Unicode));
}

void Formatter::hex(std::string_view text, bool upper) {
  const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  const std::string_view prefix = !spec_.sharp ? "" : upper ? "0X" : "0x";
  if (spec_.precision) text = text.substr(0, *spec_.precision);
  const std::size_t wanted = spec_.width.value_or(0);
  if (text.empty()) return padding(wanted);
  const std::size_t prefixes = spec_.space ? text.size() : 1;
  const std::size_t length = 2 * text.size() + prefixes * prefix.size() + prefixes - 1;
  const std::size_t missing = wanted > length ? wanted - length : 0;
  if (!spec_.minus) padding(missing);
  for (std::size_t i = 0; i < text.size() && !out_.is_full(); ++i) {
    if (spec_.space && i > 0) out_.put(' ');
    if (spec_.space || i == 0) out_.put(prefix);
    const auto byte = static_cast<unsigned char>(text[i]);
    out_.put(digits[byte >> 4]);
    out_.put(digits[byte & 0xF]);
  }
  if (spec_.minus) padding(missing);
}

void Formatter::list(const Items& items, char32_t verb) {
  if (spec_.go_syntax) out_.put(Value(items).type());
  out_.put(spec_.go_syntax ? '{' : '[');
  for (std::size_t i = 0; i < items.size && !out_.is_full(); ++i) {
    if (i > 0) out_.put(spec_.go_syntax ? ", " : " ");
    nested(items[i], verb, items[i]);
  }
  out_.put(spec_.go_syntax ? '}' : ']');
}

void Formatter::map(const Table& table, char32_t verb) {
  out_.put(spec_.go_syntax ? std::string(Value(table).type()) + "{" : "map[");
  bool is_first = true;
  for (const auto& [key, value] : *table.entries) {
    if (out_.is_full()) return;
    if (!is_first) out_.put(spec_.go_syntax ? ", " : " ");
    is_first = false;
    nested(Value::string(key), verb, Value::string(key));
    out_.put(':');
    nested(value, verb, value);
  }
  out_.put(spec_.go_syntax ? '}' : ']');
}

}  // namespace axon::templates
