#include "cli/cluster_plan.hpp"

#include <gtest/gtest.h>

#include "cli/run_flags.hpp"
#include "core/encoding.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

class ClusterPlanTest : public testing::Test {
 protected:
  ClusterPlanTest() {
    options.prompt = "Fix it";
    options.has_prompt = true;
    config.source = "c.yaml";
    world.read = [this](const std::string& path) -> Result<std::string> {
      if (files.contains(path)) return files[path];
      return fail(Errc::NotFound, "read " + path + ": No such file or directory");
    };
    world.variable = [](const std::string&) { return std::nullopt; };
  }

  Result<ClusterPlan> plan(const std::string& text = "") {
    DocumentSet documents;
    if (!text.empty()) {
      if (const auto added = add_documents(documents, text, "t.yaml"); !added) return std::unexpected(added.error());
    }
    return plan_cluster_run(options, config, documents, world);
  }

  json spec(const std::string& text = "") {
    const auto made = plan(text);
    return made ? made->task.at("spec") : json(made.error().message);
  }

  std::string error() {
    const auto made = plan();
    return made ? "" : made.error().message;
  }

  RunOptions options;
  UserConfig config;
  World world;
  std::map<std::string, std::string> files;
};

TEST_F(ClusterPlanTest, AToken) {
  config.oauth_token = Secret("token");
  const auto made = plan();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->task, json::parse(R"({"apiVersion": "axon.io/v1alpha1", "kind": "Task", "metadata": {}, "spec": {
    "type": "claude-code", "prompt": "Fix it",
    "credentials": {"type": "oauth", "secretRef": {"name": "axon-credentials"}}}})"));
  json secret = json::parse(R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "axon-credentials"}})");
  secret["data"]["CLAUDE_CODE_OAUTH_TOKEN"] = to_base64("token");
  EXPECT_EQ(made->others, std::vector<json>{secret});
}

TEST_F(ClusterPlanTest, AllFlags) {
  options.type = "codex";
  options.secret = "key";
  options.credential_type = "oauth";
  options.model = "m";
  options.image = "i";
  options.name = "fix-1";
  options.workspace = "shop";
  options.timeout = "1m30s";
  options.stall = "5m";
  options.grace = "10s";
  options.env = {"A=1", "B=x=y"};
  options.agent_config = "ac";
  options.depends_on = {"a", "b"};
  options.branch = "fix/1";
  options.cluster.ns = "team";
  config.model = "opus";
  const auto made = plan();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->task, json::parse(R"({"apiVersion": "axon.io/v1alpha1", "kind": "Task",
    "metadata": {"name": "fix-1", "namespace": "team"}, "spec": {
    "type": "codex", "prompt": "Fix it", "model": "m", "image": "i",
    "credentials": {"type": "oauth", "secretRef": {"name": "key"}}, "workspaceRef": {"name": "shop"},
    "agentConfigRef": {"name": "ac"}, "dependsOn": ["a", "b"], "branch": "fix/1",
    "podOverrides": {"activeDeadlineSeconds": 90, "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "x=y"}]},
    "stallSeconds": 300, "gracePeriodSeconds": 10}})"));
  EXPECT_TRUE(made->others.empty());
}

TEST_F(ClusterPlanTest, TheConfigFileFillsIn) {
  config.secret = "key";
  config.type = "gemini";
  config.model = "pro";
  config.workspace.name = "shop";
  config.agent_config = "ac";
  EXPECT_EQ(spec(), json::parse(R"({"type": "gemini", "prompt": "Fix it", "model": "pro",
    "credentials": {"type": "api-key", "secretRef": {"name": "key"}}, "workspaceRef": {"name": "shop"},
    "agentConfigRef": {"name": "ac"}})"));
  options.type = "codex";
  EXPECT_FALSE(spec().contains("model")) << "which is of another agent";
}

TEST_F(ClusterPlanTest, ADocumentWinsOverTheConfigFileAndAFlagOverBoth) {
  config.secret = "other";
  config.type = "gemini";
  config.workspace.name = "other";
  config.agent_config = "other";
  options.model = "opus";
  options.env = {"A=2"};
  options.has_prompt = false;
  const std::string text = R"(
apiVersion: axon.io/v1alpha1
kind: Task
metadata: {name: t, labels: {team: shop}}
spec:
  type: claude-code
  prompt: From the file
  model: sonnet
  credentials: {type: oauth, secretRef: {name: s}}
  workspaceRef: {name: w}
  agentConfigRefs: [{name: a}, {name: b}]
  podOverrides: {env: [{name: A, value: "1"}, {name: B, value: "1"}]}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {CLAUDE_CODE_OAUTH_TOKEN: x}
)";
  const auto made = plan(text);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->task.at("metadata"), json::parse(R"({"name": "t", "labels": {"team": "shop"}})"));
  EXPECT_EQ(made->task.at("spec"), json::parse(R"({"type": "claude-code", "prompt": "From the file", "model": "opus",
    "credentials": {"type": "oauth", "secretRef": {"name": "s"}}, "workspaceRef": {"name": "w"},
    "agentConfigRefs": [{"name": "a"}, {"name": "b"}],
    "podOverrides": {"env": [{"name": "B", "value": "1"}, {"name": "A", "value": "2"}]}})"));
  ASSERT_EQ(made->others.size(), 1U);
  EXPECT_EQ(made->others[0].at("data"), json({{"CLAUDE_CODE_OAUTH_TOKEN", to_base64("x")}}));
}

TEST_F(ClusterPlanTest, ARepositoryBecomesAWorkspaceWithItsToken) {
  config.secret = "key";
  config.workspace.repo = "https://github.com/o/r.git";
  config.workspace.ref = "main";
  config.workspace.token = Secret("gh");
  const auto made = plan();
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->others.size(), 2U);
  EXPECT_EQ(made->others[0].at("data"), json::parse(R"({"GITHUB_TOKEN": "Z2g=", "appID": null, "installationID": null,
                                                        "privateKey": null})"));
  EXPECT_EQ(made->others[1], json::parse(R"({"apiVersion": "axon.io/v1alpha1", "kind": "Workspace",
    "metadata": {"name": "axon-workspace"}, "spec": {"repo": "https://github.com/o/r.git", "ref": "main",
      "secretRef": {"name": "axon-workspace-credentials"}}})"));
  EXPECT_EQ(made->task.at("spec").at("workspaceRef"), json({{"name", "axon-workspace"}}));
}

TEST_F(ClusterPlanTest, AnotherRepositoryDoesNotGetTheToken) {
  config.secret = "key";
  config.workspace.repo = "https://github.com/o/r.git";
  config.workspace.token = Secret("gh");
  options.repo = "https://example.com/x.git";
  options.ref = "v1";
  const auto made = plan();
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->others.size(), 1U);
  EXPECT_EQ(made->others[0].at("spec"),
            json::parse(R"({"repo": "https://example.com/x.git", "ref": "v1", "secretRef": null})"));
}

TEST_F(ClusterPlanTest, AGithubAppsKeyIsRead) {
  config.secret = "key";
  config.workspace.repo = "https://github.com/o/r.git";
  config.workspace.github_app = ConfigGithubApp{"1", "2", "/app.pem"};
  EXPECT_EQ(error(), "c.yaml: workspace.githubApp.privateKeyPath: read /app.pem: No such file or directory");
  files["/app.pem"] = "PEM";
  const auto made = plan();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->others[0].at("data"), json::parse(R"({"appID": "MQ==", "installationID": "Mg==",
                                                        "privateKey": "UEVN", "GITHUB_TOKEN": null})"));
}

TEST_F(ClusterPlanTest, ATokenIsNotHandedToAnotherProvider) {
  config.api_key = Secret("for-claude");
  options.type = "codex";
  EXPECT_EQ(error(),
            "c.yaml: apiKey is for claude-code; name a Secret for codex by --secret NAME, or say there: type: codex");
  config.type = "codex";
  EXPECT_EQ(error(), "");
}

TEST_F(ClusterPlanTest, ErrorsSayWhatToDo) {
  EXPECT_TRUE(error().starts_with("no credential for claude-code: put oauthToken or apiKey into c.yaml")) << error();
  options.credential_type = "none";
  EXPECT_EQ(spec().at("credentials"), json({{"type", "none"}}));
  options.credential_type = "oauth";
  config.api_key = Secret("k");
  EXPECT_EQ(error(), "--credential-type oauth: c.yaml has apiKey, which is api-key; name a Secret by --secret NAME");
  options.credential_type.clear();
  options.ref = "main";
  EXPECT_TRUE(error().starts_with("--ref: goes with --repo")) << error();
  options.ref.clear();
  options.branch = "fix/1";
  EXPECT_EQ(error(), "--branch: is of a repository; name one: --repo URL or --workspace NAME");
  options.repo = "../shop";
  EXPECT_EQ(error(), "--repo: \"../shop\" is no URL of a repository; expected https://…, ssh://… or git@HOST:PATH");
  options.repo.clear();
  options.branch.clear();
  options.timeout = "soon";
  EXPECT_TRUE(error().starts_with("--timeout: \"soon\" is no duration")) << error();
  options.timeout.clear();
  options.type = "mine";
  EXPECT_TRUE(error().starts_with("unknown type \"mine\"; expected one of claude-code")) << error();
  options.type = "A b";
  EXPECT_TRUE(error().starts_with("--type: \"A b\" is no type")) << error();
  options.type.clear();
  options.name = "A b";
  EXPECT_TRUE(error().starts_with("--name: \"A b\" must be")) << error();
  options.name.clear();
  options.prompt = std::string((1 << 20) + 1, 'x');
  EXPECT_EQ(error(), "the prompt has 1048577 bytes, a cluster takes 1048576 (1 MiB); put the rest into the repository");
}

TEST(RunFlags, GoWithOneOrTheOther) {
  RunOptions options;
  EXPECT_TRUE(check_cluster_flags(options));
  EXPECT_TRUE(check_local_flags(options));
  options.mcp = {"x={}"};
  options.image = "i";
  EXPECT_EQ(check_cluster_flags(options).error().message,
            "--mcp: works with --local only; on a cluster put it into an AgentConfig: axon create agentconfig, then "
            "--agent-config");
  EXPECT_EQ(check_local_flags(options).error().message,
            "--image: is for a cluster; with --local the agent is the program in your PATH");
}

}  // namespace
}  // namespace axon::cli
