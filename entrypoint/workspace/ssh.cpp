#include "entrypoint/workspace/ssh.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "core/contract.hpp"
#include "core/encoding.hpp"
#include "entrypoint/descriptor.hpp"
#include "entrypoint/path_search.hpp"
#include "entrypoint/token.hpp"
#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/own_program.hpp"
#include "entrypoint/write_all.hpp"

namespace axon {
namespace {

constexpr int kCannotStart = 255;  // as ssh itself

std::string find_ssh(const Environment& environment) {
  return find_program("ssh", value_of(environment, "PATH"), [](const std::string&) { return true; });
}

std::string named_or_in_task(const Environment& environment, std::string_view variable, std::string_view file) {
  if (std::string named = value_of(environment, variable); !named.empty()) return named;
  std::string directory = value_of(environment, contract::env::kTaskDir);
  if (directory.empty()) directory = contract::kTaskDir;
  std::string path = directory + "/" + std::string(file);
  return access(path.c_str(), F_OK) == 0 ? path : "";
}

bool has_own_way(const Environment& environment) {
  return !value_of(environment, "GIT_SSH_COMMAND").empty() || !value_of(environment, "GIT_SSH").empty();
}

/// The cipher of a key in OpenSSH's own format: the first string behind its magic.
bool is_encrypted(std::string_view text) {
  if (text.contains("Proc-Type: 4,ENCRYPTED") || text.contains("BEGIN ENCRYPTED PRIVATE KEY")) return true;
  constexpr std::string_view kBegin = "-----BEGIN OPENSSH PRIVATE KEY-----";
  const std::size_t begin = text.find(kBegin);
  if (begin == std::string_view::npos) return false;
  std::string base64;
  for (const char c : text.substr(begin + kBegin.size(), 200)) {
    if (c == '-') break;
    if (c != '\n' && c != '\r' && c != ' ') base64 += c;
  }
  base64.resize(base64.size() / 4 * 4);
  const std::string head = from_base64(base64).value_or("");
  const std::string magic("openssh-key-v1\0\0\0\0", 18);
  return head.starts_with(magic) && head.substr(18, 5) != std::string("\4none", 5);
}

/// ssh refuses a key of its own user that others may read, and one with the line ends of another system.
bool needs_copy(const std::string& path, const std::string& text) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return false;
  return (status.st_uid == getuid() && (status.st_mode & 077U) != 0) || text.contains('\r') || !text.ends_with('\n');
}

/// A copy in memory that only this user can read. It is gone with this process, however that ends.
Result<Descriptor> private_copy(std::string text) {
  std::erase(text, '\r');
  if (!text.ends_with('\n')) text += '\n';
  Descriptor copy(memfd_create("ssh-key", MFD_CLOEXEC));
  if (!copy || fchmod(copy.get(), 0600) != 0) return fail_errno("copy the ssh key", errno);
  if (Result<void> written = write_all(copy.get(), text, "the ssh key"); !written) {
    return std::unexpected(written.error());
  }
  return copy;
}

/// As another process sees it.
std::string path_of(const Descriptor& descriptor) {
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(descriptor.get());
}

[[noreturn]] void become(const std::string& program, std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  std::fprintf(stderr, "axon-entrypoint ssh: %s cannot be started\n", program.c_str());
  _exit(kCannotStart);
}

/// Runs it and waits: this process holds the copy of the key.
int run_and_wait(const std::string& program, const std::vector<std::string>& words) {
  const pid_t child = fork();
  if (child == 0) become(program, words);
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (child < 0) return kCannotStart;
  return WIFEXITED(status) ? WEXITSTATUS(status) : kCannotStart;
}

int complain(const std::string& problem) {
  std::fprintf(stderr, "axon-entrypoint ssh: %s\n", problem.c_str());
  return kCannotStart;
}

}  // namespace

SshFiles find_ssh_files(const Environment& environment) {
  return {named_or_in_task(environment, contract::env::kSshKeyFile, contract::kSshKeyFile),
          named_or_in_task(environment, contract::env::kSshKnownHostsFile, contract::kSshKnownHostsFile)};
}

std::vector<std::string> ssh_options(const SshFiles& files) {
  std::vector<std::string> options;
  if (!files.key.empty()) options = {"-i", files.key, "-o", "IdentitiesOnly=yes"};
  if (!files.known_hosts.empty()) {
    options.insert(options.end(), {"-o", "UserKnownHostsFile=\"" + files.known_hosts + "\""});
  }
  for (const char* option : {"BatchMode=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=30",
                             "ServerAliveInterval=15", "ServerAliveCountMax=4"}) {
    options.insert(options.end(), {"-o", option});
  }
  return options;
}

std::string key_problem(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "it is empty";
  if (text.starts_with("PuTTY-User-Key-File")) return "it is a key of PuTTY: convert it to OpenSSH's format";
  if (text.starts_with("ssh-") || text.starts_with("ecdsa-")) return "it is a public key: the private one is needed";
  if (!text.contains("PRIVATE KEY-----")) return "it holds no private key";
  if (is_encrypted(text)) return "it is protected by a passphrase, which nobody can type here: use a key without one";
  return "";
}

std::string ssh_problem(const RepoUrl& repo, const Environment& environment) {
  if (repo.kind != RepoUrl::Kind::Ssh || has_own_way(environment)) return "";
  if (find_ssh(environment).empty()) {
    return repo.text +
           " is reached by ssh, and there is no ssh program in PATH: use the https URL with a token, or an "
           "image that has ssh";
  }
  const std::string key = find_ssh_files(environment).key;
  if (key.empty()) return "";
  const Result<std::string> text = read_small_file(key);
  const std::string problem = text ? key_problem(*text) : text.error().message;
  return problem.empty() ? "" : "the ssh key " + key + " cannot be used: " + problem;
}

std::string git_ssh_command(const Environment& environment) {
  if (has_own_way(environment) || find_ssh_files(environment) == SshFiles{}) return "";
  return own_command("ssh");
}

Result<std::vector<std::string>> ssh_command(const RepoUrl& repo, const Environment& environment) {
  std::vector<std::string> argv;
  std::string shell = value_of(environment, "GIT_SSH_COMMAND");
  if (!shell.empty()) {
    argv = {"/bin/sh", "-c", shell + " \"$@\"", "ssh"};
  } else if (const std::string program = value_of(environment, "GIT_SSH"); !program.empty()) {
    argv = {program};
  } else if (!git_ssh_command(environment).empty()) {
    argv = {own_program(), "ssh"};
  } else if (const std::string ssh = find_ssh(environment); !ssh.empty()) {
    argv = {ssh};
  } else {
    return fail(Errc::NotFound, "there is no ssh program in PATH");
  }
  if (!repo.port.empty()) argv.insert(argv.end(), {"-p", repo.port});
  argv.push_back((repo.user.empty() ? "" : repo.user + "@") + repo.host);
  return argv;
}

std::vector<Secret> ssh_key_lines(const Environment& environment) {
  const std::string key = find_ssh_files(environment).key;
  const std::string text = key.empty() ? "" : read_small_file(key).value_or("");
  std::vector<Secret> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    const std::string line = text.substr(at, end - at);
    if (!line.empty() && !line.starts_with("-----")) lines.emplace_back(line);
    at = end + 1;
  }
  return lines;
}

int ssh_main(std::span<const std::string> args) {
  const Environment environment = current_environment();
  const std::string program = find_ssh(environment);
  if (program.empty()) return complain("there is no ssh program in PATH");
  SshFiles files = find_ssh_files(environment);
  Descriptor copy;
  if (!files.key.empty()) {
    const Result<std::string> text = read_small_file(files.key);
    if (!text) return complain(text.error().message);
    if (const std::string problem = key_problem(*text); !problem.empty()) return complain(files.key + ": " + problem);
    if (needs_copy(files.key, *text)) {
      Result<Descriptor> copied = private_copy(*text);
      if (!copied) return complain(copied.error().message);
      copy = *std::move(copied);
      files.key = path_of(copy);
    }
  }
  std::vector<std::string> words = ssh_options(files);
  words.insert(words.begin(), "ssh");
  words.insert(words.end(), args.begin(), args.end());
  if (!copy) become(program, words);
  return run_and_wait(program, words);
}

}  // namespace axon
