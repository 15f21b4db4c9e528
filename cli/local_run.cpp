#include "cli/local_run.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "cli/child.hpp"
#include "cli/with_parent.hpp"
#include "core/contract.hpp"
#include "core/mcp.hpp"
#include "kube/clock.hpp"

namespace axon::cli {
namespace {

using kube::now;
using std::chrono::seconds;

std::string in(const std::string& directory, std::string_view name) { return directory + "/" + std::string(name); }

/// The first failure of several steps.
template <class... Steps>
Result<void> all(const Steps&... steps) {
  Result<void> result;
  const auto one = [&](const auto& step) {
    if (result) result = step();
  };
  (one(steps), ...);
  return result;
}

Result<void> write_task_file(const RunParts& parts, const Layout& layout, std::optional<std::int64_t> deadline) {
  TaskFile file = parts.task.file;
  if (file.workspace) file.workspace->path = layout.repo;
  file.deadline_seconds = deadline;
  return write_file(in(parts.paths.task(), contract::kTaskFile), axon::to_json(file), 0600);
}

/// One of the two streams of a step: kept in a file, and shown. A full disk costs the file, not the run.
class Log {
 public:
  Log(std::string path, Screen screen) : path_(std::move(path)), screen_(screen) {
    file_ = Descriptor(open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  }

  void keep(std::string_view bytes) {
    if (!file_.is_open() || write_all(file_.get(), bytes)) return;
    const Error error = fail_errno("write " + path_, errno).error();
    write_line(screen_.info, "axon: " + error.message + "; the log ends here, the run goes on");
    file_.reset();
  }

 private:
  std::string path_;
  Screen screen_;
  Descriptor file_;
};

class LocalRun {
 public:
  LocalRun(const RunParts& parts, const Layout& layout, const Environment& caller, StopSignals& signals, Screen screen,
           ReadableStream& stream)
      : parts_(parts), layout_(layout), signals_(signals), screen_(screen), stream_(stream) {
    env_ = run_environment(parts, layout, caller);
    status_.phase = "Running";
    status_.start_time = format_time(now());
    if (parts.task.file.deadline_seconds) deadline_ = now() + seconds(*parts.task.file.deadline_seconds);
  }

  Result<LocalStatus> operator()() {
    if (const auto saved = save(); !saved) return std::unexpected(saved.error());
    Result<ChildEnd> end = prepare();
    std::string_view step = "prepare";
    if (end && end->exit_code == 0 && signals_.count() == 0 && !end->timed_out) {
      step = "run";
      end = run();
    }
    if (!end) return fail_with(end.error());
    status_ = finish(std::move(status_), read_report(parts_.paths), end->exit_code, step, now());
    if (step == "prepare") explain_prepare(*end);
    if (const auto saved = save(); !saved) return std::unexpected(saved.error());
    return status_;
  }

 private:
  Result<void> save() { return write_atomic(parts_.paths.status(), to_json(status_), 0600); }

  /// The status must not stay at Running where the entrypoint could not be started.
  Result<LocalStatus> fail_with(const Error& error) {
    status_ = finish(std::move(status_), std::nullopt, 1, "start", now());
    status_.message = error.message;
    if (const auto saved = save(); !saved) return std::unexpected(saved.error());
    return std::unexpected(error);
  }

  /// A step that was stopped before the agent's own has no report of it.
  void explain_prepare(const ChildEnd& end) {
    if (!end.cancelled && !end.timed_out) return;
    status_.phase = "Failed";
    status_.reason = to_string(end.timed_out ? Reason::DeadlineExceeded : Reason::Cancelled);
    status_.message =
        end.timed_out ? "the time-out came before the workspace was ready" : "stopped before the agent began";
    status_.exit_code = end.timed_out ? contract::exit_code::kTimedOut : contract::exit_code::kCancelled;
  }

  [[nodiscard]] std::optional<seconds> time_left() const {
    if (!deadline_) return std::nullopt;
    return std::max(seconds(1), *deadline_ - now());
  }

  [[nodiscard]] ChildSpec child(const std::string& command) const {
    ChildSpec spec;
    spec.env = env_;
    spec.in_sandbox = parts_.sandboxed;
    if (parts_.sandboxed) {
      SandboxSpec sandbox = sandbox_spec(parts_, layout_, command);
      sandbox.info_descriptor = kInfoDescriptor;
      spec.argv = sandbox_argv(sandbox);
    } else {
      spec.argv = with_parent({layout_.entrypoint, command});
      spec.working_directory = command == "run" ? layout_.repo : layout_.workspace;
    }
    return spec;
  }

  Result<ChildEnd> prepare() {
    Log log(parts_.paths.prepare_log(), screen_);
    const ByteSink keep = [&](std::string_view bytes) {
      log.keep(bytes);
      stream_.feed_plain(bytes);
    };
    ChildSpec spec = child("prepare");
    spec.grace = seconds(10);
    spec.time_limit = time_left();
    return run_child(spec, signals_, keep, keep);
  }

  Result<ChildEnd> run() {
    const auto left = time_left();
    const auto ready =
        all([&] { return write_file(parts_.paths.report(), "", 0600); },
            [&] { return make_directories(parts_.paths.repo()); },
            [&] { return write_task_file(parts_, layout_, left ? std::optional(left->count()) : std::nullopt); });
    if (!ready) return std::unexpected(ready.error());
    Log out(parts_.paths.stdout_log(), screen_);
    Log err(parts_.paths.stderr_log(), screen_);
    ChildSpec spec = child("run");
    spec.grace =
        seconds(parts_.task.file.grace_seconds.value_or(contract::kAgentGrace.count())) + contract::kCaptureGrace * 2;
    return run_child(
        spec, signals_,
        [&](std::string_view bytes) {
          out.keep(bytes);
          stream_.feed(bytes);
        },
        [&](std::string_view bytes) {
          err.keep(bytes);
          stream_.feed_plain(bytes);
        });
  }

  const RunParts& parts_;
  const Layout& layout_;
  StopSignals& signals_;
  Screen screen_;
  ReadableStream& stream_;
  Environment env_;
  LocalStatus status_;
  std::optional<std::chrono::sys_seconds> deadline_;
};

Result<void> link_programs(const RunParts& parts) {
  if (parts.sandboxed) return {};
  if (const auto made = make_directories(parts.paths.bin()); !made) return made;
  for (const char* name : {"axon-entrypoint", "gh"}) {
    const std::string link = in(parts.paths.bin(), name);
    const bool wanted = std::string_view(name) != "gh" || parts.has_gh;
    if (wanted && symlink(parts.entrypoint.c_str(), link.c_str()) != 0) return fail_errno("create " + link, errno);
  }
  return {};
}

}  // namespace

Result<void> write_task(const RunParts& parts, const Layout& layout, const LocalSpec& spec,
                        const std::string& manifest_text) {
  const LocalTask& task = parts.task;
  const std::string directory = parts.paths.task();
  const auto put = [&](std::string_view name, std::string_view content) {
    return [&, name, content] { return write_file(in(directory, name), content, 0600); };
  };
  const auto directory_of = [](const std::string& path) { return [path] { return make_directories(path); }; };
  const std::string mcp = task.mcp_servers.empty() ? "" : mcp_servers_json(task.mcp_servers);
  const auto made = all(
      directory_of(directory), directory_of(parts.paths.workspace()), directory_of(parts.paths.home()),
      directory_of(parts.paths.plugin()), [&] { return write_file(parts.paths.report(), "", 0600); },
      [&] { return write_atomic(parts.paths.spec(), to_json(spec), 0600); },
      [&] { return write_task_file(parts, layout, task.file.deadline_seconds); },
      put(contract::kPromptFile, task.prompt));
  if (!made) return made;
  const auto optional = [&](bool wanted, auto step) {
    return [wanted, step] { return wanted ? step() : Result<void>(); };
  };
  return all(optional(!task.instructions.empty(), put(contract::kInstructionsFile, task.instructions)),
             optional(!mcp.empty(), put(contract::kMcpFile, mcp)),
             optional(!layout.token_file.empty(),
                      put(layout.token_file.substr(layout.token_file.rfind('/') + 1), task.github_token.reveal())),
             optional(!task.ssh_key.empty(), put(contract::kSshKeyFile, task.ssh_key.reveal())),
             optional(!task.known_hosts.empty(), put(contract::kSshKnownHostsFile, task.known_hosts)),
             optional(!manifest_text.empty(), [&] { return write_file(parts.paths.manifest(), manifest_text, 0600); }),
             [&] { return link_programs(parts); });
}

Result<LocalStatus> run_task(const RunParts& parts, const Layout& layout, const Environment& caller,
                             const Adapter& adapter, StopSignals& signals, Screen screen) {
  ReadableStream stream(&adapter, screen);
  Result<LocalStatus> status = LocalRun(parts, layout, caller, signals, screen, stream)();
  stream.finish();
  return status;
}

}  // namespace axon::cli
