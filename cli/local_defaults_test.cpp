#include "cli/local_defaults.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

/// A run without any file.
class LocalDefaults : public testing::Test {
 protected:
  LocalDefaults() {
    options.prompt = "x";
    options.has_prompt = true;
    world.read = [](const std::string& path) { return fail(Errc::NotFound, path); };
    world.variable = [this](const std::string& name) -> std::optional<std::string> {
      return variables.contains(name) ? std::optional(variables[name]) : std::nullopt;
    };
  }

  UserConfig& config(const std::string& text) {
    const auto parsed = parse_user_config(text, "config.yaml");
    EXPECT_TRUE(parsed) << parsed.error().message;
    return config_ = parsed.value_or(UserConfig{});
  }

  Result<LocalTask> plan(bool is_in_repository = true) {
    const RunOptions with = with_defaults(options, config_, nullptr, is_in_repository);
    return plan_task(with, config_, documents, nullptr, nullptr, world);
  }

  Environment env() {
    const auto task = plan();
    EXPECT_TRUE(task) << task.error().message;
    return task ? task->env : Environment{};
  }

  std::string error() {
    const auto task = plan();
    return task ? "no error" : task.error().message;
  }

  RunOptions options;
  DocumentSet documents;
  Environment variables;
  World world;

 private:
  UserConfig config_;
};

TEST_F(LocalDefaults, TakeTypeModelAndTokenFromTheFile) {
  config("type: codex\nmodel: large\napiKey: k\n");
  const auto task = plan();
  ASSERT_TRUE(task) << task.error().message;
  EXPECT_EQ(task->file.type, "codex");
  EXPECT_EQ(task->file.model, "large");
  EXPECT_EQ(task->env, (Environment{{"CODEX_API_KEY", "k"}}));
  EXPECT_EQ(task->credential_names, std::vector<std::string>{"CODEX_API_KEY"});
}

TEST_F(LocalDefaults, LetFlagsWinAndGiveAnotherAgentNeitherModelNorToken) {
  config("type: codex\nmodel: large\napiKey: k\n");
  options.model = "small";
  EXPECT_EQ(plan()->file.model, "small");
  options.model = "";
  options.type = "gemini";
  EXPECT_EQ(
      error(),
      "no credential for gemini: set GEMINI_API_KEY in the environment, or put oauthToken or apiKey into config.yaml, "
      "whose apiKey is for codex (--credential-type none runs without one)");
  variables["GEMINI_API_KEY"] = "g";
  EXPECT_EQ(plan()->file.model, "");
}

TEST_F(LocalDefaults, LetTheEnvironmentWinOverTheFilesToken) {
  config("oauthToken: t\n");
  EXPECT_EQ(env(), (Environment{{"CLAUDE_CODE_OAUTH_TOKEN", "t"}}));
  variables["ANTHROPIC_API_KEY"] = "mine";
  EXPECT_EQ(env(), (Environment{{"ANTHROPIC_API_KEY", "mine"}}));
}

TEST_F(LocalDefaults, TakeTheKindOfCredentialThatTheFileNamesWhereThereAreTwo) {
  variables = {{"ANTHROPIC_API_KEY", "mine"}, {"CLAUDE_CODE_OAUTH_TOKEN", "t"}};
  config("credentialType: oauth\n");
  EXPECT_EQ(env(), (Environment{{"CLAUDE_CODE_OAUTH_TOKEN", "t"}}));
  options.credential_type = "api-key";
  EXPECT_EQ(env(), (Environment{{"ANTHROPIC_API_KEY", "mine"}}));
}

TEST_F(LocalDefaults, RunWithoutACredentialWhereTheFileSaysSo) {
  config("credentialType: none\n");
  EXPECT_EQ(env(), Environment{});
  options.credential_type = "oauth";
  config("credentialType: none\napiKey: k\n");
  EXPECT_EQ(
      error(),
      "no credential for claude-code: set CLAUDE_CODE_OAUTH_TOKEN in the environment, or put oauthToken or apiKey "
      "into config.yaml, whose apiKey is of type api-key (--credential-type none runs without one)");
}

TEST_F(LocalDefaults, CloneTheFilesRepositoryWhereTheCallerIsInNone) {
  config("apiKey: k\nworkspace: {repo: 'https://github.com/o/r', ref: dev, token: g}\n");
  const auto elsewhere = plan(false);
  ASSERT_TRUE(elsewhere) << elsewhere.error().message;
  EXPECT_EQ(elsewhere->file.workspace->repo, "https://github.com/o/r");
  EXPECT_EQ(elsewhere->file.workspace->ref, "dev");
  EXPECT_EQ(elsewhere->env, (Environment{{"ANTHROPIC_API_KEY", "k"}, {"GITHUB_TOKEN", "g"}, {"GH_TOKEN", "g"}}));
  const auto here = plan(true);
  ASSERT_TRUE(here) << here.error().message;
  EXPECT_EQ(here->file.workspace->repo + here->file.workspace->ref, "");
  EXPECT_EQ(here->env, (Environment{{"ANTHROPIC_API_KEY", "k"}}));
}

TEST_F(LocalDefaults, GiveTheTokenToItsOwnRepositoryAlone) {
  config("apiKey: k\nworkspace: {repo: 'https://github.com/o/r', ref: dev, token: g}\n");
  options.repo = "https://github.com/o/other";
  EXPECT_EQ(env(), (Environment{{"ANTHROPIC_API_KEY", "k"}}));
  EXPECT_EQ(plan()->file.workspace->ref, "");
  options.repo = "https://github.com/o/r";
  EXPECT_EQ(env().at("GITHUB_TOKEN"), "g");
  EXPECT_EQ(plan()->file.workspace->ref, "dev");
  variables["GITHUB_TOKEN"] = "mine";
  EXPECT_EQ(env().at("GITHUB_TOKEN"), "mine");
}

TEST_F(LocalDefaults, SayWhatOnlyAClusterHas) {
  config(
      "apiKey: k\nagentConfig: rules\nworkspace:\n  repo: https://github.com/o/r\n"
      "  githubApp: {appID: 1, installationID: 2, privateKeyPath: k.pem}\n");
  EXPECT_EQ(plan(false)->warnings,
            (std::vector<std::string>{
                "AgentConfig \"rules\" of config.yaml is in a cluster; give it to a run on this machine by -f FILE",
                "workspace.githubApp of config.yaml is for a cluster; on this machine a private repository wants a "
                "GITHUB_TOKEN"}));
}

TEST_F(LocalDefaults, FindWhatTheFileNamesInTheDocuments) {
  config("apiKey: k\nagentConfig: rules\nworkspace: {name: shop}\n");
  documents.agent_configs["rules"].agents_md = "Rules";
  documents.workspaces["shop"].repo = "https://github.com/o/shop";
  const auto task = plan();
  ASSERT_TRUE(task) << task.error().message;
  EXPECT_EQ(task->instructions, "Rules");
  EXPECT_EQ(task->file.workspace->repo, "https://github.com/o/shop");
  EXPECT_EQ(task->warnings, std::vector<std::string>{});
}

}  // namespace
}  // namespace axon::cli
