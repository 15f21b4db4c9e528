// What no golden can show: sizes, and that nothing secret is told. The rest is in testdata/plan-*.
#include <gtest/gtest.h>

#include "adapters/gemini/gemini.hpp"
#include "adapters/testing/files.hpp"

namespace axon::gemini {
namespace {

AgentTask task_with(std::string prompt) {
  AgentTask task;
  task.prompt = std::move(prompt);
  task.env = {{"HOME", "/home/agent"}, {"GEMINI_API_KEY", "s3cret-value"}};
  task.working_directory = "/workspace/repo";
  return task;
}

TEST(GeminiPlan, APromptGoesByStdinByteForByte) {
  const std::string prompt = "-" + std::string(1 << 20, 'p') + "\xFF\r\n";
  const Result<Launch> launch = plan(task_with(prompt), testing::MapFiles());
  ASSERT_TRUE(launch);
  EXPECT_EQ(launch->stdin_bytes, prompt);
  for (const std::string& argument : launch->argv) EXPECT_LT(argument.size(), 100U);
}

TEST(GeminiPlan, APromptThatItWouldCutIsRefused) {
  EXPECT_TRUE(plan(task_with(std::string(8 << 20, 'p')), testing::MapFiles()));
  EXPECT_FALSE(plan(task_with(std::string((8 << 20) + 1, 'p')), testing::MapFiles()));
}

TEST(GeminiPlan, TheKeyIsInNoFileAndNoArgument) {
  const Result<Launch> launch = plan(task_with("Go."), testing::MapFiles());
  ASSERT_TRUE(launch);
  for (const File& file : launch->files) EXPECT_FALSE(file.content.contains("s3cret"));
  for (const std::string& argument : launch->argv) EXPECT_FALSE(argument.contains("s3cret"));
}

TEST(GeminiPlan, OnlyTheFileWithSecretsIsPrivate) {
  AgentTask task = task_with("Go.");
  task.instructions = "Rules.";
  const Result<Launch> launch = plan(task, testing::MapFiles());
  ASSERT_TRUE(launch);
  ASSERT_EQ(launch->files.size(), 2U);
  EXPECT_EQ(launch->files[0].mode, 0644U);
  EXPECT_EQ(launch->files[1].mode, 0600U);
}

TEST(GeminiPlan, AnErrorTellsTheFileAndNotItsContent) {
  const testing::MapFiles files({{"/home/agent/.gemini/settings.json", R"({"key": "s3cret-value")"}});
  const Result<Launch> launch = plan(task_with("Go."), files);
  ASSERT_FALSE(launch);
  EXPECT_TRUE(launch.error().message.starts_with("/home/agent/.gemini/settings.json: ")) << launch.error().message;
  EXPECT_FALSE(launch.error().message.contains("s3cret"));
}

}  // namespace
}  // namespace axon::gemini
