#include "entrypoint/workspace/lfs/protocol.hpp"

#include <gtest/gtest.h>

#include "entrypoint/workspace/lfs/pointer.hpp"

namespace axon::lfs {
namespace {

const std::string kOid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
const std::string kPointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + kOid + "\nsize 12345\n";
const Moment kNow = std::chrono::system_clock::from_time_t(1'800'000'000);

std::string url_of(const std::string& repo) { return default_url(*parse_repo_url(repo)); }

TEST(LfsPointer, IsReadAndNothingElseIs) {
  EXPECT_EQ(parse_pointer(kPointer), (Pointer{kOid, 12345}));
  EXPECT_EQ(parse_pointer("version https://hawser.github.com/spec/v1\r\noid sha256:" + kOid + "\r\nsize 0\r\n"),
            (Pointer{kOid, 0}));
  for (const std::string& text :
       {std::string(), std::string("version 2\n"), kPointer.substr(0, 60), kPointer + std::string(1024, ' '),
        "version https://example.com/v1\noid sha256:" + kOid + "\nsize 1\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:" + kOid + "\nsize -1\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:../../" + kOid.substr(6) + "\nsize 1\n",
        "version https://git-lfs.github.com/spec/v1\next-0-x sha256:" + kOid + "\noid sha256:" + kOid + "\nsize 1\n"}) {
    EXPECT_EQ(parse_pointer(text), std::nullopt) << text;
  }
}

TEST(LfsPointer, IsWantedAsTheListsSay) {
  EXPECT_TRUE(is_wanted("a/b.psd", "", ""));
  EXPECT_TRUE(is_wanted("a/b.psd", " *.psd , x", ""));
  EXPECT_FALSE(is_wanted("a/b.psd", "*.png", ""));
  EXPECT_FALSE(is_wanted("a/b.psd", "", "*"));
  EXPECT_FALSE(is_wanted("a/b/c.psd", "", "x,/a/"));
  EXPECT_FALSE(is_wanted("a/b/c.psd", "", "c.psd"));
  EXPECT_TRUE(is_wanted("ab/c.psd", "", "a"));
}

TEST(LfsProtocol, KnowsWhereTheApiIs) {
  EXPECT_EQ(url_of("https://h/o/r"), "https://h/o/r.git/info/lfs");
  EXPECT_EQ(url_of("https://u:p@h:8443/o/r.git"), "https://h:8443/o/r.git/info/lfs");
  EXPECT_EQ(url_of("http://h/o/r.git/"), "http://h/o/r.git/info/lfs");
  EXPECT_EQ(url_of("git@h:o/r.git"), "https://h/o/r.git/info/lfs");
  EXPECT_EQ(url_of("/a/path"), "");
  EXPECT_EQ(authenticate_command(*parse_repo_url("git@h:o/r.git")), "git-lfs-authenticate o/r.git download");
  EXPECT_EQ(authenticate_command(*parse_repo_url("ssh://git@h:22/o/r.git")), "git-lfs-authenticate /o/r.git download");
}

TEST(LfsProtocol, AsksForObjects) {
  EXPECT_EQ(batch_request({{kOid, 5}}), R"({"hash_algo":"sha256","objects":[{"oid":")" + kOid +
                                            R"(","size":5}],"operation":"download","transfers":["basic"]})");
}

TEST(LfsProtocol, ReadsActionsWithTheirHeadersAndTheirEnd) {
  const auto answers = parse_batch(R"({"transfer":"basic","objects":[
    {"oid":"a","size":1,"actions":{"download":{"href":"https://s/a","header":{"A":"b","Bad\r\nX":"c"},"expires_in":60}}},
    {"oid":"b","size":1,"actions":{"download":{"href":"https://s/b","expires_at":"2027-01-15T09:00:00.5+01:00"}}},
    {"oid":"c","size":1,"actions":{"download":{"href":"https://s/c","expires_at":"0001-01-01T00:00:00Z"}}},
    {"oid":"d","error":{"code":404,"message":"gone"}}]})",
                                   kNow);
  ASSERT_TRUE(answers) << answers.error().message;
  const Answer missing{.oid = "d", .download = std::nullopt, .code = 404, .message = "gone"};
  const std::vector<Answer> expected = {
      {.oid = "a",
       .download = Action{"https://s/a", {{"A", "b"}}, kNow + std::chrono::seconds(60)},
       .code = 0,
       .message = ""},
      {.oid = "b", .download = Action{"https://s/b", {}, kNow}, .code = 0, .message = ""},
      {.oid = "c", .download = Action{"https://s/c", {}, std::nullopt}, .code = 0, .message = ""},
      missing};
  EXPECT_EQ(*answers, expected);
}

TEST(LfsProtocol, RefusesWhatIsNoAnswer) {
  for (const char* text : {"", "[]", "<html>", R"({"objects":7})", R"({"transfer":"tus","objects":[]})"}) {
    EXPECT_FALSE(parse_batch(text, kNow)) << text;
  }
  EXPECT_EQ(refusal(R"({"message":"why"})"), "why");
  EXPECT_EQ(refusal("<html>"), "");
}

}  // namespace
}  // namespace axon::lfs
