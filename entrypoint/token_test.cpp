#include "entrypoint/token.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace axon {
namespace {

TEST(FindToken, TheFileGoesFirstAndIsTrimmed) {
  const std::string path = testing::TempDir() + "/axon-token-test";
  std::ofstream(path) << "  fresh\n";
  const Environment environment = {{"AXON_GITHUB_TOKEN_FILE", path}, {"GITHUB_TOKEN", "old"}};
  EXPECT_EQ(find_token("github.com", environment), (Token{Secret("fresh"), "AXON_GITHUB_TOKEN_FILE (" + path + ")"}));
  std::remove(path.c_str());
  EXPECT_EQ(find_token("github.com", environment), (Token{Secret("old"), "GITHUB_TOKEN"}));
}

TEST(FindToken, TheVariableFitsTheHost) {
  const Environment environment = {{"GH_TOKEN", "cloud"}, {"GH_ENTERPRISE_TOKEN", "own"}};
  EXPECT_EQ(find_token("github.com", environment)->source, "GH_TOKEN");
  EXPECT_EQ(find_token("company.ghe.com", environment)->source, "GH_TOKEN");
  EXPECT_EQ(find_token("ghe.corp", environment)->source, "GH_ENTERPRISE_TOKEN");
}

TEST(FindToken, SaysWhereItLooked) {
  EXPECT_EQ(find_token("github.com", {{"AXON_GITHUB_TOKEN_FILE", "/nonexistent"}}).error().message,
            "there is no token for it: AXON_GITHUB_TOKEN_FILE (/nonexistent) cannot be read, GITHUB_TOKEN is not set, "
            "GH_TOKEN is not set");
}

}  // namespace
}  // namespace axon
