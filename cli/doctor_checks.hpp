// What `axon doctor` makes of what it found. Pure: each check is a function from findings to a line for people.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/config.hpp"
#include "core/result.hpp"
#include "kube/client.hpp"

namespace axon::cli {

struct Check {
  enum class Level { Good, Doubtful, Bad };
  std::string name;
  Level level = Level::Good;
  std::string finding;
  std::string advice;  // what to do; empty with Good

  bool operator==(const Check&) const = default;
};

/// Something that a user of Axon does in a namespace.
struct Right {
  std::string verb;
  kube::Resource resource;
  std::string subresource;

  bool operator==(const Right&) const = default;
};

std::vector<Right> needed_rights();

/// A SelfSubjectAccessReview that asks for it.
nlohmann::json review_of(const Right& right, const std::string& ns);

/// `missing` is what the review did not allow.
Check check_rights(const std::vector<Right>& missing, const std::string& ns);

Check check_version(const kube::ServerVersion& version, const std::string& server);

/// `missing`: plurals of Axon's resources that the API server does not know.
Check check_resources(const std::vector<std::string>& missing);

/// The controller's Deployment, and what keeps its Pods (trouble_of), if anything. `version` is this program's.
Check check_controller(const Result<nlohmann::json>& deployment, const std::string& trouble,
                       const std::string& version);

Check check_namespace(const Result<nlohmann::json>& found, const std::string& ns);

/// `secret` is the one that the config file names, if it does.
Check check_credential(const UserConfig& config, const std::optional<Result<nlohmann::json>>& secret);

/// The Workspace that a run without flags uses, and its Secret, as far as they are there to look at.
Check check_workspace(const UserConfig& config, const std::optional<Result<nlohmann::json>>& workspace,
                      const std::optional<Result<nlohmann::json>>& secret);

/// One for each Task that waits for something that somebody may have to do something about.
std::vector<Check> check_tasks(const std::vector<nlohmann::json>& tasks);

/// What a request's failure means for a check.
Check failed_check(const std::string& name, const Error& error);

std::string render_checks(const std::vector<Check>& checks, bool in_colour);

nlohmann::json to_json(const std::vector<Check>& checks);

}  // namespace axon::cli
