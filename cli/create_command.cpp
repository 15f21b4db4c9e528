// axon create
#include <memory>

#include "cli/cluster.hpp"
#include "cli/commands.hpp"
#include "cli/create_plan.hpp"
#include "cli/difference.hpp"
#include "cli/ensure.hpp"
#include "cli/files.hpp"
#include "cli/host.hpp"
#include "cli/not_empty.hpp"
#include "cli/run_setup.hpp"
#include "cli/screen.hpp"
#include "cli/yaml_text.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;
using nlohmann::json;

struct CreateOptions {
  ClusterOptions cluster;
  WorkspaceFlags workspace;
  AgentConfigFlags agent_config;
  bool dry_run = false;
  bool yes = false;
};

/// Secrets are only named: what is printed may be kept.
void print_plan(const std::vector<json>& plan) {
  for (const json& object : plan) {
    if (object.contains("data")) {
      write_line(2, "axon: " + name_of(object) + " would be made, too");
    } else {
      write_all(1, yaml_text(without_nulls(object)));
    }
  }
}

awaitable<Result<int>> make(kube::Client& client, std::vector<json> plan, bool yes) {
  EnsureOptions options;
  options.yes = yes;
  options.descriptor = 1;
  options.tells_same = true;
  for (json& object : plan) {
    object["metadata"]["namespace"] = client.default_namespace();
    if (const auto done = co_await ensure(client, object, options); !done) co_return std::unexpected(done.error());
  }
  co_return 0;
}

Result<int> carry_out(const CreateOptions& options, Result<std::vector<json>> plan) {
  if (!plan) return std::unexpected(plan.error());
  if (options.dry_run) {
    print_plan(*plan);
    return 0;
  }
  return in_namespace(options.cluster, [&](kube::Client& client) { return make(client, *plan, options.yes); });
}

Result<int> make_workspace(const CreateOptions& options) {
  const Environment caller = caller_environment();
  return carry_out(options, plan_workspace(options.workspace, real_world(caller)));
}

Result<int> make_agent_config(const CreateOptions& options) {
  const Environment caller = caller_environment();
  Result<json> object = plan_agent_config(options.agent_config, real_world(caller));
  if (!object) return std::unexpected(object.error());
  return carry_out(options, std::vector<json>{*std::move(object)});
}

void add_common(CLI::App& app, CreateOptions& options) {
  app.add_flag("--dry-run", options.dry_run, "Print the document and make nothing");
  app.add_flag("-y,--yes", options.yes, "Overwrite one that is there without asking");
  add_namespaced_options(app, options.cluster);
}

CLI::App* add_workspace(CLI::App& create, CreateOptions& options) {
  CLI::App* app = create.add_subcommand("workspace", "Make a Workspace: the repository that Tasks work on");
  app->alias("ws");
  app->footer(
      "Examples:\n  axon create workspace shop --repo https://github.com/my-org/shop.git --ref main\n"
      "  axon create ws shop --repo https://github.com/my-org/shop.git --token @token.txt\n"
      "  gh auth token | axon create ws shop --repo https://github.com/my-org/shop.git --token -");
  WorkspaceFlags& flags = options.workspace;
  app->add_option("name", flags.name, "Its name")->required();
  app->add_option("--repo", flags.repo, "URL of the repository")->required();
  app->add_option("--ref", flags.ref, "Branch, tag or commit to start from (default: the repository's own)");
  app->add_option("--secret", flags.secret, "Secret that is there, with GITHUB_TOKEN, a GitHub App or an SSH key");
  app->add_option("--token", flags.token,
                  "GitHub token for a new Secret, NAME-credentials: @FILE, - for stdin, or TEXT")
      ->check(not_empty);
  add_common(*app, options);
  return app;
}

CLI::App* add_agent_config(CLI::App& create, CreateOptions& options) {
  CLI::App* app =
      create.add_subcommand("agentconfig", "Make an AgentConfig: instructions, skills, agents, MCP servers");
  app->alias("ac");
  app->footer(
      "Examples:\n  axon create agentconfig rules --agents-md @AGENTS.md\n"
      "  axon create ac tools --skill deploy=@skills/deploy.md --agent reviewer=@agents/reviewer.md \\\n"
      "    --mcp 'github={\"type\":\"http\",\"url\":\"https://api.githubcopilot.com/mcp/\"}' --mcp "
      "mine=@mcp/mine.json");
  AgentConfigFlags& flags = options.agent_config;
  app->add_option("name", flags.name, "Its name")->required();
  app->add_option("--agents-md", flags.agents_md, "Instructions for the agent: TEXT or @FILE");
  app->add_option("--skill", flags.skills, "Skill: NAME=CONTENT or NAME=@FILE; may be given again")
      ->allow_extra_args(false);
  app->add_option("--agent", flags.agents, "Subagent: NAME=CONTENT or NAME=@FILE; may be given again")
      ->allow_extra_args(false);
  app->add_option("--mcp", flags.mcp, "MCP server: NAME=JSON or NAME=@FILE; may be given again")
      ->allow_extra_args(false);
  add_common(*app, options);
  return app;
}

}  // namespace

Command add_create(CLI::App& program) {
  auto options = std::make_shared<CreateOptions>();
  CLI::App* app = program.add_subcommand("create", "Make a Workspace or an AgentConfig");
  app->footer(
      "Examples:\n  axon create workspace shop --repo https://github.com/my-org/shop.git\n"
      "  axon create agentconfig rules --agents-md @AGENTS.md\n  axon create workspace --help");
  app->require_subcommand(1);
  CLI::App* workspace = add_workspace(*app, *options);
  add_agent_config(*app, *options);
  return {app, [options, workspace] {
            return workspace->parsed() ? make_workspace(*options) : make_agent_config(*options);
          }};
}

}  // namespace axon::cli
