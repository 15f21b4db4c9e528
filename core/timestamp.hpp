// Moments as Kubernetes, status files and the agent's environment write them: RFC 3339 in UTC, whole seconds.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace axon {

/// A moment by the clock on the wall. Decisions take it as an argument; only main() asks a clock.
using Time = std::chrono::sys_seconds;

/// "2026-03-01T12:00:00Z".
std::string format_time(Time time);

/// Fractions of a second are cut off; empty for anything that is no such time in UTC.
std::optional<Time> parse_time(const std::string& text);

}  // namespace axon
