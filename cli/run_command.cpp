// axon run
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "cli/cluster.hpp"
#include "cli/cluster_run.hpp"
#include "cli/commands.hpp"
#include "cli/facts.hpp"
#include "cli/local_run.hpp"
#include "cli/not_empty.hpp"
#include "cli/run_flags.hpp"
#include "cli/run_setup.hpp"
#include "core/json_text.hpp"
#include "kube/clock.hpp"

namespace axon::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  axon run -p "Fix issue #42 and open a PR"                # prints task/NAME created
  axon run -p @task.md -w --name fix-42 --branch fix/42 --timeout 30m
  axon run -p "Write tests" --depends-on fix-42 --branch fix/42
  axon run -p "Review it" -t codex --secret codex-key --workspace shop --agent-config reviewer
  axon run --local -p "Fix issue #42"                      # on this machine: a clone of the repository you are in
  git diff | axon run --local -p - --timeout 30m
  axon run --local -p "Review it" --agents-md @AGENTS.md --mcp 'docs={"type":"http","url":"https://…"}'

~/.axon/config.yaml has what no flag says: credential, Workspace, type, model (axon init makes it). With --local
credentials of the environment go before it: ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN for claude-code,
CODEX_API_KEY, GEMINI_API_KEY, OPENCODE_API_KEY for the others, GITHUB_TOKEN for the repository.)";

void add_task_options(CLI::App& run, RunOptions& o) {
  run.add_option("-p,--prompt", o.prompt, "What the agent is to do: TEXT, @FILE, or - for stdin")->type_name("TEXT");
  run.add_option("-f,--file", o.files, "Task, Workspace, AgentConfig or Secret documents (YAML); may be given again")
      ->allow_extra_args(false);
  run.add_option("-t,--type", o.type, "claude-code (default), codex, gemini, opencode, or the name of another agent");
  run.add_option("--model", o.model, "Model, by the agent's own name for it");
  run.add_option("--name", o.name, "Name of the Task (default: task- and five characters)");
  run.add_option("--repo", o.repo, "Repository to clone: URL; with --local also a path (default: where you are)");
  run.add_option("--ref", o.ref, "Branch, tag or commit to start from");
  run.add_option("--branch", o.branch, "Branch to work on; made if it is not there");
  run.add_option("--depends-on", o.depends_on, "Task that has to succeed first; may be given again")
      ->allow_extra_args(false);
  run.add_option("--credential-type", o.credential_type, "Which credential to use (default: the one that is there)")
      ->check(CLI::IsMember({"api-key", "oauth", "none"}));
  run.add_option("--env", o.env, "Variable for the agent, NAME=VALUE, or NAME to pass your own on; may be given again")
      ->allow_extra_args(false);
  run.add_option("--timeout", o.timeout, "Time for the whole Task, such as 30m or 1h30m")->check(not_empty);
  run.add_option("--stall", o.stall, "Stop the agent when it makes no progress for so long")->check(not_empty);
  run.add_option("--grace", o.grace, "Time for the agent to end after it was told to (default: 30s)")->check(not_empty);
  run.add_option("-o,--output", o.output, "At the end: table or json; on a cluster also yaml or name")
      ->check(CLI::IsMember({"table", "json", "yaml", "name"}));
  run.add_flag("--dry-run", o.dry_run, "Check everything and say what would run; start and write nothing");
}

void add_cluster_part(CLI::App& run, RunOptions& o) {
  const char* group = "On a cluster";
  run.add_option("--secret", o.secret, "Secret with the credential (default: of the token in the config file)")
      ->group(group);
  run.add_option("--image", o.image, "Image of the agent")->group(group);
  run.add_option("--workspace", o.workspace, "Workspace to clone (default: the config file's)")->group(group);
  run.add_option("--agent-config", o.agent_config, "AgentConfig: instructions, plugins, MCP servers")->group(group);
  run.add_flag("-w,--watch", o.watch, "Follow the Task to its end, and exit as it did")->group(group);
  run.add_flag("-y,--yes", o.yes, "Overwrite Secrets and Workspaces without a question")->group(group);
  add_namespaced_options(run, o.cluster);
}

void add_local_part(CLI::App& run, RunOptions& o) {
  const char* group = "With --local";
  run.add_flag("--local", o.local, "On this machine, in a sandbox, without a cluster")->group(group);
  run.add_option("--setup", o.setup, "Command to run before the agent: a shell's line, or a JSON array")->group(group);
  run.add_option("--agents-md", o.agents_md, "Instructions for the agent: TEXT or @FILE")->group(group);
  run.add_option("--skill", o.skills, "Skill: NAME=CONTENT or NAME=@FILE; may be given again")
      ->allow_extra_args(false)
      ->group(group);
  run.add_option("--agent", o.agents, "Subagent: NAME=CONTENT or NAME=@FILE; may be given again")
      ->allow_extra_args(false)
      ->group(group);
  run.add_option("--mcp", o.mcp, "MCP server: NAME=JSON or NAME=@FILE; may be given again")
      ->allow_extra_args(false)
      ->group(group);
  run.add_option("--agent-manifest", o.agent_manifest, "Manifest of an agent that is not built in (YAML)")
      ->group(group);
  run.add_option("--sandbox", o.sandbox, "Isolation: auto, bwrap or none (auto is bwrap, never none)")
      ->check(CLI::IsMember({"auto", "bwrap", "none"}))
      ->group(group);
  run.add_option("--read-only", o.read_only, "Further file or directory that the agent may read; may be given again")
      ->allow_extra_args(false)
      ->group(group);
}

void tell(const std::vector<std::string>& lines) {
  const Style style = terminal_style(2);
  for (const std::string& line : lines) write_line(2, style.dim("axon: ") + printable(line));
}

void print_end(const StoredTask& task, const std::string& output) {
  if (output == "json") {
    write_line(1, json_text(task_object(task.spec, task.status, task.paths.root), 2));
    return;
  }
  write_line(1, "");
  write_all(1, render_facts(task_facts(task, kube::now(), terminal_style(1)), terminal_style(1)));
}

/// From here on the Task is on disk.
Result<int> execute(const RunOptions& options, RunSetup setup) {
  StopSignals signals;
  Result<OwnTask> own = create_task(setup.parts.task.file.name);
  if (!own) return std::unexpected(own.error());
  adopt(setup, *own);
  const Layout layout = layout_of(setup.parts);
  const std::string manifest_text = setup.manifest_text;
  if (const auto written = write_task(setup.parts, layout, setup.spec, manifest_text); !written) {
    if (const auto removed = remove_tree(own->paths.root); !removed) tell({removed.error().message});
    return std::unexpected(written.error());
  }
  tell({"Task " + own->name + " (stop it with Ctrl-C)"});
  const Screen screen{.out = options.output == "json" ? 2 : 1, .info = 2};
  const Result<LocalStatus> status = run_task(setup.parts, layout, setup.caller, setup.adapter, signals, screen);
  for (const std::string_view secret : {kTokenFile, contract::kSshKeyFile}) {
    unlink((own->paths.task() + "/" + std::string(secret)).c_str());
  }
  if (!status) return std::unexpected(status.error());
  print_end({setup.spec, *status, own->paths}, options.output);
  return status->exit_code.value_or(1);
}

Result<int> run(const RunOptions& options) {
  if (!options.local) return run_in_cluster(options);
  if (const auto checked = check_local_flags(options); !checked) return std::unexpected(checked.error());
  Result<RunSetup> setup = set_up(options);
  if (!setup) return std::unexpected(setup.error());
  tell(setup->parts.task.warnings);
  tell(setup->notes);
  if (options.dry_run) {
    write_all(1, describe_dry_run(*setup, options.output));
    return 0;
  }
  return execute(options, std::move(*setup));
}

}  // namespace

Command add_run(CLI::App& program) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* app = program.add_subcommand("run", "Run a Task in a cluster, or on this machine");
  app->footer(kExamples);
  add_task_options(*app, *options);
  add_cluster_part(*app, *options);
  add_local_part(*app, *options);
  return {app, [app, options] {
            options->has_prompt = app->count("--prompt") > 0;
            return run(*options);
          }};
}

}  // namespace axon::cli
