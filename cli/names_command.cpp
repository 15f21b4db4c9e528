// axon __names: what completion scripts ask for. It never says what is wrong: nobody reads that there.
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <memory>

#include "cli/cluster.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/files.hpp"
#include "cli/host.hpp"
#include "cli/kinds.hpp"
#include "cli/state.hpp"
#include "kube/wakeup.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;

constexpr std::chrono::seconds kPatience{2};  // of who has pressed Tab

struct NamesOptions {
  ClusterOptions cluster;
  bool local = false;
  std::string what;
};

void print(const std::vector<std::string>& names) {
  std::string lines;
  for (const std::string& name : names) lines += name + "\n";
  write_all(1, lines);
}

Result<int> print_contexts(const ClusterOptions& options) {
  std::vector<std::string> paths = kube::kubeconfig_paths(caller_environment());
  if (!options.kubeconfig.empty()) paths = {options.kubeconfig};
  std::vector<std::string> names;
  for (const std::string& path : paths) {
    const Result<std::string> text = read_file(path);
    if (!text) continue;
    const Result<kube::Kubeconfig> file = kube::parse_kubeconfig(*text, path);
    if (!file) continue;
    for (const auto& [name, context] : file->contexts) names.push_back(name);
  }
  print(names);
  return 0;
}

Result<int> print_local_tasks() {
  std::vector<std::string> problems;
  const Result<std::vector<StoredTask>> tasks = list_tasks(problems);
  std::vector<std::string> names;
  for (const StoredTask& task : tasks.value_or(std::vector<StoredTask>())) names.push_back(task.spec.name);
  print(names);
  return 0;
}

Result<kube::Resource> resource_for(const std::string& what) {
  if (what == "namespace") return kube::Resource{"", "v1", "namespaces"};
  if (what == "secret") return kube::Resource{"", "v1", "secrets"};
  const Result<const Kind*> kind = find_kind(what);
  if (!kind) return std::unexpected(kind.error());
  return (*kind)->resource;
}

awaitable<Result<int>> print_names(kube::Client& client, kube::Resource resource) {
  using namespace boost::asio::experimental::awaitable_operators;
  kube::ListOptions which;
  which.ns = resource.plural == "namespaces" ? "" : client.default_namespace();
  which.metadata_only = true;
  std::vector<std::string> names;
  const auto take = [&](const kube::Json& object) {
    names.push_back(kube::key_of(object).name);
    return Result<void>{};
  };
  co_await (client.list(resource, which, take, [&] { names.clear(); }) || kube::sleep_for(kPatience));
  print(names);
  co_return 0;
}

Result<int> act(NamesOptions options) {
  if (options.what == "context") return print_contexts(options.cluster);
  const Result<kube::Resource> resource = resource_for(options.what);
  if (!resource) return 1;
  if (options.local) return print_local_tasks();
  const auto config = load_user_config(options.cluster.config, caller_environment());
  if (config && options.cluster.ns.empty()) options.cluster.ns = config->ns;
  const auto done = with_cluster(options.cluster, [&](kube::Client& client) { return print_names(client, *resource); });
  return done.value_or(1);
}

}  // namespace

Command add_names(CLI::App& program) {
  auto options = std::make_shared<NamesOptions>();
  CLI::App* app = program.add_subcommand(kNames, "")->group("");
  app->add_option("what", options->what)->required();
  app->add_flag("--local", options->local);
  add_namespaced_options(*app, options->cluster);
  return {app, [options] { return act(*options); }};
}

}  // namespace axon::cli
