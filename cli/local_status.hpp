// What is kept of a Task that was run on this machine, and what it means now. Pure.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/report.hpp"

namespace axon::cli {

/// spec.json: written once, before the run. Holds no secret.
struct LocalSpec {
  std::string name;
  std::string type;
  std::string model;
  std::string prompt;
  std::string source;  // repository: URL or path
  std::string ref;
  std::string branch;
  std::string manifest;  // file name of the manifest's copy in the Task's directory; empty: a built-in type
  std::string sandbox;   // "bwrap" or "none"
  std::int64_t deadline_seconds = 0;  // 0: none
  bool operator==(const LocalSpec&) const = default;
};

/// status.json: replaced whole at each change.
struct LocalStatus {
  std::string phase = "Pending";  // Pending, Running, Succeeded, Failed
  std::string reason;             // of a failure: a Reason's name, or "Interrupted"
  std::string message;
  std::string start_time;  // RFC 3339
  std::string completion_time;
  std::optional<int> exit_code;
  Results results;
  std::optional<Usage> usage;
  bool operator==(const LocalStatus&) const = default;
};

std::string to_json(const LocalSpec& spec);
Result<LocalSpec> parse_local_spec(std::string_view text, const std::string& source);

std::string to_json(const LocalStatus& status);
Result<LocalStatus> parse_local_status(std::string_view text, const std::string& source);

/// The status once the entrypoint has ended: by its report where it finished one, else by the exit code with what the
/// last checkpoint says. `step` is "prepare" or "run".
LocalStatus finish(LocalStatus status, const std::optional<Report>& report, int exit_code, std::string_view step,
                   std::chrono::sys_seconds now);

/// What a stored status means while nobody holds the Task's lock: a run that has not ended was interrupted, unless its
/// report was complete.
LocalStatus settle(LocalStatus stored, bool is_locked, const std::optional<Report>& report);

/// A Task as the API has it, with metadata, spec and status.
nlohmann::json task_object(const LocalSpec& spec, const LocalStatus& status, const std::string& directory);

}  // namespace axon::cli
