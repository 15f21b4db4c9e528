// What the controller watches, what of it it keeps, and under which terms it finds it again.
#pragma once

#include "controller/metadata.hpp"
#include "kube/informer.hpp"

namespace axon::controller {

/// The terms of the indexes: NAMESPACE/NAME, and for a branch NAMESPACE/WORKSPACE/BRANCH.
namespace index {
inline constexpr const char* kDependency = "dependency";    // Tasks by the Tasks that they depend on
inline constexpr const char* kBranch = "branch";            // Tasks by Workspace and branch
inline constexpr const char* kWorkspace = "workspace";      // Tasks by Workspace
inline constexpr const char* kAgentConfig = "agentConfig";  // Tasks by AgentConfig
inline constexpr const char* kSecret = "secret";            // Tasks by credential; Workspaces by secretRef
inline constexpr const char* kTask = "task";                // Pods by their Task
inline constexpr const char* kHeld = "held";                // Pods whose results are not in a status yet, all under ""
inline constexpr const char* kJobUid = "job";               // Events by the Job that they are of
}  // namespace index

std::string term(const std::string& ns, const std::string& name);
std::string branch_term(const std::string& ns, const std::string& workspace, const std::string& branch);

/// `ns` empty: all namespaces.
kube::InformerOptions watch_tasks(const std::string& ns);
kube::InformerOptions watch_jobs(const std::string& ns);
kube::InformerOptions watch_pods(const std::string& ns);  // without kEndedLabel
kube::InformerOptions watch_workspaces(const std::string& ns);
kube::InformerOptions watch_agent_configs(const std::string& ns);
kube::InformerOptions watch_secrets(const std::string& ns);  // names only, without kTaskLabel

/// The Events that say why a Job has no Pod, of any Job: a quota or Pod Security is told nowhere else.
kube::InformerOptions watch_refusals(const std::string& ns);

}  // namespace axon::controller
