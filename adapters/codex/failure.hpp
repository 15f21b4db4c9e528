// Why a run of Codex failed, from what it writes for people: its stream has no codes.
#pragma once

#include <optional>
#include <string_view>

#include "core/outcome.hpp"

namespace axon::codex {

/// The message of an `error`, a `turn.failed`, or in the parentheses of "Reconnecting... 1/5 (…)".
Failure failure_from_message(std::string_view message);

struct Reconnecting {
  int attempt = 0;
  int max_attempts = 0;
  std::string_view cause;
};

/// An `error` that only says that a request is tried again.
std::optional<Reconnecting> parse_reconnecting(std::string_view message);

}  // namespace axon::codex
