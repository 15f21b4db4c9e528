#include "core/timestamp.hpp"

#include <array>
#include <ctime>

namespace axon {

std::string format_time(Time time) {
  const std::time_t clock = time.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&clock, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

std::optional<Time> parse_time(const std::string& text) {
  std::tm parts{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) return std::nullopt;
  if (*rest == '.') {
    do ++rest;
    while (*rest >= '0' && *rest <= '9');
  }
  if (std::string_view(rest) != "Z") return std::nullopt;
  return Time(std::chrono::seconds(timegm(&parts)));
}

}  // namespace axon
