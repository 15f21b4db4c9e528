#include "controller/task/overrides.hpp"

#include <string>
#include <vector>

namespace axon::controller {
namespace {

using nlohmann::json;

void put(json& spec, const char* key, const std::string& value) {
  if (!value.empty()) spec[key] = value;
}

void append(json& object, const char* key, const std::vector<json>& list) {
  for (const json& item : list) object[key].push_back(item);
}

void add_metadata(json& metadata, const PodOverrides& overrides) {
  for (const auto& [name, value] : overrides.labels) {
    if (!metadata["labels"].contains(name)) metadata["labels"][name] = value;
  }
  if (!overrides.annotations.empty()) metadata["annotations"] = overrides.annotations;
}

void add_scheduling(json& spec, const PodOverrides& overrides) {
  if (!overrides.node_selector.empty()) spec["nodeSelector"] = overrides.node_selector;
  append(spec, "tolerations", overrides.tolerations);
  if (!overrides.affinity.is_null()) spec["affinity"] = overrides.affinity;
  put(spec, "priorityClassName", overrides.priority_class);
  put(spec, "runtimeClassName", overrides.runtime_class);
}

void add_rights(json& spec, const PodOverrides& overrides) {
  if (!overrides.service_account.empty()) {
    spec["serviceAccountName"] = overrides.service_account;
    spec["automountServiceAccountToken"] = true;
  }
  for (const std::string& name : overrides.image_pull_secrets) spec["imagePullSecrets"].push_back({{"name", name}});
  if (!overrides.security_context.is_null()) spec["securityContext"].update(overrides.security_context);
}

/// An ordinary container would keep the Pod from ending; one of these is ended when the agent is.
void add_sidecars(json& spec, const PodOverrides& overrides) {
  for (json sidecar : overrides.sidecars) {
    sidecar["restartPolicy"] = "Always";
    spec["initContainers"].push_back(std::move(sidecar));
  }
}

}  // namespace

void apply_overrides(json& pod, const PodOverrides& overrides) {
  json& spec = pod["spec"];
  add_metadata(pod["metadata"], overrides);
  add_scheduling(spec, overrides);
  add_rights(spec, overrides);
  append(spec, "volumes", overrides.volumes);
  append(spec["containers"][0], "volumeMounts", overrides.volume_mounts);
  add_sidecars(spec, overrides);
}

}  // namespace axon::controller
