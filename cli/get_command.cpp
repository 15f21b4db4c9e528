// axon get
#include "cli/commands.hpp"
#include "cli/get_options.hpp"

namespace axon::cli {

Command add_get(CLI::App& program) {
  auto options = std::make_shared<GetOptions>();
  CLI::App* app = program.add_subcommand("get", "Show Tasks, Workspaces, AgentConfigs and TaskSpawners");
  app->footer(
      "Examples:\n  axon get tasks\n  axon get tasks -A -l team=web -o wide\n  axon get tasks --watch\n"
      "  axon get task fix-42 --detail          # a page: timeline, results, tokens, what to do about a failure\n"
      "  axon get workspaces -o name\n  axon get ts fix-bugs -o yaml\n  axon get tasks --local                 # of "
      "this machine");
  app->add_option("kind", options->kind,
                  "task, workspace (ws), agentconfig (ac) or taskspawner (ts); KIND/NAME will do")
      ->required();
  app->add_option("names", options->names, "These alone; without a name, all");
  app->add_option("-o,--output", options->output, "table, wide, json, yaml or name")
      ->check(CLI::IsMember({"table", "wide", "json", "yaml", "name"}));
  app->add_option("-l,--selector", options->selector, "Only those with these labels: team=web,tier!=test");
  app->add_flag("-A,--all-namespaces", options->all_namespaces, "Of every namespace");
  app->add_flag("-d,--detail", options->detail, "A page for each Task; -o wide with a Task's name is the same");
  app->add_flag("-w,--watch", options->watch, "Go on with a line for every change");
  app->add_flag("--local", options->local, "Tasks of this machine");
  add_namespaced_options(*app, options->cluster);
  return {app, [options] { return options->local ? get_local(*options) : get_from_cluster(*options); }};
}

}  // namespace axon::cli
