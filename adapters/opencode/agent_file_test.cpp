#include "adapters/opencode/agent_file.hpp"

#include <gtest/gtest.h>

namespace axon::opencode {
namespace {

TEST(OpencodeAgentFile, ClaudeCodesHeaderIsSaidInOpencodesWords) {
  EXPECT_EQ(
      opencode_agent("---\nname: critic\ndescription: Use this: when you review\ntools: Read, Bash(git add, git:*), "
                     "mcp__web__get, Nothing\ndisallowedTools: Write\nmodel: sonnet\ncolor: red\n"
                     "permissionMode: plan\nmaxTurns: 7\nhooks:\n  Stop:\n    - x\n---\nBody.\n"),
      "---\nname: critic\ndescription: Use this: when you review\n"
      "tools:\n  \"*\": false\n  \"read\": true\n  \"bash\": true\n  \"web_get\": true\n  \"write\": false\n"
      "steps: 7\nmode: subagent\n---\nBody.\n");
}

TEST(OpencodeAgentFile, OpencodesOwnHeaderStays) {
  const std::string text =
      "---\ndescription: >\n  Long\n  text\nmode: all\nmodel: openai/gpt-5 # fast\ncolor: \"#FF5733\"\ntemperature: "
      "0.1\n"
      "tools:\n  write: false\npermission:\n  bash:\n    \"git *\": allow\n---\nBody\n---\nmore";
  EXPECT_EQ(opencode_agent(text), text);
}

TEST(OpencodeAgentFile, ListsOfToolsInAnyForm) {
  const std::string expected = "---\ntools:\n  \"*\": false\n  \"grep\": true\n  \"glob\": true\nmode: subagent\n---\n";
  EXPECT_EQ(opencode_agent("---\ntools: [Grep, \"Glob\"]\n---\n"), expected);
  EXPECT_EQ(opencode_agent("---\ntools:\n  - Grep\n  - 'Glob' # x\n---\n"), expected);
  EXPECT_EQ(opencode_agent("---\ntools: '*'\n---\n"), "---\nmode: subagent\n---\n");
}

TEST(OpencodeAgentFile, ATextWithoutAHeaderIsGivenOne) {
  EXPECT_EQ(opencode_agent("Just words.\n"), "---\nmode: subagent\n---\nJust words.\n");
  EXPECT_EQ(opencode_agent("---\nname: open"), "---\nmode: subagent\n---\n---\nname: open");
}

}  // namespace
}  // namespace axon::opencode
