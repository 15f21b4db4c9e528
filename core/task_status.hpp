// The status of a Task as the controller writes it: crds/ has the fields for people.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/timestamp.hpp"
#include "core/usage.hpp"

namespace axon {

namespace phase {
inline constexpr std::string_view kPending = "Pending";
inline constexpr std::string_view kWaiting = "Waiting";
inline constexpr std::string_view kRunning = "Running";
inline constexpr std::string_view kSucceeded = "Succeeded";
inline constexpr std::string_view kFailed = "Failed";
}  // namespace phase

namespace condition {
inline constexpr std::string_view kAccepted = "Accepted";                  // all that the Task refers to is there
inline constexpr std::string_view kReady = "Ready";                        // its agent is running
inline constexpr std::string_view kComplete = "Complete";                  // it has ended, well or badly
inline constexpr std::string_view kGithubTokenFresh = "GitHubTokenFresh";  // there once it could not be replaced
}  // namespace condition

struct Condition {
  std::string type;
  bool holds = false;
  std::string reason;   // CamelCase, for programs
  std::string message;  // a sentence, for people
  Time since;           // the last change of `holds`

  bool operator==(const Condition&) const = default;
};

struct TaskStatus {
  std::string phase;  // empty: the controller has not seen the Task yet
  std::string job_name;
  std::string pod_name;
  std::optional<Time> start_time;       // of the agent's container
  std::optional<Time> completion_time;  // of the Task
  std::string reason;                   // of a failure
  std::string message;
  std::optional<bool> retryable;  // of a failure
  std::vector<std::string> outputs;
  std::map<std::string, std::string> results;
  std::optional<Usage> usage;
  std::vector<Condition> conditions;
  std::int64_t observed_generation = 0;

  bool operator==(const TaskStatus&) const = default;
};

/// Of a phase: Succeeded or Failed.
bool is_last(std::string_view name);

bool is_finished(const TaskStatus& status);

const Condition* find_condition(const TaskStatus& status, std::string_view type);

/// Sets a condition; the time of its last change stays where `holds` does.
void set_condition(TaskStatus& status, std::string_view type, bool holds, std::string reason, std::string message,
                   Time now);

/// What is not known is left out.
nlohmann::json to_json(const TaskStatus& status);

/// Reads what to_json wrote. Whatever is not understood is left out: a status is ours, but an older or newer version of
/// this program may have written it.
TaskStatus read_status(const nlohmann::json& object);

}  // namespace axon
