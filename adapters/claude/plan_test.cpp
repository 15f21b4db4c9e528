// What no golden can show: sizes, and that nothing secret is told. The rest is in testdata/plan-*.
#include <gtest/gtest.h>

#include "adapters/claude/claude.hpp"
#include "adapters/testing/files.hpp"

namespace axon::claude {
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

TEST(ClaudePlan, APromptOfAnyLengthGoesByStdinByteForByte) {
  const std::string prompt = std::string(1, '\0') + "-" + std::string(1 << 20, 'p') + "\xFF\r\n";
  const Result<Launch> launch = plan(task_with(prompt), testing::MapFiles());
  ASSERT_TRUE(launch);
  EXPECT_EQ(launch->stdin_bytes, prompt);
  for (const std::string& argument : launch->argv) EXPECT_LT(argument.size(), 100U);
}

TEST(ClaudePlan, OnlyTheFileWithSecretsIsPrivate) {
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

TEST(ClaudePlan, AnErrorTellsTheFileAndNotItsContent) {
  AgentTask task = task_with("Go.");
  task.mcp_servers = {server()};
  const testing::MapFiles files({{"/home/agent/.claude.json", R"({"key": "s3cret-value")"}});
  const Result<Launch> launch = plan(task, files);
  ASSERT_FALSE(launch);
  EXPECT_TRUE(launch.error().message.starts_with("/home/agent/.claude.json: ")) << launch.error().message;
  EXPECT_FALSE(launch.error().message.contains("s3cret"));
}

}  // namespace
}  // namespace axon::claude
