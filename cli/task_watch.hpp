// A Task in a cluster and its Pod, as far as somebody who follows them wants to know, and what is to be read next.
// Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace axon::cli {

struct SeenTask {
  std::string name;
  std::string type;
  std::string phase;  // empty: nobody has looked at it yet
  std::string note;   // what it waits for, or what is wrong, in a line for people; empty: nothing
  bool has_ended = false;
  bool was_looked_at = false;  // a controller has written something of it

  bool operator==(const SeenTask&) const = default;
};

struct SeenContainer {
  enum class State { Waiting, Running, Ended };
  std::string name;
  bool is_preparation = false;  // an init container: what it says is for people
  State state = State::Waiting;

  bool operator==(const SeenContainer&) const = default;
};

struct SeenPod {
  std::string name;
  std::string uid;
  std::string node;
  bool has_ended = false;
  std::vector<SeenContainer> containers;  // in the order in which they run: init containers, then the agent's

  bool operator==(const SeenPod&) const = default;
};

SeenTask see_task(const nlohmann::json& task);

/// `agent` is the name of the agent's container: the Task's type. Sidecars are left out.
SeenPod see_pod(const nlohmann::json& pod, const std::string& agent);

struct ReadLog {
  SeenContainer container;
  bool operator==(const ReadLog&) const = default;
};
struct WaitForMore {
  bool operator==(const WaitForMore&) const = default;
};
struct NothingMore {
  bool operator==(const NothingMore&) const = default;
};
using NextLog = std::variant<ReadLog, WaitForMore, NothingMore>;

/// What comes after the containers in `read`. An empty pod: there is none (yet, or any more).
NextLog next_log(const SeenTask& task, const std::optional<SeenPod>& pod, const std::set<std::string>& read);

/// Whether this container's end is known. True also where the Pod is gone.
bool is_over(const std::optional<SeenPod>& pod, const std::string& container);

}  // namespace axon::cli
