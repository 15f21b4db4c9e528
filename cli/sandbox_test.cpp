#include "cli/sandbox.hpp"

#include <gtest/gtest.h>

#include "cli/layout.hpp"
#include "cli/text.hpp"

namespace axon::cli {
namespace {

using Words = std::vector<std::string>;

/// A Task on a machine with a merged /usr, as one golden.
RunParts parts() {
  RunParts parts;
  parts.paths = {"/s/t"};
  parts.task.file.name = "t";
  parts.task.file.type = "claude-code";
  parts.task.file.branch = "fix";
  parts.task.env = {{"ANTHROPIC_API_KEY", "k"}, {"FOO", "1"}};
  parts.task.github_token = Secret("t");
  parts.entrypoint = "/usr/lib/axon/axon-entrypoint";
  parts.source_paths = {"/home/me/repo/.git"};
  parts.agent = {.program = "/home/me/.n/bin/claude",
                 .paths = {"/home/me/.n/lib/node_modules"},
                 .links = {{"/home/me/.n/bin/claude", "/home/me/.n/lib/node_modules/c/cli"}},
                 .directories = {"/home/me/.n/bin"}};
  parts.path = "/home/me/bin:/home/me/.n/bin:/usr/bin:/opt/x/bin:relative:/bin";
  parts.has_gh = true;
  parts.host = {.bwrap = "/usr/bin/bwrap",
                .system = {"/usr", "/opt"},
                .links = {{"/bin", "usr/bin"}},
                .binds = {},
                .working_directory = "",
                .info_descriptor = -1,
                .command = {}};
  return parts;
}

TEST(Sandbox, ShowsTheSystemTheAgentAndTheTaskOnly) {
  const RunParts run = parts();
  SandboxSpec spec = sandbox_spec(run, layout_of(run), "run");
  spec.info_descriptor = 3;
  std::string etc;
  for (const std::string& path : visible_etc()) etc += " --ro-bind-try " + path + " " + path;
  EXPECT_EQ(join(sandbox_argv(spec), " "),
            "/usr/bin/bwrap --unshare-pid --unshare-ipc --unshare-uts --as-pid-1 --die-with-parent --new-session "
            "--cap-drop ALL --hostname axon --ro-bind-try /usr /usr --ro-bind-try /opt /opt --dir /var --dir /etc" +
                etc +
                " --proc /proc --dev /dev --tmpfs /tmp --tmpfs /home --tmpfs /root --tmpfs /run --tmpfs /var/tmp "
                "--symlink usr/bin /bin --symlink /home/me/.n/lib/node_modules/c/cli /home/me/.n/bin/claude "
                "--symlink axon-entrypoint /axon/bin/gh "
                "--ro-bind /home/me/.n/lib/node_modules /home/me/.n/lib/node_modules "
                "--ro-bind /home/me/repo/.git /home/me/repo/.git --ro-bind /s/t/task /axon/task "
                "--ro-bind /usr/lib/axon/axon-entrypoint /axon/bin/axon-entrypoint "
                "--bind /s/t/plugin /axon/plugin --bind /s/t/workspace /workspace --bind /s/t/home /home/agent "
                "--bind /s/t/report.json /axon/report.json --remount-ro / --chdir /workspace/repo --info-fd 3 "
                "-- /axon/bin/axon-entrypoint run");
}

TEST(Sandbox, NeverNamesASecretInItsArguments) {
  RunParts run = parts();
  run.task.env["ANTHROPIC_API_KEY"] = "sk-very-secret";
  run.task.github_token = Secret("ghp-very-secret");
  const std::string argv = join(sandbox_argv(sandbox_spec(run, layout_of(run), "run")), " ");
  EXPECT_EQ(argv.find("very-secret"), std::string::npos);
}

TEST(Sandbox, HidesWhatOfEtcIsSecret) {
  for (const std::string& path : visible_etc()) {
    for (const char* secret : {"shadow", "sudoers", "ssh", "environment", "kubernetes"}) {
      EXPECT_NE(path, std::string("/etc/") + secret);
    }
  }
}

TEST(RunEnvironment, IsCleanButForWhatPasses) {
  const RunParts run = parts();
  const Environment caller = {{"PATH", "/ignored"},
                              {"HOME", "/home/me"},
                              {"LC_ALL", "C"},
                              {"SSH_AUTH_SOCK", "/s"},
                              {"AWS_SECRET_KEY", "a"},
                              {"HTTPS_PROXY", "http://p"},
                              {"OPENAI_BASE_URL", "u"},
                              {"CLAUDE_CODE_MAX", "1"},
                              {"GITHUB_TOKEN", "mine"},
                              {"CLAUDE_CODE_OAUTH_TOKEN", "o"},
                              {"FOO", "0"},
                              {"IS_SANDBOX", "no"},
                              {"LD_PRELOAD", "/x.so"}};
  EXPECT_EQ(run_environment(run, layout_of(run), caller),
            (Environment{{"PATH", "/axon/bin:/home/me/.n/bin:/usr/bin:/opt/x/bin:/bin:/usr/local/bin"},
                         {"LC_ALL", "C"},
                         {"HTTPS_PROXY", "http://p"},
                         {"OPENAI_BASE_URL", "u"},
                         {"CLAUDE_CODE_MAX", "1"},
                         {"ANTHROPIC_API_KEY", "k"},
                         {"FOO", "1"},
                         {"HOME", "/home/agent"},
                         {"AXON_TASK_DIR", "/axon/task"},
                         {"AXON_TASK_NAME", "t"},
                         {"AXON_AGENT_TYPE", "claude-code"},
                         {"AXON_BRANCH", "fix"},
                         {"AXON_PLUGIN_DIR", "/axon/plugin"},
                         {"AXON_TERMINATION_LOG", "/axon/report.json"},
                         {"AXON_GITHUB_TOKEN_FILE", "/axon/task/github-token"}}));
}

TEST(RunEnvironment, HasTheRealPathsWithoutASandbox) {
  RunParts run = parts();
  run.sandboxed = false;
  run.manifest = "/m/agent.yaml";
  run.manifest_directory = "/m";
  const Environment env = run_environment(run, layout_of(run), {});
  EXPECT_EQ(env.at("PATH"), "/s/t/bin:/m:/home/me/bin:/home/me/.n/bin:/usr/bin:/opt/x/bin:/bin:/usr/local/bin");
  EXPECT_EQ(env.at("HOME"), "/s/t/home");
  EXPECT_EQ(env.at("AXON_TASK_DIR"), "/s/t/task");
  EXPECT_EQ(env.at("AXON_AGENT_MANIFEST"), "/s/t/agent.yaml");
}

TEST(RunEnvironment, OfTheTaskCannotReplaceAxonsOwn) {
  RunParts run = parts();
  run.task.env["AXON_TASK_DIR"] = "/elsewhere";
  EXPECT_EQ(run_environment(run, layout_of(run), {}).at("AXON_TASK_DIR"), "/axon/task");
}

}  // namespace
}  // namespace axon::cli
