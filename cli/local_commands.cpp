// axon get, axon delete, axon version: what is there, and what goes.
#include <sys/file.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <thread>

#include "cli/commands.hpp"
#include "cli/facts.hpp"
#include "cli/screen.hpp"
#include "cli/state.hpp"
#include "cli/yaml_text.hpp"
#include "core/json_text.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;
using std::chrono::seconds;

struct GetOptions {
  bool local = false;
  std::string kind;
  std::string name;
  std::string output = "table";
};

struct DeleteOptions {
  bool local = false;
  std::string kind;
  std::vector<std::string> names;
  bool all = false;
};

std::chrono::sys_seconds now() { return std::chrono::time_point_cast<seconds>(std::chrono::system_clock::now()); }

void print_json(const json& value, const std::string& output) {
  write_all(1, output == "yaml" ? yaml_text(value) : json_text(value, 2) + "\n");
}

json object_of(const StoredTask& task) { return task_object(task.spec, task.status, task.paths.root); }

Result<int> get_one(const GetOptions& options) {
  const Result<StoredTask> task = load_task(options.name);
  if (!task) return std::unexpected(task.error());
  if (options.output == "name") {
    write_line(1, "task/" + task->spec.name);
  } else if (options.output == "table") {
    write_all(1, render_facts(task_facts(*task, now(), terminal_style(1)), terminal_style(1)));
  } else {
    print_json(object_of(*task), options.output);
  }
  return 0;
}

Result<int> get(const GetOptions& options) {
  if (const auto local = require_local(options.local, "get"); !local) return std::unexpected(local.error());
  if (const auto known = require_task_kind(options.kind); !known) return std::unexpected(known.error());
  if (!options.name.empty()) return get_one(options);
  std::vector<std::string> problems;
  const Result<std::vector<StoredTask>> tasks = list_tasks(problems);
  if (!tasks) return std::unexpected(tasks.error());
  for (const std::string& problem : problems) write_line(2, "axon: " + problem);
  if (options.output == "name") {
    for (const StoredTask& task : *tasks) write_line(1, "task/" + task.spec.name);
  } else if (options.output != "table") {
    json list = {{"apiVersion", "v1"}, {"kind", "List"}, {"items", json::array()}};
    for (const StoredTask& task : *tasks) list["items"].push_back(object_of(task));
    print_json(list, options.output);
  } else if (tasks->empty()) {
    write_line(2, "No Tasks on this machine. Run one with: axon run --local -p PROMPT");
  } else {
    write_all(1, render_table(task_rows(*tasks, now())));
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

Result<int> delete_tasks(const DeleteOptions& options) {
  if (const auto local = require_local(options.local, "delete"); !local) return std::unexpected(local.error());
  if (const auto known = require_task_kind(options.kind); !known) return std::unexpected(known.error());
  if (options.all != options.names.empty()) {
    return fail(Errc::InvalidInput, "axon delete task: give either names or --all");
  }
  std::vector<std::string> names = options.names;
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
    if (done) continue;
    write_line(2, "axon: " + done.error().message);
    code = 1;
  }
  return code;
}

}  // namespace

Command add_get(CLI::App& program) {
  auto options = std::make_shared<GetOptions>();
  CLI::App* app = program.add_subcommand("get", "Show Tasks");
  app->footer("Examples:\n  axon get tasks --local\n  axon get task fix-42 --local -o yaml");
  app->add_flag("--local", options->local, "Tasks of this machine");
  app->add_option("kind", options->kind, "task or tasks")->required();
  app->add_option("name", options->name, "One Task; without it, all");
  app->add_option("-o,--output", options->output, "table, json, yaml or name")
      ->check(CLI::IsMember({"table", "json", "yaml", "name"}));
  return {app, [options] { return get(*options); }};
}

Command add_delete(CLI::App& program) {
  auto options = std::make_shared<DeleteOptions>();
  CLI::App* app =
      program.add_subcommand("delete", "Delete Tasks with their logs and clones; running ones are stopped first");
  app->footer("Examples:\n  axon delete task fix-42 --local\n  axon delete tasks --local --all");
  app->add_flag("--local", options->local, "Tasks of this machine");
  app->add_option("kind", options->kind, "task or tasks")->required();
  app->add_option("names", options->names, "The Tasks");
  app->add_flag("--all", options->all, "All Tasks of this machine");
  return {app, [options] { return delete_tasks(*options); }};
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

Result<void> require_task_kind(const std::string& kind) {
  if (kind == "task" || kind == "tasks") return {};
  return fail(Errc::InvalidInput, "unknown kind \"" + kind + "\"; with --local there are tasks only");
}

}  // namespace axon::cli
