// The report of a run: JSON in the container's termination message, and the block of markers on stdout. Both are
// written by the entrypoint and read by the controller and by `axon run --local`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/contract.hpp"
#include "core/outcome.hpp"
#include "core/result.hpp"
#include "core/usage.hpp"

namespace axon {

/// What a run leaves in the repository and said of itself. Empty strings are not reported.
struct Results {
  std::string branch;
  std::vector<std::string> pull_requests;  // URLs
  std::string commit;
  std::string base_branch;
  std::string model;
  std::string session_id;
  std::string response;  // the final answer
  std::optional<int> turns;

  bool operator==(const Results&) const = default;
};

struct Report {
  bool finished = false;  // false: a checkpoint of a run that goes on, or was killed
  Outcome outcome;        // meaningful when finished
  int exit_code = 0;
  Results results;
  std::optional<Usage> usage;

  bool operator==(const Report&) const = default;
};

/// JSON of at most `limit` bytes. What does not fit is cut by rule: the response first, then the message, then pull
/// requests from the third on; branch, commit and usage always stay.
std::string to_json(const Report& report, std::size_t limit);

/// Reads what to_json wrote. Unknown keys are ignored: a newer image may say more.
Result<Report> parse_report(std::string_view text);

/// The `key: value` lines of the marker block, in the contract's order, without the markers.
std::vector<std::string> output_lines(const Report& report);

/// The whole block with its markers and newlines; empty if there is nothing to report.
std::string marker_block(const Report& report, const contract::Dialect& dialect = contract::kAxonDialect);

/// The lines of the last complete block in a log, in either dialect.
std::vector<std::string> parse_marker_block(std::string_view log);

}  // namespace axon
