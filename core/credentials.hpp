// Which variable carries the credential of a Task, by its type and kind of credential; the key in the Secret has the
// same name. And what a repository's host makes of the GitHub token.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/launch.hpp"

namespace axon {

/// The variables that may carry the credential: one, or for a kind that is not said ("") all of the type's. Empty for
/// a type that is not built in, and for the kind "none".
std::vector<std::string> credential_variables(std::string_view type, std::string_view kind);

/// The built-in types.
std::vector<std::string> builtin_types();

/// Their names as people are told them: "claude-code, codex, gemini, opencode".
std::string builtin_type_names();

/// The variables by which git, gh and the agent find the token of this repository's host: GITHUB_TOKEN and GH_TOKEN
/// for github.com, GH_ENTERPRISE_TOKEN and GH_HOST for any other host.
Environment github_variables(std::string_view repo, const std::string& token);

/// The REST API of a host of GitHub's, without a slash at the end: "https://api.github.com", or that of an Enterprise
/// server. `host` has its port where it has one.
std::string github_api(std::string_view host);

/// The host of an https, ssh, git or scp-like URL, without user and port; empty for a path.
std::string repo_host(std::string_view repo);

/// An ssh:// or scp-like URL.
bool is_ssh(std::string_view repo);

}  // namespace axon
