// What of a cluster the commands ask for.
#pragma once

#include "kube/object.hpp"

namespace axon::cli::resource {

inline const kube::Resource kTasks{"axon.io", "v1alpha1", "tasks"};
inline const kube::Resource kWorkspaces{"axon.io", "v1alpha1", "workspaces"};
inline const kube::Resource kAgentConfigs{"axon.io", "v1alpha1", "agentconfigs"};
inline const kube::Resource kPods{"", "v1", "pods"};
inline const kube::Resource kSecrets{"", "v1", "secrets"};

}  // namespace axon::cli::resource
