#include "cli/create_plan.hpp"

#include <gtest/gtest.h>

#include "cli/difference.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

World world() {
  World there;
  there.read = [](const std::string& path) -> Result<std::string> {
    if (path == "-" || path == "token") return "tok\n";
    if (path == "mcp.json") return R"({"command": "npx", "args": ["-y"]})";
    return fail(Errc::NotFound, "read " + path + ": not there");
  };
  return there;
}

TEST(CreateWorkspace, MakesASecretOfAToken) {
  for (const char* token : {"@token", "-", "tok"}) {
    const auto plan =
        plan_workspace({.name = "shop", .repo = "https://h/r", .ref = "main", .secret = "", .token = token}, world());
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_EQ(json(*plan),
              json::parse(R"([{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shop-credentials"},
        "data": {"GITHUB_TOKEN": "dG9r"}},
      {"apiVersion": "axon.io/v1alpha1", "kind": "Workspace", "metadata": {"name": "shop"},
        "spec": {"repo": "https://h/r", "ref": "main", "secretRef": {"name": "shop-credentials"}}}])"));
  }
}

TEST(CreateWorkspace, RefersToASecretThatIsThere) {
  const auto plan =
      plan_workspace({.name = "shop", .repo = "git@h:r", .ref = "", .secret = "mine", .token = ""}, world());
  ASSERT_EQ(plan->size(), 1U);
  EXPECT_EQ(without_nulls(plan->front())["spec"], json::parse(R"({"repo": "git@h:r", "secretRef": {"name": "mine"}})"));
  EXPECT_TRUE(plan->front()["spec"]["ref"].is_null()) << "an earlier one is taken away";
  EXPECT_FALSE(plan_workspace({.name = "s", .repo = "git@h:r", .ref = "", .secret = "a", .token = "b"}, world()));
  EXPECT_EQ(plan_workspace({.name = "s", .repo = "git@h:r", .ref = "", .secret = "", .token = "@no"}, world())
                .error()
                .message,
            "--token: read no: not there");
}

TEST(CreateAgentConfig, PutsEachFlagInItsPlace) {
  AgentConfigFlags flags;
  flags.name = "c";
  flags.agents_md = "Be kind";
  flags.skills = {"deploy=Deploy it"};
  flags.agents = {"reviewer=Review it"};
  flags.mcp = {
      R"(gh={"type":"http","url":"https://x/","headersFrom":[{"name":"A","secretKeyRef":{"name":"s","key":"k"}}]})",
      "mine=@mcp.json"};
  const auto plan = plan_agent_config(flags, world());
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ((*plan)["spec"], json::parse(R"({"agentsMD": "Be kind",
    "plugins": [{"name": "axon", "skills": [{"name": "deploy", "content": "Deploy it"}],
      "agents": [{"name": "reviewer", "content": "Review it"}]}],
    "mcpServers": [{"name": "gh", "type": "http", "url": "https://x/",
        "headersFrom": [{"name": "A", "secretKeyRef": {"name": "s", "key": "k"}}]},
      {"name": "mine", "type": "stdio", "command": "npx", "args": ["-y"]}]})"));
}

TEST(CreateAgentConfig, NamesTheFlagThatIsWrong) {
  const auto said = [](AgentConfigFlags flags) {
    const auto plan = plan_agent_config(flags, world());
    return plan ? "" : plan.error().message;
  };
  EXPECT_EQ(said({.name = "c", .agents_md = "@no", .skills = {}, .agents = {}, .mcp = {}}),
            "--agents-md: read no: not there");
  EXPECT_EQ(said({.name = "c", .agents_md = "", .skills = {}, .agents = {}, .mcp = {"docs={\"type\":\"http\"}"}}),
            "--mcp docs: url: required with type http");
  EXPECT_EQ(said({.name = "c", .agents_md = "", .skills = {"x"}, .agents = {}, .mcp = {}}),
            "--skill: expected NAME=CONTENT or NAME=@FILE, found \"x\"");
}

}  // namespace
}  // namespace axon::cli
