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

/// RFC 3339 in UTC, whole seconds; and back (the epoch where it is no such time).
std::string format_time(std::chrono::sys_seconds time);
std::chrono::sys_seconds parse_time(const std::string& text);

}  // namespace axon::cli
