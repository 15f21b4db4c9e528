// From flags, documents and the user's config file to what `axon run` makes in a cluster: the Task, and what it refers
// to. A flag wins over the document, the document over the config file. Pure: files and variables are read through
// functions that the caller gives.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/config.hpp"
#include "cli/document_set.hpp"
#include "cli/run_options.hpp"
#include "cli/task_plan.hpp"

namespace axon::cli {

/// What is made on the way where the config file has a token or a repository.
inline constexpr const char* kCredentialsSecret = "axon-credentials";
inline constexpr const char* kWorkspaceSecret = "axon-workspace-credentials";
inline constexpr const char* kOwnWorkspace = "axon-workspace";

struct ClusterPlan {
  nlohmann::json task;  // without metadata.name where one is to be generated
  /// In this order, before the Task; a null in one means that the field must not be there. Secrets have `data`.
  std::vector<nlohmann::json> others;
  std::vector<std::string> notes;  // for people
};

Result<ClusterPlan> plan_cluster_run(const RunOptions& options, const UserConfig& config, const DocumentSet& documents,
                                     const World& world);

}  // namespace axon::cli
