// axon get and axon delete with --local, axon version: what is there, and what goes.
#include <sys/file.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <thread>

#include "cli/commands.hpp"
#include "cli/delete_options.hpp"
#include "cli/facts.hpp"
#include "cli/get_options.hpp"
#include "cli/kinds.hpp"
#include "cli/print_object.hpp"
#include "cli/screen.hpp"
#include "cli/state.hpp"
#include "kube/clock.hpp"

namespace axon::cli {
namespace {

using kube::now;
using nlohmann::json;
using std::chrono::seconds;

/// On one machine there are Tasks only.
Result<Target> local_target(const std::string& kind, const std::vector<std::string>& names) {
  Result<Target> target = parse_target(kind, names);
  if (target && target->kind != &kTaskKind) {
    return fail(Errc::InvalidInput, "--local: a " + target->kind->name + " needs a cluster; here there are Tasks only");
  }
  return target;
}

json object_of(const StoredTask& task) { return task_object(task.spec, task.status, task.paths.root); }

Result<int> get_one(const std::string& name, const std::string& output) {
  const Result<StoredTask> task = load_task(name);
  if (!task) return std::unexpected(task.error());
  if (output == "name") {
    write_line(1, name_with_kind(kTaskKind, task->spec.name));
  } else if (output == "table" || output == "wide") {
    write_all(1, render_facts(task_facts(*task, now(), terminal_style(1)), terminal_style(1)));
  } else {
    print_object(object_of(*task), output);
  }
  return 0;
}

Result<int> get_all(const std::string& output) {
  std::vector<std::string> problems;
  const Result<std::vector<StoredTask>> tasks = list_tasks(problems);
  if (!tasks) return std::unexpected(tasks.error());
  for (const std::string& problem : problems) write_line(2, "axon: " + problem);
  if (output == "name") {
    for (const StoredTask& task : *tasks) write_line(1, name_with_kind(kTaskKind, task.spec.name));
  } else if (output == "json" || output == "yaml") {
    std::vector<json> objects;
    for (const StoredTask& task : *tasks) objects.push_back(object_of(task));
    print_list(std::move(objects), output);
  } else if (tasks->empty()) {
    write_line(2, "No Tasks on this machine. Run one with: axon run --local -p PROMPT");
  } else {
    write_all(1, render_table(task_rows(*tasks, now()), terminal_look()));
  }
  return problems.empty() ? 0 : 1;
}

/// Asks the `axon run` that holds the Task to stop, in order at first; waits until it has let go.
Result<void> stop_running(const std::string& name, const TaskPaths& paths) {
  static constexpr auto kStep = std::chrono::milliseconds(100);
  static constexpr auto kPatience = seconds(90);
  const auto begun = std::chrono::steady_clock::now();
  bool asked = false;
  while (const int holder = lock_holder(paths)) {
    if (!asked) write_line(2, "axon: stopping Task " + name + " …");
    if (!asked && kill(holder, SIGTERM) != 0) return fail_errno("stop Task " + name, errno);
    asked = true;
    if (std::chrono::steady_clock::now() - begun > kPatience) {
      return fail(Errc::TimedOut,
                  "Task \"" + name + "\" does not stop; its axon run is process " + std::to_string(holder));
    }
    std::this_thread::sleep_for(kStep);
  }
  return {};
}

Result<void> delete_one(const std::string& name) {
  const Result<StoredTask> task = load_task(name);
  if (!task && task.error().code == Errc::NotFound && task.error().message.starts_with("no Task")) {
    return std::unexpected(task.error());
  }
  const Result<std::string> tasks = tasks_directory();  // a Task whose files are damaged can go, too
  if (!tasks) return std::unexpected(tasks.error());
  const TaskPaths paths{*tasks + "/" + name};
  if (const auto stopped = stop_running(name, paths); !stopped) return stopped;
  if (const auto removed = remove_tree(paths.root); !removed) return removed;
  write_line(1, "task/" + name + " deleted");
  return {};
}

}  // namespace

Result<int> get_local(const GetOptions& options) {
  const Result<Target> target = local_target(options.kind, options.names);
  if (!target) return std::unexpected(target.error());
  if (options.watch || !options.selector.empty() || options.all_namespaces) {
    return fail(Errc::InvalidInput, "--local: --watch, --selector and -A are for a cluster");
  }
  if (target->names.empty()) return get_all(options.output);
  for (const std::string& name : target->names) {
    if (const Result<int> got = get_one(name, options.output); !got) return got;
  }
  return 0;
}

Result<int> delete_local(const DeleteOptions& options) {
  const Result<Target> target = local_target(options.kind, options.names);
  if (!target) return std::unexpected(target.error());
  if (options.all != target->names.empty() || !options.selector.empty()) {
    return fail(Errc::InvalidInput, "give either names or --all");
  }
  std::vector<std::string> names = target->names;
  if (options.all) {
    std::vector<std::string> problems;
    const Result<std::vector<StoredTask>> tasks = list_tasks(problems);
    if (!tasks) return std::unexpected(tasks.error());
    for (const std::string& problem : problems) write_line(2, "axon: not deleted, name it to delete it: " + problem);
    for (const StoredTask& task : *tasks) names.push_back(task.spec.name);
  }
  int code = 0;
  for (const std::string& name : names) {
    const Result<void> done = delete_one(name);
    if (done || (options.ignore_not_found && done.error().code == Errc::NotFound)) continue;
    write_line(2, "axon: " + done.error().message);
    code = 1;
  }
  return code;
}

Command add_version(CLI::App& program) {
  CLI::App* app = program.add_subcommand("version", "Print the version");
  return {app, []() -> Result<int> {
            write_line(1, "axon " AXON_VERSION);
            return 0;
          }};
}

Result<void> require_local(bool local, const std::string& command) {
  if (local) return {};
  return fail(Errc::InvalidInput, "axon " + command + ": this version works on this machine only; add --local");
}

}  // namespace axon::cli
