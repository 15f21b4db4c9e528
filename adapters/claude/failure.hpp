// Why a run of Claude Code failed, from the facts that its stream gives.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/outcome.hpp"

namespace axon::claude {

/// The fields of a result event that tell how the run ended. Absent strings are empty.
struct ResultFacts {
  bool is_error = false;
  std::string_view subtype = {};  // "success" also for API errors
  std::string_view terminal_reason = {};
  std::string_view stop_reason = {};
  std::string_view startup_failure = {};  // startup_failure_reason
  std::string_view error_type = {};       // api_error_type
  std::optional<std::int64_t> status = {};
  std::string_view local_command = {};  // the prompt was taken for this command of its own
  bool asked_no_model = false;
  std::string_view text = {};  // `result`, or the first of `errors`
};

/// Empty for a success.
std::optional<Failure> result_failure(const ResultFacts& facts);

/// What an api_retry event or a synthetic error message tells of a failed request. `kind` is its `error`.
Failure request_failure(std::optional<std::int64_t> status, std::string_view kind, std::string_view text);

}  // namespace axon::claude
