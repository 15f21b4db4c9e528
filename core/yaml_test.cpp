#include "core/yaml.hpp"

#include <gtest/gtest.h>

namespace axon {
namespace {

using nlohmann::json;

json only(std::string_view text) {
  const auto documents = parse_yaml(text, "f.yaml");
  if (!documents) return documents.error().message;
  return documents->size() == 1 ? documents->front().value : json("documents: " + std::to_string(documents->size()));
}

std::string error_of(std::string_view text) {
  const auto documents = parse_yaml(text, "f.yaml");
  return documents ? "no error" : documents.error().message;
}

TEST(Yaml, ReadsScalarsByTheCoreSchemaAndQuotedOnesAsText) {
  EXPECT_EQ(
      only("{a: true, b: 12, c: -3, d: 1.5, e: null, f: ~, g: yes, h: 0x1f, i: 0o17, j: 1e3, k: +7}"),
      json::parse(R"({"a":true,"b":12,"c":-3,"d":1.5,"e":null,"f":null,"g":"yes","h":31,"i":15,"j":1000.0,"k":7})"));
  EXPECT_EQ(
      only("{a: 'true', b: \"12\", c: 1.2.3, d: 5m, e: ., f: -, g: 18446744073709551615, h: !!str 5}"),
      json::parse(R"({"a":"true","b":"12","c":"1.2.3","d":"5m","e":".","f":"-","g":18446744073709551615,"h":"5"})"));
  EXPECT_EQ(only("a: |\n  1\n  two\n"), json({{"a", "1\ntwo\n"}}));
}

TEST(Yaml, ReadsSeveralDocumentsAndLeavesOutEmptyOnes) {
  const auto documents = parse_yaml("# only a comment\n---\na: 1\n---\n---\nb: 2\n...\n", "f.yaml");
  ASSERT_TRUE(documents);
  ASSERT_EQ(documents->size(), 2U);
  EXPECT_EQ((*documents)[0].value, json({{"a", 1}}));
  EXPECT_EQ((*documents)[1].lines.at("b"), 6);
  EXPECT_EQ(parse_yaml("", "f.yaml").value().size(), 0U);
}

TEST(Yaml, KnowsTheLineOfEveryValue) {
  const auto documents = parse_yaml("\nspec:\n  servers:\n    - name: a\n      url: u\n    - b\n", "f.yaml");
  ASSERT_TRUE(documents);
  const std::map<std::string, int> expected = {{"", 2},
                                               {"spec", 2},
                                               {"spec.servers", 3},
                                               {"spec.servers[0]", 4},
                                               {"spec.servers[0].name", 4},
                                               {"spec.servers[0].url", 5},
                                               {"spec.servers[1]", 6}};
  EXPECT_EQ(documents->front().lines, expected);
}

TEST(Yaml, ExpandsAnchorsAndMergeKeys) {
  EXPECT_EQ(only("base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n"),
            json::parse(R"({"base":{"x":1,"y":2},"use":{"x":1,"y":3}})"));
  EXPECT_EQ(only("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nuse: {<<: [*a, *b]}\nagain: *a"),
            json::parse(R"({"a":{"x":1},"b":{"x":2,"y":2},"use":{"x":1,"y":2},"again":{"x":1}})"));
  EXPECT_EQ(error_of("a:\n  <<: 1\n"), "f.yaml:2: \"<<\" takes a map, or a list of maps");
}

TEST(Yaml, BoundsWhatAliasesExpandTo) {
  std::string laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 8; ++j) laughs += ", " + before;
    laughs += "]\n";
  }
  EXPECT_EQ(error_of(laughs), "f.yaml:6: the aliases expand to more than 8 MiB");
  EXPECT_EQ(error_of("a: &a [1, *a]"), "f.yaml:1: an alias must not stand inside what it repeats");
}

TEST(Yaml, RefusesDeepNesting) {
  EXPECT_EQ(error_of(std::string(300, '[') + std::string(300, ']')), "f.yaml:1: nested more than 200 levels deep");
  EXPECT_NE(error_of(std::string(100000, '[')), "no error");
  EXPECT_NE(error_of(std::string(100000, '{')), "no error");
  std::string blocks;
  for (int i = 0; i < 3000; ++i) blocks += "- ";
  EXPECT_EQ(error_of(blocks), "f.yaml: nested too deep");
}

TEST(Yaml, NamesTheLineOfWhatIsBroken) {
  EXPECT_EQ(error_of("a: 1\nb: 2\na: 3\n"), "f.yaml:3: \"a\" is here twice; it is in line 1 already");
  EXPECT_EQ(error_of("a: [1\nb: 2\n").substr(0, 8), "f.yaml:2");
  EXPECT_EQ(error_of("a: b: c\n").substr(0, 8), "f.yaml:1");
  EXPECT_EQ(error_of("a: 1\n- b\n"), "f.yaml:2: end of map not found; look at the indentation");
  EXPECT_EQ(error_of("[a]\nb: 1\n"), "f.yaml:2: does not fit what stands above it; look at the indentation");
  EXPECT_EQ(error_of("a:\n\t- b\n").substr(0, 8), "f.yaml:2");
  EXPECT_EQ(error_of("a: *nobody\n").substr(0, 8), "f.yaml:1");
  EXPECT_EQ(error_of("a: !thing 1\n"), "f.yaml:1: unknown tag \"!thing\"");
  EXPECT_EQ(error_of("{{ .Values }}: 1\n").substr(0, 8), "f.yaml:1");
}

TEST(Yaml, RefusesBytesThatAreNoText) {
  EXPECT_EQ(error_of(std::string_view("a: 1\nb: \0", 9)),
            "f.yaml:2: a byte that is no text; expected a YAML file in UTF-8");
  EXPECT_EQ(error_of("a: \xff\n"), "f.yaml:1: a byte that is no text; expected a YAML file in UTF-8");
  EXPECT_EQ(error_of("a: 1\n\x04 b"), "f.yaml:2: a byte that is no text; expected a YAML file in UTF-8");
}

TEST(Yaml, DescribesProblemsWithTheNearestLine) {
  const auto documents = parse_yaml("spec:\n  servers:\n    - name: a\n", "f.yaml");
  ASSERT_TRUE(documents);
  const Problems problems = {{"spec.servers[0].url", "required"}, {"kind", "required"}, {"", "odd"}};
  EXPECT_EQ(describe(problems, documents->front(), "f.yaml"),
            "f.yaml:3: spec.servers[0].url: required\nf.yaml:1: kind: required\nf.yaml:1: odd");
}

}  // namespace
}  // namespace axon
