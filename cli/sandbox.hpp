// The sandbox of a run on one machine, as a command line of bubblewrap: own processes, IPC and host name; of the file
// system only what is listed. Pure: what is there on this machine comes in with the spec.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace axon::cli {

struct Bind {
  std::string from;
  std::string to;
  bool writable = false;
  bool operator==(const Bind&) const = default;
};

struct SandboxSpec {
  std::string bwrap;                                       // the program
  std::vector<std::string> system;                         // directories bound read-only at their own path
  std::vector<std::pair<std::string, std::string>> links;  // path -> target: merged /usr, the agent's own links
  std::vector<Bind> binds;                                 // in order: later ones lie over earlier ones
  std::string working_directory;
  int info_descriptor = -1;  // bwrap writes {"child-pid": N} to it
  std::vector<std::string> command;
  bool operator==(const SandboxSpec&) const = default;
};

/// The whole argv. The environment is bwrap's own, given beside it and never here.
std::vector<std::string> sandbox_argv(const SandboxSpec& spec);

/// What of /etc a program needs to resolve names, check certificates and know users; never shadow, ssh or sudoers.
const std::vector<std::string>& visible_etc();

/// True if the path lies at or below one of the directories.
bool is_below(const std::string& path, const std::vector<std::string>& directories);

/// The entries of a PATH that are at or below one of these directories, in order, after `first`; each once.
std::string visible_path(const std::string& path, const std::vector<std::string>& visible,
                         const std::vector<std::string>& first);

/// True for a variable of the caller that programs need on any machine: language, terminal, proxies, certificates,
/// and the agents' own settings (base URLs, CLAUDE_CODE_…). Everything else stays outside.
bool passes_into_sandbox(const std::string& name);

}  // namespace axon::cli
