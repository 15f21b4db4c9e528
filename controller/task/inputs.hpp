// What a Task refers to, found and merged, and the settings of the controller: all that a Job is built from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/documents.hpp"
#include "core/secret.hpp"

namespace axon::controller {

/// Flags of the manager.
struct Settings {
  std::map<std::string, std::string> images;  // of the agents, by type
  std::string runtime_image;                  // of axon-entrypoint alone
  std::string pull_policy;                    // empty: as Kubernetes decides
  bool set_user = true;                       // runAsUser and fsGroup; false where the cluster chooses them (OpenShift)
};

/// Where the GitHub token of a Workspace is: a Secret with the key GITHUB_TOKEN, the user's own or one that the manager
/// keeps fresh for a GitHub App.
struct TokenSource {
  std::string secret;  // empty: none
  bool operator==(const TokenSource&) const = default;
};

struct Inputs {
  std::optional<WorkspaceSpec> workspace;
  AgentConfigSpec config;  // of all agentConfigRefs, merged in order, with the values of Secrets in it
  TokenSource token;
  std::string ssh_secret;  // with the ssh-privatekey, and the known_hosts, of the Workspace; empty: none
  std::string prompt;      // its template carried out
};

}  // namespace axon::controller
