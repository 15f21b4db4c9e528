// What no golden shows; the rest is in testdata/.
#include "adapters/manifest/manifest.hpp"

#include <gtest/gtest.h>

#include "adapters/testing/files.hpp"

namespace axon {
namespace {

constexpr std::string_view kArgument = "contract: v1\nname: a\ncommand: [a, '{prompt}']\nprompt: argument\n";

AgentTask task_with(std::string prompt) {
  AgentTask task;
  task.prompt = std::move(prompt);
  task.env = {{"HOME", "/home/agent"}};
  return task;
}

TEST(Manifest, SaysItsNameSignalCredentialsAndWhatSuccessNeeds) {
  const Adapter adapter = load_manifest(
                              "contract: v1\nname: a\ncommand: [a]\nstopSignal: SIGINT\ncredentials: [MY_KEY]\n"
                              "stream: {format: jsonl, events: [{result: {}}]}\n",
                              "M")
                              .value();
  EXPECT_EQ(adapter.name, "a");
  EXPECT_EQ(adapter.stop_signal, SIGINT);
  EXPECT_EQ(adapter.credential_variables, std::vector<std::string>{"MY_KEY"});
  EXPECT_TRUE(adapter.reports_result);
  EXPECT_FALSE(load_manifest(kArgument, "M").value().reports_result);
}

TEST(Manifest, APromptThatNoArgumentCanHoldIsRefused) {
  const Adapter adapter = load_manifest(kArgument, "M").value();
  EXPECT_TRUE(adapter.plan(task_with(std::string(131'071, 'p')), testing::MapFiles()));
  const Result<Launch> launch = adapter.plan(task_with(std::string(131'072, 'p')), testing::MapFiles());
  EXPECT_TRUE(launch.error().message.starts_with("prompt: 131072 bytes; the agent a takes it as an argument"));
  EXPECT_FALSE(adapter.plan(task_with(std::string("a\0b", 3)), testing::MapFiles()));
}

TEST(Manifest, TheSameSkillInTwoPluginsIsRefused) {
  const Adapter adapter = load_manifest("contract: v1\nname: a\ncommand: [a]\nskills: {directory: ~/s}\n", "M").value();
  AgentTask task = task_with("Go.");
  task.plugins = {{"p", "/p", {"x"}, {}}, {"q", "/q", {"x"}, {}}};
  const testing::MapFiles files({{"/p/skills/x/SKILL.md", "1"}, {"/q/skills/x/SKILL.md", "2"}});
  EXPECT_EQ(adapter.plan(task, files).error().message,
            "plugins.q: skills/x/SKILL.md is in another plugin too, and this agent keeps all of them in one directory");
}

}  // namespace
}  // namespace axon
