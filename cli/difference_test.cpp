#include "cli/difference.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

using nlohmann::json;
using Found = std::vector<Difference>;

TEST(Differences, AreOfWhatIsWantedOnly) {
  const json there = json::parse(R"({"metadata": {"uid": "u"}, "spec": {"repo": "a", "ref": "main", "depth": 5}})");
  EXPECT_EQ(differences(there, json::parse(R"({"spec": {"repo": "a", "ref": "main"}})")), Found());
  EXPECT_EQ(differences(there, json::parse(R"({"spec": {"repo": "b", "lfs": true}})")),
            (Found{{"spec.lfs", false}, {"spec.repo", true}}));
}

TEST(Differences, ANullMeansNotThere) {
  const json there = json::parse(R"({"spec": {"ref": "main"}})");
  EXPECT_EQ(differences(there, json::parse(R"({"spec": {"ref": null, "secretRef": null}})")),
            (Found{{"spec.ref", true}}));
}

TEST(Differences, ListsAndOtherTypesAreComparedWhole) {
  const json there = json::parse(R"({"a": [1, 2], "b": "x"})");
  EXPECT_EQ(differences(there, json::parse(R"({"a": [1], "b": {"c": 1}})")), (Found{{"a", true}, {"b", true}}));
  EXPECT_EQ(differences(json::object(), json::parse(R"({"data": {"k": "v"}})")), (Found{{"data", false}}));
}

TEST(WithoutNulls, KeepsEverythingElse) {
  EXPECT_EQ(without_nulls(json::parse(R"({"a": null, "b": {"c": null, "d": 1}, "e": [null]})")),
            json::parse(R"({"b": {"d": 1}, "e": [null]})"));
}

}  // namespace
}  // namespace axon::cli
