// What `axon install` puts into a cluster, and in which order `axon uninstall` takes it out. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "kube/object.hpp"

namespace axon::cli {

inline constexpr const char* kSystemNamespace = "axon-system";

struct InstallOptions {
  std::string image_prefix = {};  // "registry/team": images are registry/team/axon-NAME:TAG
  std::string tag = {};           // of the images
  bool set_user = true;           // false: the cluster chooses the users of Pods (OpenShift)
};

/// What is in place when all of the objects are there: custom resources, then the namespace and all that lies in it.
struct InstallPlan {
  std::vector<nlohmann::json> definitions;  // CustomResourceDefinitions
  std::vector<nlohmann::json> objects;

  bool operator==(const InstallPlan&) const = default;
};

/// Fails only where a manifest is broken, or a prefix cannot be part of an image's name.
Result<InstallPlan> plan_install(const InstallOptions& options);

/// The resource of an object of a plan, by its kind; fails for a kind that no manifest has.
Result<kube::Resource> resource_of(const nlohmann::json& object);

/// A definition is served: instances of it can be made.
bool is_established(const nlohmann::json& definition);

/// A Deployment's Pods are all of its newest template, and ready.
bool is_rolled_out(const nlohmann::json& deployment);

/// Why a Deployment's Pods are not ready, from one of them: "image "x" cannot be pulled: …"; empty: nothing to tell.
std::string trouble_of(const nlohmann::json& pod);

}  // namespace axon::cli
