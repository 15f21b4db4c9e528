#include "cli/doctor_checks.hpp"

#include <gtest/gtest.h>

#include "cli/image_pull.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;
using Level = Check::Level;
using Answer = Result<json>;

Answer absent() { return fail(Errc::NotFound, "not found"); }
Answer forbidden() { return fail(Errc::PermissionDenied, "forbidden"); }

json deployment(const std::string& image, int available) {
  return {{"metadata", {{"generation", 1}}},
          {"spec", {{"replicas", 1}, {"template", {{"spec", {{"containers", {{{"image", image}}}}}}}}}},
          {"status",
           {{"observedGeneration", 1}, {"updatedReplicas", 1}, {"replicas", 1}, {"availableReplicas", available}}}};
}

json secret_with(const std::string& key) { return {{"data", {{key, "eA=="}}}}; }

TEST(DoctorChecks, Version) {
  EXPECT_EQ(check_version({1, 34, "v1.34.4"}, "https://x"),
            (Check{"cluster", Level::Good, "Kubernetes v1.34.4 at https://x", ""}));
  EXPECT_EQ(check_version({1, 27, "v1.27.1"}, "https://x").level, Level::Bad);
}

TEST(DoctorChecks, Controller) {
  EXPECT_EQ(check_controller(absent(), "", "1").finding, "is not installed");
  EXPECT_EQ(check_controller(forbidden(), "", "1").level, Level::Doubtful);
  EXPECT_EQ(check_controller(deployment("r:5000/axon-controller:1", 1), "", "1"),
            (Check{"controller", Level::Good, "r:5000/axon-controller:1 is ready", ""}));
  EXPECT_EQ(check_controller(deployment("r:5000/axon-controller", 1), "", "1").level, Level::Doubtful);
  EXPECT_EQ(check_controller(deployment("c:1", 0), "ErrImagePull: no", "1").finding,
            "c:1 is not ready: ErrImagePull: no");
  json none = deployment("c:1", 0);
  none["spec"]["replicas"] = 0;
  EXPECT_EQ(check_controller(none, "", "1").finding, "is scaled to 0");
}

TEST(DoctorChecks, Rights) {
  EXPECT_EQ(check_rights({}, "d").level, Level::Good);
  EXPECT_EQ(
      check_rights({{"get", {"", "v1", "pods"}, "log"}, {"create", {"axon.io", "v1alpha1", "tasks"}, ""}}, "d").finding,
      "in namespace d you may not get pods/log, create tasks");
  EXPECT_EQ(review_of({"get", {"", "v1", "pods"}, "log"}, "d")["spec"]["resourceAttributes"],
            json::parse(R"({"namespace": "d", "verb": "get", "group": "", "resource": "pods", "subresource": "log"})"));
}

TEST(DoctorChecks, Credential) {
  UserConfig config;
  config.source = "c.yaml";
  EXPECT_EQ(check_credential(config, {}).level, Level::Doubtful);
  config.api_key = Secret("k");
  EXPECT_EQ(check_credential(config, {}), (Check{"credential", Level::Good, "a token for claude-code in c.yaml", ""}));
  config.secret = "s";
  EXPECT_EQ(check_credential(config, absent()).finding, "there is no Secret s");
  EXPECT_EQ(check_credential(config, secret_with("ANTHROPIC_API_KEY")).level, Level::Good);
  EXPECT_EQ(check_credential(config, secret_with("OTHER")).finding,
            "Secret s has OTHER, but claude-code with api-key needs ANTHROPIC_API_KEY");
  config.credential_type = "oauth";
  EXPECT_EQ(check_credential(config, secret_with("CLAUDE_CODE_OAUTH_TOKEN")).level, Level::Good);
  EXPECT_EQ(check_credential(config, forbidden()).level, Level::Doubtful);
  config.credential_type = "none";
  EXPECT_EQ(check_credential(config, absent()).level, Level::Good);
}

TEST(DoctorChecks, Workspace) {
  UserConfig config;
  EXPECT_EQ(check_workspace(config, {}, {}).level, Level::Good);
  config.workspace.name = "shop";
  EXPECT_EQ(check_workspace(config, absent(), {}).finding, "there is no Workspace shop");
  EXPECT_EQ(check_workspace(config, json::object(), {}).level, Level::Good);
  EXPECT_EQ(check_workspace(config, json::object(), absent()).level, Level::Bad);
  EXPECT_EQ(check_workspace(config, json::object(), secret_with("appID")).level, Level::Bad);
  EXPECT_EQ(check_workspace(config, json::object(), secret_with("GITHUB_TOKEN")).level, Level::Good);
}

TEST(DoctorChecks, TasksThatNeedSomebody) {
  const auto task = [](const char* name, const char* phase, const char* type, const char* reason) {
    return json{{"metadata", {{"name", name}}},
                {"status",
                 {{"phase", phase},
                  {"conditions", {{{"type", type}, {"status", "False"}, {"reason", reason}, {"message", "m"}}}}}}};
  };
  EXPECT_EQ(check_tasks({task("a", "Pending", "Ready", "ImagePullFailed"), task("b", "Failed", "Ready", "AgentError"),
                         task("c", "Running", "Complete", "Running")}),
            (std::vector<Check>{{"task a", Level::Doubtful, "ImagePullFailed: m", "axon get task a --detail"}}));
}

TEST(DoctorChecks, AreAlignedForPeople) {
  EXPECT_EQ(render_checks({{"cluster", Level::Good, "x", ""}, {"ns", Level::Bad, "y", "do z"}}, false),
            "good   cluster  x\nwrong  ns       y\n                do z\n");
}

std::optional<Check> of_pull(const char* status) {
  return check_pull({{"spec", {{"nodeName", "n1"}}}, {"status", nlohmann::json::parse(status)}}, "me/a:1");
}

TEST(CheckPull, WaitsForTheNodesWord) {
  EXPECT_EQ(of_pull("{}"), std::nullopt);
  EXPECT_EQ(of_pull(R"({"conditions":[{"type":"PodScheduled","status":"True"}]})"), std::nullopt);
  EXPECT_EQ(of_pull(R"({"containerStatuses":[{"state":{"waiting":{"reason":"ContainerCreating"}}}]})"), std::nullopt);
  EXPECT_EQ(of_pull(R"({"containerStatuses":[{"state":{}}]})"), std::nullopt);
  const auto nowhere = of_pull(R"({"conditions":[{"type":"PodScheduled","status":"False","message":"0/1 nodes"}]})");
  ASSERT_TRUE(nowhere);
  EXPECT_EQ(nowhere->level, Check::Level::Doubtful);
  EXPECT_EQ(nowhere->finding, "me/a:1: no node takes a Pod: 0/1 nodes");
}

TEST(CheckPull, TellsWhatTheNodeSays) {
  const auto missing =
      of_pull(R"({"containerStatuses":[{"state":{"waiting":{"reason":"ErrImagePull","message":"not found"}}}]})");
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->level, Check::Level::Bad);
  EXPECT_EQ(missing->finding, "me/a:1: ErrImagePull: not found");
  for (const char* state : {R"({"terminated":{"exitCode":128,"reason":"StartError"}})", R"({"running":{}})",
                            R"({"waiting":{"reason":"RunContainerError"}})"}) {
    const auto there = of_pull((std::string(R"({"containerStatuses":[{"state":)") + state + "}]}").c_str());
    ASSERT_TRUE(there);
    EXPECT_EQ(*there, (Check{"image", Check::Level::Good, "me/a:1: node n1 has it", ""}));
  }
}

}  // namespace
}  // namespace axon::cli
