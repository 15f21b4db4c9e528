// ssh with the key that the Task was given. `axon-entrypoint ssh` is what git runs in the clone, so that a key lies
// nowhere but in the file it came in, and one that is replaced is taken up by the next fetch or push.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/launch.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "entrypoint/workspace/repo_url.hpp"

namespace axon {

struct SshFiles {
  std::string key;          // private key; empty: ssh's own ways
  std::string known_hosts;  // empty: ssh's own files

  bool operator==(const SshFiles&) const = default;
};

/// AXON_SSH_KEY_FILE and AXON_SSH_KNOWN_HOSTS_FILE, else `ssh-privatekey` and `known_hosts` in the task directory, the
/// keys of a Secret of type kubernetes.io/ssh-auth.
SshFiles find_ssh_files(const Environment& environment);

/// The options that go before the host. Nothing is asked on a terminal, and no unknown host is trusted.
std::vector<std::string> ssh_options(const SshFiles& files);

/// Why ssh cannot use this text as a private key; empty if it may. Never part of the text.
std::string key_problem(std::string_view text);

/// A sentence if the repository cannot be reached by ssh from here: no ssh program, no usable key.
std::string ssh_problem(const RepoUrl& repo, const Environment& environment);

/// "PROGRAM ssh" for git; empty where the Task gave neither a key nor known hosts, or GIT_SSH_COMMAND has its own way.
std::string git_ssh_command(const Environment& environment);

/// The argv that runs a command at the repository's host, up to that command.
Result<std::vector<std::string>> ssh_command(const RepoUrl& repo, const Environment& environment);

/// What ssh said when it failed, as one sentence that says what to do.
Error explain_ssh(const std::string& said, const RepoUrl& repo, const SshFiles& files);

/// The lines of the Task's key, which must not appear in any output; none if there is no key.
std::vector<Secret> ssh_key_lines(const Environment& environment);

/// `axon-entrypoint ssh ARGS…`: the arguments of ssh itself. Returns its exit code, 255 if it cannot be started.
int ssh_main(std::span<const std::string> args);

}  // namespace axon
