#include "controller/github/app.hpp"

#include <gtest/gtest.h>

namespace axon::controller::github {
namespace {

using nlohmann::json;

SecretSpec secret(const std::map<std::string, std::string>& values) {
  SecretSpec secret;
  for (const auto& [key, value] : values) secret.values[key] = Secret(value);
  return secret;
}

const std::map<std::string, std::string> kApp = {{"appID", "12"}, {"installationID", "34"}, {"privateKey", "hush"}};

std::string refusal(std::map<std::string, std::string> changed) {
  std::map<std::string, std::string> values = kApp;
  for (auto& [key, value] : changed) values[key] = std::move(value);
  const Result<App> app = read_app("git", secret(values));
  return app ? "" : app.error().message;
}

TEST(IsApp, WhereTheSecretMeansOne) {
  EXPECT_TRUE(is_app(secret(kApp)));
  EXPECT_TRUE(is_app(secret({{"appID", "12"}})));
  EXPECT_FALSE(is_app(secret({{"GITHUB_TOKEN", "t"}})));
  EXPECT_FALSE(is_app(secret({{"ssh-privatekey", "k"}})));
  EXPECT_FALSE(is_app(secret({{"GITHUB_TOKEN", "t"}, {"appID", "12"}})));
  std::map<std::string, std::string> both = kApp;
  both["GITHUB_TOKEN"] = "t";
  EXPECT_TRUE(is_app(secret(both)));
}

TEST(ReadApp, TakesTheLineFeedsOfFiles) {
  const Result<App> app =
      read_app("git", secret({{"appID", "12\n"}, {"installationID", " 34\r\n"}, {"privateKey", "\nhush"}}));
  EXPECT_EQ(app, (App{.id = "12", .installation = "34", .private_key = Secret("hush\n")}));
  EXPECT_EQ(refusal({{"appID", "Iv23liAbC.d_e"}}), "");
}

TEST(ReadApp, NamesTheSecretAndItsKey) {
  const Result<App> some = read_app("git", secret({{"appID", "12"}, {"privateKey", " \n"}}));
  EXPECT_EQ(some.error().message,
            "Secret \"git\" has no installationID, privateKey; a GitHub App needs appID, installationID and privateKey "
            "there, and a personal token GITHUB_TOKEN");
  for (const char* id : {"12/../34", "1 2", "a\"b", "\xff"}) {
    EXPECT_TRUE(refusal({{"appID", id}}).starts_with("Secret \"git\", key appID: expected the App's ID")) << id;
  }
  for (const char* id : {"x", "-1", "12/3", "1?", "12345678901234567890"}) {
    EXPECT_TRUE(refusal({{"installationID", id}}).starts_with("Secret \"git\", key installationID: expected a number"));
  }
}

TEST(ApiOf, IsThatOfTheRepositorysHost) {
  EXPECT_EQ(api_of("https://github.com/o/r.git"), "https://api.github.com");
  EXPECT_EQ(api_of("https://GitHub.com/o/r.git"), "https://api.github.com");
  EXPECT_EQ(api_of("git@github.com:o/r.git"), "https://api.github.com");
  EXPECT_EQ(api_of("ssh://git@ssh.github.com:443/o/r.git"), "https://api.github.com");
  EXPECT_EQ(api_of("https://corp.ghe.com/o/r"), "https://api.corp.ghe.com");
  EXPECT_EQ(api_of("https://git.corp/o/r"), "https://git.corp/api/v3");
  EXPECT_EQ(api_of("https://user:pass@git.corp:8443/o/r"), "https://git.corp:8443/api/v3");
  EXPECT_EQ(api_of("ssh://git@git.corp:2222/o/r"), "https://git.corp/api/v3");
  EXPECT_EQ(api_of("http://git.corp/o/r").error().message,
            "spec.repo: begins with http://, where no token is sent; use https://");
  EXPECT_FALSE(api_of("/srv/git/r"));
}

TEST(ReadSource, IsAllThatATokenDependsOn) {
  const json workspace = json::parse(
      R"({"metadata": {"name": "shop"}, "spec": {"repo": "https://git.corp/o/r", "secretRef": {"name": "git"}}})");
  const Result<Source> source = read_source(workspace, secret(kApp));
  ASSERT_TRUE(source);
  EXPECT_EQ(source->secret, "git");
  EXPECT_EQ(identity(*source), "12/34@https://git.corp/api/v3");
  json wrong = workspace;
  wrong["spec"]["repo"] = "http://git.corp/o/r";
  EXPECT_TRUE(read_source(wrong, secret(kApp)).error().message.starts_with("Workspace \"shop\": spec.repo: "));
}

}  // namespace
}  // namespace axon::controller::github
