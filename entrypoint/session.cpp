#include "entrypoint/session.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): POSIX's own names
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace axon {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kChunk = std::size_t{256} * 1024;
constexpr int kPipeSize = 1024 * 1024;
constexpr milliseconds kLastFlush{5'000};

constexpr std::array kSignals = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGCHLD};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  ::fcntl(pipe.read_end.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(pipe.read_end.get(), F_SETPIPE_SZ, kPipeSize);  // fewer wake-ups; refused is fine
  return pipe;
}

/// An open file with these bytes, at its beginning: any length, and no pump that could block.
Descriptor file_of(const std::string& bytes) {
  Descriptor file(::memfd_create("stdin", MFD_CLOEXEC));
  std::string_view rest = bytes;
  while (file && !rest.empty()) {
    const ssize_t n = ::write(file.get(), rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return {};
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

int milliseconds_until(TimePoint at, TimePoint now) {
  if (at <= now) return 0;
  const auto left = std::chrono::ceil<milliseconds>(at - now).count();
  return static_cast<int>(std::min<long>(left, 60'000));
}

}  // namespace

Session::Session() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : kSignals) ::sigaddset(&set, signal);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  signals_ = Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (::getpid() != 1) become_subreaper();
}

std::vector<int> Session::read_signals() {
  std::vector<int> arrived;
  signalfd_siginfo info{};
  while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
    const int signal = static_cast<int>(info.ssi_signo);
    if (signal == SIGCHLD) {
      reaper_.reap();
    } else {
      arrived.push_back(signal);
    }
  }
  return arrived;
}

bool Session::stop_requested() {
  for (const int signal : read_signals()) stop_requested_ = stop_requested_ || signal == SIGTERM || signal == SIGINT;
  return stop_requested_;
}

/// The loop over one child.
class Session::Loop {
 public:
  Loop(Session& session, const Limits& limits, const Listener& listener, bool stdout_to_stderr)
      : session_(session),
        listener_(listener),
        supervisor_(limits, std::chrono::steady_clock::now()),
        stdout_to_(stdout_to_stderr ? session.err_ : session.out_),
        out_{make_pipe(), Redactor(session.secrets_.patterns(), kChunk)},
        err_{make_pipe(), Redactor(session.secrets_.patterns(), kChunk / 8)} {}

  ChildResult run(const Child& child) {
    SpawnRequest request{
        child.argv, child.env, child.working_directory, -1, out_.pipe.write_end.get(), err_.pipe.write_end.get()};
    Descriptor stdin_file;
    if (child.stdin_bytes) {
      stdin_file = file_of(*child.stdin_bytes);
      if (!stdin_file) return {NotStarted{126, "The prompt could not be handed over: out of memory."}, StopCause::None};
      request.stdin_fd = stdin_file.get();
    }
    const auto pid = spawn(request);
    if (!pid) return {pid.error(), StopCause::None};
    child_ = *pid;
    session_.reaper_.watch(*pid, [this](const ProcessEnd& end) { end_ = end; });
    out_.pipe.write_end.close();
    err_.pipe.write_end.close();
    stdin_file.close();
    if (session_.stop_requested_) apply(input::SignalArrived{SIGTERM});
    while (!finished_) turn();
    drain();
    return {*end_, supervisor_.stopped()};
  }

 private:
  struct Source {
    Pipe pipe;
    Redactor redactor;
    bool closed = false;
  };

  void turn() {
    std::array<pollfd, 5> fds = {{{session_.signals_.get(), POLLIN, 0},
                                  {readable(out_, stdout_to_), POLLIN, 0},
                                  {readable(err_, session_.err_), POLLIN, 0},
                                  {session_.out_.blocked() ? session_.out_.fd() : -1, POLLOUT, 0},
                                  {session_.err_.blocked() ? session_.err_.fd() : -1, POLLOUT, 0}}};
    ::poll(fds.data(), fds.size(), timeout());
    if (fds[3].revents != 0) session_.out_.flush();
    if (fds[4].revents != 0) session_.err_.flush();
    if (fds[1].revents != 0) read_stdout();
    if (fds[2].revents != 0) read_stderr();
    if (fds[0].revents != 0) read_signals();
    const TimePoint now = std::chrono::steady_clock::now();
    if (now >= checkpoint_at_) checkpoint_at_ = listener_.checkpoint(now);
    if (const auto at = supervisor_.wake_at(); at && now >= *at) apply(input::Tick{});
  }

  int timeout() const {
    const TimePoint now = std::chrono::steady_clock::now();
    TimePoint next = checkpoint_at_;
    if (const auto at = supervisor_.wake_at()) next = std::min(next, *at);
    return milliseconds_until(next, now);
  }

  static int readable(const Source& source, const Output& output) {
    return source.closed || output.blocked() ? -1 : source.pipe.read_end.get();
  }

  void apply(const Input& input) {
    for (const Command& command : supervisor_.on(input, std::chrono::steady_clock::now())) {
      if (const auto* signal = std::get_if<command::SignalGroup>(&command)) {
        if (!end_) signal_group(child_, signal->signal);
      } else if (std::holds_alternative<command::KillTree>(command)) {
        kill_descendants(session_.reaper_);
        note_exit();
      } else {
        finished_ = true;
      }
    }
  }

  void note_exit() {
    if (!end_ || exit_noted_) return;
    exit_noted_ = true;
    apply(input::ChildExited{});
  }

  void read_signals() {
    for (const int signal : session_.read_signals()) apply(input::SignalArrived{signal});
    note_exit();
  }

  /// One read. False when there was nothing to read.
  bool read_some(Source& source, const Redactor::Sink& sink) {
    const std::span<char> space = source.redactor.space();
    const ssize_t n = ::read(source.pipe.read_end.get(), space.data(), space.size());
    if (n > 0) {
      source.redactor.use(session_.secrets_.patterns());
      source.redactor.commit(static_cast<std::size_t>(n), sink);
      return true;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    close(source, sink);
    return false;
  }

  void close(Source& source, const Redactor::Sink& sink) {
    if (source.closed) return;
    source.redactor.finish(sink);
    source.closed = true;
    if (out_.closed && err_.closed) apply(input::OutputClosed{});
  }

  bool read_stdout() {
    StreamNews news{false, was_done_};
    const bool any = read_some(out_, [&](std::string_view bytes) {
      stdout_to_.write(bytes);
      const StreamNews more = listener_.on_stdout(bytes);
      news = {news.progress || more.progress, more.done};
    });
    if (!any) return false;
    if (news.progress) apply(input::Progress{});
    if (news.done != was_done_) apply(input::Done{news.done});
    was_done_ = news.done;
    return true;
  }

  bool read_stderr() {
    return read_some(err_, [&](std::string_view bytes) { session_.err_.write(bytes); });
  }

  /// What the dead left in the pipes.
  void drain() {
    const auto give_up = std::chrono::steady_clock::now() + kLastFlush;
    const auto left = [&] { return milliseconds(milliseconds_until(give_up, std::chrono::steady_clock::now())); };
    const auto take = [&](Source& source, Output& output, auto&& read) {
      while (!source.closed && left().count() > 0 && read()) output.flush_within(left());
    };
    take(out_, stdout_to_, [&] { return read_stdout(); });
    take(err_, session_.err_, [&] { return read_stderr(); });
    close(out_, [&](std::string_view bytes) { stdout_to_.write(bytes), listener_.on_stdout(bytes); });
    close(err_, [&](std::string_view bytes) { session_.err_.write(bytes); });
    session_.out_.flush_within(left());
    session_.err_.flush_within(left());
  }

  Session& session_;
  const Listener& listener_;
  Supervisor supervisor_;
  Output& stdout_to_;
  Source out_;
  Source err_;
  pid_t child_ = 0;
  std::optional<ProcessEnd> end_;
  TimePoint checkpoint_at_ = TimePoint::min();
  bool exit_noted_ = false;
  bool was_done_ = false;
  bool finished_ = false;
};

ChildResult Session::supervise(const Child& child, const Limits& limits, const Listener& listener) {
  ChildResult result = Loop(*this, limits, listener, child.stdout_to_stderr).run(child);
  if (result.stopped == StopCause::Cancelled) stop_requested_ = true;
  return result;
}

std::optional<std::string> Session::run_helper(const Child& child, milliseconds limit) {
  Pipe pipe = make_pipe();
  const auto pid = spawn({child.argv, child.env, child.working_directory, -1, pipe.write_end.get(), 2});
  if (!pid) return std::nullopt;
  const auto end = std::make_shared<std::optional<ProcessEnd>>();  // outlives us if the helper does
  reaper_.watch(*pid, [end](const ProcessEnd& how) { *end = how; });
  pipe.write_end.close();
  const TimePoint give_up = std::chrono::steady_clock::now() + limit;
  std::string text;
  for (bool closed = false; !*end || !closed;) {
    const TimePoint now = std::chrono::steady_clock::now();
    if (now >= give_up) {
      kill_leftovers();
      return std::nullopt;
    }
    std::array<pollfd, 2> fds = {{{signals_.get(), POLLIN, 0}, {closed ? -1 : pipe.read_end.get(), POLLIN, 0}}};
    ::poll(fds.data(), fds.size(), milliseconds_until(give_up, now));
    std::array<char, 4096> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
    const ssize_t n = closed ? 0 : ::read(pipe.read_end.get(), buffer.data(), buffer.size());
    if (n > 0 && text.size() < std::size_t{65536}) text.append(buffer.data(), static_cast<std::size_t>(n));
    closed = closed || n == 0;
    if (stop_requested()) stop_requested_ = true;
  }
  return **end == ProcessEnd(Exited{0}) ? std::optional(text) : std::nullopt;
}

}  // namespace axon
