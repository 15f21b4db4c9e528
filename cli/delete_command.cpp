// axon delete
#include "cli/delete_options.hpp"

#include <memory>

#include "cli/commands.hpp"
#include "cli/kinds.hpp"
#include "cli/screen.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;

awaitable<Result<std::vector<std::string>>> find_names(kube::Client& client, const Kind& kind, std::string selector) {
  kube::ListOptions which;
  which.ns = client.default_namespace();
  which.label_selector = std::move(selector);
  which.metadata_only = true;
  std::vector<std::string> names;
  const auto take = [&](const kube::Json& object) {
    names.push_back(kube::key_of(object).name);
    return Result<void>{};
  };
  const Result<std::string> listed = co_await client.list(kind.resource, which, take, [&] { names.clear(); });
  if (!listed) co_return std::unexpected(listed.error());
  if (names.empty()) write_line(2, "No " + kind.name + "s found in namespace " + which.ns + ".");
  co_return names;
}

/// What cannot be deleted is told, and the others go.
awaitable<Result<int>> remove(kube::Client& client, const DeleteOptions& options, Target target) {
  const Kind& kind = *target.kind;
  std::vector<std::string> names = std::move(target.names);
  if (names.empty()) {
    Result<std::vector<std::string>> found = co_await find_names(client, kind, options.selector);
    if (!found) co_return std::unexpected(found.error());
    names = *std::move(found);
  }
  int code = 0;
  for (const std::string& name : names) {
    const Result<void> removed = co_await client.remove(kind.resource, {client.default_namespace(), name});
    if (removed) {
      write_line(1, name_with_kind(kind, name) + " deleted");
    } else if (removed.error().code != Errc::NotFound || (!options.ignore_not_found && !options.all)) {
      if (names.size() == 1) co_return std::unexpected(removed.error());
      write_line(2, terminal_style(2).red("axon: ") + printable(removed.error().message));
      code = 1;
    }
  }
  co_return code;
}

Result<int> act(const DeleteOptions& options) {
  if (options.local) return delete_local(options);
  const Result<Target> target = parse_target(options.kind, options.names);
  if (!target) return std::unexpected(target.error());
  if ((options.all || !options.selector.empty()) != target->names.empty()) {
    return fail(Errc::InvalidInput, "give either names, or --all or --selector");
  }
  return in_namespace(options.cluster, [&](kube::Client& client) { return remove(client, options, *target); });
}

}  // namespace

Command add_delete(CLI::App& program) {
  auto options = std::make_shared<DeleteOptions>();
  CLI::App* app =
      program.add_subcommand("delete", "Delete Tasks and what they run, Workspaces, AgentConfigs, TaskSpawners");
  app->footer(
      "Examples:\n  axon delete task fix-42                # stops it, if it runs; its Pod goes, too\n"
      "  axon delete tasks -l team=web\n  axon delete ws shop\n"
      "  axon delete task fix-42 --local        # of this machine, with its logs and clone\n"
      "  axon delete tasks --local --all");
  app->add_option("kind", options->kind,
                  "task, workspace (ws), agentconfig (ac) or taskspawner (ts); KIND/NAME will do")
      ->required();
  app->add_option("names", options->names, "Which");
  app->add_flag("--all", options->all, "All of the namespace, or of this machine");
  app->add_option("-l,--selector", options->selector, "Those with these labels: team=web,tier!=test");
  app->add_flag("--ignore-not-found", options->ignore_not_found, "What is not there is no failure");
  app->add_flag("--local", options->local, "Tasks of this machine; running ones are stopped first");
  add_namespaced_options(*app, options->cluster);
  return {app, [options] { return act(*options); }};
}

}  // namespace axon::cli
