#include "cli/install_plan.hpp"

#include <gmock/gmock.h>

#include <set>

namespace axon::cli {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const json& deployment(const InstallPlan& plan) { return plan.objects.back(); }

TEST(InstallPlan, PutsDefinitionsBeforeAndTheDeploymentLast) {
  const auto plan = plan_install({.tag = "1.2"});
  ASSERT_TRUE(plan) << plan.error().message;
  std::set<std::string> definitions;
  for (const json& one : plan->definitions) definitions.insert(kube::key_of(one).name);
  EXPECT_EQ(definitions, (std::set<std::string>{"agentconfigs.axon.io", "tasks.axon.io", "taskspawners.axon.io",
                                                "workspaces.axon.io"}));
  EXPECT_EQ(plan->objects.front()["kind"], "Namespace");
  EXPECT_EQ(deployment(*plan)["kind"], "Deployment");
  for (const json& one : plan->objects) EXPECT_TRUE(resource_of(one)) << one["kind"];
}

TEST(InstallPlan, NamesEveryImage) {
  const auto plan = plan_install({.image_prefix = "localhost:5000/team", .tag = "1.2"});
  ASSERT_TRUE(plan) << plan.error().message;
  const json& container = deployment(*plan)["spec"]["template"]["spec"]["containers"][0];
  EXPECT_EQ(container["image"], "localhost:5000/team/axon-controller:1.2");
  const auto args = container["args"].get<std::vector<std::string>>();
  EXPECT_THAT(args, Contains("--runtime-image=localhost:5000/team/axon-runtime:1.2"));
  EXPECT_THAT(args, Contains("--claude-code-image=localhost:5000/team/axon-claude-code:1.2"));
  EXPECT_THAT(args, Not(Contains("--no-set-user")));
  EXPECT_EQ(*plan_install({.image_prefix = "localhost:5000/team/", .tag = "1.2"}), *plan);
}

TEST(InstallPlan, LeavesUsersToTheCluster) {
  const auto plan = plan_install({.tag = "1", .set_user = false});
  ASSERT_TRUE(plan) << plan.error().message;
  const json& pod = deployment(*plan)["spec"]["template"]["spec"];
  EXPECT_FALSE(pod["securityContext"].contains("runAsUser"));
  EXPECT_TRUE(pod["securityContext"]["runAsNonRoot"]);
  EXPECT_THAT(pod["containers"][0]["args"].get<std::vector<std::string>>(), Contains("--no-set-user"));
}

TEST(InstallPlan, RefusesAPrefixThatIsNone) {
  for (const char* prefix : {"a b", "/a", "a//b", "a/b:1", "https://a"}) {
    const auto plan = plan_install({.image_prefix = prefix, .tag = "1"});
    ASSERT_FALSE(plan) << prefix;
    EXPECT_THAT(plan.error().message, HasSubstr("--image-prefix"));
  }
}

TEST(InstallPlan, KnowsWhenAllIsReady) {
  EXPECT_FALSE(is_established(json::object()));
  EXPECT_TRUE(is_established(json::parse(R"({"status":{"conditions":[{"type":"Established","status":"True"}]}})")));
  json one = json::parse(R"({"metadata":{"generation":2},"spec":{"replicas":1},
    "status":{"observedGeneration":2,"replicas":1,"updatedReplicas":1,"availableReplicas":1}})");
  EXPECT_TRUE(is_rolled_out(one));
  one["status"]["observedGeneration"] = 1;
  EXPECT_FALSE(is_rolled_out(one));
  one["status"] = {{"observedGeneration", 2}, {"replicas", 2}, {"updatedReplicas", 1}, {"availableReplicas", 2}};
  EXPECT_FALSE(is_rolled_out(one));
}

TEST(InstallPlan, TellsWhatKeepsAPod) {
  EXPECT_EQ(trouble_of(json::parse(R"({"status":{"containerStatuses":[{"state":{"waiting":{
    "reason":"ImagePullBackOff","message":"no such image"}}}]}})")),
            "ImagePullBackOff: no such image");
  EXPECT_EQ(trouble_of(json::parse(R"({"status":{"conditions":[{"type":"PodScheduled","status":"False",
    "reason":"Unschedulable","message":"0/1 nodes"}]}})")),
            "Unschedulable: 0/1 nodes");
  EXPECT_EQ(trouble_of(json::object()), "");
}

}  // namespace
}  // namespace axon::cli
