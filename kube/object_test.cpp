#include "kube/object.hpp"

#include <gtest/gtest.h>

namespace axon::kube {
namespace {

TEST(Path, NamesTheObjectOrTheCollection) {
  const Resource jobs{"batch", "v1", "jobs"};
  EXPECT_EQ(path_of(jobs, {"demo", "x"}), "/apis/batch/v1/namespaces/demo/jobs/x");
  EXPECT_EQ(path_of(jobs, {"demo", "x"}, "status"), "/apis/batch/v1/namespaces/demo/jobs/x/status");
  EXPECT_EQ(path_of(jobs, {}), "/apis/batch/v1/jobs");
  EXPECT_EQ(path_of({"", "v1", "pods"}, {"a/b", "x?y"}), "/api/v1/namespaces/a%2Fb/pods/x%3Fy");
}

TEST(Query, EncodesAndLeavesOutWhatIsEmpty) {
  EXPECT_EQ(query_of({{"a", "x=y,z in (1)"}, {"b", ""}, {"c", "1"}}), "a=x%3Dy%2Cz%20in%20%281%29&c=1");
}

TEST(TextAt, IsEmptyForWhatIsNotThere) {
  const Json object = Json::parse(R"({"metadata":{"name":"x","generation":3}})");
  EXPECT_EQ(text_at(object, "/metadata/name"), "x");
  EXPECT_EQ(text_at(object, "/metadata/generation"), "");
  EXPECT_EQ(text_at(object, "/spec/name"), "");
  EXPECT_EQ(key_of(object), (Key{"", "x"}));
}

TEST(Body, IsRefusedWhereATextIsNotUtf8) {
  EXPECT_EQ(body_of({{"a", "b"}}), R"({"a":"b"})");
  const Result<std::string> body = body_of({{"token", "secret\xFF"}});
  ASSERT_FALSE(body.has_value());
  EXPECT_EQ(body.error().code, Errc::InvalidInput);
  EXPECT_EQ(body.error().message, "a text in it is not valid UTF-8");
}

}  // namespace
}  // namespace axon::kube
