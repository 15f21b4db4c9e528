#include "controller/github/token_secret.hpp"

#include <gtest/gtest.h>

namespace axon::controller::github {
namespace {

using nlohmann::json;

const Time kNow = parse_time("2026-03-01T12:00:00Z").value();
const InstallationToken kToken{.value = Secret("ghs_x"),
                               .life = {.issued = kNow, .expires = kNow + std::chrono::seconds(3600)}};

json built() {
  const json workspace = {{"metadata", {{"name", "shop"}, {"namespace", "demo"}, {"uid", "u1"}}}};
  return build_token_secret(workspace, kToken, "12/34@https://api.github.com");
}

TEST(TokenSecret, IsTheWorkspaces) {
  EXPECT_EQ(built(), json::parse(R"({
    "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
    "metadata": {
      "name": "axon-github-token-shop", "namespace": "demo",
      "labels": {"app.kubernetes.io/name": "axon", "app.kubernetes.io/component": "github-token",
                 "app.kubernetes.io/managed-by": "axon-controller"},
      "annotations": {"axon.io/github-app": "12/34@https://api.github.com", "axon.io/issued-at": "2026-03-01T12:00:00Z",
                      "axon.io/expires-at": "2026-03-01T13:00:00Z"},
      "ownerReferences": [
        {"apiVersion": "axon.io/v1alpha1", "kind": "Workspace", "name": "shop", "uid": "u1", "controller": true}]},
    "data": {"GITHUB_TOKEN": "Z2hzX3g="}})"));
  EXPECT_EQ(workspace_of(token_secret_name("shop")), "shop");
  EXPECT_EQ(workspace_of("axon-task-shop"), "");
}

TEST(TokenSecret, IsReadAgain) {
  EXPECT_EQ(*read_token_secret(built()), (Held{"12/34@https://api.github.com", kToken.life}));
  for (const char* lost : {"/metadata/annotations/axon.io~1expires-at", "/metadata/annotations/axon.io~1issued-at",
                           "/data/GITHUB_TOKEN"}) {
    json broken = built();
    broken[json::json_pointer(lost)] = "";
    EXPECT_EQ(*read_token_secret(broken), std::nullopt) << lost;
  }
  json foreign = built();
  foreign["metadata"].erase("labels");
  EXPECT_EQ(read_token_secret(foreign).error().message,
            "Secret \"axon-github-token-shop\" is not the manager's own, and its name is needed for the token of the "
            "Workspace's GitHub App; delete it");
}

}  // namespace
}  // namespace axon::controller::github
