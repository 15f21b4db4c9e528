#include "adapters/gemini/frontmatter.hpp"

#include <gtest/gtest.h>

namespace axon::gemini {
namespace {

TEST(GeminiFrontmatter, WhatItTakesStaysByteForByte) {
  const std::string agent =
      "---\r\nname: critic\r\ndescription: 'Finds: faults'\r\ntools: [read_file, mcp_web_*]\r\n"
      "model: gemini-2.5-flash\r\n---\r\nBody";
  EXPECT_EQ(convert_agent(agent, "other").content, agent);
  const std::string skill = "---\nname: a:b\ndescription: d\nlicense: MIT\n---\n";
  EXPECT_EQ(convert_skill(skill, "dir").content, skill);
  EXPECT_EQ(convert_skill(skill, "dir").name, "a-b");
}

TEST(GeminiFrontmatter, AnAgentForClaudeCodeIsRewritten) {
  const Converted agent = convert_agent(
      "---\nname: Code Judge\ndescription: Use this when: asked\n  and then\ntools: Read, Bash(git:*), Task\nmodel: "
      "opus\n"
      "color: red\n---\nBody\n",
      "judge");
  EXPECT_EQ(agent.name, "code-judge");
  EXPECT_EQ(agent.left_out, (std::vector<std::string>{"color", "the tool Task", "the model opus"}));
  EXPECT_EQ(agent.content,
            "---\nname: \"code-judge\"\ndescription: \"Use this when: asked and then\"\ndisplay_name: \"Code Judge\"\n"
            "tools: [\"read_file\",\"run_shell_command\"]\n---\nBody\n");
  EXPECT_EQ(convert_agent(agent.content, "judge").content, agent.content);
}

TEST(GeminiFrontmatter, AHeadIsMadeWhereThereIsNone) {
  EXPECT_EQ(convert_agent("# You judge\nstrictly.", "My Judge").content,
            "---\nname: \"my-judge\"\ndescription: \"You judge\"\n---\n# You judge\nstrictly.");
  EXPECT_EQ(convert_skill("", "brew").content, "---\nname: \"brew\"\ndescription: \"brew\"\n---\n");
  EXPECT_EQ(convert_skill("---\ndescription: d\n---\nBody", "brew").content,
            "---\nname: \"brew\"\ndescription: \"d\"\n---\nBody");
}

TEST(GeminiFrontmatter, AHeadWithoutItsEndIsText) {
  EXPECT_EQ(convert_agent("---\nname: x\n", "a").content.substr(0, 14), "---\nname: \"a\"\n");
}

}  // namespace
}  // namespace axon::gemini
