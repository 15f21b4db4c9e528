// podOverrides of a Task: what its author changes of the Pod. What Kubernetes defines stays JSON, and Kubernetes checks
// it.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/fields.hpp"

namespace axon {

/// One variable of podOverrides.env: a value, or where Kubernetes finds it.
struct EnvVar {
  std::string name;
  std::string value;
  nlohmann::json value_from;  // null: the value stands; else one of secretKeyRef, configMapKeyRef and fieldRef
  bool operator==(const EnvVar&) const = default;
};

struct PodOverrides {
  std::optional<std::int64_t> active_deadline_seconds;
  std::vector<EnvVar> env;
  nlohmann::json resources;  // of the agent's container; null where not given
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  std::map<std::string, std::string> node_selector;
  std::vector<nlohmann::json> tolerations;
  nlohmann::json affinity;  // null where not given
  std::string priority_class;
  std::string runtime_class;
  std::string service_account;  // empty: the namespace's default, without its token
  std::vector<std::string> image_pull_secrets;
  nlohmann::json security_context;  // of the Pod; null where not given
  std::vector<nlohmann::json> volumes;
  std::vector<nlohmann::json> volume_mounts;  // of the agent's container
  std::vector<nlohmann::json> sidecars;       // containers
  bool operator==(const PodOverrides&) const = default;
};

/// Reads the object under "podOverrides" of a Task's spec.
PodOverrides read_pod_overrides(Fields& spec, Problems& problems);

}  // namespace axon
