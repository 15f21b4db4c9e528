// Go's quoted strings, written and read (strconv.Quote and Unquote).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace axon::templates {

enum class QuoteStyle { Unicode, Ascii };

/// With `quote` around it and what does not print escaped.
std::string quote_string(std::string_view text, QuoteStyle style = QuoteStyle::Unicode);
std::string quote_rune(char32_t rune, QuoteStyle style = QuoteStyle::Unicode);

/// True if the text can stand between back quotes on one line.
bool can_backquote(std::string_view text);

/// "U+007D '}'".
std::string describe_rune(char32_t rune);

/// The text of a literal between double or back quotes; empty if it is none.
std::optional<std::string> unquote(std::string_view literal);

/// The rune of a literal between single quotes; empty if it is none.
std::optional<char32_t> unquote_rune(std::string_view literal);

}  // namespace axon::templates
