#include "entrypoint/pull_requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "entrypoint/helper_process.hpp"

namespace axon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ApiUrl, IsTheHostsOwn) {
  EXPECT_EQ(api_url("github.com", "", {}), "https://api.github.com");
  EXPECT_EQ(api_url("corp.ghe.com", "", {}), "https://api.corp.ghe.com");
  EXPECT_EQ(api_url("git.corp", "git.corp", {}), "https://git.corp/api/v3");
  EXPECT_EQ(api_url("github.corp", "", {}), "https://github.corp/api/v3");
  EXPECT_EQ(api_url("gitlab.com", "", {}), "");
  EXPECT_EQ(api_url("", "", {}), "");
  EXPECT_EQ(api_url("gitlab.com", "", {{"AXON_GITHUB_API_URL", "http://127.0.0.1:1/"}}), "http://127.0.0.1:1");
}

TEST(PullRequestUrls, AreThoseOfTheCommit) {
  constexpr const char* kJson =
      R"([{"html_url":"u2","head":{"sha":"b"}},{"html_url":"u1","head":{"sha":"a"}},{"x":1},7])";
  EXPECT_THAT(*pull_request_urls(kJson, ""), ElementsAre("u2", "u1"));
  EXPECT_THAT(*pull_request_urls(kJson, "a"), ElementsAre("u1"));
  EXPECT_FALSE(pull_request_urls("{\"message\":\"no\"}", ""));
  EXPECT_FALSE(pull_request_urls("<html>", ""));
}

TEST(FindPullRequests, ThereAreNoneWhereThereCanBeNone) {
  PullRequestQuery query;
  query.branch = "b";
  for (const char* remote : {"", "/srv/r.git", "https://gitlab.com/o/r", "git@bitbucket.org:o/r.git", "::"}) {
    query.remote_url = remote;
    EXPECT_THAT(*find_pull_requests(query), IsEmpty()) << remote;
  }
}

TEST(RunHelper, GivesWhatItPrints) {
  HelperProcess helper{.argv = {"/bin/sh", "-c", "cat; echo $X"}, .environment = {{"X", "y"}}};
  EXPECT_EQ(run_helper(helper), "y\n");
  helper.argv = {"/bin/sh", "-c", "echo x; exit 3"};
  EXPECT_FALSE(run_helper(helper));
  helper.argv = {"/nonexistent"};
  EXPECT_EQ(run_helper(helper).error().code, Errc::NotFound);
}

TEST(RunHelper, KillsWhatTakesTooLong) {
  HelperProcess helper{.argv = {"/bin/sh", "-c", "sleep 60"}, .environment = {{"PATH", "/usr/bin:/bin"}}};
  helper.timeout = std::chrono::milliseconds(50);
  EXPECT_EQ(run_helper(helper).error().code, Errc::TimedOut);
}

}  // namespace
}  // namespace axon
