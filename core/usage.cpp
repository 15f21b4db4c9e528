#include "core/usage.hpp"

#include <array>
#include <cstdio>
#include <limits>

namespace axon {
namespace {

/// Numbers come from outside: whatever they are, their sum is one that can be reported.
std::int64_t sum_of(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

Usage operator+(const Usage& a, const Usage& b) {
  Usage sum;
  sum.input_tokens = sum_of(a.input_tokens, b.input_tokens);
  sum.cache_read_tokens = sum_of(a.cache_read_tokens, b.cache_read_tokens);
  sum.cache_write_tokens = sum_of(a.cache_write_tokens, b.cache_write_tokens);
  sum.output_tokens = sum_of(a.output_tokens, b.output_tokens);
  sum.reasoning_tokens = sum_of(a.reasoning_tokens, b.reasoning_tokens);
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
