#include "entrypoint/workspace/git_config.hpp"

#include <gtest/gtest.h>

#include "entrypoint/workspace/git_fixture.hpp"

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

class SettingsReadLast : public GitTest {};

TEST_F(SettingsReadLast, GiveBackWhatAnAgentTakesAway) {
  write("global", "[user]\n\tname = Ann\n\temail = a@example.com\n");
  run("git init -q r && cd r && git config remote.origin.url https://h:8443/a/b.git && "
      "git config credential.https://h:8443.helper \"!'/it'\\''s/axon-entrypoint' git-credential\" && "
      "git config core.sshCommand 'axon-entrypoint ssh' && git config core.hooksPath hooks");
  write("parameters", settings_read_last(root + "/r", {{"GIT_CONFIG_GLOBAL", root + "/global"},
                                                       {"GIT_CONFIG_PARAMETERS", "'own.key=1'"}}));
  const std::string hidden =
      "unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL; export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_COUNT=2 "
      "GIT_CONFIG_KEY_0=credential.helper GIT_CONFIG_VALUE_0= GIT_CONFIG_KEY_1=core.sshCommand GIT_CONFIG_VALUE_1=; "
      "export GIT_CONFIG_PARAMETERS=\"$(cat parameters)\"; cd r; ";
  EXPECT_EQ(run(hidden + "git var GIT_AUTHOR_IDENT | cut -d' ' -f1,2"), "Ann <a@example.com>");
  // The last one, after the empty one that takes all before it away.
  EXPECT_EQ(run(hidden + "git config --get-urlmatch credential.helper https://h:8443"),
            "!'/it'\\''s/axon-entrypoint' git-credential");
  EXPECT_EQ(run(hidden + "git config core.sshCommand; git config own.key"), "axon-entrypoint ssh\n1");
  EXPECT_EQ(run(hidden + "git config --show-scope core.hooksPath"), "local\thooks");  // nothing else of the repository
}

TEST_F(SettingsReadLast, AreHarmlessWhereNothingIsConfigured) {
  const std::string parameters = settings_read_last(root, {{"HOME", root}});
  EXPECT_EQ(parameters, "'include.path=/etc/gitconfig' 'include.path=" + root +
                            "/.config/git/config' 'include.path=" + root + "/.gitconfig'");
  write("parameters", parameters);
  EXPECT_EQ(run("GIT_CONFIG_PARAMETERS=\"$(cat parameters)\" git version | cut -c1-11"), "git version");
}

}  // namespace
}  // namespace axon
