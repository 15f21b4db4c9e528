#include "core/usage.hpp"

#include <array>
#include <cstdio>

namespace axon {

Usage operator+(const Usage& a, const Usage& b) {
  Usage sum;
  sum.input_tokens = a.input_tokens + b.input_tokens;
  sum.cache_read_tokens = a.cache_read_tokens + b.cache_read_tokens;
  sum.cache_write_tokens = a.cache_write_tokens + b.cache_write_tokens;
  sum.output_tokens = a.output_tokens + b.output_tokens;
  sum.reasoning_tokens = a.reasoning_tokens + b.reasoning_tokens;
  if (a.cost_usd || b.cost_usd) sum.cost_usd = a.cost_usd.value_or(0) + b.cost_usd.value_or(0);
  return sum;
}

bool is_zero(const Usage& usage) {
  return usage.input_tokens == 0 && usage.output_tokens == 0 && usage.cost_usd.value_or(0) == 0;
}

std::string format_cost(double usd) {
  std::array<char, 64> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.6f", usd);
  std::string text(buffer.data(), static_cast<std::size_t>(length));
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace axon
