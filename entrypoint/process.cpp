#include "entrypoint/process.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): POSIX's own names
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>

#include "core/result.hpp"

namespace axon {
namespace {

NotStarted not_found(const std::string& program, const std::string& where) {
  return {127, "The agent's program \"" + program + "\" was not found " + where + "."};
}

bool is_executable_file(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::expected<std::string, NotStarted> find_program(const std::string& program, const Environment& env) {
  if (program.contains('/')) return program;
  const auto found = env.find("PATH");
  const std::string path = found == env.end() ? "/usr/local/bin:/usr/bin:/bin" : found->second;
  bool exists = false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t colon = std::min(path.find(':', at), path.size());
    const std::string candidate = (colon == at ? "." : path.substr(at, colon - at)) + "/" + program;
    if (is_executable_file(candidate)) return candidate;
    exists = exists || ::access(candidate.c_str(), F_OK) == 0;
    at = colon + 1;
  }
  if (exists) return std::unexpected(NotStarted{126, "\"" + program + "\" is in PATH but is not executable."});
  return std::unexpected(not_found(program, "in PATH (" + path + ")"));
}

NotStarted explain(const std::string& program, int error) {
  if (error == ENOENT && ::access(program.c_str(), F_OK) == 0) {
    return {127, "\"" + program + "\" is there, but its interpreter or loader is not in this image."};
  }
  if (error == ENOENT || error == ENOTDIR) return not_found(program, "at that path");
  if (error == EAGAIN) return {126, "\"" + program + "\" was not started: the limit of processes is reached."};
  if (error == E2BIG) return {126, "\"" + program + "\" was not started: its arguments and environment are too long."};
  return {126,
          "\"" + program + "\" cannot be executed: " + std::strerror(error) + "."};  // NOLINT(concurrency-mt-unsafe)
}

/// Null-terminated pointers into strings that outlive them, as exec wants them.
std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (const std::string& text : strings) out.push_back(const_cast<char*>(text.c_str()));  // NOLINT: exec's signature
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> assignments(const Environment& env) {
  std::vector<std::string> out;
  out.reserve(env.size());
  for (const auto& [name, value] : env) out.push_back(name + "=" + value);
  return out;
}

class SpawnAttributes {
 public:
  SpawnAttributes() {
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&actions);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnAttributes() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;

  posix_spawnattr_t attributes{};
  posix_spawn_file_actions_t actions{};
};

ProcessEnd end_of(int status) {
  if (WIFSIGNALED(status)) return Signaled{WTERMSIG(status)};
  return Exited{WEXITSTATUS(status)};
}

/// The parent of every process, from /proc.
std::map<pid_t, pid_t> parents() {
  std::map<pid_t, pid_t> out;
  DIR* proc = ::opendir("/proc");
  if (proc == nullptr) return out;
  while (const dirent* entry = ::readdir(proc)) {  // NOLINT(concurrency-mt-unsafe): one thread
    const pid_t pid = std::atoi(entry->d_name);    // NOLINT(cert-err34-c): 0 for names that are none
    if (pid <= 0) continue;
    std::FILE* stat = std::fopen(("/proc/" + std::to_string(pid) + "/stat").c_str(), "re");
    if (stat == nullptr) continue;
    char line[512];  // NOLINT: pid (comm ≤ 16 bytes) state ppid
    const std::size_t n = std::fread(line, 1, sizeof line - 1, stat);
    std::fclose(stat);
    line[n] = '\0';
    // The name in parentheses may itself hold a parenthesis: what counts is the last one.
    char state = 0;
    int parent = 0;
    const char* after = std::strrchr(line, ')');
    if (after != nullptr && std::sscanf(after, ") %c %d", &state, &parent) == 2 && state != 'Z') out[pid] = parent;
  }
  ::closedir(proc);
  return out;
}

std::set<pid_t> descendants() {
  const std::map<pid_t, pid_t> parent_of = parents();
  const pid_t self = ::getpid();
  std::set<pid_t> found;
  for (const auto& [pid, parent] : parent_of) {
    pid_t at = parent;
    for (std::size_t hops = 0; at != self && hops < parent_of.size(); ++hops) {
      const auto next = parent_of.find(at);
      if (next == parent_of.end()) break;
      at = next->second;
    }
    if (at == self) found.insert(pid);
  }
  return found;
}

bool has_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/// Stops everything before it kills anything: what is stopped cannot fork away from the next look. Who forks faster
/// than we look is not waited for beyond `give_up`.
void kill_found(std::chrono::steady_clock::time_point give_up) {
  std::set<pid_t> stopped;
  for (std::set<pid_t> seen = descendants(); !std::ranges::includes(stopped, seen); seen = descendants()) {
    for (const pid_t pid : seen) ::kill(pid, SIGSTOP);
    stopped.merge(seen);
    if (std::chrono::steady_clock::now() >= give_up) break;
  }
  for (const pid_t pid : stopped) ::kill(pid, SIGKILL);
}

}  // namespace

std::expected<pid_t, NotStarted> spawn(const SpawnRequest& request) {
  const auto program = find_program(request.argv.at(0), request.env);
  if (!program) return std::unexpected(program.error());
  SpawnAttributes spec;
  if (!request.working_directory.empty()) {
    ::posix_spawn_file_actions_addchdir_np(&spec.actions, request.working_directory.c_str());
  }
  if (request.stdin_fd < 0) {
    ::posix_spawn_file_actions_addopen(&spec.actions, 0, "/dev/null", O_RDONLY, 0);
  } else {
    ::posix_spawn_file_actions_adddup2(&spec.actions, request.stdin_fd, 0);
  }
  ::posix_spawn_file_actions_adddup2(&spec.actions, request.stdout_fd, 1);
  ::posix_spawn_file_actions_adddup2(&spec.actions, request.stderr_fd, 2);
  const std::vector<std::string> environment = assignments(request.env);
  const std::vector<char*> argv = pointers(request.argv);
  const std::vector<char*> envp = pointers(environment);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, program->c_str(), &spec.actions, &spec.attributes, argv.data(), envp.data());
  if (error != 0) return std::unexpected(explain(*program, error));
  return pid;
}

void signal_group(pid_t leader, int signal) {
  ::kill(-leader, signal);
  if (::getpgid(leader) != leader) ::kill(leader, signal);
}

void Reaper::watch(pid_t pid, Callback on_end) { watched_[pid] = std::move(on_end); }

void Reaper::reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    const auto found = watched_.find(pid);
    if (found == watched_.end()) continue;
    const Callback on_end = std::move(found->second);
    watched_.erase(found);
    on_end(end_of(status));
  }
}

void become_subreaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

void kill_descendants(Reaper& reaper) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (std::chrono::steady_clock::now() < give_up) {
    reaper.reap();
    if (!has_children()) return;
    // As PID 1 everything in the namespace is ours, and the kernel signals all of it without letting any fork between.
    ::getpid() == 1 ? static_cast<void>(::kill(-1, SIGKILL)) : kill_found(give_up);
    ::poll(nullptr, 0, 1);  // a killed process is gone only after it was scheduled once more
  }
}

}  // namespace axon
