// What no golden can show: sizes, and that nothing secret is told. The rest is in testdata/plan-*.
#include <gtest/gtest.h>

#include "adapters/codex/codex.hpp"
#include "adapters/testing/files.hpp"

namespace axon::codex {
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

TEST(CodexPlan, APromptOfAnyLengthGoesByStdinByteForByte) {
  const std::string prompt = std::string(1, '\0') + "-" + std::string(1 << 20, 'p') + "é\r\n";
  const Result<Launch> launch = plan(task_with(prompt), testing::MapFiles());
  ASSERT_TRUE(launch);
  EXPECT_EQ(launch->stdin_bytes, prompt);
  for (const std::string& argument : launch->argv) EXPECT_LT(argument.size(), 100U);
}

TEST(CodexPlan, APromptThatIsNotUtf8IsRefused) {
  const Result<Launch> launch = plan(task_with("a\xFF"), testing::MapFiles());
  ASSERT_FALSE(launch);
  EXPECT_EQ(launch.error().code, Errc::InvalidInput);
}

TEST(CodexPlan, OnlyTheFileWithSecretsIsPrivate) {
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

TEST(CodexPlan, AnErrorTellsTheFileAndNotItsContent) {
  AgentTask task = task_with("Go.");
  const testing::MapFiles files({{"/home/agent/.codex/config.toml", "a = 1\nkey = \"s3cret-value\n"}});
  const Result<Launch> launch = plan(task, files);
  ASSERT_FALSE(launch);
  EXPECT_EQ(launch.error(),
            (Error{Errc::InvalidInput, "/home/agent/.codex/config.toml:2: not TOML; repair or remove the file"}));
}

}  // namespace
}  // namespace axon::codex
