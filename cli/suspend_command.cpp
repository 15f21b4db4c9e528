// axon suspend, axon resume
#include <memory>

#include "cli/cluster.hpp"
#include "cli/commands.hpp"
#include "cli/kinds.hpp"
#include "cli/screen.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;

struct SuspendOptions {
  ClusterOptions cluster;
  std::string kind;
  std::vector<std::string> names;
};

awaitable<Result<int>> set_suspend(kube::Client& client, std::vector<std::string> names, bool suspend) {
  int code = 0;
  for (const std::string& name : names) {
    const kube::Key key{client.default_namespace(), name};
    const kube::Json change = {{"spec", {{"suspend", suspend}}}};
    const auto done = co_await client.patch(kTaskSpawnerKind.resource, key, kube::PatchType::kMerge, change);
    if (done) {
      write_line(1, name_with_kind(kTaskSpawnerKind, name) + (suspend ? " suspended" : " resumed"));
    } else if (names.size() == 1) {
      co_return std::unexpected(done.error());
    } else {
      write_line(2, terminal_style(2).red("axon: ") + printable(done.error().message));
      code = 1;
    }
  }
  co_return code;
}

Result<int> act(const SuspendOptions& options, bool suspend) {
  const Result<Target> target = parse_target(options.kind, options.names);
  if (!target) return std::unexpected(target.error());
  const std::string verb = suspend ? "suspend" : "resume";
  if (target->kind != &kTaskSpawnerKind) {
    return fail(Errc::InvalidInput, verb + ": only a taskspawner can be suspended; a " + target->kind->singular +
                                        " is stopped with axon delete");
  }
  if (target->names.empty()) return fail(Errc::InvalidInput, "which TaskSpawner?");
  return in_namespace(options.cluster,
                      [&](kube::Client& client) { return set_suspend(client, target->names, suspend); });
}

Command add(CLI::App& program, const std::string& verb, const std::string& help, bool suspend) {
  auto options = std::make_shared<SuspendOptions>();
  CLI::App* app = program.add_subcommand(verb, help);
  app->footer("Examples:\n  axon " + verb + " taskspawner fix-bugs\n  axon " + verb + " ts/fix-bugs -n team-web");
  app->add_option("kind", options->kind, "taskspawner (ts)")->required();
  app->add_option("names", options->names, "Which");
  add_namespaced_options(*app, options->cluster);
  return {app, [options, suspend] { return act(*options, suspend); }};
}

}  // namespace

Command add_suspend(CLI::App& program) {
  return add(program, "suspend", "Let a TaskSpawner make no more Tasks; those that are there go on", true);
}

Command add_resume(CLI::App& program) { return add(program, "resume", "Let a suspended TaskSpawner go on", false); }

}  // namespace axon::cli
