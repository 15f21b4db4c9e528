#include "adapters/quote.hpp"

#include "core/encoding.hpp"

namespace axon {

namespace {

std::string_view first_sentence(std::string_view line) {
  std::size_t end = line.find(". ");
  // "Reconnecting... 1/5" is one.
  while (end != std::string_view::npos && end > 0 && line[end - 1] == '.') end = line.find(". ", end + 1);
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
