// How far a Pod has come, and how it ended: from what the kubelet and the scheduler say of it, the report that the
// entrypoint left in the termination message, and, for images that know only the block of outputs, the end of the log.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "controller/task/facts.hpp"
#include "core/outcome.hpp"

namespace axon::controller {

/// Not running yet. The reason is one of core's where it will not go away by itself ("ImagePullFailed",
/// "Unschedulable", "ConfigInvalid"), else "Starting" or "Preparing" (the init container clones).
struct Starting {
  std::string reason;
  std::string message;
  bool operator==(const Starting&) const = default;
};

struct Running {
  std::optional<Time> since;
  bool operator==(const Running&) const = default;
};

struct Ended {
  std::optional<Failure> failure;
  std::optional<Time> started;
  Time at;
  std::vector<std::string> outputs;  // "branch: …"
  std::map<std::string, std::string> results;
  std::optional<Usage> usage;
  bool operator==(const Ended&) const = default;
};

using Stage = std::variant<Starting, Running, Ended>;

/// `agent` is the name of the agent's container. `log` is the end of its log where needs_log() says so, else empty.
/// `now` stands in for an end that nobody dated.
Stage stage_of(const PodFacts& pod, const std::string& agent, std::string_view log, Time now);

/// How long after a deletion by force a Pod may still be told of by its node.
inline constexpr std::chrono::seconds kForcePatience{30};

/// True if the agent's container has ended without a report: what it left is then in its log, if anywhere.
bool needs_log(const PodFacts& pod, const std::string& agent);

/// The lines as a map; of a key that is there several times the last one counts.
std::map<std::string, std::string> results_from(const std::vector<std::string>& outputs);

}  // namespace axon::controller
