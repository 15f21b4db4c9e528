// What is found on a machine: an agent's installation, a repository; and the files of a Task.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/child.hpp"
#include "cli/git_source.hpp"
#include "cli/installation.hpp"
#include "cli/state.hpp"

namespace axon::cli {
namespace {

namespace fs = std::filesystem;

class Host : public testing::Test {
 protected:
  Host() {
    std::string pattern = fs::temp_directory_path() / "axon-cli-XXXXXX";
    root = fs::canonical(mkdtemp(pattern.data())).string();
  }
  ~Host() override { fs::remove_all(root); }

  std::string file(const std::string& path, const std::string& content = "", bool executable = false) {
    const fs::path full = fs::path(root) / path;
    fs::create_directories(full.parent_path());
    std::ofstream(full) << content;
    if (executable) chmod(full.c_str(), 0755);
    return full.string();
  }
  std::string link(const std::string& path, const std::string& target) {
    const fs::path full = fs::path(root) / path;
    fs::create_directories(full.parent_path());
    fs::create_symlink(target, full);
    return full.string();
  }
  [[nodiscard]] std::string at(const std::string& path) const { return root + "/" + path; }

  std::string root;
};

TEST_F(Host, ShowsAnNpmPackageWithItsNode) {
  const std::string node = file("nvm/bin/node", "ELF", true);
  link("nvm/bin/npx", "../lib/node_modules/npm/npx.js");
  const std::string script = file("nvm/lib/node_modules/c/cli.js", "#!/usr/bin/env node\n", true);
  const std::string program = link("nvm/bin/agent", "../lib/node_modules/c/cli.js");
  const auto found = find_installation("agent", at("nvm/bin"), {"/usr"});
  ASSERT_TRUE(found);
  const Installation expected{program,
                              {at("nvm/lib/node_modules"), node},
                              {{program, script}, {at("nvm/bin/npx"), "../lib/node_modules/npm/npx.js"}},
                              {at("nvm/bin")}};
  EXPECT_EQ(*found, expected);
}

TEST_F(Host, ShowsASingleProgramAlone) {
  const std::string real = file("home/share/versions/1.2", "ELF", true);
  file("home/.ssh/id", "secret");
  const std::string program = link("home/bin/agent", "../share/versions/1.2");
  const auto found = find_installation("agent", "relative:/nowhere:" + at("home/bin"), {"/usr"});
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, (Installation{program, {real}, {{program, real}}, {at("home/bin")}}));
}

TEST_F(Host, SaysWhichPathWasSearched) {
  file("bin/agent", "not executable");
  EXPECT_EQ(find_installation("agent", at("bin") + ":/nowhere", {}).error().message,
            "the agent's program \"agent\" is not in PATH (searched " + at("bin") +
                ":/nowhere); install it, or put its directory into PATH");
}

TEST_F(Host, FindsTheRepositoryFromWithin) {
  file("r/.git/HEAD");
  fs::create_directories(at("r/.git/objects/info"));
  fs::create_directories(at("r/.git/refs"));
  fs::create_directories(at("other/objects"));
  file("r/.git/objects/info/alternates", at("other/objects") + "\n");
  fs::create_directories(at("r/deep/er"));
  EXPECT_EQ(find_local_source(at("r/deep/er")), (LocalSource{at("r"), {at("r/.git"), at("other/objects")}}));
  fs::create_directories(at("r/.git/worktrees/w"));
  file("r/.git/worktrees/w/commondir", "../..\n");
  file("w/.git", "gitdir: " + at("r/.git/worktrees/w") + "\n");
  EXPECT_EQ(find_local_source("file://" + at("w")),
            (LocalSource{at("w"), {at("w/.git"), at("r/.git/worktrees/w"), at("r/.git"), at("other/objects")}}));
  EXPECT_FALSE(find_local_source(at("other")));
  EXPECT_TRUE(is_remote_url("git@h:o/r"));
  EXPECT_FALSE(is_remote_url("../r"));
}

TEST_F(Host, KeepsTasksApartAndTheirLocks) {
  setenv("XDG_STATE_HOME", root.c_str(), 1);
  auto task = create_task("one");
  ASSERT_TRUE(task) << task.error().message;
  EXPECT_EQ(lock_holder(task->paths), getpid());
  EXPECT_EQ(create_task("one").error().message,
            "Task \"one\" is here already; choose another --name, or remove it with: axon delete task --local one");
  auto other = create_task("");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->name.size(), 10U);
  task->lock.reset();
  EXPECT_EQ(lock_holder(task->paths), 0);
  EXPECT_EQ(load_task("../x").error().message, "no Task \"../x\" on this machine; axon get tasks --local lists them");
}

TEST_F(Host, RemovesTreesThatAreReadOnly) {
  file("tree/a/b");
  chmod(at("tree/a").c_str(), 0555);
  EXPECT_TRUE(remove_tree(at("tree")));
  EXPECT_FALSE(fs::exists(at("tree")));
}

TEST(Child, IsReadToItsEndAndReportsItsSignal) {
  StopSignals signals;
  std::string out;
  std::string err;
  ChildSpec spec;
  spec.argv = {"/bin/sh", "-c", "echo out; echo err >&2; echo $FOO; kill -9 $$"};
  spec.env = {{"FOO", "bar"}};
  const auto end =
      run_child(spec, signals, [&](std::string_view b) { out += b; }, [&](std::string_view b) { err += b; });
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 137);
  EXPECT_EQ(out, "out\nbar\n");
  EXPECT_EQ(err, "err\n");
}

TEST(Child, IsToldToStopAndKilledWhenItDoesNot) {
  StopSignals signals;
  ChildSpec spec;
  spec.argv = {"/bin/sh", "-c", "trap 'echo told' TERM; echo ready; while :; do sleep 60 & wait $!; done"};
  spec.grace = std::chrono::seconds(1);
  std::string out;
  const auto hear = [&](std::string_view bytes) {
    out += bytes;
    if (bytes == "ready\n") raise(SIGTERM);  // as if the user had sent it to us
  };
  const auto end = run_child(spec, signals, hear, [](std::string_view) {});
  ASSERT_TRUE(end);
  EXPECT_TRUE(end->cancelled);
  EXPECT_EQ(end->exit_code, 137);
  EXPECT_EQ(out, "ready\ntold\n");
}

}  // namespace
}  // namespace axon::cli
