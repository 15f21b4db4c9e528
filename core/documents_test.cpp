#include "core/documents.hpp"

#include <gtest/gtest.h>

#include "core/credentials.hpp"

namespace axon {
namespace {

using nlohmann::json;

std::string task_problems(const json& spec, Completeness completeness = Completeness::Required) {
  Problems problems;
  read_task_spec(spec, "spec", completeness, problems);
  return to_string(problems);
}

TEST(Documents, ReadATaskWithAllItsFields) {
  Problems problems;
  const TaskSpec task = read_task_spec(json::parse(R"({
    "type": "claude-code", "prompt": "Fix it", "model": "opus", "image": "me/image:1",
    "credentials": {"type": "oauth", "secretRef": {"name": "s"}},
    "workspaceRef": {"name": "w"}, "agentConfigRef": {"name": "c"},
    "agentConfigRefs": [{"name": "d"}, {"name": "e"}], "dependsOn": ["a"], "branch": "b",
    "ttlSecondsAfterFinished": 0, "stallSeconds": 60, "gracePeriodSeconds": 5, "injectEntrypoint": true,
    "podOverrides": {"activeDeadlineSeconds": 3600, "env": [{"name": "A", "value": "1"},
      {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
      "resources": {"limits": {"cpu": "2"}}, "nodeSelector": {"disk": "ssd"}, "labels": {"team": "shop"},
      "annotations": {"a": "b"}, "tolerations": [{"key": "k"}], "affinity": {"nodeAffinity": {}},
      "priorityClassName": "p", "runtimeClassName": "gvisor", "serviceAccountName": "sa",
      "imagePullSecrets": [{"name": "pull"}], "securityContext": {"runAsUser": 0},
      "volumes": [{"name": "v", "emptyDir": {}}], "volumeMounts": [{"name": "v", "mountPath": "/v"}],
      "sidecars": [{"name": "db", "image": "postgres"}]}})"),
                                       "spec", Completeness::Required, problems);
  EXPECT_EQ(to_string(problems), "");
  TaskSpec expected;
  expected.type = "claude-code";
  expected.prompt = "Fix it";
  expected.model = "opus";
  expected.image = "me/image:1";
  expected.credentials = {"oauth", "s"};
  expected.workspace = "w";
  expected.agent_configs = {"c", "d", "e"};
  expected.depends_on = {"a"};
  expected.branch = "b";
  expected.ttl_seconds_after_finished = 0;
  expected.stall_seconds = 60;
  expected.grace_period_seconds = 5;
  expected.inject_entrypoint = true;
  expected.pod_overrides.active_deadline_seconds = 3600;
  expected.pod_overrides.env = {{"A", "1", nullptr},
                                {"B", "", json::parse(R"({"secretKeyRef": {"name": "s", "key": "k"}})")}};
  expected.pod_overrides.resources = json::parse(R"({"limits": {"cpu": "2"}})");
  expected.pod_overrides.node_selector = {{"disk", "ssd"}};
  expected.pod_overrides.labels = {{"team", "shop"}};
  expected.pod_overrides.annotations = {{"a", "b"}};
  expected.pod_overrides.tolerations = {json::parse(R"({"key": "k"})")};
  expected.pod_overrides.affinity = json::parse(R"({"nodeAffinity": {}})");
  expected.pod_overrides.priority_class = "p";
  expected.pod_overrides.runtime_class = "gvisor";
  expected.pod_overrides.service_account = "sa";
  expected.pod_overrides.image_pull_secrets = {"pull"};
  expected.pod_overrides.security_context = json::parse(R"({"runAsUser": 0})");
  expected.pod_overrides.volumes = {json::parse(R"({"name": "v", "emptyDir": {}})")};
  expected.pod_overrides.volume_mounts = {json::parse(R"({"name": "v", "mountPath": "/v"})")};
  expected.pod_overrides.sidecars = {json::parse(R"({"name": "db", "image": "postgres"})")};
  EXPECT_EQ(task, expected);
}

TEST(Documents, NameEveryProblemOfATask) {
  EXPECT_EQ(task_problems(json::object()), "spec.type: required\nspec.prompt: required\nspec.credentials: required");
  EXPECT_EQ(task_problems(json::object(), Completeness::Optional), "");
  EXPECT_EQ(task_problems(json::parse(R"({"type": "Claude Code", "prompt": 5, "promt": "x",
              "credentials": {"type": "token"}, "podOverrides": {"activeDeadlineSeconds": 0, "hostNetwork": true}})")),
            "spec.type: must be a name of a-z, 0-9 and \"-\", at most 63 characters\n"
            "spec.prompt: expected a string, found number; quote it if it is meant as text\n"
            "spec.credentials.type: expected one of api-key, oauth, none, found \"token\"\n"
            "spec.credentials.secretRef: required\n"
            "spec.podOverrides.activeDeadlineSeconds: expected a whole number of at least 1\n"
            "spec.podOverrides.hostNetwork: unknown field\n"
            "spec.promt: unknown field; did you mean \"prompt\"?");
  EXPECT_EQ(task_problems(json::parse(R"({"workspaceRef": {}})"), Completeness::Optional),
            "spec.workspaceRef.name: required");
}

TEST(Documents, NameEveryProblemOfPodOverrides) {
  EXPECT_EQ(task_problems(json::parse(R"({"podOverrides": {
                "env": [{"name": "A=B"}, {"name": "C", "value": "1", "valueFrom": {"secretKeyRef": {"name": "s"}}},
                        {"name": "D", "valueFrom": {}}],
                "volumeMounts": [{"name": "v"}], "sidecars": ["db"], "imagePullSecrets": [{}]}})"),
                          Completeness::Optional),
            "spec.podOverrides.env[0].name: must not contain \"=\"\n"
            "spec.podOverrides.env[1].valueFrom.secretKeyRef.key: required\n"
            "spec.podOverrides.env[1].valueFrom: not allowed beside value\n"
            "spec.podOverrides.env[2].valueFrom: must be exactly one of secretKeyRef, configMapKeyRef and fieldRef\n"
            "spec.podOverrides.imagePullSecrets[0].name: required\n"
            "spec.podOverrides.volumeMounts[0].mountPath: required\n"
            "spec.podOverrides.sidecars[0]: expected an object, found string");
}

TEST(Documents, NameEveryProblemOfAWorkspaceAndAnAgentConfig) {
  Problems problems;
  read_workspace_spec(json::parse(R"({"files": [{"path": "../x", "content": ""}, {"path": "a"}]})"), "spec", problems);
  EXPECT_EQ(to_string(problems),
            "spec.repo: required\nspec.files[0].path: must not contain \"..\"\nspec.files[1].content: required");
  problems.clear();
  read_agent_config_spec(json::parse(R"({
      "plugins": [{"name": "..", "skills": [{"name": "a/b", "content": "x"}]}, {"name": "p"}, {"name": "p"}],
      "mcpServers": [{"name": "m", "type": "http"}, {"name": "m", "command": "c"}, {"command": "c"}]})"),
                         "spec", problems);
  EXPECT_EQ(to_string(problems),
            "spec.plugins[0].name: must be one path component: no \"/\", \"\\\", \".\" or \"..\"\n"
            "spec.plugins[0].skills[0].name: must be one path component: no \"/\", \"\\\", \".\" or \"..\"\n"
            "spec.plugins[2].name: \"p\" is in the list twice\n"
            "spec.mcpServers[0].url: required with type http\n"
            "spec.mcpServers[2].name: required\n"
            "spec.mcpServers[1].name: \"m\" is in the list twice");
}

TEST(Documents, ReadASecretsValues) {
  Problems problems;
  const SecretSpec secret = read_secret(
      json::parse(R"({"kind": "Secret", "data": {"A": "aGk=", "B": "!"}, "stringData": {"C": "c"}})"), problems);
  EXPECT_EQ(secret.values, (std::map<std::string, Secret>{{"A", Secret("hi")}, {"C", Secret("c")}}));
  EXPECT_EQ(to_string(problems), "data.B: not base64; use stringData for plain text");
}

TEST(Credentials, AreCarriedByTheVariablesOfTheirType) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(credential_variables("claude-code", ""), (Names{"ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"}));
  EXPECT_EQ(credential_variables("claude-code", "oauth"), (Names{"CLAUDE_CODE_OAUTH_TOKEN"}));
  EXPECT_EQ(credential_variables("codex", ""), (Names{"CODEX_API_KEY"}));
  EXPECT_EQ(credential_variables("mine", "api-key"), Names{});
  EXPECT_EQ(credential_variables("codex", "none"), Names{});
}

TEST(Credentials, FollowTheHostOfTheRepository) {
  EXPECT_EQ(repo_host("https://user@github.com:443/o/r.git"), "github.com");
  EXPECT_EQ(repo_host("git@ghe.corp:o/r"), "ghe.corp");
  EXPECT_EQ(repo_host("ssh://git@h:22/o/r"), "h");
  EXPECT_EQ(repo_host("/home/me/a:b"), "");
  EXPECT_EQ(repo_host("file:///srv/r"), "");
  EXPECT_EQ(github_variables("https://ghe.corp/o/r", "t"),
            (Environment{{"GH_ENTERPRISE_TOKEN", "t"}, {"GH_HOST", "ghe.corp"}, {"GITHUB_TOKEN", "t"}}));
}

}  // namespace
}  // namespace axon
