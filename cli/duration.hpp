// Durations as the command line takes them (Go's: "90s", "1h30m", "1.5h") and as people read them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace axon::cli {

/// At least one second; `what` names the flag in the error.
Result<std::chrono::seconds> parse_duration(std::string_view text, const std::string& what);

/// "45s", "3m12s", "2h5m".
std::string format_duration(std::chrono::seconds duration);

/// As kubectl shows an age: one or two of its largest units, "5s", "3m", "2h", "4d".
std::string format_age(std::chrono::seconds age);

}  // namespace axon::cli
