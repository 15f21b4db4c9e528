#include "controller/task/job.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "controller/task/environment.hpp"
#include "controller/task/task_secret.hpp"
#include "core/contract.hpp"
#include "core/task_file.hpp"

namespace axon::controller {
namespace {

using nlohmann::json;

TaskFacts task() {
  TaskFacts task;
  task.ns = "demo";
  task.name = "fix-1";
  task.uid = "u-1";
  task.spec.type = "claude-code";
  task.spec.credentials = CredentialsRef{"api-key", "anthropic"};
  task.spec.model = "opus $(HOME)";
  return task;
}

Settings settings() {
  Settings settings;
  settings.images = {{"claude-code", "axon-claude-code:1"}};
  settings.runtime_image = "axon-runtime:1";
  return settings;
}

Inputs everything() {
  Inputs inputs;
  inputs.prompt = "Fix $(GITHUB_TOKEN) and $$";
  WorkspaceSpec& workspace = inputs.workspace.emplace();
  workspace.repo = "https://git.acme.test/shop.git";
  workspace.ref = "main";
  workspace.secret = "git";
  workspace.depth = 0;
  workspace.files = {{"a.txt", "x"}};
  workspace.setup_command = {"make", "deps"};
  workspace.lfs = false;
  workspace.filter = "blob:none";
  workspace.sparse = {"docs"};
  inputs.token.secret = "git";
  inputs.config.agents_md = "Be brief.";
  inputs.config.plugins = {{"team", {{"deploy", "# Deploy"}}, {}}};
  McpServer server;
  server.name = "docs";
  server.type = McpServer::Type::Http;
  server.url = "https://docs.test/mcp";
  server.headers = {{"Authorization", "Bearer hush"}};
  inputs.config.mcp_servers = {server};
  return inputs;
}

/// Compared whole with testdata/NAME.json; AXON_UPDATE_GOLDEN=1 writes it.
void expect_golden(const std::string& name, const json& found) {
  const std::string path = std::string(AXON_SOURCE_DIR) + "/controller/task/testdata/" + name + ".json";
  if (std::getenv("AXON_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << found.dump(2) << "\n";
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(found.dump(2) + "\n", text.str()) << "AXON_UPDATE_GOLDEN=1 writes " << path;
}

TEST(Job, IsPlainForATaskWithoutAnythingElse) {
  Inputs inputs;
  inputs.prompt = "Say hello";
  expect_golden("job-plain", build_job(task(), inputs, settings()));
}

TEST(Job, HoldsEverythingThatATaskCanAskFor) {
  TaskFacts big = task();
  big.labels = {{"kueue.x-k8s.io/queue-name", "agents"}, {"mine", "1"}};
  big.spec.branch = "fix/1";
  big.spec.stall_seconds = 300;
  big.spec.grace_period_seconds = 90;
  big.spec.pod_overrides.active_deadline_seconds = 3600;
  big.spec.pod_overrides.env = {{"AXON_MODEL", "mine", nullptr},
                                {"REGION", "$(POD_REGION)", nullptr},
                                {"KEY", "", json::parse(R"({"secretKeyRef": {"name": "s", "key": "k"}})")}};
  big.spec.pod_overrides.resources = json::parse(R"({"limits": {"memory": "2Gi"}})");
  big.spec.pod_overrides.node_selector = {{"disk", "ssd"}};
  expect_golden("job-everything", build_job(big, everything(), settings()));
  expect_golden("secret-everything", *build_task_secret(big, everything()));
}

TEST(Job, HoldsNoSecretAndNoPrompt) {
  const std::string job = build_job(task(), everything(), settings()).dump();
  for (const char* hidden : {"Fix $", "hush", "Be brief", "# Deploy"}) {
    EXPECT_EQ(job.find(hidden), std::string::npos) << hidden;
  }
}

TEST(Job, KeepsTheKubeletFromExpandingWhatIsNotItsOwn) {
  const json environment = agent_environment(task(), everything());
  EXPECT_EQ(environment[0], (json{{"name", "AXON_MODEL"}, {"value", "opus $$(HOME)"}}));
}

TEST(Job, PointsToTheFileOfALongPrompt) {
  Inputs inputs;
  inputs.prompt = std::string(contract::kMaxVariable + 1, 'x');
  const json container = build_job(task(), inputs, settings())["spec"]["template"]["spec"]["containers"][0];
  EXPECT_EQ(container["args"][0], "Your task is in the file /axon/task/prompt. Read that file and do what it says.");
  for (const json& variable : container["env"]) EXPECT_NE(variable["name"], "AXON_PROMPT");
}

TEST(Job, PutsOurEntrypointIntoAnImageThatKnowsNothingOfIt) {
  TaskFacts injected = task();
  injected.spec.type = "mine";
  injected.spec.image = "acme/agent:2";
  injected.spec.inject_entrypoint = true;
  const json pod = build_job(injected, Inputs{}, settings())["spec"]["template"]["spec"];
  EXPECT_EQ(pod["containers"][0]["command"], json({"/axon/bin/axon-entrypoint", "run"}));
  EXPECT_EQ(pod["containers"][0]["name"], "mine");
  EXPECT_EQ(pod["containers"][0]["envFrom"], json::parse(R"([{"secretRef": {"name": "anthropic"}}])"));
  EXPECT_EQ(pod["initContainers"][0]["args"], json({"prepare", "--install", "/axon/bin"}));
}

TEST(Job, ClonesInTheAgentsImageWhatNeedsPrograms) {
  Inputs inputs;
  inputs.workspace.emplace();
  inputs.workspace->repo = "https://h/r.git";
  const auto containers = [&] {
    return build_job(task(), inputs, settings())["spec"]["template"]["spec"]["initContainers"];
  };
  EXPECT_EQ(containers().size(), 1U);
  inputs.workspace->sparse = {"docs"};
  ASSERT_EQ(containers().size(), 2U);
  EXPECT_EQ(containers()[0]["args"], json({"install", "/axon/bin"}));
  EXPECT_EQ(containers()[1]["image"], "axon-claude-code:1");
  EXPECT_EQ(containers()[1]["command"], json({"/axon/bin/axon-entrypoint"}));
  EXPECT_EQ(containers()[1]["args"], json({"prepare"}));
  inputs.workspace->sparse.clear();
  inputs.workspace->repo = "git@h:r.git";
  EXPECT_EQ(containers().size(), 2U);
}

TEST(Job, ShowsAnSshKeyInTheTaskDirectoryAlone) {
  Inputs inputs;
  inputs.workspace.emplace();
  inputs.workspace->repo = "ssh://git@h/r.git";
  inputs.ssh_secret = "deploy";
  const json volume = build_job(task(), inputs, settings())["spec"]["template"]["spec"]["volumes"][0];
  EXPECT_EQ(volume["name"], "task");
  EXPECT_EQ(volume["projected"]["sources"][1]["secret"], json::parse(R"({"name": "deploy", "optional": true, "items": [
      {"key": "ssh-privatekey", "path": "ssh-privatekey"}, {"key": "known_hosts", "path": "known_hosts"}]})"));
}

TEST(Job, LeavesTheUserToTheClusterWhereItIsTold) {
  Settings openshift = settings();
  openshift.set_user = false;
  EXPECT_EQ(build_job(task(), Inputs{}, openshift)["spec"]["template"]["spec"]["securityContext"],
            json::parse(R"({"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}})"));
}

TEST(TaskSecret, HoldsATaskDirectoryThatTheEntrypointReads) {
  const json secret = *build_task_secret(task(), everything());
  const auto file = parse_task_file(secret["stringData"]["task.json"].get<std::string>(), "task.json");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->workspace->files, everything().workspace->files);
  EXPECT_EQ(file->plugins, everything().config.plugins);
  EXPECT_EQ(secret["stringData"]["prompt"], "Fix $(GITHUB_TOKEN) and $$");
}

TEST(TaskSecret, SaysWhatIsTooLarge) {
  Inputs inputs = everything();
  inputs.workspace->files[0].content = std::string(1U << 20U, 'x');
  const auto secret = build_task_secret(task(), inputs);
  ASSERT_FALSE(secret);
  EXPECT_NE(secret.error().message.find("the Secret that carries it holds 1048576"), std::string::npos);
}

}  // namespace
}  // namespace axon::controller
