// From flags, documents and the caller's environment to one Task that can be run on this machine. Flags win over the
// files, the environment over the config file. Pure: files and variables are read through functions that the caller
// gives.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/adapter.hpp"
#include "cli/config.hpp"
#include "cli/document_set.hpp"
#include "cli/run_options.hpp"
#include "core/secret.hpp"
#include "core/task_file.hpp"

namespace axon::cli {

/// What planning may ask of the world.
struct World {
  std::function<Result<std::string>(const std::string& path)> read;  // "-" is stdin
  std::function<std::optional<std::string>(const std::string& name)> variable;
  std::function<bool(const std::string& task)> has_succeeded;  // a Task of this name, run here before
};

struct LocalTask {
  TaskFile file;  // its workspace has no path yet; empty repo: the caller's directory
  std::string prompt;
  std::string instructions;
  std::vector<McpServer> mcp_servers;
  Environment env;                            // the agent's: credentials, GitHub token, podOverrides.env and --env
  std::vector<std::string> credential_names;  // the variables of env that carry the agent's credential
  Secret github_token;
  Secret ssh_key;           // private key for a repository that is reached by ssh
  std::string known_hosts;  // the hosts that it may be used with
  std::vector<std::string> warnings;
};

/// The Task of the files that is meant: the only one, or that of this name. Null if there is no file.
Result<const NamedTask*> choose_task(const DocumentSet& documents, const std::string& name);

/// The Task's type before it is planned, so that its adapter can be found: flag, file, or claude-code.
std::string task_type(const RunOptions& options, const NamedTask* task);

/// What is said of a type that could be none in an image or a manifest either.
std::unexpected<Error> no_type(const std::string& type);

/// --branch; that of a document has been checked as it was read.
Result<void> check_branch(const RunOptions& options);

/// Of --prompt, else of the Task; fails where there is none, nothing in it, or bytes that are no text.
Result<std::string> prompt_of(const RunOptions& options, const NamedTask* task, const World& world);

/// `manifest` is the agent's adapter where the type is not built in, else null.
Result<LocalTask> plan_task(const RunOptions& options, const UserConfig& config, const DocumentSet& documents,
                            const NamedTask* chosen, const Adapter* manifest, const World& world);

}  // namespace axon::cli
