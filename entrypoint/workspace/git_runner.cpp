#include "entrypoint/workspace/git_runner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "entrypoint/descriptor.hpp"
#include "entrypoint/workspace/credential.hpp"
#include "entrypoint/workspace/explain.hpp"
#include "entrypoint/workspace/git_program.hpp"
#include "entrypoint/workspace/ssh.hpp"
#include "http/trust.hpp"
#include "http/url.hpp"

namespace axon {
namespace {

/// A child with its three streams.
struct Child {
  pid_t pid = -1;
  Descriptor output;
  Descriptor errors;
};

struct Pipe {
  Descriptor read;
  Descriptor write;

  static Pipe make() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
    return {Descriptor(ends[0]), Descriptor(ends[1])};
  }
};

Result<Child> start(const std::string& program, std::vector<std::string> words, const Environment& environment,
                    int input) {
  Pipe output = Pipe::make();
  Pipe errors = Pipe::make();
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (std::string& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
  };
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  if (input < 0) posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.write.get(), STDERR_FILENO);
  Child child{-1, std::move(output.read), std::move(errors.read)};
  const int failed =
      posix_spawn(&child.pid, program.c_str(), &actions, nullptr, pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return fail_errno("start " + program, failed);
  return child;
}

/// Reads both streams to their ends. What git says of its progress is a sign of life, and is not kept.
void follow(Child& child, std::string& output, std::string& errors, Progress& progress) {
  std::array<char, 16384> buffer{};
  while (child.output || child.errors) {
    std::array<pollfd, 2> watched = {pollfd{child.output.get(), POLLIN, 0}, pollfd{child.errors.get(), POLLIN, 0}};
    if (poll(watched.data(), watched.size(), -1) < 0) continue;
    for (std::size_t i = 0; i < watched.size(); ++i) {
      if (watched[i].revents == 0) continue;
      const ssize_t count = read(watched[i].fd, buffer.data(), buffer.size());
      if (count <= 0) (i == 0 ? child.output : child.errors).close();
      if (count > 0) (i == 0 ? output : errors).append(buffer.data(), static_cast<std::size_t>(count));
    }
    if (const std::size_t line = errors.rfind('\r'); line != std::string::npos) {
      const std::size_t before = errors.find_last_of("\r\n", line == 0 ? 0 : line - 1);
      const std::size_t begin = before == std::string::npos ? 0 : before + 1;
      progress.show(errors.substr(begin, line > begin ? line - begin : 0));
      errors.erase(begin, line + 1 - begin);
    }
    progress.alive();
  }
}

/// OpenSSL's variables mean nothing to a git that was built with another TLS library.
void trust(Environment& environment, const CloneRequest& request) {
  if (request.repo.scheme != "https") return;
  const Result<http::TrustStore> store = http::find_trust_store(request.environment);
  if (store && !store->file.empty()) environment["GIT_SSL_CAINFO"] = store->file;
}

/// The URL's own password: by the environment, which other users cannot read, never by an argument.
void give_password(Environment& environment, const CloneRequest& request) {
  if (request.repo.password.empty()) return;
  const Result<http::Url> url = http::parse_url(request.repo.text);
  const std::optional<Credential> credential = url ? credential_for(request, *url) : std::nullopt;
  if (!credential) return;
  environment["GIT_CONFIG_COUNT"] = "1";
  environment["GIT_CONFIG_KEY_0"] = "http." + credential_origin(request.repo) + "/.extraHeader";
  environment["GIT_CONFIG_VALUE_0"] = "Authorization: " + basic_authorization(*credential);
}

}  // namespace

GitRunner::GitRunner(std::string program, const CloneRequest& request, Progress& progress)
    : program_(std::move(program)),
      request_(&request),
      progress_(&progress),
      settings_(git_settings(request)),
      environment_(request.environment) {
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"})
    environment_.erase(name);
  environment_["LC_ALL"] = "C";  // its messages are read
  environment_["GIT_TERMINAL_PROMPT"] = "0";
  environment_["GIT_LFS_SKIP_SMUDGE"] = "1";  // that is a step of our own, which says more when it fails
  if (!request.ssh_command.empty()) environment_["GIT_SSH_COMMAND"] = request.ssh_command;
  trust(environment_, request);
  give_password(environment_, request);
}

Result<std::string> GitRunner::run(const std::vector<std::string>& words, const std::string& input) {
  std::vector<std::string> argv = {program_, "-C", request_->directory};
  argv.insert(argv.end(), settings_.begin(), settings_.end());
  argv.insert(argv.end(), words.begin(), words.end());
  const Descriptor in(input.empty() ? -1 : memfd_create("input", MFD_CLOEXEC));
  if (in && (write(in.get(), input.data(), input.size()) < 0 || lseek(in.get(), 0, SEEK_SET) < 0)) {
    return fail_errno("input for git", errno);
  }
  Result<Child> child = start(program_, std::move(argv), environment_, in.get());
  if (!child) return std::unexpected(child.error());
  std::string output;
  std::string errors;
  follow(*child, output, errors, *progress_);
  int status = 0;
  while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
  if (errors.empty() && WIFSIGNALED(status)) errors = "it was ended by signal " + std::to_string(WTERMSIG(status));
  return std::unexpected(explained(errors));
}

std::string GitRunner::line(const std::vector<std::string>& words) {
  std::string text = run(words).value_or("");
  return text.substr(0, text.find('\n'));
}

/// git's own words, as far as they are known, in the form that libgit2's errors have.
Error GitRunner::explained(const std::string& said) const {
  if (request_->repo.kind == RepoUrl::Kind::Ssh && !said.contains("error: unable to")) {
    return explain_ssh(said, request_->repo, find_ssh_files(request_->environment));
  }
  if (said.contains("would be overwritten by checkout")) {
    std::string names = said.substr(std::min(said.find('\t'), said.size()));
    names = names.substr(0, names.find("\nPlease"));
    std::erase(names, '\t');
    std::ranges::replace(names, '\n', ' ');
    return {Errc::InvalidInput, "the work tree has changes that the checkout would overwrite: " + names};
  }
  std::string text = said;
  while (text.ends_with('\n')) text.pop_back();
  std::string last = text.substr(text.rfind('\n') + 1);
  for (const std::string_view prefix : {"fatal: ", "error: "}) {
    if (last.starts_with(prefix)) last.erase(0, prefix.size());
  }
  if (said.contains("Authentication failed") || said.contains("could not read Username")) {
    return explain({GIT_EAUTH, GIT_ERROR_HTTP, "authentication"}, *request_,
                   {.asked = 1, .offered = said.contains("Authentication failed")});
  }
  if (const std::size_t code = said.find("returned error: "); code != std::string::npos) {
    return explain({-1, GIT_ERROR_HTTP, "unexpected http status code: " + said.substr(code + 16, 3)}, *request_, {});
  }
  if (said.contains("not found") && request_->repo.kind == RepoUrl::Kind::Http) {
    return explain({-1, GIT_ERROR_HTTP, "unexpected http status code: 404"}, *request_, {});
  }
  if (said.contains("No space left")) return {Errc::NoSpace, disk_full(request_->directory)};
  return {Errc::Unavailable, request_->repo.text + ": git says: " + http::redact_urls(last)};
}

}  // namespace axon
