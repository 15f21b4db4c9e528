// What every object of the controller's making has in its metadata, and the resources that it works with.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "kube/object.hpp"

namespace axon::controller {

namespace resource {
inline const kube::Resource kTasks{"axon.io", "v1alpha1", "tasks"};
inline const kube::Resource kWorkspaces{"axon.io", "v1alpha1", "workspaces"};
inline const kube::Resource kAgentConfigs{"axon.io", "v1alpha1", "agentconfigs"};
inline const kube::Resource kJobs{"batch", "v1", "jobs"};
inline const kube::Resource kPods{"", "v1", "pods"};
inline const kube::Resource kSecrets{"", "v1", "secrets"};
inline const kube::Resource kEvents{"", "v1", "events"};
}  // namespace resource

/// The label of a Pod that has ended and has nothing to tell any more: nobody looks at it, however many there are.
inline constexpr const char* kEndedLabel = "axon.io/ended";

/// app.kubernetes.io/*; `component` is "task", "github-token".
nlohmann::json labels_of(const std::string& component);

/// `kind` is one of axon.io's. The owned object goes when its owner is deleted.
nlohmann::json owner_reference(const char* kind, const std::string& name, const std::string& uid);

}  // namespace axon::controller
