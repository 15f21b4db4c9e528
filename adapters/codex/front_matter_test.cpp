#include "adapters/codex/front_matter.hpp"

#include <gtest/gtest.h>

namespace axon::codex {
namespace {

using Fields = std::map<std::string, std::string>;

TEST(CodexFrontMatter, IsReadAsYaml) {
  const FrontMatter matter =
      read_front_matter("---\r\nname: a\ndescription: >\n  two\n  lines\ntools: [x]\n---\r\nBody.\n");
  EXPECT_TRUE(matter.is_yaml);
  EXPECT_EQ(matter.fields, (Fields{{"name", "a"}, {"description", "two lines\n"}}));
  EXPECT_EQ(matter.body, "Body.\n");
}

TEST(CodexFrontMatter, WhatIsNearlyYamlIsReadByTheLine) {
  const FrontMatter matter =
      read_front_matter("---\nname: a\ndescription: Use it: always. user: \"hi\"\n  and more\n---\nB");
  EXPECT_FALSE(matter.is_yaml);
  EXPECT_EQ(matter.fields, (Fields{{"name", "a"}, {"description", "Use it: always. user: \"hi\"\nand more"}}));
  EXPECT_EQ(matter.body, "B");
}

TEST(CodexFrontMatter, AFileWithoutAHeadIsAllBody) {
  for (const std::string_view text : {"", "Body.\n---\nx: y\n---\n", "---\nname: a\n", "----\na: b\n----\n"}) {
    EXPECT_EQ(read_front_matter(text).body, text);
    EXPECT_EQ(read_front_matter(text).fields, Fields());
  }
}

TEST(CodexFrontMatter, TheFirstWordsAreAHeadingsWords) {
  EXPECT_EQ(first_words("\n \n## The title \nmore"), "The title");
  EXPECT_EQ(first_words("#\n\n"), "");
}

}  // namespace
}  // namespace axon::codex
