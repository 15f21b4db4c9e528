#include <array>

#include "entrypoint/workspace/ssh.hpp"

namespace axon {
namespace {

struct Case {
  const char* words;
  Errc code;
  std::string (*sentence)(const RepoUrl& repo, const SshFiles& files);
};

std::string known_hosts_hint(const SshFiles& files) {
  return files.known_hosts.empty() ? "add a known_hosts to the Secret" : "correct " + files.known_hosts;
}

std::string key_of(const SshFiles& files) {
  return files.key.empty() ? "every key that ssh has here" : "the key " + files.key;
}

constexpr std::array<Case, 12> kCases = {{
    {"REMOTE HOST IDENTIFICATION HAS CHANGED", Errc::Unauthorized,
     [](const RepoUrl& repo, const SshFiles& files) {
       return "the host key of " + repo.host + " is not the one in known_hosts: if it was really changed, " +
              known_hosts_hint(files);
     }},
    {"Host key verification failed", Errc::Unauthorized,
     [](const RepoUrl& repo, const SshFiles& files) {
       return "the host key of " + repo.host + " is not known: " + known_hosts_hint(files) + " (ssh-keyscan " +
              (repo.port.empty() ? "" : "-p " + repo.port + " ") + repo.host +
              " prints one; compare it with what the host publishes)";
     }},
    {"No user exists for uid", Errc::InvalidInput,
     [](const RepoUrl&, const SshFiles&) {
       return std::string(
           "ssh does not run as a user without a line in /etc/passwd: add one to the image, or use the "
           "https URL with a token");
     }},
    {"UNPROTECTED PRIVATE KEY FILE", Errc::InvalidInput,
     [](const RepoUrl&, const SshFiles& files) { return "ssh refuses " + key_of(files) + ": others may read it"; }},
    {"invalid format", Errc::InvalidInput,
     [](const RepoUrl&, const SshFiles& files) { return "ssh cannot read " + key_of(files) + ": it is damaged"; }},
    {"error in libcrypto", Errc::InvalidInput,
     [](const RepoUrl&, const SshFiles& files) { return "ssh cannot read " + key_of(files) + ": it is damaged"; }},
    {"Permission denied", Errc::Unauthorized,
     [](const RepoUrl& repo, const SshFiles& files) {
       return repo.host + " refused " + key_of(files) + (repo.user.empty() ? "" : " for the user " + repo.user) +
              ": is its public half registered there, and may it read this repository?" +
              (files.key.empty() ? " Give one as ssh-privatekey in the Workspace's Secret" : "");
     }},
    {"Could not resolve hostname", Errc::Unavailable,
     [](const RepoUrl& repo, const SshFiles&) { return "host not found: " + repo.host; }},
    {"Connection refused", Errc::Unavailable,
     [](const RepoUrl& repo, const SshFiles&) {
       return "cannot connect to " + repo.host + " by ssh: connection refused";
     }},
    {"timed out", Errc::TimedOut,
     [](const RepoUrl& repo, const SshFiles&) { return repo.host + " does not answer by ssh"; }},
    {"not found", Errc::NotFound,
     [](const RepoUrl& repo, const SshFiles& files) {
       return "repository not found: " + repo.text + "; check its name and that " + key_of(files) + " may read it";
     }},
    {"does not appear to be a git repository", Errc::NotFound,
     [](const RepoUrl& repo, const SshFiles&) { return "repository not found: " + repo.text + "; check its name"; }},
}};

}  // namespace

Error explain_ssh(const std::string& said, const RepoUrl& repo, const SshFiles& files) {
  for (const Case& known : kCases) {
    if (said.contains(known.words)) return {known.code, known.sentence(repo, files)};
  }
  std::string line = said.substr(0, said.find_last_not_of(" \r\n") + 1);
  line = line.substr(line.rfind('\n') + 1);
  return {Errc::Unavailable, "ssh to " + repo.host + " failed" + (line.empty() ? "" : ": " + line)};
}

}  // namespace axon
