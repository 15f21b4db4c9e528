// Tokens and cost of a run; the same meaning for every agent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace axon {

struct Usage {
  std::int64_t input_tokens = 0;        // all input, cache included
  std::int64_t cache_read_tokens = 0;   // part of input_tokens
  std::int64_t cache_write_tokens = 0;  // part of input_tokens
  std::int64_t output_tokens = 0;       // all output, reasoning included
  std::int64_t reasoning_tokens = 0;    // part of output_tokens
  std::optional<double> cost_usd;       // as the agent says it; empty where it says none

  bool operator==(const Usage&) const = default;
};

/// The sum of two runs' usage; the cost is known if one of them is.
Usage operator+(const Usage& a, const Usage& b);

/// True if nothing was used or nothing is known.
bool is_zero(const Usage& usage);

/// Dollars with up to six decimals and no trailing zeros: "0.01305".
std::string format_cost(double usd);

}  // namespace axon
