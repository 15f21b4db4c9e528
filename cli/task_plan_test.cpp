#include "cli/task_plan.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

constexpr const char* kFile = R"(
apiVersion: axon.io/v1alpha1
kind: Task
metadata: {name: fix}
spec:
  type: claude-code
  prompt: From the file
  model: opus
  credentials: {type: api-key, secretRef: {name: key}}
  workspaceRef: {name: w}
  agentConfigRef: {name: c}
  branch: fix/1
  podOverrides:
    activeDeadlineSeconds: 60
    env: [{name: A, value: "1"}, {name: B, value: "2"}, {name: AXON_X, value: "3"}]
    resources: {limits: {cpu: "1"}}
---
apiVersion: axon.io/v1alpha1
kind: Workspace
metadata: {name: w}
spec: {repo: "https://github.com/o/r.git", ref: main, secretRef: {name: gh}, setupCommand: [make, deps]}
---
apiVersion: axon.io/v1alpha1
kind: AgentConfig
metadata: {name: c}
spec:
  agentsMD: Rules
  mcpServers: [{name: m, type: http, url: "https://m"}]
---
apiVersion: v1
kind: Secret
metadata: {name: key}
stringData: {ANTHROPIC_API_KEY: from-secret}
)";

class TaskPlan : public testing::Test {
 protected:
  TaskPlan() {
    world.read = [this](const std::string& path) -> Result<std::string> {
      if (files.contains(path)) return files[path];
      return fail(Errc::NotFound, "read " + path + ": No such file or directory");
    };
    world.variable = [this](const std::string& name) -> std::optional<std::string> {
      return variables.contains(name) ? std::optional(variables[name]) : std::nullopt;
    };
    world.has_succeeded = [](const std::string& task) { return task == "done"; };
  }

  Result<LocalTask> plan(const std::vector<std::string>& texts = {}) {
    DocumentSet documents;
    for (const std::string& text : texts) {
      if (const auto added = add_documents(documents, text, "t.yaml"); !added) return std::unexpected(added.error());
    }
    const auto chosen = choose_task(documents, options.name);
    if (!chosen) return std::unexpected(chosen.error());
    return plan_task(options, UserConfig{}, documents, *chosen, nullptr, world);
  }

  std::string error(const std::vector<std::string>& texts = {}) {
    const auto planned = plan(texts);
    return planned ? "no error" : planned.error().message;
  }

  void prompt(const std::string& text) {
    options.prompt = text;
    options.has_prompt = true;
  }

  RunOptions options;
  std::map<std::string, std::string> files;
  Environment variables = {{"ANTHROPIC_API_KEY", "mine"}};
  World world;
};

TEST_F(TaskPlan, TakesEverythingFromTheFiles) {
  variables["GITHUB_TOKEN"] = "gh-token";
  const auto task = plan({kFile});
  ASSERT_TRUE(task) << task.error().message;
  EXPECT_EQ(task->prompt, "From the file");
  EXPECT_EQ(task->instructions, "Rules");
  EXPECT_EQ(task->mcp_servers.size(), 1U);
  EXPECT_EQ(task->env, (Environment{{"A", "1"},
                                    {"B", "2"},
                                    {"ANTHROPIC_API_KEY", "from-secret"},
                                    {"GITHUB_TOKEN", "gh-token"},
                                    {"GH_TOKEN", "gh-token"}}));
  TaskFile file;
  file.name = "fix";
  file.type = "claude-code";
  file.model = "opus";
  file.branch = "fix/1";
  file.workspace = {.repo = "https://github.com/o/r.git", .ref = "main", .files = {}};
  file.setup_command = {"make", "deps"};
  file.deadline_seconds = 60;
  EXPECT_EQ(task->file, file);
  EXPECT_EQ(task->warnings,
            (std::vector<std::string>{"podOverrides.env: AXON_X is set by Axon itself; the given one is left out",
                                      "podOverrides.resources: for a cluster only; without effect on one machine"}));
}

TEST_F(TaskPlan, TakesAnSshKeyFromTheFileThatAVariableNames) {
  variables["AXON_SSH_KEY_FILE"] = "/k";
  files = {{"/k", "-----KEY"}};
  variables["GITHUB_TOKEN"] = "gh-token";
  const auto task = plan({kFile});
  ASSERT_TRUE(task) << task.error().message;
  EXPECT_EQ(task->ssh_key, Secret("-----KEY\n"));
  EXPECT_EQ(task->known_hosts, "");
  variables["AXON_SSH_KNOWN_HOSTS_FILE"] = "/nothing";
  EXPECT_TRUE(error({kFile}).contains("AXON_SSH_KNOWN_HOSTS_FILE")) << error({kFile});
}

TEST_F(TaskPlan, LetsFlagsWin) {
  variables["GITHUB_TOKEN"] = "gh-token";
  files = {{"p.md", "From @file"}, {"skill.md", "Do so"}};
  prompt("@p.md");
  options.model = "haiku";
  options.branch = "other";
  options.repo = "https://ghe.corp/x/y";
  options.timeout = "2m";
  options.env = {"A=flag", "ANTHROPIC_API_KEY"};
  options.agents_md = "Other rules";
  options.skills = {"s=@skill.md"};
  options.mcp = {R"(m={"type":"stdio","command":"c"})"};
  options.setup = "npm ci";
  const auto task = plan({kFile});
  ASSERT_TRUE(task) << task.error().message;
  EXPECT_EQ(task->prompt, "From @file");
  EXPECT_EQ(task->instructions, "Other rules");
  EXPECT_EQ(task->env.at("A"), "flag");
  EXPECT_EQ(task->env.at("ANTHROPIC_API_KEY"), "mine");
  EXPECT_EQ(task->env.at("GH_HOST"), "ghe.corp");
  EXPECT_EQ(task->file.workspace->repo, "https://ghe.corp/x/y");
  EXPECT_EQ(task->file.workspace->ref, "");
  EXPECT_EQ(task->file.deadline_seconds, 120);
  EXPECT_EQ(task->file.setup_command, (std::vector<std::string>{"/bin/sh", "-c", "npm ci"}));
  EXPECT_EQ(task->file.plugins, (std::vector<PluginSource>{{"axon", {{"s", "Do so"}}, {}}}));
  ASSERT_EQ(task->mcp_servers.size(), 1U);
  EXPECT_EQ(task->mcp_servers[0].command, "c");
}

TEST_F(TaskPlan, NeedsAPromptATypeAndACredential) {
  EXPECT_EQ(error(), "no prompt: give one with -p TEXT, -p @FILE or -p - (stdin), or a Task with -f FILE");
  prompt(" \n");
  EXPECT_EQ(error(), "--prompt: the prompt is empty");
  prompt("ab\xFF");
  EXPECT_EQ(error(), "--prompt: byte 3 is not UTF-8; only text can be given");
  prompt("x");
  options.type = "cursor";
  EXPECT_EQ(error(),
            "unknown type \"cursor\"; expected one of claude-code, codex, gemini, opencode, or any name "
            "together with --agent-manifest FILE");
  options.type = "";
  variables.clear();
  EXPECT_EQ(
      error(),
      "no credential for claude-code: set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN in the "
      "environment, or put oauthToken or apiKey into ~/.axon/config.yaml (--credential-type none runs without one)");
  options.credential_type = "none";
  EXPECT_EQ(error(), "no error");
}

TEST_F(TaskPlan, NamesWhatIsNotInTheFiles) {
  const std::string text(kFile);
  const std::string task = text.substr(0, text.find("---"));
  EXPECT_EQ(error({task}),
            "Workspace \"w\", which the Task refers to, is not in t.yaml; add it with -f FILE, or give --repo");
  options.repo = "https://h/r";
  EXPECT_EQ(error({task}), "AgentConfig \"c\", which the Task refers to, is not in t.yaml; add it with -f FILE");
  options.repo = "";
  EXPECT_EQ(error({text}),
            "no token for the repository: set GITHUB_TOKEN in the environment, or put Secret \"gh\" "
            "with that key into the file");
}

TEST_F(TaskPlan, RunsADependantOnlyAfterItsDependency) {
  const std::string head = "apiVersion: axon.io/v1alpha1\nkind: Task\nmetadata: {name: b}\nspec:\n  prompt: x\n";
  EXPECT_EQ(error({head + "  dependsOn: [done]\n"}), "no error");
  EXPECT_EQ(error({head + "  dependsOn: [a]\n"}),
            "Task \"b\" depends on \"a\", which has not succeeded on this machine; run that one first (axon run "
            "--local -f FILE --name a)");
}

TEST_F(TaskPlan, ChoosesOneOfSeveralTasksByName) {
  const std::string two =
      "apiVersion: axon.io/v1alpha1\nkind: Task\nmetadata: {name: a}\nspec: {prompt: first}\n---\n"
      "apiVersion: axon.io/v1alpha1\nkind: Task\nmetadata: {name: b}\nspec: {prompt: second}\n";
  EXPECT_EQ(error({two}), "t.yaml: holds several Tasks; choose one with --name: a, b");
  options.name = "b";
  EXPECT_EQ(plan({two})->prompt, "second");
}

TEST_F(TaskPlan, RefusesFlagsThatMakeNoSense) {
  prompt("x");
  options.mcp = {"a={"};
  EXPECT_EQ(error(), "--mcp a: not valid JSON; expected for example {\"type\":\"http\",\"url\":\"https://…\"}");
  options.mcp = {R"(a={"foo":1})"};
  EXPECT_EQ(error(), "--mcp a: command: required with type stdio\n--mcp a: foo: unknown field");
  options.mcp = {};
  options.skills = {"../x=1"};
  EXPECT_EQ(error(), "--skill: the name \"../x\" must be one path component: no \"/\", \"\\\", \".\" or \"..\"");
  options.skills = {};
  options.env = {"HOME=/x"};
  EXPECT_EQ(error(), "--env: HOME is set by Axon itself");
  options.env = {"1A=x"};
  EXPECT_EQ(error(), "--env: \"1A\" is no name of a variable; expected NAME=VALUE");
  options.env = {};
  options.setup = "[1]";
  EXPECT_EQ(error(), "--setup: expected a command line, or a JSON array of strings such as [\"npm\",\"ci\"]");
}

TEST(DocumentSet, NamesFileLineAndFieldOfEveryProblem) {
  DocumentSet set;
  const auto added = add_documents(set,
                                   "apiVersion: axon.io/v1\nkind: Task\nspec:\n  promt: x\n---\nkind: Pod\n"
                                   "apiVersion: v1\nmetadata: {name: p}\nspec: {}\n",
                                   "t.yaml");
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message,
            "t.yaml:1: apiVersion: expected axon.io/v1alpha1, found \"axon.io/v1\"\n"
            "t.yaml:4: spec.promt: unknown field; did you mean \"prompt\"?\n"
            "t.yaml:6: kind: expected one of Task, Workspace, AgentConfig, Secret, TaskSpawner, found \"Pod\"");
}

TEST_F(TaskPlan, MergesAgentConfigsAndPutsTheValuesOfSecretsIn) {
  constexpr const char* kConfigs = R"(
kind: Task
apiVersion: axon.io/v1alpha1
spec:
  prompt: Do
  credentials: {type: none}
  agentConfigRef: {name: one}
  agentConfigRefs: [{name: two}]
  podOverrides: {env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: absent, optional: true}}}]}
---
kind: AgentConfig
apiVersion: axon.io/v1alpha1
metadata: {name: one}
spec: {agentsMD: One}
---
kind: AgentConfig
apiVersion: axon.io/v1alpha1
metadata: {name: two}
spec:
  agentsMD: Two
  mcpServers:
    - {name: m, type: http, url: "https://m", headersFrom: [{name: Authorization, prefix: "Bearer ", secretKeyRef: {name: s, key: TOKEN}}]}
)";
  const auto missing = plan({kConfigs});
  ASSERT_FALSE(missing);
  EXPECT_EQ(
      missing.error().message,
      "mcpServers.m.headersFrom.Authorization: no key \"TOKEN\" in Secret \"s\"; add the Secret to a file, or set a "
      "variable named as the key");
  variables["TOKEN"] = "hush";
  const auto task = plan({kConfigs});
  ASSERT_TRUE(task) << task.error().message;
  EXPECT_EQ(task->instructions, "One\n\nTwo");
  EXPECT_EQ(task->mcp_servers.at(0).headers.at("Authorization"), "Bearer hush");
  EXPECT_FALSE(task->env.contains("A"));
}

}  // namespace
}  // namespace axon::cli
