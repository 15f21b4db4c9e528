#include "adapters/quote.hpp"

#include "core/encoding.hpp"

namespace axon {

namespace {

std::string_view first_sentence(std::string_view line) {
  std::size_t end = line.find(". ");
  // "Reconnecting... 1/5" is one, and so is "(e.g. check quota)".
  const auto goes_on = [&](std::size_t at) {
    const char next = at + 2 < line.size() ? line[at + 2] : ' ';
    return (at > 0 && line[at - 1] == '.') || (next >= 'a' && next <= 'z');
  };
  while (end != std::string_view::npos && goes_on(end)) end = line.find(". ", end + 1);
  return line.substr(0, end);
}

}  // namespace

std::string quote(std::string_view words) {
  constexpr std::size_t kLimit = 300;
  std::string_view line = first_sentence(words.substr(0, words.find('\n')));
  const bool is_cut = line.size() > kLimit;
  line = utf8_prefix(line, kLimit);
  while (!line.empty() && (line.back() == '.' || line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
  return std::string(line) + (is_cut ? "…" : "");
}

}  // namespace axon
