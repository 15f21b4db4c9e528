// Why a run of opencode failed, from the facts that its stream gives.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/outcome.hpp"

namespace axon::opencode {

/// The fields of an error event. Absent strings are empty.
struct ErrorFacts {
  std::string_view name;     // "APIError", "ProviderAuthError", …
  std::string_view message;  // data.message
  std::string_view body;     // data.responseBody: what the provider answered, as it came
  std::optional<std::int64_t> status = {};
};

Failure error_failure(const ErrorFacts& facts);

/// Why a step that ended for this reason was no end of the work; empty for "stop", and for those after which opencode
/// goes on by itself.
std::optional<Failure> finish_failure(std::string_view reason);

/// The conversation did not fit the model even after opencode had compacted it.
Failure compaction_failure();

/// It gave up after a tool call, and exits with code 0: a permission was denied.
Failure rejected_failure(std::string_view said);

}  // namespace axon::opencode
