// The user's own defaults, ~/.axon/config.yaml: credentials, namespace, type and model, the Workspace that runs use.
// A flag wins over the file, the file over the default. Holds secrets: nothing here prints them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/launch.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace axon::cli {

struct ConfigGithubApp {
  std::string app_id;
  std::string installation_id;
  std::string private_key_path;  // "~/" and what is relative to the file are resolved by load_user_config()
  bool operator==(const ConfigGithubApp&) const = default;
};

/// An existing Workspace by its name, or a repository that one is made of.
struct ConfigWorkspace {
  std::string name;
  std::string repo;
  std::string ref;
  Secret token;
  std::optional<ConfigGithubApp> github_app;
  bool operator==(const ConfigWorkspace&) const = default;
};

/// What the file says; empty where it says nothing.
struct UserConfig {
  Secret oauth_token;  // at most one of the two
  Secret api_key;
  std::string secret;           // name of an existing Secret; wins over the tokens
  std::string credential_type;  // "api-key", "oauth" or "none"
  std::string type;
  std::string model;
  std::string ns;
  ConfigWorkspace workspace;
  std::string agent_config;
  std::string source;                 // the file's path
  std::vector<std::string> warnings;  // for stderr
  bool operator==(const UserConfig&) const = default;
};

/// The file's token, empty where it has none, and what it is.
struct ConfigToken {
  Secret value;
  std::string kind;  // "oauth" or "api-key"
  std::string field;
};
ConfigToken token_of(const UserConfig& config);

/// The agent that token and model are for.
std::string type_of(const UserConfig& config);

/// The file, or where it would be, for people.
std::string path_of(const UserConfig& config);

/// Pure. Fails with every problem of the file, one a line: "FILE:LINE: FIELD: what is wrong".
Result<UserConfig> parse_user_config(std::string_view text, const std::string& source);

/// ~/.axon/config.yaml below the caller's HOME; AXON_CONFIG names another one.
Result<std::string> user_config_path(const Environment& caller);

/// `path` is that of --config; empty: user_config_path(). A file that nobody named and that is not there is an empty
/// one.
Result<UserConfig> load_user_config(const std::string& path, const Environment& caller);

/// What `axon init` writes: every field, explained; all of them are comments.
std::string_view user_config_template();

}  // namespace axon::cli
