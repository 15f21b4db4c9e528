#include "kube/credential.hpp"

#include <gtest/gtest.h>

#include "kube/object.hpp"

namespace axon::kube {
namespace {

ExecPlugin plugin() {
  ExecPlugin plugin;
  plugin.command = "login-helper";
  plugin.api_version = "client.authentication.k8s.io/v1";
  return plugin;
}

std::string output(const std::string& status, const std::string& version = "client.authentication.k8s.io/v1") {
  return R"({"kind":"ExecCredential","apiVersion":")" + version + R"(","status":)" + status + "}";
}

std::string refusal(const std::string& text) {
  const auto parsed = parse_exec_credential(text, plugin());
  return parsed ? "" : parsed.error().message;
}

TEST(ExecCredential, GivesATokenForATime) {
  const auto parsed =
      parse_exec_credential(output(R"({"token":"t\n","expirationTimestamp":"2026-03-01T00:00:00Z"})"), plugin());
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->login.authorization.reveal(), "Bearer t");
  EXPECT_EQ(parsed->until, Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)));
}

TEST(ExecCredential, GivesACertificateWithoutAnEnd) {
  const auto parsed = parse_exec_credential(output(R"({"clientCertificateData":"c","clientKeyData":"k"})"), plugin());
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->login, (Login{Secret(), "c", Secret("k")}));
  EXPECT_FALSE(parsed->until);
}

TEST(ExecCredential, SaysWhatIsMissingAndRepeatsNothing) {
  const std::string who = "the credential plugin login-helper ";
  EXPECT_EQ(refusal("my-secret"), who + "printed no ExecCredential in JSON");
  EXPECT_EQ(refusal(output("{}")), who + "gave neither status.token nor status.clientCertificateData");
  EXPECT_EQ(refusal(output(R"({"clientCertificateData":"c"})")),
            who + "gave one of clientCertificateData and clientKeyData without the other");
  EXPECT_EQ(refusal(output(R"({"token":"t"})", "client.authentication.k8s.io/v1beta1")),
            who +
                "answered with apiVersion client.authentication.k8s.io/v1beta1; the kubeconfig wants "
                "client.authentication.k8s.io/v1");
}

TEST(ExecInfo, TellsTheClusterOnlyWhereThatIsAskedFor) {
  Cluster cluster;
  cluster.server = "https://x:6443";
  cluster.ca_pem = "pem";
  EXPECT_EQ(Json::parse(exec_info(plugin(), cluster, false))["spec"], Json({{"interactive", false}}));
  ExecPlugin curious = plugin();
  curious.provide_cluster_info = true;
  const Json spec = Json::parse(exec_info(curious, cluster, true))["spec"];
  EXPECT_EQ(spec["cluster"], Json({{"server", "https://x:6443"}, {"certificate-authority-data", "cGVt"}}));
}

TEST(Authorization, IsMadeOfOneLine) {
  EXPECT_EQ(bearer("abc\r\n").reveal(), "Bearer abc");
  EXPECT_TRUE(bearer(" \n").empty());
  EXPECT_EQ(basic("me", Secret("p")).reveal(), "Basic bWU6cA==");
}

}  // namespace
}  // namespace axon::kube
