// Finds what a Task refers to and makes of it what its Job is built from. Pure: what exists is asked through functions.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "controller/github/standing.hpp"
#include "controller/task/dependencies.hpp"
#include "controller/task/plan.hpp"

namespace axon::controller {

/// What there is in the Task's namespace.
struct Lookup {
  std::function<std::optional<nlohmann::json>(const std::string& name)> workspace;     // the whole object
  std::function<std::optional<nlohmann::json>(const std::string& name)> agent_config;  // the whole object
  std::function<bool(const std::string& name)> has_secret;
  FindTask task;
  std::function<github::Standing(const std::string& workspace)> github_token;  // of its GitHub App
  std::map<std::string, SecretSpec> secrets;  // those of secrets_to_read() that are there
};

/// The Secrets whose content has to be known. Others are only named in the Pod, and the kubelet reads them.
std::vector<std::string> secrets_to_read(const TaskFacts& task, const Lookup& lookup);

/// The dependencies must be met.
Resolution resolve(const TaskFacts& task, const Lookup& lookup);

}  // namespace axon::controller
