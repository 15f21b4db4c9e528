#include "adapters/stream/paths.hpp"

#include <gtest/gtest.h>

namespace axon::stream {
namespace {

std::string error_of(const std::vector<PathSpec>& specs) {
  const Result<JsonPaths> paths = JsonPaths::compile(specs);
  return paths ? "" : paths.error().message;
}

TEST(JsonPaths, NamedKeysWinOverTheWildcard) {
  const JsonPaths paths = JsonPaths::compile({{"a.*"}, {"a.b"}}).value();
  const int a = paths.child(0, "a").node;
  EXPECT_EQ(paths.node(paths.child(a, "b").node).path, 1);
  EXPECT_EQ(paths.node(paths.child(a, "c").node).path, 0);
  EXPECT_EQ(paths.child(0, "x").node, JsonPaths::kNone);
}

TEST(JsonPaths, ABackslashMakesAnOrdinaryCharacter) {
  const JsonPaths paths = JsonPaths::compile({{R"(a\.b.\*)"}}).value();
  const int key = paths.child(0, "a.b").node;
  ASSERT_NE(key, JsonPaths::kNone);
  EXPECT_EQ(paths.node(paths.child(key, "*").node).path, 0);
  EXPECT_EQ(paths.child(key, "other").node, JsonPaths::kNone);
}

TEST(JsonPaths, AWrongPathIsNamed) {
  for (const std::string path : {"", ".a", "a.", "a..b", "a[0]", "a[]b", "[]"}) {
    EXPECT_TRUE(error_of({{path}}).starts_with("path \"" + path + "\": ")) << path << ": " << error_of({{path}});
  }
  EXPECT_EQ(error_of({{"a.b"}, {"a.b"}}), "path \"a.b\": given twice");
  EXPECT_EQ(error_of({{"a", true}, {"a.b"}}), "path \"a\": taken as JSON, so no path may lead below it");
  std::string deep = "a";
  for (int i = 0; i < 20; ++i) deep += ".a";
  EXPECT_TRUE(error_of({{deep}}).contains("deeper than 16 levels"));
}

}  // namespace
}  // namespace axon::stream
