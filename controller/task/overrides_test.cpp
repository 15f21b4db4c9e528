#include "controller/task/overrides.hpp"

#include <gtest/gtest.h>

namespace axon::controller {
namespace {

using nlohmann::json;

json pod() {
  return json::parse(R"({
    "metadata": {"labels": {"axon.io/task": "t"}},
    "spec": {"automountServiceAccountToken": false, "securityContext": {"runAsUser": 61100, "runAsNonRoot": true},
             "containers": [{"name": "codex", "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}]}],
             "volumes": [{"name": "tmp", "emptyDir": {}}]}})");
}

TEST(PodOverrides, ChangeNothingWhereThereAreNone) {
  json found = pod();
  apply_overrides(found, {});
  EXPECT_EQ(found, pod());
}

TEST(PodOverrides, AddAndReplaceWhatATaskAsksFor) {
  PodOverrides overrides;
  overrides.labels = {{"team", "shop"}, {"axon.io/task", "forged"}};
  overrides.annotations = {{"a", "b"}};
  overrides.node_selector = {{"disk", "ssd"}};
  overrides.tolerations = {json{{"key", "k"}}};
  overrides.affinity = json{{"nodeAffinity", json::object()}};
  overrides.priority_class = "low";
  overrides.runtime_class = "gvisor";
  overrides.service_account = "deployer";
  overrides.image_pull_secrets = {"pull"};
  overrides.security_context = json{{"runAsUser", 0}, {"runAsNonRoot", false}, {"supplementalGroups", {5}}};
  overrides.volumes = {json{{"name", "v"}, {"emptyDir", json::object()}}};
  overrides.volume_mounts = {json{{"name", "v"}, {"mountPath", "/v"}}};
  overrides.sidecars = {json{{"name", "db"}, {"image", "postgres"}}};
  json found = pod();
  apply_overrides(found, overrides);
  EXPECT_EQ(found, json::parse(R"({
    "metadata": {"labels": {"axon.io/task": "t", "team": "shop"}, "annotations": {"a": "b"}},
    "spec": {"automountServiceAccountToken": true, "serviceAccountName": "deployer",
             "securityContext": {"runAsUser": 0, "runAsNonRoot": false, "supplementalGroups": [5]},
             "nodeSelector": {"disk": "ssd"}, "tolerations": [{"key": "k"}], "affinity": {"nodeAffinity": {}},
             "priorityClassName": "low", "runtimeClassName": "gvisor", "imagePullSecrets": [{"name": "pull"}],
             "containers": [{"name": "codex", "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"},
                                                               {"name": "v", "mountPath": "/v"}]}],
             "initContainers": [{"name": "db", "image": "postgres", "restartPolicy": "Always"}],
             "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "v", "emptyDir": {}}]}})"));
}

}  // namespace
}  // namespace axon::controller
