#include "cli/config.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace axon::cli {
namespace {

UserConfig parsed(std::string_view text) {
  const Result<UserConfig> config = parse_user_config(text, "c.yaml");
  EXPECT_TRUE(config) << config.error().message;
  return config.value_or(UserConfig{});
}

std::string problem(std::string_view text) {
  const Result<UserConfig> config = parse_user_config(text, "c.yaml");
  return config ? "" : config.error().message;
}

TEST(UserConfig, ReadsEveryField) {
  UserConfig expected;
  expected.oauth_token = Secret("t");
  expected.secret = "s";
  expected.credential_type = "oauth";
  expected.type = "codex";
  expected.model = "m";
  expected.ns = "team";
  expected.agent_config = "rules";
  expected.workspace = {.name = "", .repo = "https://h/r.git", .ref = "main", .token = Secret("g"), .github_app = {}};
  expected.source = "c.yaml";
  EXPECT_EQ(parsed("oauthToken: t\nsecret: s\ncredentialType: oauth\ntype: codex\nmodel: m\nnamespace: team\n"
                   "agentConfig: rules\nworkspace:\n  repo: https://h/r.git\n  ref: main\n  token: g\n"),
            expected);
}

TEST(UserConfig, TakesTheIdsOfAnAppAsNumbersToo) {
  const UserConfig config = parsed(
      "workspace:\n  repo: r\n  githubApp: {appID: 12345678901, installationID: \"67\", privateKeyPath: ~/a.pem}\n");
  EXPECT_EQ(config.workspace.github_app, (ConfigGithubApp{"12345678901", "67", "~/a.pem"}));
}

TEST(UserConfig, IsEmptyForAnEmptyFileAndForFieldsLeftOpen) {
  UserConfig empty;
  empty.source = "c.yaml";
  EXPECT_EQ(parsed(""), empty);
  EXPECT_EQ(parsed("# nothing\n"), empty);
  EXPECT_EQ(parsed("oauthToken:\nmodel: \"\"\nworkspace:\n"), empty);
}

TEST(UserConfig, NamesWhatIsWrongWithItsLine) {
  EXPECT_EQ(problem("oauthToken: t\napiKey: k\n"),
            "c.yaml:2: apiKey: not together with oauthToken; keep the one that is to be used");
  EXPECT_EQ(problem("oauthToken: <your-oauth-token>\n"),
            "c.yaml:1: oauthToken: is still the placeholder; put your own in its place");
  EXPECT_EQ(problem("model: m\nnamespace: No Name\n"),
            "c.yaml:2: namespace: must be a name of a-z, 0-9 and \"-\", at most 63 characters, found \"No Name\"");
  EXPECT_THAT(problem("oauthTokn: t\n"), testing::HasSubstr("c.yaml:1: oauthTokn: unknown field"));
  EXPECT_EQ(
      problem("workspace:\n  name: w\n  repo: r\n"),
      "c.yaml:3: workspace.repo: not together with name: name is a Workspace that is there, repo is for a new one");
  EXPECT_EQ(problem("workspace:\n  ref: main\n"), "c.yaml:1: workspace.repo: required");
  EXPECT_EQ(
      problem("workspace:\n  repo: r\n  token: t\n  githubApp: {appID: 1, installationID: 2, privateKeyPath: p}\n"),
      "c.yaml:3: workspace.token: not together with githubApp");
  EXPECT_EQ(problem("a: 1\n---\nb: 2\n"), "c.yaml: expected one YAML document, found more");
}

TEST(UserConfig, TellsNoTokenInAProblem) {
  EXPECT_THAT(problem("oauthToken: [sk-very-secret]\n"), testing::Not(testing::HasSubstr("sk-very")));
  EXPECT_THAT(problem("apiKey: a-key\noauthToken: sk-very-secret\n"), testing::Not(testing::HasSubstr("sk-very")));
}

/// Each block of the template's comments, taken in, is a field that the parser knows.
TEST(UserConfigTemplate, SaysNothingUntilItIsEditedAndNamesFieldsThatAreThere) {
  UserConfig empty;
  empty.source = "c.yaml";
  EXPECT_EQ(parsed(user_config_template()), empty);
  for (const char* field :
       {"oauthToken", "apiKey", "secret", "credentialType", "type", "model", "namespace", "workspace", "agentConfig"}) {
    EXPECT_THAT(std::string(user_config_template()), testing::HasSubstr("\n# " + std::string(field) + ":"));
  }
}

}  // namespace
}  // namespace axon::cli
