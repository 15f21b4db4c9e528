#include "kube/stream_reader.hpp"

#include <gtest/gtest.h>

namespace axon::kube {
namespace {

const std::string kList =
    R"({"kind":"PodList","metadata":{"resourceVersion":"7","continue":"a]}\"b","items":["no"]},"items" : [
      {"metadata":{"name":"a{[\"\\"}, "x":[1,[2]]} , {"metadata":{"name":"b"}}], "more":{"items":[{"no":1}]}})";

/// However the bytes are cut; "|" stands before what was not taken.
std::string pruned(std::string_view text) {
  std::string first;
  for (std::size_t size = text.size() + 1; size > 0; --size) {
    PrunedText reader({"managedFields", "spec"});
    std::size_t at = 0;
    while (at < text.size() && !reader.is_whole()) at += reader.take(text.substr(at, size));
    const std::string kept = reader.text() + (reader.is_whole() ? "|" : "") + std::string(text.substr(at));
    if (size > text.size()) first = kept;
    EXPECT_EQ(kept, first) << size;
  }
  return first;
}

TEST(PrunedText, LeavesEverythingElse) {
  EXPECT_EQ(pruned(R"({"a":1,"managedFields":[{"f":{"k:{\"x\":\"]\"}":[]}},[]],"b":2})"),
            R"({"a":1,"managedFields":null,"b":2}|)");
  EXPECT_EQ(pruned(R"({"a":1,"managedFields":[]} ,{})"), R"({"a":1,"managedFields":null}| ,{})");
  EXPECT_EQ(pruned(R"({"managedFields":[1],"managedFields":[2]})"), R"({"managedFields":null,"managedFields":null}|)");
  EXPECT_EQ(pruned(R"({"a":"\"managedFields\":[1]"})"), R"({"a":"\"managedFields\":[1]"}|)");
  EXPECT_EQ(pruned(R"({"spec":{"spec":{"a":"}"}},"b":{"spec":"text","c":[{"spec":{}}]}})"),
            R"({"spec":null,"b":{"spec":"text","c":[{"spec":null}]}}|)");
  EXPECT_EQ(pruned(R"({"a":"b","managedFields":[{"cut)"), R"({"a":"b","managedFields":null)");
  EXPECT_EQ(pruned(R"({"managedFields":["x\)"), R"({"managedFields":null)");
  EXPECT_EQ(pruned("[\"\\\\\"]]"), "[\"\\\\\"]|]");
}

TEST(ListReader, FindsTheItemsHoweverTheBytesAreCut) {
  for (std::size_t size = 1; size <= kList.size(); ++size) {
    std::vector<Json> items;
    ListReader reader({}, [&](Json item) {
      items.push_back(std::move(item));
      return Result<void>();
    });
    for (std::size_t at = 0; at < kList.size(); at += size) ASSERT_TRUE(reader.feed(kList.substr(at, size)));
    const Result<Json> around = reader.end();
    ASSERT_TRUE(around);
    Json whole = Json::parse(kList);
    EXPECT_EQ(Json(items), whole["items"]) << size;
    whole["items"] = Json::array();
    EXPECT_EQ(*around, whole) << size;
  }
}

TEST(ListReader, TakesAListWithoutItems) {
  ListReader reader({}, [](Json) { return fail(Errc::Internal, "there is none"); });
  EXPECT_TRUE(reader.feed(R"({"metadata":{"resourceVersion":"7"},"items":null})"));
  EXPECT_EQ(text_at(*reader.end(), "/metadata/resourceVersion"), "7");
}

TEST(WatchReader, TakesEventsHoweverTheBytesAreCut) {
  const std::string stream = R"({"type":"ADDED","object":{"a":"x\ny"}}
{"type":"BOOKMARK","object":{"b":2}}
{"type":"SOMETHING","object":{}}
{"type":"DELETED","object":{"c":3}}
)";
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    std::string seen;
    WatchReader reader({}, [&](const WatchEvent& event) {
      seen += std::to_string(static_cast<int>(event.kind)) + event.object.dump();
      return Result<void>();
    });
    for (std::size_t at = 0; at < stream.size(); at += size) ASSERT_TRUE(reader.feed(stream.substr(at, size)));
    EXPECT_EQ(seen, R"(0{"a":"x\ny"}3{"b":2}2{"c":3})");
  }
}

TEST(WatchReader, AnErrorEventIsAnError) {
  WatchReader reader({}, [](const WatchEvent&) { return Result<void>(); });
  const auto taken = reader.feed(
      R"~({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old version: 1 (5)"}})~"
      "\n");
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error(), (Error{Errc::Expired, "watch: too old version: 1 (5) (Expired)"}));
}

}  // namespace
}  // namespace axon::kube
