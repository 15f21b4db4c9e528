#include "cli/duration.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>

namespace axon::cli {
namespace {

using std::chrono::seconds;

constexpr double kMaxSeconds = 10.0 * 365 * 24 * 3600;

std::optional<double> unit_seconds(std::string_view& text) {
  struct Unit {
    std::string_view name;
    double value;
  };
  static constexpr std::array<Unit, 7> kUnits = {
      {{"ms", 1e-3}, {"us", 1e-6}, {"µs", 1e-6}, {"ns", 1e-9}, {"h", 3600}, {"m", 60}, {"s", 1}}};
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return unit.value;
  }
  return std::nullopt;
}

std::optional<double> total_seconds(std::string_view text) {
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || number < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::optional<double> unit = unit_seconds(text);
    if (!unit) return std::nullopt;
    total += number * *unit;
  }
  return total;
}

}  // namespace

Result<seconds> parse_duration(std::string_view text, const std::string& what) {
  const std::optional<double> total = total_seconds(text);
  if (!total || !(*total <= kMaxSeconds)) {
    return fail(Errc::InvalidInput,
                what + ": \"" + std::string(text) + "\" is no duration; expected for example 30m, 1h30m or 90s");
  }
  if (*total < 1) return fail(Errc::InvalidInput, what + ": must be at least 1s, found \"" + std::string(text) + "\"");
  return seconds(static_cast<std::int64_t>(*total));
}

std::string format_duration(seconds duration) {
  const auto total = duration.count() < 0 ? 0 : duration.count();
  const auto hours = total / 3600;
  const auto minutes = total / 60 % 60;
  if (hours > 0) return std::to_string(hours) + "h" + std::to_string(minutes) + "m";
  if (minutes > 0) return std::to_string(minutes) + "m" + std::to_string(total % 60) + "s";
  return std::to_string(total) + "s";
}

std::string format_age(seconds age) {
  const auto total = age.count() < 0 ? 0 : age.count();
  if (total < 120) return std::to_string(total) + "s";
  if (total < 2 * 3600) return std::to_string(total / 60) + "m";
  if (total < 48 * 3600) return std::to_string(total / 3600) + "h";
  return std::to_string(total / 86400) + "d";
}

}  // namespace axon::cli
