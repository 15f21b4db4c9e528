#include "entrypoint/workspace/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "entrypoint/descriptor.hpp"

namespace axon {
namespace {

using Clock = std::chrono::steady_clock;

/// TERM and INT as a descriptor, for as long as this lives. An init container's first process would otherwise not even
/// notice a TERM.
class CaughtSignals {
 public:
  CaughtSignals() {
    sigset_t caught;
    sigemptyset(&caught);
    sigaddset(&caught, SIGTERM);
    sigaddset(&caught, SIGINT);
    sigprocmask(SIG_BLOCK, &caught, &before_);
    descriptor_ = Descriptor(signalfd(-1, &caught, SFD_CLOEXEC));
  }
  ~CaughtSignals() { restore(); }
  CaughtSignals(const CaughtSignals&) = delete;
  CaughtSignals& operator=(const CaughtSignals&) = delete;

  void restore() const { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  [[nodiscard]] int take() const {
    signalfd_siginfo info{};
    return read(descriptor_.get(), &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : SIGTERM;
  }

 private:
  sigset_t before_{};
  Descriptor descriptor_;
};

[[noreturn]] void be_child(const std::function<std::string(int)>& work, int output, pid_t parent) {
  setpgid(0, 0);  // with an ssh that it starts
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  signal(SIGPIPE, SIG_IGN);  // a server that hangs up is an error to report
  std::string answer = "=" + work(output);
  for (std::string_view rest = answer; !rest.empty();) {
    const ssize_t count = write(output, rest.data(), rest.size());
    if (count <= 0 && errno != EINTR) break;
    if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
  }
  _exit(0);
}

/// Splits what the child writes: lines of progress, and from the "=" on its answer.
class Reader {
 public:
  explicit Reader(const std::function<void(const std::string&)>& show) : show_(show) {}

  void take(std::string_view bytes) {
    text_ += bytes;
    while (!text_.empty() && text_.front() != '=') {
      const std::size_t end = text_.find('\n');
      if (end == std::string::npos) return;
      if (text_.starts_with("p ")) show_(text_.substr(2, end - 2));
      text_.erase(0, end + 1);
    }
  }

  /// Empty if the child gave none.
  [[nodiscard]] std::optional<std::string> answer() const {
    return text_.starts_with('=') ? std::optional(text_.substr(1)) : std::nullopt;
  }

 private:
  const std::function<void(const std::string&)>& show_;
  std::string text_;
};

struct Deadlines {
  explicit Deadlines(const ChildLimits& given) : limits(given) {}

  [[nodiscard]] std::optional<ChildEnd::Kind> passed(Clock::time_point now) const {
    if (limits.overall.count() > 0 && now - started >= limits.overall) return ChildEnd::Kind::TimedOut;
    if (limits.stall.count() > 0 && now - alive >= limits.stall) return ChildEnd::Kind::Stalled;
    return std::nullopt;
  }

  /// Milliseconds until one of them may have passed; -1: there is none.
  [[nodiscard]] int wait(Clock::time_point now) const {
    auto next = Clock::duration::max();
    if (limits.overall.count() > 0) next = std::min(next, started + limits.overall - now);
    if (limits.stall.count() > 0) next = std::min(next, alive + limits.stall - now);
    if (next == Clock::duration::max()) return -1;
    return static_cast<int>(
        std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(next).count() + 1, 0));
  }

  ChildLimits limits;
  Clock::time_point started = Clock::now();
  Clock::time_point alive = started;
};

/// Follows the child until its pipe closes, a deadline passes or a signal arrives.
std::optional<ChildEnd> follow(int input, const CaughtSignals& signals, const ChildLimits& limits, Reader& reader) {
  Deadlines deadlines(limits);
  std::array<pollfd, 2> watched = {pollfd{input, POLLIN, 0}, pollfd{signals.descriptor(), POLLIN, 0}};
  std::array<char, 16384> buffer{};
  for (;;) {
    const int ready = poll(watched.data(), watched.size(), deadlines.wait(Clock::now()));
    if (ready > 0 && watched[1].revents != 0) return ChildEnd{ChildEnd::Kind::Interrupted, "", signals.take()};
    if (ready > 0 && watched[0].revents != 0) {
      const ssize_t count = read(input, buffer.data(), buffer.size());
      if (count == 0) return std::nullopt;
      if (count > 0) reader.take({buffer.data(), static_cast<std::size_t>(count)});
      deadlines.alive = Clock::now();
    }
    if (const auto passed = deadlines.passed(Clock::now())) return ChildEnd{*passed, "", 0};
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

ChildEnd run_in_child(const std::function<std::string(int progress)>& work, const ChildLimits& limits,
                      const std::function<void(const std::string& text)>& show) {
  std::array<int, 2> pipe_ends{-1, -1};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return {};
  Descriptor input(pipe_ends[0]);
  Descriptor output(pipe_ends[1]);
  const CaughtSignals signals;
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return {};
  if (child == 0) {
    signals.restore();
    input.close();
    be_child(work, output.get(), parent);
  }
  setpgid(child, child);  // whoever comes first: a kill must not miss the group
  output.close();
  Reader reader(show);
  const std::optional<ChildEnd> ended = follow(input.get(), signals, limits, reader);
  kill(-child, SIGKILL);  // also what the child started and left
  const int status = wait_for(child);
  if (ended) return *ended;
  if (std::optional<std::string> answer = reader.answer()) return {ChildEnd::Kind::Answered, *std::move(answer), 0};
  return {ChildEnd::Kind::Died, "", WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

}  // namespace axon
