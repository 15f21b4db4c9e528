#include "controller/task/resolve.hpp"

#include <gtest/gtest.h>

namespace axon::controller {
namespace {

using nlohmann::json;

class Namespace {
 public:
  std::map<std::string, json> workspaces;
  std::map<std::string, json> configs;
  std::map<std::string, SecretSpec> secrets;
  std::map<std::string, TaskFacts> tasks;
  github::Standing github_token;

  [[nodiscard]] Lookup lookup() const {
    const auto in = [](const std::map<std::string, json>& objects) {
      return [&objects](const std::string& name) -> std::optional<json> {
        const auto found = objects.find(name);
        return found == objects.end() ? std::nullopt : std::optional(found->second);
      };
    };
    Lookup lookup;
    lookup.workspace = in(workspaces);
    lookup.agent_config = in(configs);
    lookup.has_secret = [this](const std::string& name) { return secrets.contains(name); };
    lookup.task = [this](const std::string& name) {
      const auto found = tasks.find(name);
      return found == tasks.end() ? nullptr : &found->second;
    };
    lookup.secrets = secrets;
    lookup.github_token = [this](const std::string&) { return github_token; };
    return lookup;
  }
};

TaskFacts task() {
  TaskFacts task;
  task.ns = "demo";
  task.name = "t";
  task.spec.type = "claude-code";
  task.spec.prompt = "Do it";
  task.spec.credentials = CredentialsRef{"api-key", "key"};
  return task;
}

SecretSpec secret(const std::string& key) {
  SecretSpec secret;
  secret.values[key] = Secret("hush");
  return secret;
}

MissingReference missing(const Resolution& resolution) {
  const auto* found = std::get_if<MissingReference>(&resolution);
  return found == nullptr ? MissingReference{} : *found;
}

TEST(Resolve, SaysWhatIsMissing) {
  Namespace there;
  TaskFacts needy = task();
  EXPECT_EQ(missing(resolve(needy, there.lookup())),
            (MissingReference{"SecretNotFound", "Secret \"key\" does not exist in namespace \"demo\""}));
  needy.spec.workspace = "shop";
  needy.spec.agent_configs = {"rules"};
  EXPECT_EQ(missing(resolve(needy, there.lookup())).reason, "WorkspaceNotFound");
  there.workspaces["shop"] = json::parse(R"({"spec": {"repo": "https://h/r.git", "secretRef": {"name": "git"}}})");
  EXPECT_EQ(missing(resolve(needy, there.lookup())).reason, "AgentConfigNotFound");
  there.configs["rules"] = json::parse(R"({"spec": {"agentsMD": "Be brief."}})");
  EXPECT_EQ(missing(resolve(needy, there.lookup())).message, "Secret \"git\" does not exist in namespace \"demo\"");
  EXPECT_EQ(secrets_to_read(needy, there.lookup()), std::vector<std::string>{"git"});
  there.secrets["git"] = secret("token");
  EXPECT_EQ(missing(resolve(needy, there.lookup())).reason, "SecretKeyNotFound");
  there.secrets["git"] = secret("GITHUB_TOKEN");
  there.secrets["key"] = secret("ANTHROPIC_API_KEY");
  const Resolution found = resolve(needy, there.lookup());
  const auto* inputs = std::get_if<Inputs>(&found);
  ASSERT_NE(inputs, nullptr);
  EXPECT_EQ(inputs->workspace->repo, "https://h/r.git");
  EXPECT_EQ(inputs->config.agents_md, "Be brief.");
  EXPECT_EQ(inputs->token.secret, "git");
}

TEST(Resolve, WaitsForTheTokenOfAGithubApp) {
  Namespace there;
  there.secrets["key"] = secret("ANTHROPIC_API_KEY");
  there.secrets["app"] = secret("appID");
  there.workspaces["shop"] = json::parse(R"({"spec": {"repo": "https://h/r.git", "secretRef": {"name": "app"}}})");
  TaskFacts needy = task();
  needy.spec.workspace = "shop";
  EXPECT_EQ(missing(resolve(needy, there.lookup())),
            (MissingReference{"GitHubTokenPending",
                              "waits for a token of the GitHub App in Secret \"app\"; it is being made", true}));
  there.github_token.trouble = "HTTP 401";
  EXPECT_EQ(missing(resolve(needy, there.lookup())), (MissingReference{"GitHubTokenFailed", "HTTP 401"}));
  there.github_token.is_usable = true;
  EXPECT_EQ(std::get<Inputs>(resolve(needy, there.lookup())).token.secret, "axon-github-token-shop");
}

TEST(Resolve, PutsTheValuesOfSecretsIntoTheServers) {
  Namespace there;
  there.secrets["key"] = secret("ANTHROPIC_API_KEY");
  there.configs["rules"] = json::parse(R"({"spec": {"mcpServers": [{"name": "m", "type": "http", "url": "u",
    "headersFrom": [{"name": "A", "prefix": "Bearer ", "secretKeyRef": {"name": "mcp", "key": "token"}}]}]}})");
  TaskFacts needy = task();
  needy.spec.agent_configs = {"rules"};
  EXPECT_EQ(secrets_to_read(needy, there.lookup()), std::vector<std::string>{"mcp"});
  EXPECT_EQ(missing(resolve(needy, there.lookup())).message, "Secret \"mcp\" does not exist in namespace \"demo\"");
  there.secrets["mcp"] = secret("other");
  EXPECT_EQ(missing(resolve(needy, there.lookup())),
            (MissingReference{"SecretKeyNotFound", "mcpServers.m.headersFrom.A: no key \"token\" in Secret \"mcp\""}));
  there.secrets["mcp"] = secret("token");
  const Resolution found = resolve(needy, there.lookup());
  EXPECT_EQ(std::get<Inputs>(found).config.mcp_servers.at(0).headers.at("A"), "Bearer hush");
}

TEST(Resolve, CarriesOutThePromptOfATaskWithDependencies) {
  Namespace there;
  there.secrets["key"] = secret("ANTHROPIC_API_KEY");
  there.tasks["a"].status.results = {{"branch", "fix/1"}};
  TaskFacts next = task();
  next.spec.prompt = R"(Test {{ index .Deps "a" "Results" "branch" }})";
  EXPECT_EQ(std::get<Inputs>(resolve(next, there.lookup())).prompt, next.spec.prompt);  // braces of its own
  next.spec.depends_on = {"a"};
  EXPECT_EQ(std::get<Inputs>(resolve(next, there.lookup())).prompt, "Test fix/1");
  next.spec.prompt = "Test {{ .Deps.b.Name }}";
  const Resolution broken = resolve(next, there.lookup());
  ASSERT_TRUE(std::holds_alternative<InvalidTask>(broken));
  EXPECT_TRUE(std::get<InvalidTask>(broken).message.starts_with("spec.prompt: template: prompt:1:"));
}

TEST(Resolve, RefusesWhatItCannotRead) {
  Namespace there;
  TaskFacts needy = task();
  needy.spec.workspace = "shop";
  there.workspaces["shop"] = json::parse(R"({"spec": {"rebo": "x"}})");
  EXPECT_EQ(std::get<InvalidTask>(resolve(needy, there.lookup())).message,
            "Workspace \"shop\": spec.repo: required\nspec.rebo: unknown field; did you mean \"repo\"?");
}

}  // namespace
}  // namespace axon::controller
