#include "kube/cache.hpp"

#include <gtest/gtest.h>

namespace axon::kube {
namespace {

Json pod(const std::string& name, const std::string& uid, int version, const std::string& node = "n1") {
  return {{"metadata",
           {{"namespace", "demo"},
            {"name", name},
            {"uid", uid},
            {"resourceVersion", std::to_string(version)},
            {"managedFields", Json::array({"long"})}}},
          {"spec", {{"nodeName", node}}}};
}

Cache by_node() {
  return {{},
          {{"node", [](const Json& object) { return std::vector<std::string>{text_at(object, "/spec/nodeName")}; }}}};
}

/// "+a@1", "a@1>2", "-a@2": what happened, for comparison.
std::string told(const std::vector<Change>& changes) {
  std::string text;
  for (const Change& change : changes) {
    const auto state = [](const ObjectPtr& object) { return object->key.name + "@" + object->resource_version; };
    if (!text.empty()) text += " ";
    if (change.kind == Change::Kind::Added) text += "+" + state(change.after);
    if (change.kind == Change::Kind::Updated) text += state(change.before) + ">" + change.after->resource_version;
    if (change.kind == Change::Kind::Deleted) text += "-" + state(change.before);
  }
  return text;
}

TEST(Cache, TellsEachStateOnce) {
  Cache cache = by_node();
  EXPECT_EQ(told(cache.put(pod("a", "u1", 1))), "+a@1");
  EXPECT_EQ(told(cache.put(pod("a", "u1", 1))), "");
  EXPECT_EQ(told(cache.put(pod("a", "u1", 2))), "a@1>2");
  EXPECT_EQ(told(cache.remove(pod("a", "u1", 3))), "-a@3");
  EXPECT_EQ(told(cache.remove(pod("a", "u1", 3))), "");
  EXPECT_EQ(cache.size(), 0U);
}

TEST(Cache, AnObjectOfTheSameNameIsAnother) {
  Cache cache = by_node();
  cache.put(pod("a", "u1", 1));
  EXPECT_EQ(told(cache.put(pod("a", "u2", 5))), "-a@1 +a@5");
  EXPECT_EQ(told(cache.remove(pod("a", "u1", 4))), "") << "the end of the one before came late";
}

TEST(Cache, AListTellsWhatWasMissed) {
  Cache cache = by_node();
  cache.put(pod("gone", "u1", 1));
  cache.put(pod("same", "u2", 2));
  cache.put(pod("changed", "u3", 3));
  cache.begin_list();
  EXPECT_EQ(told(cache.put(pod("same", "u2", 2))), "");
  EXPECT_EQ(told(cache.put(pod("half", "u5", 6))), "+half@6");
  cache.begin_list();  // it began anew, and meanwhile "half" is gone
  EXPECT_EQ(told(cache.put(pod("same", "u2", 2))), "");
  EXPECT_EQ(told(cache.put(pod("changed", "u3", 7))), "changed@3>7");
  EXPECT_EQ(told(cache.put(pod("new", "u4", 8))), "+new@8");
  EXPECT_EQ(told(cache.end_list()), "-gone@1 -half@6");
  EXPECT_EQ(told(cache.end_list()), "");
  EXPECT_EQ(cache.size(), 3U);
}

TEST(Cache, FindsByATerm) {
  Cache cache = by_node();
  cache.put(pod("a", "u1", 1));
  cache.put(pod("b", "u2", 2));
  EXPECT_EQ(cache.find_by("node", "n1").size(), 2U);
  cache.put(pod("b", "u2", 3, "n2"));
  EXPECT_EQ(cache.find_by("node", "n1").size(), 1U);
  EXPECT_EQ(cache.find_by("node", "n2").at(0)->key.name, "b");
  cache.remove(pod("b", "u2", 4, "n2"));
  EXPECT_TRUE(cache.find_by("node", "n2").empty());
  EXPECT_TRUE(cache.find_by("other", "n1").empty());
}

TEST(Cache, KeepsWhatTheTrimLeaves) {
  Cache cache([](Json& object) { object.erase("spec"); }, {});
  cache.put(pod("a", "u1", 1));
  const ObjectPtr object = cache.find({"demo", "a"});
  ASSERT_TRUE(object);
  EXPECT_EQ(object->json(),
            Json::parse(R"({"metadata":{"namespace":"demo","name":"a","uid":"u1","resourceVersion":"1"}})"));
  EXPECT_FALSE(cache.find({"demo", "b"}));
}

}  // namespace
}  // namespace axon::kube
