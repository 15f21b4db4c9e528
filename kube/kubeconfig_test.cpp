#include "kube/kubeconfig.hpp"

#include <gtest/gtest.h>

namespace axon::kube {
namespace {

constexpr const char* kWhole = R"(apiVersion: v1
kind: Config
preferences: {}
current-context: dev
clusters:
- name: c
  cluster:
    server: https://127.0.0.1:6443
    certificate-authority: ca.crt
    tls-server-name: kubernetes
    proxy-url: http://proxy:3128
users:
- name: u
  user: {client-certificate-data: Yw==, client-key-data: aw==, token: t}
- name: e
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: ./bin/helper
      args: [get-token]
      env: [{name: A, value: b}]
      interactiveMode: Never
      provideClusterInfo: true
contexts:
- name: dev
  context: {cluster: c, user: u, namespace: demo}
- name: exec
  context: {cluster: c, user: e}
)";

std::string refusal(const std::string& text) {
  const auto parsed = parse_kubeconfig(text, "/home/me/config");
  return parsed ? "" : parsed.error().message;
}

TEST(Kubeconfig, GivesWhatTheContextNames) {
  const auto parsed = parse_kubeconfig(kWhole, "/home/me/config");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const auto config = select(*parsed, "", "/home/me/config");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->cluster,
            (Cluster{"https://127.0.0.1:6443", "/home/me/ca.crt", "", "kubernetes", "http://proxy:3128"}));
  EXPECT_EQ(config->ns, "demo");
  EXPECT_EQ(config->context, "dev");
  EXPECT_EQ(config->user.certificate_pem, "c");
  EXPECT_EQ(config->user.key_pem, Secret("k"));
  EXPECT_EQ(config->user.token, Secret("t"));
}

TEST(Kubeconfig, ReadsACredentialPlugin) {
  const auto config = select(*parse_kubeconfig(kWhole, "/home/me/config"), "exec", "");
  ASSERT_TRUE(config) << config.error().message;
  const ExecPlugin expected = {
      "/home/me/./bin/helper", {"get-token"}, {{"A", "b"}}, "client.authentication.k8s.io/v1beta1", "", true, false};
  EXPECT_EQ(config->user.exec, expected);
  EXPECT_EQ(config->ns, "default");
}

TEST(Kubeconfig, NamesFileLineAndField) {
  EXPECT_EQ(refusal("clusters:\n- name: c\n  cluster:\n    server: https://x\n    insecure-skip-tls-verify: true\n"),
            "/home/me/config:5: clusters[0].cluster.insecure-skip-tls-verify: the server's certificate is always "
            "verified; name what signed it in certificate-authority, and the name that it was issued for in "
            "tls-server-name");
  EXPECT_EQ(refusal("users:\n- name: u\n  user: {client-key-data: '!'}\n"),
            "/home/me/config:3: users[0].user.client-key-data: is not base64");
  EXPECT_TRUE(refusal("users:\n- name: u\n  user: {client-certificate: x}\n")
                  .ends_with("users[0].user.client-key: required with client-certificate"));
  EXPECT_TRUE(refusal("users:\n- name: u\n  user:\n    auth-provider: {name: gcp}\n").contains("auth-provider"));
  EXPECT_EQ(refusal("- a\n"), "/home/me/config: is no kubeconfig: a mapping is expected");
}

TEST(Kubeconfig, NamesTheContextThatIsMissing) {
  const auto parsed = parse_kubeconfig(kWhole, "f");
  EXPECT_EQ(select(*parsed, "prod", "f").error().message,
            "f: contexts: there is none named \"prod\"; there are: dev, exec");
  EXPECT_EQ(select(Kubeconfig{}, "", "f").error().message, "f: current-context: is not set; set it, or name a context");
}

TEST(Kubeconfig, TheFirstFileWins) {
  Kubeconfig first;
  first.contexts["a"] = {"c1", "u1", ""};
  Kubeconfig second;
  second.current_context = "a";
  second.contexts["a"] = {"c2", "u2", ""};
  second.clusters["c1"].server = "https://two";
  const Kubeconfig merged = merge({first, second});
  EXPECT_EQ(merged.current_context, "a");
  EXPECT_EQ(merged.contexts.at("a"), (Context{"c1", "u1", ""}));
  EXPECT_EQ(merged.clusters.at("c1").server, "https://two");
}

TEST(Kubeconfig, IsLookedForAsKubectlDoes) {
  EXPECT_EQ(kubeconfig_paths({{"KUBECONFIG", "/a::/b:"}, {"HOME", "/h"}}), (std::vector<std::string>{"/a", "/b"}));
  EXPECT_EQ(kubeconfig_paths({{"HOME", "/h"}}), (std::vector<std::string>{"/h/.kube/config"}));
  EXPECT_TRUE(kubeconfig_paths({}).empty());
}

TEST(InCluster, TakesTheServiceAddress) {
  const auto config =
      in_cluster({{"KUBERNETES_SERVICE_HOST", "fd00::1"}, {"KUBERNETES_SERVICE_PORT", "443"}}, "/nowhere");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->cluster.server, "https://[fd00::1]:443");
  EXPECT_EQ(config->user.token_file, "/nowhere/token");
  EXPECT_EQ(in_cluster({}, "/nowhere").error().code, Errc::NotFound);
}

TEST(LoadConfig, SaysWhereItLooked) {
  const auto none = load_config({}, {{"KUBECONFIG", "/nowhere/a:/nowhere/b"}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message,
            "no cluster is configured: there is no kubeconfig at /nowhere/a:/nowhere/b, and this is no Pod of a "
            "cluster; set KUBECONFIG");
  EXPECT_EQ(load_config({"/nowhere/a", "", ""}, {}).error().message,
            "kubeconfig: read /nowhere/a: No such file or directory");
}

}  // namespace
}  // namespace axon::kube
