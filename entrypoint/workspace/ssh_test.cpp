#include "entrypoint/workspace/ssh.hpp"

#include <gmock/gmock.h>

#include "entrypoint/workspace/git_fixture.hpp"

namespace axon {
namespace {

using testing::HasSubstr;
using Ssh = GitTest;

TEST_F(Ssh, FindsTheFilesOfTheTaskDirectoryAndTakesNamedOnesFirst) {
  EXPECT_EQ(find_ssh_files({{"AXON_TASK_DIR", root}}), SshFiles());
  write("ssh-privatekey", "k");
  write("known_hosts", "h");
  EXPECT_EQ(find_ssh_files({{"AXON_TASK_DIR", root}}), (SshFiles{root + "/ssh-privatekey", root + "/known_hosts"}));
  EXPECT_EQ(find_ssh_files({{"AXON_TASK_DIR", root}, {"AXON_SSH_KEY_FILE", "/k"}, {"AXON_SSH_KNOWN_HOSTS_FILE", "/h"}}),
            (SshFiles{"/k", "/h"}));
}

TEST_F(Ssh, KnowsWhichKeysCannotBeUsed) {
  run("ssh-keygen -q -t ed25519 -N '' -f plain && ssh-keygen -q -t ed25519 -N secret -f locked && ssh-keygen -q -t rsa "
      "-b 2048 -m PEM -N '' -f old");
  EXPECT_EQ(key_problem(read("plain")), "");
  EXPECT_EQ(key_problem(read("old")), "");
  EXPECT_THAT(key_problem(read("locked")), HasSubstr("passphrase"));
  EXPECT_THAT(key_problem(read("plain.pub")), HasSubstr("public key"));
  EXPECT_THAT(key_problem(" \n"), HasSubstr("empty"));
  EXPECT_THAT(key_problem("hello"), HasSubstr("no private key"));
}

TEST(SshProblem, IsThatThereIsNoProgram) {
  const RepoUrl repo = parse_repo_url("git@h:o/r").value();
  EXPECT_THAT(ssh_problem(repo, {{"PATH", "/nonexistent"}}), HasSubstr("no ssh program in PATH"));
  EXPECT_EQ(ssh_problem(repo, {{"GIT_SSH_COMMAND", "myssh"}}), "");
  EXPECT_EQ(ssh_problem(parse_repo_url("https://h/o/r").value(), {}), "");
}

TEST(SshCommand, NamesPortAndUser) {
  const Environment own = {{"GIT_SSH", "/my/ssh"}};
  EXPECT_EQ(*ssh_command(*parse_repo_url("ssh://git@h:2222/o/r"), own),
            (std::vector<std::string>{"/my/ssh", "-p", "2222", "git@h"}));
  EXPECT_EQ(*ssh_command(*parse_repo_url("h:o/r"), own), (std::vector<std::string>{"/my/ssh", "h"}));
  const Environment shell = {{"GIT_SSH_COMMAND", "ssh -v"}};
  EXPECT_EQ(*ssh_command(*parse_repo_url("git@h:o/r"), shell),
            (std::vector<std::string>{"/bin/sh", "-c", "ssh -v \"$@\"", "ssh", "git@h"}));
}

TEST(ExplainSsh, SaysWhatToDo) {
  const RepoUrl repo = *parse_repo_url("ssh://git@h:2222/o/r");
  const SshFiles files{"/k", ""};
  EXPECT_THAT(explain_ssh("Host key verification failed.\r\n", repo, files).message,
              HasSubstr("ssh-keyscan -p 2222 h"));
  EXPECT_THAT(explain_ssh("git@h: Permission denied (publickey).", repo, files).message,
              HasSubstr("h refused the key /k"));
  EXPECT_THAT(explain_ssh("ERROR: Repository not found.", repo, files).message, HasSubstr("repository not found"));
  EXPECT_EQ(explain_ssh("one\nlast words\r\n", repo, files).message, "ssh to h failed: last words");
  EXPECT_EQ(explain_ssh("", repo, files).message, "ssh to h failed");
}

}  // namespace
}  // namespace axon
