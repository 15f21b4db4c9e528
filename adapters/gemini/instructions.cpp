#include "adapters/gemini/instructions.hpp"

#include <algorithm>

namespace axon::gemini {
namespace {

/// The size of the code that begins at `at`, with its backticks: as many as follow each other, up to as many again.
std::size_t code_size(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find_first_not_of('`', at), text.size());
  for (std::size_t ticks = end - at; ticks > 0; --ticks) {
    const std::size_t close = text.find(text.substr(at, ticks), at + ticks);
    if (close != std::string_view::npos) return close + ticks - at;
  }
  return 0;
}

bool is_import(std::string_view text, std::size_t at) {
  const bool starts_word = at == 0 || std::string_view(" \t\r\n").contains(text[at - 1]);
  if (!starts_word || at + 1 >= text.size()) return false;
  const char next = text[at + 1];
  return next == '.' || next == '/' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
}

}  // namespace

std::string without_imports(std::string_view markdown) {
  std::string out;
  for (std::size_t at = 0; at < markdown.size();) {
    const std::size_t code = markdown[at] == '`' ? code_size(markdown, at) : 0;
    if (code == 0 && markdown[at] == '@' && is_import(markdown, at)) out += '\\';
    const std::size_t size = std::max<std::size_t>(code, 1);
    out += markdown.substr(at, size);
    at += size;
  }
  return out;
}

}  // namespace axon::gemini
