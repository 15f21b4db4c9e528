// A GitHub App as a Workspace's Secret names it, checked. Pure. No message holds anything of a key.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/documents.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace axon::controller::github {

struct App {
  std::string id;            // a number, or the client ID
  std::string installation;  // a number
  Secret private_key;        // PEM

  bool operator==(const App&) const = default;
};

/// Where a Workspace's token is to come from.
struct Source {
  std::string secret;  // with the App's keys, in the Workspace's namespace
  App app;
  std::string api;  // "https://api.github.com"

  bool operator==(const Source&) const = default;
};

/// The Secret is meant to hold an App: it has one of its keys, and no GITHUB_TOKEN, or it has all of them.
bool is_app(const SecretSpec& secret);

/// Fails with InvalidInput, and the message names the Secret and its key.
Result<App> read_app(const std::string& secret_name, const SecretSpec& secret);

/// The REST API of the repository's host. Fails with InvalidInput for plain HTTP, and where there is no host.
Result<std::string> api_of(const std::string& repo);

/// `workspace` is the whole object, `secret` the one that its secretRef names, and holds an App.
Result<Source> read_source(const nlohmann::json& workspace, const SecretSpec& secret);

/// What a token is good for, in one word: a token that was made for another one is of no use. Not secret.
std::string identity(const Source& source);

}  // namespace axon::controller::github
