// What no golden can show: sizes, and that nothing secret is told. The rest is in testdata/plan-*.
#include <gtest/gtest.h>

#include "adapters/opencode/opencode.hpp"
#include "adapters/testing/files.hpp"

namespace axon::opencode {
namespace {

AgentTask task_with(std::string prompt) {
  AgentTask task;
  task.prompt = std::move(prompt);
  task.env = {{"HOME", "/home/agent"}};
  task.working_directory = "/workspace/repo";
  return task;
}

McpServer server() {
  McpServer server;
  server.name = "s";
  server.command = "c";
  server.env = {{"KEY", "s3cret-value"}};
  return server;
}

TEST(OpencodePlan, APromptOfAnyLengthGoesByStdinByteForByte) {
  const std::string prompt = "-" + std::string(1 << 20, 'p') + "\r\n";
  const Result<Launch> launch = plan(task_with(prompt), testing::MapFiles());
  ASSERT_TRUE(launch);
  EXPECT_EQ(launch->stdin_bytes, prompt);
  for (const std::string& argument : launch->argv) EXPECT_LT(argument.size(), 100U);
}

TEST(OpencodePlan, OnlyTheFileWithSecretsIsPrivate) {
  AgentTask task = task_with("Go.");
  task.instructions = "Rules.";
  task.mcp_servers = {server()};
  const Result<Launch> launch = plan(task, testing::MapFiles());
  ASSERT_TRUE(launch);
  ASSERT_EQ(launch->files.size(), 2U);
  EXPECT_EQ(launch->files[0].mode, 0644U);
  EXPECT_EQ(launch->files[1].mode, 0600U);
  for (const std::string& argument : launch->argv) EXPECT_FALSE(argument.contains("s3cret"));
}

TEST(OpencodePlan, AnErrorTellsTheFileAndNotItsContent) {
  const testing::MapFiles files({{"/home/agent/.config/opencode/opencode.jsonc", R"({"key": "s3cret-value")"}});
  const Result<Launch> launch = plan(task_with("Go."), files);
  ASSERT_FALSE(launch);
  EXPECT_TRUE(launch.error().message.starts_with("/home/agent/.config/opencode/opencode.jsonc: "))
      << launch.error().message;
  EXPECT_FALSE(launch.error().message.contains("s3cret"));
}

struct Key {
  std::string model;
  Environment set;
  std::vector<std::string> unset;
  bool warns;
};

class OpencodeKey : public ::testing::TestWithParam<Key> {};

TEST_P(OpencodeKey, GoesToTheProviderOfTheModel) {
  AgentTask task = task_with("Go.");
  task.model = GetParam().model;
  task.env["OPENCODE_API_KEY"] = "k3y";
  const Result<Launch> launch = plan(task, testing::MapFiles());
  ASSERT_TRUE(launch);
  Environment keys = launch->env;
  std::erase_if(keys, [](const auto& variable) { return !variable.first.ends_with("_API_KEY"); });
  EXPECT_EQ(keys, GetParam().set);
  EXPECT_EQ(launch->unset, GetParam().unset);
  EXPECT_EQ(!launch->warnings.empty(), GetParam().warns);
  for (const std::string& warning : launch->warnings) EXPECT_FALSE(warning.contains("k3y"));
}

INSTANTIATE_TEST_SUITE_P(
    Models, OpencodeKey,
    ::testing::Values(Key{"anthropic/claude-opus-5-5", {{"ANTHROPIC_API_KEY", "k3y"}}, {"OPENCODE_API_KEY"}, false},
                      Key{"openai/gpt-6", {{"OPENAI_API_KEY", "k3y"}}, {"OPENCODE_API_KEY"}, false},
                      Key{"google/gemini-3", {{"GOOGLE_GENERATIVE_AI_API_KEY", "k3y"}}, {"OPENCODE_API_KEY"}, false},
                      Key{"groq/x/y", {{"GROQ_API_KEY", "k3y"}}, {"OPENCODE_API_KEY"}, false},
                      Key{"xai/grok", {{"XAI_API_KEY", "k3y"}}, {"OPENCODE_API_KEY"}, false},
                      Key{"opencode/big", {}, {}, false}, Key{"zen/big", {}, {}, false},
                      Key{"acme/m", {{"ANTHROPIC_API_KEY", "k3y"}}, {}, true},
                      Key{"", {{"ANTHROPIC_API_KEY", "k3y"}}, {}, true}));

}  // namespace
}  // namespace axon::opencode
