// Text for people: what goes to a terminal or into one line of a table.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace axon::cli {

/// Colours and bold, or nothing at all. Only for a terminal; see terminal_style().
struct Style {
  bool colour = false;

  [[nodiscard]] std::string dim(std::string_view text) const;
  [[nodiscard]] std::string bold(std::string_view text) const;
  [[nodiscard]] std::string red(std::string_view text) const;
  [[nodiscard]] std::string green(std::string_view text) const;
  [[nodiscard]] std::string yellow(std::string_view text) const;
};

/// The style for this descriptor: colours on a terminal, unless NO_COLOR or TERM=dumb says no.
Style terminal_style(int descriptor);

/// The same text in valid UTF-8 without control characters but newline and tab: an agent's output must not be able to
/// steer the terminal.
std::string printable(std::string_view text);

/// On one line, of at most `limit` bytes, "…" where it was cut.
std::string one_line(std::string_view text, std::size_t limit);

/// "1,234,567".
std::string with_commas(std::int64_t number);

/// "a, b, c".
std::string join(const std::vector<std::string>& words, std::string_view separator = ", ");

using Row = std::vector<std::string>;

/// How a table is to look where it is read by people.
struct TableLook {
  std::size_t width = 0;  // of the terminal; longer cells are cut with "…" until the table fits, never the first column
  std::function<std::string(const std::string& cell)> paint;  // adds colours, no character
};

/// Of a terminal: its width. Of anything else: nothing is cut.
std::size_t terminal_width(int descriptor);

/// Columns three spaces apart, the widths by what they hold; no spaces at the ends of lines.
std::string render_table(const std::vector<Row>& rows, const TableLook& look = {});

/// Of stdout: its width, phases in their colours.
TableLook terminal_look();

/// A Task's phase in its colour; any other word as it is.
std::string paint_phase(const Style& style, const std::string& phase);

/// Fails with InvalidInput for what neither JSON nor an environment variable can hold: bytes that are not UTF-8, and
/// NUL. `what` names the flag or the field.
Result<void> check_text(std::string_view text, const std::string& what);

/// "Label:  value" for each; rows with an empty value are left out, further lines of a value are indented.
std::string render_facts(const std::vector<std::pair<std::string, std::string>>& facts, const Style& style);

}  // namespace axon::cli
