#include "cli/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <nlohmann/json.hpp>

extern "C" {  // glibc 2.36's header forgets it
#include <sys/pidfd.h>
}

namespace axon::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

// After the child's end only a process that left its group can hold a pipe; nothing of the run is lost by then.
constexpr std::chrono::milliseconds kDrain{500};
constexpr seconds kHurriedGrace{20};

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("pipe", errno);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

struct Pipes {
  Pipe out, err, info;
};

/// In a session of its own: no terminal, no signals from its keys. No signal blocked, SIGPIPE as usual.
Result<pid_t> spawn(const ChildSpec& spec, const Pipes& pipes) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipes.out.write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipes.err.write.get(), STDERR_FILENO);
  if (spec.in_sandbox) posix_spawn_file_actions_adddup2(&actions, pipes.info.write.get(), kInfoDescriptor);
  if (!spec.working_directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, spec.working_directory.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) sigaddset(&usual, number);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  std::vector<std::string> variables;
  for (const auto& [name, value] : spec.env) variables.push_back(name + "=" + value);
  pid_t child = 0;
  const int error = posix_spawn(&child, spec.argv.front().c_str(), &actions, &attributes, pointers(spec.argv).data(),
                                pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return fail_errno("start " + spec.argv.front(), error);
  return child;
}

/// One child from its start to its end.
class Run {
 public:
  Run(const ChildSpec& spec, StopSignals& signals, const ByteSink& out, const ByteSink& err)
      : spec_(spec), signals_(signals), out_sink_(out), err_sink_(err) {}

  Result<ChildEnd> operator()() {
    if (const auto started = start(); !started) return std::unexpected(started.error());
    if (signals_.count() > 0) stop(signals_.count());
    if (spec_.time_limit) stop_at_ = Clock::now() + *spec_.time_limit;
    while (!exited_ || (is_reading() && Clock::now() < drain_until_)) wait_once();
    return end_;
  }

 private:
  Result<void> start() {
    Pipes pipes;
    for (Pipe* pipe : {&pipes.out, &pipes.err, &pipes.info}) {
      Result<Pipe> made = make_pipe();
      if (!made) return std::unexpected(made.error());
      *pipe = std::move(*made);
    }
    const Result<pid_t> child = spawn(spec_, pipes);
    if (!child) return std::unexpected(child.error());
    child_ = *child;
    exit_ = Descriptor(pidfd_open(child_, 0));
    if (!spec_.in_sandbox) target_ = Descriptor(pidfd_open(child_, 0));
    out_ = std::move(pipes.out.read);
    err_ = std::move(pipes.err.read);
    if (spec_.in_sandbox) info_ = std::move(pipes.info.read);
    return {};
  }

  [[nodiscard]] bool is_reading() const { return out_.is_open() || err_.is_open(); }

  [[nodiscard]] int poll_time() const {
    Clock::time_point next = Clock::now() + std::chrono::hours(1);
    if (exited_) next = std::min(next, drain_until_);
    if (stop_at_) next = std::min(next, *stop_at_);
    if (kill_at_) next = std::min(next, *kill_at_);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()).count();
    return static_cast<int>(std::max<std::int64_t>(left, 0));
  }

  void wait_once() {
    std::array<pollfd, 5> polled = {{{out_.get(), POLLIN, 0},
                                     {err_.get(), POLLIN, 0},
                                     {info_.get(), POLLIN, 0},
                                     {signals_.descriptor(), POLLIN, 0},
                                     {exited_ ? -1 : exit_.get(), POLLIN, 0}}};
    poll(polled.data(), polled.size(), poll_time());
    if (polled[0].revents != 0) pass_on(out_, out_sink_);
    if (polled[1].revents != 0) pass_on(err_, err_sink_);
    if (polled[2].revents != 0) read_info();
    if (polled[3].revents != 0) stop(signals_.take());
    if (polled[4].revents != 0) reap();
    if (stop_at_ && Clock::now() >= *stop_at_) {
      stop_at_.reset();
      end_.timed_out = true;
      terminate();
    }
    if (kill_at_ && Clock::now() >= *kill_at_) kill_all();
  }

  static void pass_on(Descriptor& from, const ByteSink& sink) {
    std::array<char, 65536> piece{};
    const ssize_t count = read(from.get(), piece.data(), piece.size());
    if (count > 0) {
      sink(std::string_view(piece.data(), static_cast<std::size_t>(count)));
    } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
      from.reset();
    }
  }

  /// {"child-pid": N}, the id in our own process namespace.
  void read_info() {
    std::array<char, 4096> piece{};
    const ssize_t count = read(info_.get(), piece.data(), piece.size());
    if (count > 0) {
      info_text_.append(piece.data(), static_cast<std::size_t>(count));
      return;
    }
    info_.reset();
    const auto info = nlohmann::json::parse(info_text_, nullptr, /*allow_exceptions=*/false);
    if (!info.is_object() || !info.contains("child-pid") || !info["child-pid"].is_number_integer()) return;
    target_ = Descriptor(pidfd_open(info["child-pid"].get<pid_t>(), 0));
    if (owed_term_) terminate();
  }

  void stop(int signals) {
    end_.cancelled = true;
    if (signals >= 3) {
      kill_all();
      return;
    }
    terminate();
    const seconds grace = signals == 1 ? spec_.grace : std::min(spec_.grace, kHurriedGrace);
    kill_at_ = Clock::now() + grace;
  }

  void terminate() {
    owed_term_ = !target_.is_open();
    if (target_.is_open()) pidfd_send_signal(target_.get(), SIGTERM, nullptr, 0);
    if (!kill_at_) kill_at_ = Clock::now() + spec_.grace;
  }

  /// bubblewrap's death is its child's, and with that the whole process namespace's.
  void kill_all() {
    kill_at_.reset();
    if (!exited_) kill(spec_.in_sandbox ? child_ : -child_, SIGKILL);
  }

  void reap() {
    int status = 0;
    if (waitpid(child_, &status, WNOHANG) != child_) return;
    exited_ = true;
    drain_until_ = Clock::now() + kDrain;
    end_.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  const ChildSpec& spec_;
  StopSignals& signals_;
  const ByteSink& out_sink_;
  const ByteSink& err_sink_;
  pid_t child_ = 0;
  Descriptor exit_, target_, out_, err_, info_;
  std::string info_text_;
  bool owed_term_ = false;  // a stop was asked for before the child's id was known
  bool exited_ = false;
  Clock::time_point drain_until_;
  std::optional<Clock::time_point> stop_at_;
  std::optional<Clock::time_point> kill_at_;
  ChildEnd end_;
};

}  // namespace

Result<ChildEnd> run_child(const ChildSpec& spec, StopSignals& signals, const ByteSink& out, const ByteSink& err) {
  return Run(spec, signals, out, err)();
}

Result<ChildEnd> run_quietly(const std::vector<std::string>& argv, std::string& stderr_text) {
  StopSignals signals;
  ChildSpec spec;
  spec.argv = argv;
  return run_child(spec, signals, [](std::string_view) {}, [&](std::string_view bytes) { stderr_text += bytes; });
}

}  // namespace axon::cli
