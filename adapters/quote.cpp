#include "adapters/quote.hpp"

#include "core/encoding.hpp"

namespace axon {

std::string quote(std::string_view words) {
  constexpr std::size_t kLimit = 300;
  std::string_view line = words.substr(0, words.find('\n'));
  line = line.substr(0, line.find(". "));
  const bool is_cut = line.size() > kLimit;
  line = utf8_prefix(line, kLimit);
  while (!line.empty() && (line.back() == '.' || line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
  return std::string(line) + (is_cut ? "…" : "");
}

}  // namespace axon
