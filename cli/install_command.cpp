// axon install, axon uninstall
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <memory>
#include <ranges>

#include "cli/cluster.hpp"
#include "cli/commands.hpp"
#include "cli/controller_trouble.hpp"
#include "cli/duration.hpp"
#include "cli/files.hpp"
#include "cli/install_plan.hpp"
#include "cli/screen.hpp"
#include "cli/yaml_text.hpp"
#include "core/documents.hpp"
#include "core/letters.hpp"
#include "kube/wait.hpp"
#include "kube/wakeup.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;
using nlohmann::json;

constexpr int kOldestMinor = 28;
const kube::Resource kPods{"", "v1", "pods"};

struct CommandOptions {
  ClusterOptions cluster;
  InstallOptions install;
  bool dry_run = false;
  bool wait = true;
  std::string timeout = "3m";
  bool yes = false;
  bool keep_data = false;
};

/// "deployment/axon-controller-manager"
std::string name_of(const json& object) {
  return lower_case(kube::text_at(object, "/kind")) + "/" + kube::key_of(object).name;
}

void print_plan(const InstallPlan& plan) {
  for (const auto* list : {&plan.definitions, &plan.objects}) {
    for (const json& object : *list) write_all(1, "---\n" + yaml_text(object));
  }
}

/// One command at work on one cluster.
class Installer {
 public:
  Installer(kube::Client& client, const CommandOptions& options, std::chrono::seconds limit)
      : client_(client), options_(options), limit_(limit) {}

  awaitable<Result<int>> install(InstallPlan plan) {
    const Result<kube::ServerVersion> server = co_await client_.version();
    if (!server) co_return std::unexpected(server.error());
    if (server->major == 1 && server->minor < kOldestMinor) {
      co_return fail(Errc::InvalidInput,
                     "the cluster is Kubernetes " + server->text + "; Axon needs 1." + std::to_string(kOldestMinor));
    }
    if (auto done = co_await apply_all(plan.definitions); !done) co_return std::unexpected(done.error());
    for (const json& definition : plan.definitions) {
      auto served = co_await wait(definition, "is not served",
                                  [](const auto& object) { return object && is_established(*object); });
      if (!served) co_return std::unexpected(served.error());
    }
    if (auto done = co_await apply_all(plan.objects); !done) co_return std::unexpected(done.error());
    if (options_.wait) {
      auto ready = co_await wait(plan.objects.back(), "is not ready",
                                 [](const auto& object) { return object && is_rolled_out(*object); });
      if (!ready) {
        const std::string trouble = co_await controller_trouble(client_);
        co_return fail(ready.error().code, ready.error().message + (trouble.empty() ? "" : ": " + trouble));
      }
    }
    write_line(2, "Axon " AXON_VERSION " is installed in namespace " + std::string(kSystemNamespace) + ".");
    co_return 0;
  }

  awaitable<Result<int>> uninstall(InstallPlan plan) {
    if (!options_.keep_data && !options_.yes) {
      auto empty = co_await check_empty(plan.definitions);
      if (!empty) co_return std::unexpected(empty.error());
    }
    auto removed = co_await remove_all(plan.objects);
    if (removed && !options_.keep_data) removed = co_await remove_all(plan.definitions);
    if (removed && !options_.keep_data) removed = co_await release_pods();
    if (!removed) co_return std::unexpected(removed.error());
    write_line(2, "Axon is removed.");
    co_return 0;
  }

 private:
  awaitable<Result<void>> apply_all(const std::vector<json>& objects) {
    for (const json& object : objects) {
      const Result<kube::Resource> resource = resource_of(object);
      if (!resource) co_return std::unexpected(resource.error());
      kube::WriteOptions write;
      write.force = true;  // what an earlier kubectl apply of the same documents owns is ours all the same
      const Result<json> applied = co_await client_.apply(*resource, object, write);
      if (!applied) co_return wrap("apply " + name_of(object), applied.error());
      write_line(1, name_of(object) + " applied");
    }
    co_return Result<void>{};
  }

  /// In the opposite order of their creation; what is not there is no failure.
  awaitable<Result<void>> remove_all(const std::vector<json>& objects) {
    for (const json& object : std::views::reverse(objects)) {
      const Result<kube::Resource> resource = resource_of(object);
      if (!resource) co_return std::unexpected(resource.error());
      const Result<void> removed = co_await client_.remove(*resource, kube::key_of(object));
      if (!removed && removed.error().code == Errc::NotFound) continue;
      if (!removed) co_return wrap("delete " + name_of(object), removed.error());
      if (options_.wait) {
        auto gone = co_await wait(object, "is not gone", [](const auto& seen) { return !seen; });
        if (!gone) co_return gone;
      }
      write_line(1, name_of(object) + " deleted");
    }
    co_return Result<void>{};
  }

  /// The Pods of Tasks wait for a controller that is no more.
  awaitable<Result<void>> release_pods() {
    std::vector<kube::Key> pods;
    kube::ListOptions which;
    which.label_selector = std::string(kManagedBy) + "=" + kManager;
    which.metadata_only = true;
    const auto take = [&](const json& pod) {
      pods.push_back(kube::key_of(pod));
      return Result<void>{};
    };
    const Result<std::string> listed = co_await client_.list(kPods, which, take, [&] { pods.clear(); });
    if (!listed) co_return std::unexpected(listed.error());
    for (const kube::Key& pod : pods) {
      if (auto done = co_await client_.remove_finalizer(kPods, pod, kHoldsResults); !done) co_return done;
    }
    co_return Result<void>{};
  }

  awaitable<Result<void>> wait(const json& object, std::string otherwise, kube::Condition condition) {
    using namespace boost::asio::experimental::awaitable_operators;
    const Result<kube::Resource> resource = resource_of(object);
    if (!resource) co_return std::unexpected(resource.error());
    auto ended = co_await (kube::wait_for(client_, *resource, kube::key_of(object), std::move(condition)) ||
                           kube::sleep_for(limit_));
    if (auto* waited = std::get_if<0>(&ended)) co_return *waited;
    co_return fail(Errc::TimedOut, name_of(object) + " " + otherwise + " after " + options_.timeout + " (--timeout)");
  }

  awaitable<Result<void>> check_empty(const std::vector<json>& definitions) {
    std::string found;
    for (const json& definition : definitions) {
      const kube::Resource resource{"axon.io", "v1alpha1", definition.at("spec").at("names").at("plural")};
      int count = 0;
      kube::ListOptions all;
      all.metadata_only = true;
      const Result<std::string> listed = co_await client_.list(
          resource, all,
          [&](const json&) {
            ++count;
            return Result<void>{};
          },
          [&] { count = 0; });
      if (!listed && listed.error().code != Errc::NotFound) co_return std::unexpected(listed.error());
      if (count > 0) found += (found.empty() ? "" : ", ") + std::to_string(count) + " " + resource.plural;
    }
    if (found.empty()) co_return Result<void>{};
    co_return fail(Errc::InvalidInput, "the cluster has " + found +
                                           ", which would be deleted: --yes deletes them, --keep-data "
                                           "removes the controller alone");
  }

  kube::Client& client_;
  const CommandOptions& options_;
  std::chrono::seconds limit_;
};

awaitable<Result<int>> work(kube::Client& client, const CommandOptions& options, const InstallPlan& plan,
                            std::chrono::seconds limit, bool installs) {
  Installer installer(client, options, limit);
  if (installs) co_return co_await installer.install(plan);
  co_return co_await installer.uninstall(plan);
}

Result<int> act(const CommandOptions& options, bool installs) {
  const Result<InstallPlan> plan = plan_install(options.install);
  if (!plan) return std::unexpected(plan.error());
  if (options.dry_run) {
    print_plan(*plan);
    return 0;
  }
  const Result<std::chrono::seconds> limit = parse_duration(options.timeout, "--timeout");
  if (!limit) return std::unexpected(limit.error());
  return with_cluster(options.cluster,
                      [&](kube::Client& client) { return work(client, options, *plan, *limit, installs); });
}

void add_common(CLI::App& app, CommandOptions& options) {
  add_cluster_options(app, options.cluster);
  app.add_flag_callback("--no-wait", [&options] { options.wait = false; }, "Do not wait until it is done");
  app.add_option("--timeout", options.timeout, "How long to wait for each part")->capture_default_str();
}

}  // namespace

Command add_install(CLI::App& program) {
  auto options = std::make_shared<CommandOptions>();
  options->install.tag = AXON_VERSION;
  CLI::App* app = program.add_subcommand("install", "Install the controller and its custom resources into a cluster");
  app->footer(
      "Examples:\n  axon install --image-prefix registry.example/axon\n"
      "  axon install --image-prefix registry.example/axon --dry-run > install.yaml   # for kubectl apply "
      "--server-side -f");
  add_common(*app, *options);
  app->add_option("--image-prefix", options->install.image_prefix,
                  "What stands before the images' names, axon-controller and so on");
  app->add_option("--image-tag", options->install.tag, "Tag of the images")->capture_default_str();
  app->add_flag("!--no-set-user", options->install.set_user, "Let the cluster choose the users of Pods (OpenShift)");
  app->add_flag("--dry-run", options->dry_run, "Print the documents instead; asks no cluster");
  return {app, [options] { return act(*options, true); }};
}

Command add_uninstall(CLI::App& program) {
  auto options = std::make_shared<CommandOptions>();
  CLI::App* app = program.add_subcommand("uninstall", "Remove the controller and its custom resources from a cluster");
  app->footer("Examples:\n  axon uninstall --keep-data   # Tasks stay as they are\n  axon uninstall --yes");
  add_common(*app, *options);
  app->add_flag("-y,--yes", options->yes, "Delete all Tasks, Workspaces, AgentConfigs and TaskSpawners, too");
  app->add_flag("--keep-data", options->keep_data, "Leave the custom resources and all that is made of them");
  return {app, [options] { return act(*options, false); }};
}

}  // namespace axon::cli
