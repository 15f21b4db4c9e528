#include "adapters/manifest/text.hpp"

#include <gtest/gtest.h>

namespace axon::manifest {
namespace {

TEST(ManifestText, FindsPlaceholdersAndNothingElse) {
  EXPECT_EQ(placeholders("--m={model} {a-b} {} {{prompt}} {\"x\":1} {mcpFile"), std::set<std::string>{"model"});
}

TEST(ManifestText, FillsThem) { EXPECT_EQ(fill("{a}{b}-{{a}}-{{a", {{"a", "{b}"}}), "{b}{b}-{a}-{{a"); }

TEST(ManifestText, ExpandsPaths) {
  const Environment env = {{"HOME", "/home/agent"}, {"EMPTY", ""}, {"DIR", "/d"}};
  EXPECT_EQ(expand_path("~/x", env), "/home/agent/x");
  EXPECT_EQ(expand_path("${DIR}/y", env), "/d/y");
  EXPECT_EQ(expand_path("${EMPTY:-/z}/y", env), "/z/y");
  EXPECT_EQ(expand_path("${NONE}/y", env).error().message, "${NONE}/y: the variable NONE is not set");
  EXPECT_EQ(expand_path("x/y", env).error().code, Errc::InvalidInput);
}

}  // namespace
}  // namespace axon::manifest
