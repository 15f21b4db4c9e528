// Clones by path, end to end but for the command line. What needs a server is tested from outside, with git's own.
#include <gmock/gmock.h>

#include "entrypoint/workspace/git_fixture.hpp"
#include "entrypoint/workspace/head.hpp"
#include "entrypoint/workspace/workspace.hpp"

namespace axon {
namespace {

using testing::HasSubstr;

class Workspace : public GitTest {
 protected:
  Workspace() {
    make_source();
    source.repo = root + "/source";
    source.path = root + "/clone";
  }

  Result<void> make(const std::string& branch = "") {
    return make_workspace(source, branch, {}, {}, [this](const std::string& line) { said += line + "\n"; });
  }

  /// Branch, commit's subject and state of the work tree.
  [[nodiscard]] std::string state() const {
    return run("cd clone && git branch --show-current && git log -1 --format=%s && git status --porcelain");
  }

  WorkspaceSource source;
  std::string said;
};

TEST_F(Workspace, ChecksOutTheDefaultBranch) {
  ASSERT_TRUE(make());
  EXPECT_EQ(state(), "main\nc3");
  EXPECT_EQ(run("cd clone && git rev-parse --abbrev-ref @{u} origin/HEAD"), "origin/main\norigin/main");
  EXPECT_EQ(run("cd clone && git for-each-ref --format='%(refname)' refs/remotes refs/tags"),
            run("rm -rf o && git clone -q source o && cd o && git for-each-ref --format='%(refname)' refs/remotes "
                "refs/tags"));
}

TEST_F(Workspace, ChecksOutBranchTagAndCommit) {
  for (const auto& [ref, expected] : std::map<std::string, std::string>{
           {"dev", "dev\nc2"}, {"v1", "c1"}, {"v2", "c2"}, {run("git -C source rev-parse v1"), "c1"}}) {
    std::filesystem::remove_all(source.path);
    source.ref = ref;
    ASSERT_TRUE(make()) << ref;
    EXPECT_EQ(state(), expected) << ref;
  }
}

TEST_F(Workspace, AttributesOfADirectoryBelowAreHeeded) {
  run("cd source && mkdir sub && printf 'a\\nb\\n' >sub/x.txt && echo '*.txt eol=crlf' >sub/.gitattributes && git add "
      ". &&"
      " git commit -qm c4");
  ASSERT_TRUE(make());
  EXPECT_EQ(read("clone/sub/x.txt"), "a\r\nb\r\n");
  EXPECT_EQ(state(), "main\nc4");
}

TEST_F(Workspace, MakesTheTasksBranchOrTakesTheRemotes) {
  source.ref = "v1";
  ASSERT_TRUE(make("agent/new"));
  EXPECT_EQ(state(), "agent/new\nc1");
  std::filesystem::remove_all(source.path);
  ASSERT_TRUE(make("dev"));
  EXPECT_EQ(state(), "dev\nc2");
  EXPECT_EQ(run("cd clone && git rev-parse --abbrev-ref @{u}"), "origin/dev");
}

TEST_F(Workspace, ASecondCallKeepsTheAgentsCommitsAndTakesTheRemotesOnes) {
  ASSERT_TRUE(make("dev"));
  run("cd source && git checkout -q dev && echo x >x && git add . && git commit -qm theirs");
  ASSERT_TRUE(make("dev"));
  EXPECT_EQ(state(), "dev\ntheirs");
  run("cd clone && git commit -q --allow-empty -m ours");
  run("cd source && git commit -q --allow-empty -m theirs2");
  ASSERT_TRUE(make("dev"));
  EXPECT_EQ(state(), "dev\nours");
}

TEST_F(Workspace, ASecondCallDoesNotOverwriteChanges) {
  ASSERT_TRUE(make());
  run("cd source && echo theirs >f1 && git commit -qam c4");
  write("clone/f1", "mine\n");
  const Result<void> made = make();
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("changes that the checkout would overwrite: f1"));
  EXPECT_EQ(read("clone/f1"), "mine\n");
}

TEST_F(Workspace, FilesAreWrittenIntoTheClone) {
  source.files = {{"f1", "replaced\n"}, {"new/dir/x", "y"}};
  ASSERT_TRUE(make());
  EXPECT_EQ(state(), "main\nc3\n M f1\n?? new/");
}

TEST_F(Workspace, ForeignContentIsRefused) {
  write("clone/mine", "x");
  const Result<void> made = make();
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("is not empty and holds no clone"));
  EXPECT_EQ(read("clone/mine"), "x");
}

TEST_F(Workspace, AnUnfinishedCloneIsMadeAnew) {
  write("clone/.git/axon-clone-unfinished", "");
  write("clone/half", "x");
  std::filesystem::create_directories(root + "/clone/lost+found");  // of a new volume
  ASSERT_TRUE(make());
  EXPECT_FALSE(std::filesystem::exists(root + "/clone/half"));
  EXPECT_EQ(read_head(source.path).branch, "main");
}

TEST_F(Workspace, AFailureLeavesNothing) {
  source.ref = "nothing";
  const Result<void> made = make();
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("no branch or tag \"nothing\""));
  EXPECT_TRUE(std::filesystem::is_empty(source.path));
}

TEST_F(Workspace, TheCopySharesNoFilesWithTheOriginal) {
  run("cd source && git gc -q");
  ASSERT_TRUE(make());
  EXPECT_EQ(run("find clone/.git/objects -type f -links +1"), "");
  run("git -C clone fsck --strict");
}

TEST_F(Workspace, AnEmptyRepositoryHasABranchWithoutACommit) {
  run("rm -rf source && git init -q -b trunk source");
  ASSERT_TRUE(make("agent/x"));
  EXPECT_EQ(read_head(source.path).branch, "agent/x");
  EXPECT_EQ(read_head(source.path).commit, "");
}

TEST_F(Workspace, AShallowSourceAndAlternatesAreTakenOver) {
  run("git clone -q --depth 2 file://$PWD/source shallow && git clone -q --shared source shared");
  source.repo = root + "/shallow";
  ASSERT_TRUE(make());
  EXPECT_EQ(run("git -C clone rev-list --count HEAD"), "2");
  std::filesystem::remove_all(source.path);
  source.repo = root + "/shared";
  ASSERT_TRUE(make());
  EXPECT_EQ(state(), "main\nc3");
}

}  // namespace
}  // namespace axon
