#include "kube/run_plugin.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>

namespace axon::kube {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

constexpr std::size_t kMaxOutput = 1U << 20U;

/// A child that does not outlive its owner.
class Child {
 public:
  Child() = default;
  ~Child() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Gives errno, or 0 and the end of its stdout that is to be read.
  int start(const ExecPlugin& plugin, const Environment& environment, int& output) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    if (!has_terminal()) posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    std::vector<std::string> words = {plugin.command};
    words.insert(words.end(), plugin.args.begin(), plugin.args.end());
    std::vector<std::string> settings;
    for (const auto& [name, value] : environment) settings.push_back(name + "=" + value);
    const int failed = posix_spawnp(&pid_, plugin.command.c_str(), &actions, nullptr, pointers(words).data(),
                                    pointers(settings).data());
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output = ends[0];
    if (failed == 0) return 0;
    pid_ = -1;
    close(ends[0]);
    return failed;
  }

  /// Becomes readable when the child has ended; -1 with errno where the kernel has no such thing.
  [[nodiscard]] int open_pidfd() const { return static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)); }

  /// Once it has ended: its exit code, 128+n for a signal.
  int reap() {
    int status = 0;
    waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  }

  pid_t pid_ = -1;
};

awaitable<Result<std::string>> read_all(asio::posix::stream_descriptor& pipe) {
  std::string output;
  char buffer[4096];
  for (;;) {
    const auto bytes = asio::buffer(buffer);
    const auto [failed, count] = co_await pipe.async_read_some(bytes, asio::as_tuple(asio::use_awaitable));
    output.append(buffer, count);
    if (failed == asio::error::eof) co_return output;
    if (failed) co_return fail(Errc::Unavailable, "its output cannot be read: " + failed.message());
    if (output.size() > kMaxOutput) co_return fail(Errc::Unauthorized, "it prints more than 1 MiB");
  }
}

}  // namespace

bool has_terminal() { return isatty(STDIN_FILENO) != 0; }

awaitable<Result<std::string>> run_plugin(ExecPlugin plugin, Environment environment, std::string info) {
  const std::string who = "the credential plugin " + plugin.command;
  if (plugin.needs_terminal && !has_terminal()) {
    co_return fail(Errc::Unauthorized, who + " wants a terminal (interactiveMode: Always), and stdin is none");
  }
  for (const auto& [name, value] : plugin.env) environment[name] = value;
  environment["KUBERNETES_EXEC_INFO"] = std::move(info);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Child child;
  int output = -1;
  if (const int failed = child.start(plugin, environment, output); failed != 0) {
    const std::string hint = plugin.install_hint.empty() ? "" : "\n" + plugin.install_hint;
    co_return fail_errno(who + " cannot be started" + hint, failed);
  }
  asio::posix::stream_descriptor pipe(executor, output);
  Result<std::string> printed = co_await read_all(pipe);
  if (!printed) co_return wrap(who, std::move(printed).error());
  if (const int end = child.open_pidfd(); end >= 0) {  // otherwise the wait below blocks: it has closed its stdout
    asio::posix::stream_descriptor ended(executor, end);
    co_await ended.async_wait(asio::posix::descriptor_base::wait_read, asio::as_tuple(asio::use_awaitable));
  }
  if (const int code = child.reap(); code != 0) {
    co_return fail(Errc::Unauthorized, who + " failed with exit code " + std::to_string(code));
  }
  co_return printed;
}

}  // namespace axon::kube
