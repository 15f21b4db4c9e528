#include "cli/install_plan.hpp"

#include <algorithm>
#include <array>

#include "cli/manifests.hpp"
#include "core/credentials.hpp"
#include "core/yaml.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

constexpr const char* kDefinition = "CustomResourceDefinition";

struct ManifestKind {
  const char* kind;
  const char* group;
  const char* plural;
};
constexpr std::array kKinds = std::to_array<ManifestKind>({
    {kDefinition, "apiextensions.k8s.io", "customresourcedefinitions"},
    {"Namespace", "", "namespaces"},
    {"ServiceAccount", "", "serviceaccounts"},
    {"ClusterRole", "rbac.authorization.k8s.io", "clusterroles"},
    {"ClusterRoleBinding", "rbac.authorization.k8s.io", "clusterrolebindings"},
    {"Role", "rbac.authorization.k8s.io", "roles"},
    {"RoleBinding", "rbac.authorization.k8s.io", "rolebindings"},
    {"Deployment", "apps", "deployments"},
});

std::string image(const InstallOptions& options, const std::string& name) {
  std::string prefix = options.image_prefix;
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  return prefix + "axon-" + name + ":" + options.tag;
}

void complete(json& deployment, const InstallOptions& options) {
  json& container = deployment["spec"]["template"]["spec"]["containers"][0];
  container["image"] = image(options, "controller");
  json& args = container["args"];
  args.push_back("--runtime-image=" + image(options, "runtime"));
  for (const std::string& agent : builtin_types()) args.push_back("--" + agent + "-image=" + image(options, agent));
  if (options.set_user) return;
  args.push_back("--no-set-user");
  json& security = deployment["spec"]["template"]["spec"]["securityContext"];
  security.erase("runAsUser");
  security.erase("runAsGroup");
}

/// A prefix is HOST[:PORT]/PATH in what a registry allows, without what would end the name or begin another tag.
bool is_prefix(const std::string& text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_/:";
  const std::size_t colon = text.rfind(':');  // of a port, not of a tag
  return text.find_first_not_of(kAllowed) == std::string::npos && !text.starts_with('/') &&
         text.find("//") == std::string::npos && (colon == std::string::npos || colon < text.find('/'));
}

bool has_condition(const json& object, const std::string& type) {
  const json conditions = object.value("/status/conditions"_json_pointer, json::array());
  return std::ranges::any_of(
      conditions, [&](const json& one) { return one.value("type", "") == type && one.value("status", "") == "True"; });
}

}  // namespace

Result<InstallPlan> plan_install(const InstallOptions& options) {
  if (!options.image_prefix.empty() && !is_prefix(options.image_prefix)) {
    return fail(Errc::InvalidInput, "--image-prefix: \"" + options.image_prefix +
                                        "\" cannot begin an image's name; expected for example localhost:5000/axon");
  }
  InstallPlan plan;
  for (const Manifest& manifest : manifests()) {
    Result<std::vector<YamlDocument>> documents = parse_yaml(manifest.text, std::string(manifest.name));
    if (!documents) return std::unexpected(documents.error());
    for (YamlDocument& document : *documents) {
      json& object = document.value;
      const std::string kind = kube::text_at(object, "/kind");
      if (kind == "Deployment") complete(object, options);
      (kind == kDefinition ? plan.definitions : plan.objects).push_back(std::move(object));
    }
  }
  return plan;
}

Result<kube::Resource> resource_of(const json& object) {
  const std::string kind = kube::text_at(object, "/kind");
  const auto* found = std::ranges::find(kKinds, kind, [](const ManifestKind& one) { return std::string(one.kind); });
  if (found == kKinds.end()) return fail(Errc::Internal, "kind " + kind + " has no resource");
  return kube::Resource{found->group, "v1", found->plural};
}

bool is_established(const json& definition) { return has_condition(definition, "Established"); }

bool is_rolled_out(const json& deployment) {
  const json status = deployment.value("status", json::object());
  const auto wanted = deployment.value("/spec/replicas"_json_pointer, 1);
  return status.value("observedGeneration", 0) >= deployment.value("/metadata/generation"_json_pointer, 0) &&
         status.value("updatedReplicas", 0) == wanted && status.value("replicas", 0) == wanted &&
         status.value("availableReplicas", 0) == wanted;
}

std::string trouble_of(const json& pod) {
  for (const json& container : pod.value("/status/containerStatuses"_json_pointer, json::array())) {
    const std::string reason = container.value("/state/waiting/reason"_json_pointer, "");
    if (reason.empty() || reason == "ContainerCreating") continue;
    return reason + ": " + container.value("/state/waiting/message"_json_pointer, "");
  }
  for (const json& condition : pod.value("/status/conditions"_json_pointer, json::array())) {
    if (condition.value("type", "") == "PodScheduled" && condition.value("status", "") == "False") {
      return condition.value("reason", "") + ": " + condition.value("message", "");
    }
  }
  return {};
}

}  // namespace axon::cli
