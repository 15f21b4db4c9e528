// Where a Task's variables and credentials come from on one machine: a Secret in the files, else the variable of the
// same name in the caller's environment, else the config file.
#pragma once

#include "cli/task_plan.hpp"

namespace axon::cli {

/// A key of a Secret in the files, else the caller's variable of this name. Empty values count as absent.
std::optional<std::string> find_secret(const DocumentSet& documents, const std::string& secret, const std::string& key,
                                       const World& world);

/// The variables of --env, with the caller's own values where only a name is given.
Result<Environment> flag_environment(const RunOptions& options, const World& world);

/// podOverrides.env, then --env, then the agent's credential. Fails where the credential is nowhere to be found, naming
/// the variables.
Result<void> add_environment(LocalTask& task, const RunOptions& options, const UserConfig& config,
                             const DocumentSet& documents, const TaskSpec& spec, const Adapter* manifest,
                             const World& world);

/// `ssh-privatekey` and `known_hosts` of the Workspace's secretRef; else the files that AXON_SSH_KEY_FILE and
/// AXON_SSH_KNOWN_HOSTS_FILE of the caller name. The caller's own ~/.ssh is never looked at.
Result<void> add_ssh_key(LocalTask& task, const DocumentSet& documents, const WorkspaceSpec& workspace,
                         const World& world);

/// The token of the Workspace's secretRef; without a Workspace, GITHUB_TOKEN or GH_TOKEN of the caller where there is
/// one, else the config file's for this repository.
Result<void> add_github_token(LocalTask& task, const UserConfig& config, const DocumentSet& documents,
                              const WorkspaceSpec& workspace, const World& world);

}  // namespace axon::cli
