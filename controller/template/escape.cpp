#include "controller/template/builtins.hpp"
#include "controller/template/format.hpp"
#include "controller/template/unicode.hpp"

namespace axon::templates {
namespace {

/// The arguments as one text: a string as it is, anything else as `print` would, but nil as "<no value>".
Result<Value> joined(Arguments arguments, Budget& budget) {
  if (arguments.size() == 1 && arguments[0].get<Text>()) return arguments[0];
  std::vector<Value> shown(arguments.begin(), arguments.end());
  for (Value& value : shown) {
    if (value.is_nil()) value = Value::string("<no value>");
  }
  Writer out(budget.limits().output_bytes);
  print(out, shown);
  return made_string(std::move(out), budget);
}

using Escape = void (*)(Writer& out, std::string_view text, const Rune& rune);

Result<Value> escaped(Arguments arguments, Budget& budget, Escape escape) {
  Result<Value> text = joined(arguments, budget);
  if (!text) return text;
  Writer out(budget.limits().output_bytes);
  for (std::string_view rest = text->get<Text>()->view; !rest.empty() && !out.is_full();) {
    const Rune rune = decode_rune(rest);
    escape(out, rest.substr(0, rune.size), rune);
    rest.remove_prefix(rune.size);
  }
  return made_string(std::move(out), budget);
}

void put_hex(Writer& out, char32_t number, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out.put("0123456789ABCDEF"[number >> shift & 0xF]);
}

void escape_html(Writer& out, std::string_view text, const Rune&) {
  switch (text[0]) {
    case '\0':
      return out.put("\uFFFD");
    case '"':
      return out.put("&#34;");
    case '\'':
      return out.put("&#39;");
    case '&':
      return out.put("&amp;");
    case '<':
      return out.put("&lt;");
    case '>':
      return out.put("&gt;");
    default:
      return out.put(text);
  }
}

void escape_js(Writer& out, std::string_view text, const Rune& rune) {
  const char c = text[0];
  if (c == '\\' || c == '\'' || c == '"') {
    out.put('\\');
    out.put(c);
  } else if (rune.value < ' ' || c == '<' || c == '>' || c == '&' || c == '=') {
    out.put("\\u");
    put_hex(out, rune.value, 4);
  } else if (rune.value < 0x80 || is_printable(rune.value)) {
    out.put(text);
  } else {
    out.put("\\u");
    put_hex(out, rune.value, rune.value > 0xFFFFF ? 6 : rune.value > 0xFFFF ? 5 : 4);
  }
}

void escape_query(Writer& out, std::string_view text, const Rune& rune) {
  if (text == " ") return out.put('+');
  const bool is_plain = rune.value < 0x80 && (is_name_rune(rune.value) || std::string_view("-.~").contains(text[0]));
  if (is_plain) return out.put(text);
  for (const char c : text) {
    out.put('%');
    put_hex(out, static_cast<unsigned char>(c), 2);
  }
}

}  // namespace

Result<Value> html(Arguments arguments, Budget& budget) { return escaped(arguments, budget, escape_html); }
Result<Value> js(Arguments arguments, Budget& budget) { return escaped(arguments, budget, escape_js); }
Result<Value> url_query(Arguments arguments, Budget& budget) { return escaped(arguments, budget, escape_query); }

}  // namespace axon::templates
