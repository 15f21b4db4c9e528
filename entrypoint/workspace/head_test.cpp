#include "entrypoint/workspace/head.hpp"

#include "entrypoint/workspace/git_fixture.hpp"

namespace axon {
namespace {

using ReadHead = GitTest;

TEST_F(ReadHead, OfAClone) {
  make_source();
  const std::string commit = run("git clone -q source clone && git -C clone rev-parse HEAD");
  const GitHead expected{"main", commit, "main", root + "/source"};
  EXPECT_EQ(read_head(root + "/clone"), expected);
  run("git -C clone pack-refs --all");
  EXPECT_EQ(read_head(root + "/clone"), expected);
}

TEST_F(ReadHead, OfADetachedHead) {
  make_source();
  const std::string commit = run("git -C source checkout -q v1 && git -C source rev-parse HEAD");
  EXPECT_EQ(read_head(root + "/source"), (GitHead{"", commit, "", ""}));
}

TEST_F(ReadHead, OfAWorktree) {
  make_source();
  const std::string commit = run("git -C source worktree add -q ../tree dev && git -C tree rev-parse HEAD");
  EXPECT_EQ(read_head(root + "/tree"), (GitHead{"dev", commit, "", ""}));
}

TEST_F(ReadHead, WithoutACommitOrARepository) {
  run("git init -q -b trunk fresh");
  EXPECT_EQ(read_head(root + "/fresh"), (GitHead{"trunk", "", "", ""}));
  EXPECT_EQ(read_head(root), GitHead{});
  EXPECT_EQ(read_head("/nonexistent"), GitHead{});
}

}  // namespace
}  // namespace axon
