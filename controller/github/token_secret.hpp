// The Secret in which the manager keeps the token of a Workspace's GitHub App. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "controller/github/installation_token.hpp"
#include "kube/object.hpp"

namespace axon::controller::github {

/// A token that is in its Secret. Its value is not kept here.
struct Held {
  std::string identity;  // of its Source
  Life life;

  bool operator==(const Held&) const = default;
};

std::string token_secret_name(const std::string& workspace);

/// The Workspace whose token a Secret of this name holds; empty if it is no such name.
std::string workspace_of(const std::string& secret_name);

/// For server-side apply. `workspace` is the whole object, which owns the Secret.
nlohmann::json build_token_secret(const nlohmann::json& workspace, const InstallationToken& token,
                                  const std::string& identity);

/// What an earlier run of the manager left; empty where that cannot be read. Fails with InvalidInput where the Secret
/// is not the manager's own.
Result<std::optional<Held>> read_token_secret(const nlohmann::json& secret);

}  // namespace axon::controller::github
