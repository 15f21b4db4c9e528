// The resources of group axon.io/v1alpha1 that say what a Task does, decoded from JSON with every field checked: Task,
// Workspace and AgentConfig, as kubectl and the API server have them. crds/ is the source of truth for the fields.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/agent_config.hpp"
#include "core/fields.hpp"
#include "core/pod_overrides.hpp"
#include "core/secret.hpp"
#include "core/task_file.hpp"

namespace axon {

inline constexpr std::string_view kApiVersion = "axon.io/v1alpha1";

/// The label of whatever the controller makes, and its value.
inline constexpr const char* kManagedBy = "app.kubernetes.io/managed-by";
inline constexpr const char* kManager = "axon-controller";

/// The label of a Task's Job, Pod and Secret: its name.
inline constexpr const char* kTaskLabel = "axon.io/task";

/// The finalizer of a Task's Pod: it is not gone before its results are in the Task's status.
inline constexpr const char* kHoldsResults = "axon.io/results";

struct CredentialsRef {
  std::string type;    // "api-key", "oauth" or "none"
  std::string secret;  // empty with "none"
  bool operator==(const CredentialsRef&) const = default;
};

struct TaskSpec {
  std::string type;
  std::string prompt;
  std::optional<CredentialsRef> credentials;
  std::string model;
  std::string image;
  std::string workspace;                   // workspaceRef.name
  std::vector<std::string> agent_configs;  // agentConfigRef, then agentConfigRefs: names
  std::vector<std::string> depends_on;
  std::string branch;
  std::optional<std::int64_t> ttl_seconds_after_finished;
  std::optional<std::int64_t> stall_seconds;
  std::optional<std::int64_t> grace_period_seconds;
  bool inject_entrypoint = false;
  PodOverrides pod_overrides;
  bool operator==(const TaskSpec&) const = default;
};

struct WorkspaceSpec {
  std::string repo;
  std::string ref;
  std::string secret;  // secretRef.name
  std::optional<int> depth;
  std::vector<InjectedFile> files;
  std::vector<std::string> setup_command;
  std::optional<bool> lfs;
  std::string filter;
  std::vector<std::string> sparse;
  bool operator==(const WorkspaceSpec&) const = default;
};

/// What a Secret of the same file supplies, base64 already taken off `data`.
struct SecretSpec {
  std::map<std::string, Secret> values;
  bool operator==(const SecretSpec&) const = default;
};

/// Whether type, prompt and credentials must be there, as the API server has it, or may come from elsewhere.
enum class Completeness { Required, Optional };

/// Each reads the object under "spec"; `path` is what stands in front of a problem's field ("spec").
TaskSpec read_task_spec(const nlohmann::json& spec, const std::string& path, Completeness completeness,
                        Problems& problems);
WorkspaceSpec read_workspace_spec(const nlohmann::json& spec, const std::string& path, Problems& problems);

/// Reads `data` and `stringData` of the whole Secret document.
SecretSpec read_secret(const nlohmann::json& document, Problems& problems);

}  // namespace axon
