#include "entrypoint/workspace/git_program.hpp"

#include <gmock/gmock.h>

namespace axon {
namespace {

TEST(ParseLsRemote, ReadsRefsAndWhereHeadPoints) {
  const std::vector<RemoteRef> expected = {
      {"HEAD", "aa", "refs/heads/main"}, {"refs/heads/main", "aa", ""}, {"refs/tags/v1^{}", "bb", ""}};
  EXPECT_EQ(parse_ls_remote("ref: refs/heads/main\tHEAD\naa\tHEAD\naa\trefs/heads/main\nbb\trefs/tags/v1^{}\n"),
            expected);
  EXPECT_EQ(parse_ls_remote(""), std::vector<RemoteRef>());
}

TEST(GitSettings, HoldTheHelperAndNoSecret) {
  CloneRequest request;
  request.repo = *parse_repo_url("https://user:hidden-password@h/o/r.git");
  request.token = Token{Secret("hidden-token"), "GITHUB_TOKEN"};
  request.credential_helper = "/axon/bin/axon-entrypoint git-credential";
  request.stall = std::chrono::seconds(7);
  const std::vector<std::string> settings = git_settings(request);
  EXPECT_THAT(settings, testing::Contains("credential.https://h.helper=/axon/bin/axon-entrypoint git-credential"));
  EXPECT_THAT(settings, testing::Contains("http.lowSpeedTime=7"));
  EXPECT_THAT(settings, testing::Each(testing::Not(testing::HasSubstr("hidden"))));
}

TEST(NeedsGit, ForWhatLibgit2CannotDo) {
  CloneRequest request;
  EXPECT_EQ(needs_git(request), "");
  request.sparse = {"docs"};
  EXPECT_EQ(needs_git(request), "a sparse checkout");
  request.filter = "blob:none";
  EXPECT_EQ(needs_git(request), "a partial clone (filter: blob:none)");
  EXPECT_TRUE(is_other_hash({Errc::Internal, "https://h/o/r: unknown remote object format 'sha256'"}));
  EXPECT_FALSE(is_other_hash({Errc::Internal, "something else"}));
}

}  // namespace
}  // namespace axon
