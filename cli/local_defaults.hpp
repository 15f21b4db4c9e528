// What the config file gives a run on this machine, where flags, documents and the caller's environment say nothing.
// The repository that the caller stands in is a part of that environment. Pure.
#pragma once

#include "cli/config.hpp"
#include "cli/task_plan.hpp"

namespace axon::cli {

/// Type, repository and ref.
RunOptions with_defaults(RunOptions options, const UserConfig& config, const NamedTask* chosen, bool is_in_repository);

/// Workspace and AgentConfig by the names that the file gives, if the documents have them; `warnings` gets what they
/// lack.
void add_default_references(TaskSpec& spec, const UserConfig& config, const DocumentSet& documents,
                            std::vector<std::string>& warnings);

/// Puts the file's token into the Task if it is for this type and of this kind ("": any).
bool take_config_token(LocalTask& task, const UserConfig& config, const std::string& kind, const Adapter* manifest);

/// The file's token for the repository, if it stands beside this one.
std::optional<std::string> config_github_token(const UserConfig& config, const std::string& repo);

/// What to put where, as the end of a sentence: ", or put oauthToken or apiKey into FILE"; and why a token that is
/// there does not serve.
std::string config_advice(const UserConfig& config, const std::string& type);

}  // namespace axon::cli
