#include "cli/state.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "core/names.hpp"

namespace axon::cli {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Result<Descriptor> take_lock(const TaskPaths& paths) {
  Descriptor lock(open(paths.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.is_open()) return fail_errno("write " + paths.lock(), errno);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return fail_errno("lock " + paths.lock(), errno);
  if (!write_all(lock.get(), std::to_string(getpid()) + "\n")) return fail_errno("write " + paths.lock(), errno);
  return lock;
}

std::unexpected<Error> with_advice(Error error) {
  error.message += "; Axon keeps its runs there: make it writable, or set XDG_STATE_HOME to another directory";
  return std::unexpected(std::move(error));
}

Result<OwnTask> make_task(const std::string& tasks, const std::string& name) {
  OwnTask task{.name = name, .paths = {tasks + "/" + name}, .lock = {}};
  if (mkdir(task.paths.root.c_str(), 0700) != 0) return fail_errno("create " + task.paths.root, errno);
  Result<Descriptor> lock = take_lock(task.paths);
  if (!lock) return std::unexpected(lock.error());
  task.lock = std::move(*lock);
  return task;
}

}  // namespace

std::string generated_name() {
  static constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz2456789";  // Kubernetes' own: no word, no doubt
  std::array<unsigned char, 5> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) < 0) bytes.fill(static_cast<unsigned char>(getpid()));
  std::string name = "task-";
  for (const unsigned char byte : bytes) name += kLetters[byte % kLetters.size()];
  return name;
}

Result<std::string> tasks_directory() {
  if (const std::string state = variable("XDG_STATE_HOME"); state.starts_with('/')) return state + "/axon/tasks";
  const std::string home = variable("HOME");
  if (home.starts_with('/')) return home + "/.local/state/axon/tasks";
  return fail(Errc::NotFound, "neither XDG_STATE_HOME nor HOME is set to an absolute path; Axon keeps its runs there");
}

Result<OwnTask> create_task(const std::string& name) {
  const Result<std::string> tasks = tasks_directory();
  if (!tasks) return std::unexpected(tasks.error());
  if (const auto made = make_directories(*tasks); !made) return with_advice(made.error());
  for (int attempt = 0;; ++attempt) {
    Result<OwnTask> task = make_task(*tasks, name.empty() ? generated_name() : name);
    if (task) return task;
    std::error_code error;
    if (!name.empty() && fs::exists(*tasks + "/" + name, error)) {
      return fail(Errc::InvalidInput,
                  "Task \"" + name +
                      "\" is here already; choose another --name, or remove it with: axon delete task --local " + name);
    }
    if (!name.empty() || attempt == 20) return with_advice(task.error());
  }
}

int lock_holder(const TaskPaths& paths) {
  const Descriptor lock(open(paths.lock().c_str(), O_RDONLY | O_CLOEXEC));
  if (!lock.is_open() || flock(lock.get(), LOCK_SH | LOCK_NB) == 0) return 0;
  const Result<std::string> holder = read_file(paths.lock());
  return holder ? std::max(std::atoi(holder->c_str()), 0) : 0;
}

std::optional<Report> read_report(const TaskPaths& paths) {
  const Result<std::string> text = read_file(paths.report());
  if (!text || text->empty()) return std::nullopt;
  Result<Report> report = parse_report(*text);
  return report ? std::optional(std::move(*report)) : std::nullopt;
}

Result<StoredTask> load_task(const std::string& name) {
  const Result<std::string> tasks = tasks_directory();
  if (!tasks) return std::unexpected(tasks.error());
  StoredTask task{.spec = {}, .status = {}, .paths = {*tasks + "/" + name}};
  std::error_code error;
  if (!is_path_component(name) || !fs::is_directory(task.paths.root, error)) {
    return fail(Errc::NotFound, "no Task \"" + name + "\" on this machine; axon get tasks --local lists them");
  }
  // The lock before the status: a run that ends in between has written its last status before it lets go.
  const bool locked = lock_holder(task.paths) != 0;
  const Result<std::string> spec_text = read_file(task.paths.spec());
  if (!spec_text) return std::unexpected(spec_text.error());
  Result<LocalSpec> spec = parse_local_spec(*spec_text, task.paths.spec());
  if (!spec) return std::unexpected(spec.error());
  task.spec = std::move(*spec);
  if (const Result<std::string> text = read_file(task.paths.status())) {
    const Result<LocalStatus> status = parse_local_status(*text, task.paths.status());
    if (!status) return std::unexpected(status.error());
    task.status = *status;
  }
  task.status = settle(std::move(task.status), locked, read_report(task.paths));
  return task;
}

Result<std::vector<StoredTask>> list_tasks(std::vector<std::string>& problems) {
  const Result<std::string> tasks = tasks_directory();
  if (!tasks) return std::unexpected(tasks.error());
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(*tasks, error), end; !error && at != end; at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) return fail_errno("read " + *tasks, error.value());
  std::ranges::sort(names);
  std::vector<StoredTask> found;
  for (const std::string& name : names) {
    Result<StoredTask> task = load_task(name);
    if (task) {
      found.push_back(std::move(*task));
    } else if (task.error().code != Errc::NotFound) {
      problems.push_back("Task \"" + name + "\": " + task.error().message);
    }
  }
  return found;
}

}  // namespace axon::cli
