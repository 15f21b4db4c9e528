// The Tasks of this machine: one private directory each below $XDG_STATE_HOME/axon/tasks. A Task's lock file is held
// (flock) by the `axon run` that runs it, for as long as it does; that is what tells a running Task from a dead one.
#pragma once

#include <string>
#include <vector>

#include "cli/files.hpp"
#include "cli/local_status.hpp"
#include "core/result.hpp"

namespace axon::cli {

/// The files of one Task.
struct TaskPaths {
  std::string root;

  [[nodiscard]] std::string at(const char* name) const { return root + "/" + name; }
  [[nodiscard]] std::string spec() const { return at("spec.json"); }
  [[nodiscard]] std::string status() const { return at("status.json"); }
  [[nodiscard]] std::string lock() const { return at("lock"); }
  [[nodiscard]] std::string report() const { return at("report.json"); }
  [[nodiscard]] std::string prepare_log() const { return at("prepare.log"); }
  [[nodiscard]] std::string stdout_log() const { return at("stdout.log"); }
  [[nodiscard]] std::string stderr_log() const { return at("stderr.log"); }
  [[nodiscard]] std::string manifest() const { return at("agent.yaml"); }
  [[nodiscard]] std::string task() const { return at("task"); }
  [[nodiscard]] std::string workspace() const { return at("workspace"); }
  [[nodiscard]] std::string repo() const { return at("workspace/repo"); }
  [[nodiscard]] std::string home() const { return at("home"); }
  [[nodiscard]] std::string plugin() const { return at("plugin"); }
  [[nodiscard]] std::string bin() const { return at("bin"); }
};

/// A Task that this process has made, and whose lock it holds until the end.
struct OwnTask {
  std::string name;
  TaskPaths paths;
  Descriptor lock;
};

struct StoredTask {
  LocalSpec spec;
  LocalStatus status;  // settled: Running means that it runs
  TaskPaths paths;     // root is empty for a Task of a cluster
};

/// $XDG_STATE_HOME/axon/tasks, by default ~/.local/state/axon/tasks.
Result<std::string> tasks_directory();

/// `task-` and five characters.
std::string generated_name();

/// Makes the Task's directory and takes its lock. An empty name gets `task-` and five characters. Fails if the name is
/// taken.
Result<OwnTask> create_task(const std::string& name);

/// Fails with NotFound if there is none.
Result<StoredTask> load_task(const std::string& name);

/// All of them, sorted by name; what cannot be read is told in `problems`.
Result<std::vector<StoredTask>> list_tasks(std::vector<std::string>& problems);

/// The process that holds the Task's lock; 0 if it is free.
int lock_holder(const TaskPaths& paths);

/// The report as far as it is there.
std::optional<Report> read_report(const TaskPaths& paths);

}  // namespace axon::cli
