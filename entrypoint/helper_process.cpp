#include "entrypoint/helper_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "entrypoint/descriptor.hpp"

namespace axon {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

/// Starts it with stdout in the pipe and a process group of its own. Returns an errno value.
int spawn(const HelperProcess& helper, int output, pid_t& child) {
  std::vector<std::string> words = helper.argv;
  std::vector<std::string> variables;
  for (const auto& [name, value] : helper.environment) variables.push_back(name + "=" + value);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);  // the caller may take its signals from a descriptor
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  const int failed = posix_spawn(&child, words.front().c_str(), &actions, &attributes, pointers(words).data(),
                                 pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failed;
}

/// Reads to the end; false if the time is over or there is too much.
bool read_output(int input, const HelperProcess& helper, std::string& text) {
  const Clock::time_point deadline = Clock::now() + helper.timeout;
  std::array<char, 16384> buffer{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd watched{input, POLLIN, 0};
    const int ready = poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready == 0 || text.size() > helper.max_output) return false;
    if (ready < 0) continue;  // a signal
    const ssize_t count = read(input, buffer.data(), buffer.size());
    if (count == 0) return true;
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

Result<std::string> run_helper(const HelperProcess& helper) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("pipe", errno);
  const Descriptor input(ends[0]);
  Descriptor output(ends[1]);
  pid_t child = -1;
  if (const int failed = spawn(helper, output.get(), child); failed != 0) {
    return fail_errno("start " + helper.argv.front(), failed);
  }
  output.close();
  std::string text;
  const bool complete = read_output(input.get(), helper, text);
  if (!complete) kill(-child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!complete) return fail(Errc::TimedOut, helper.argv.front() + " did not end in time");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
  return fail(Errc::Unavailable, helper.argv.front() + " failed");
}

}  // namespace axon
