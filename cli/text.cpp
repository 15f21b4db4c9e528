#include "cli/text.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "core/encoding.hpp"

namespace axon::cli {
namespace {

std::string coloured(bool on, const char* code, std::string_view text) {
  if (!on) return std::string(text);
  return std::string("\x1b[").append(code).append("m").append(text).append("\x1b[0m");
}

/// Characters, near enough for aligning columns: the bytes that do not continue a UTF-8 sequence.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

void pad(std::string& line, std::string_view cell, std::size_t to) {
  line += cell;
  line.append(to - std::min(to, width(cell)), ' ');
}

constexpr std::size_t kGap = 3;

std::vector<std::size_t> column_widths(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  return widths;
}

/// Takes from the widest column but the first until all of them fit, or nothing is left to take.
void fit(std::vector<std::size_t>& widths, std::size_t limit) {
  constexpr std::size_t kLeast = 8;
  if (widths.size() < 2) return;
  for (;;) {
    const std::size_t total = std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
    const auto widest = std::max_element(widths.begin() + 1, widths.end());
    if (total <= limit || *widest <= kLeast) return;
    *widest -= std::min(total - limit, std::max<std::size_t>(1, *widest - kLeast));
  }
}

/// At most so many characters.
std::string cut_to(const std::string& text, std::size_t limit) {
  if (width(text) <= limit) return text;
  std::size_t end = 0;
  for (std::size_t characters = 0; end < text.size(); ++end) {
    if ((text[end] & 0xC0) != 0x80 && ++characters == limit) break;
  }
  return text.substr(0, end) + "…";
}

void trim_end(std::string& line) { line.resize(line.find_last_not_of(' ') + 1); }

}  // namespace

std::string Style::dim(std::string_view text) const { return coloured(colour, "2", text); }
std::string Style::bold(std::string_view text) const { return coloured(colour, "1", text); }
std::string Style::red(std::string_view text) const { return coloured(colour, "31", text); }
std::string Style::green(std::string_view text) const { return coloured(colour, "32", text); }
std::string Style::yellow(std::string_view text) const { return coloured(colour, "33", text); }

Style terminal_style(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool refused =
      (no_colour != nullptr && *no_colour != '\0') || term == nullptr || std::string_view(term) == "dumb";
  return {.colour = !refused && isatty(descriptor) == 1};
}

Result<void> check_text(std::string_view text, const std::string& what) {
  const std::string valid = to_valid_utf8(text);
  const auto wrong = static_cast<std::size_t>(std::ranges::mismatch(text, valid).in1 - text.begin());
  const std::size_t at = std::min(wrong, text.find('\0'));
  if (at >= text.size()) return {};
  return fail(Errc::InvalidInput, what + ": byte " + std::to_string(at + 1) + " is " +
                                      (text[at] == '\0' ? "NUL" : "not UTF-8") + "; only text can be given");
}

std::string printable(std::string_view text) {
  std::string clean = to_valid_utf8(text);
  const auto steers = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
  };
  std::erase_if(clean, steers);
  // U+0080 to U+009F: the same controls in two bytes.
  for (std::size_t at = clean.find('\xC2'); at != std::string::npos; at = clean.find('\xC2', at)) {
    const bool control = at + 1 < clean.size() && static_cast<unsigned char>(clean[at + 1]) < 0xA0;
    control ? clean.erase(at, 2) : clean.replace(at++, 1, 1, '\xC2');
  }
  return clean;
}

std::string one_line(std::string_view text, std::size_t limit) {
  std::string line;
  for (const char c : printable(text.substr(0, std::min(text.size(), limit * 4)))) {
    const bool space = c == '\n' || c == '\t' || c == ' ';
    if (space && (line.empty() || line.ends_with(' '))) continue;
    line += space ? ' ' : c;
  }
  trim_end(line);
  if (line.size() <= limit && text.size() <= limit * 4) return line;
  static constexpr std::string_view kMore = "…";
  line = std::string(utf8_prefix(line, limit - std::min(limit, kMore.size())));
  return line.append(kMore);
}

std::string with_commas(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string join(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) text.append(i == 0 ? "" : separator).append(words[i]);
  return text;
}

std::size_t terminal_width(int descriptor) {
  winsize size{};
  if (isatty(descriptor) != 1 || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string render_table(const std::vector<Row>& rows, const TableLook& look) {
  std::vector<std::size_t> widths = column_widths(rows);
  if (look.width > 0) fit(widths, look.width);
  std::string table;
  for (const Row& row : rows) {
    std::string line;
    std::size_t blanks = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = cut_to(row[i], widths[i]);
      if (!cell.empty()) line.append(std::exchange(blanks, 0), ' ').append(look.paint ? look.paint(cell) : cell);
      blanks += widths[i] + kGap - width(cell);
    }
    table += line + "\n";
  }
  return table;
}

TableLook terminal_look() {
  const Style style = terminal_style(1);
  return {.width = terminal_width(1), .paint = [style](const std::string& cell) { return paint_phase(style, cell); }};
}

std::string paint_phase(const Style& style, const std::string& phase) {
  if (phase == "Succeeded") return style.green(phase);
  if (phase == "Failed") return style.red(phase);
  if (phase == "Running") return style.bold(phase);
  return phase == "Waiting" || phase == "Suspended" ? style.yellow(phase) : phase;
}

std::string render_facts(const std::vector<std::pair<std::string, std::string>>& facts, const Style& style) {
  std::size_t widest = 0;
  for (const auto& [label, value] : facts) {
    if (!value.empty()) widest = std::max(widest, width(label));
  }
  std::string text;
  for (const auto& [label, value] : facts) {
    if (value.empty()) continue;
    std::string head;
    pad(head, label + ":", widest + 3);
    text += style.dim(head);
    for (const char c : value) {
      text += c;
      if (c == '\n') text.append(widest + 3, ' ');
    }
    text += "\n";
  }
  return text;
}

}  // namespace axon::cli
