// All that a person wants to know of one Task of a cluster, on a page: its outcome, what it is, and how it came about.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/facts.hpp"
#include "core/documents.hpp"
#include "core/task_status.hpp"

namespace axon::cli {

/// Another Task beside the one on the page.
struct Neighbour {
  std::string name;
  std::string phase;  // empty: there is no such Task
  Time created = {};
  bool operator==(const Neighbour&) const = default;
};

/// An Event of the API server's.
struct Happened {
  Time at;
  std::string reason;
  std::string message;
  bool operator==(const Happened&) const = default;
};

struct TaskPage {
  std::string ns;
  std::string name;
  Time created;
  std::string spawner;
  TaskSpec spec;
  TaskStatus status;
  StoredTask stored;                    // the same Task, as the table at the end of a run takes it
  std::vector<Neighbour> dependencies;  // in the order of dependsOn
  std::vector<Neighbour> on_branch;     // unfinished Tasks of the same Workspace and branch, itself too, oldest first
  std::vector<Happened> events;
};

/// The object's own part; the neighbours and events are for the caller to find.
TaskPage read_task_page(const nlohmann::json& object);

/// Of an item of a list of Events.
Happened read_event(const nlohmann::json& event);

std::string render_page(const TaskPage& page, Time now, const Style& style);

}  // namespace axon::cli
