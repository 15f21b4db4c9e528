#include "entrypoint/workspace/git_config.hpp"

#include <gtest/gtest.h>

namespace axon {
namespace {

TEST(ConfigValue, IsReadAsGitReadsIt) {
  constexpr std::string_view kConfig =
      "; comment\n"
      "[core]\n\tbare = false # no\n"
      "[Remote \"origin\"] url = \"https://h/a b\"  \n"
      "[remote \"Origin\"]\n url = other\n"
      "[user]\n\tName = \"A \\\"B\\\"\" C\n\temail\n"
      "[core]\n bare = true\n";
  EXPECT_EQ(config_value(kConfig, "core", "", "bare"), "true");
  EXPECT_EQ(config_value(kConfig, "remote", "origin", "URL"), "https://h/a b");
  EXPECT_EQ(config_value(kConfig, "remote", "Origin", "url"), "other");
  EXPECT_EQ(config_value(kConfig, "user", "", "name"), "A \"B\" C");
  EXPECT_EQ(config_value(kConfig, "user", "", "email"), "true");
  EXPECT_EQ(config_value(kConfig, "user", "", "none"), std::nullopt);
  EXPECT_EQ(config_value("", "a", "", "b"), std::nullopt);
}

TEST(ConfigValue, BrokenTextIsNoHarm) {
  for (const char* text :
       {"[", "[]", "]", "[a", "[a \"", "[a \"b", "[a \"b\\", "[a \"]\"", "=\n[a]\n=", "[a]\nb = \"\\"}) {
    EXPECT_EQ(config_value(text, "a", "b", "c"), std::nullopt) << text;
  }
  EXPECT_EQ(config_value("[a \"x]y\"]\nb = c", "a", "x]y", "b"), "c");
}

TEST(MissingIdentity, IsWhatNobodyHasSaid) {
  const Environment nobody = {{"GIT_CONFIG_GLOBAL", "/nonexistent"}};
  const Environment expected = {{"GIT_AUTHOR_NAME", "axon"},
                                {"GIT_AUTHOR_EMAIL", "axon@localhost"},
                                {"GIT_COMMITTER_NAME", "axon"},
                                {"GIT_COMMITTER_EMAIL", "axon@localhost"}};
  EXPECT_EQ(missing_identity("/nonexistent", nobody), expected);
  Environment somebody = nobody;
  somebody["EMAIL"] = "me@example.com";
  somebody["GIT_AUTHOR_NAME"] = "Me";
  EXPECT_EQ(missing_identity("/nonexistent", somebody), (Environment{{"GIT_COMMITTER_NAME", "axon"}}));
}

}  // namespace
}  // namespace axon
