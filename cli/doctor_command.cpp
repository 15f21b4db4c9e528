// axon doctor
#include <algorithm>
#include <memory>

#include "cli/cluster.hpp"
#include "cli/commands.hpp"
#include "cli/controller_trouble.hpp"
#include "cli/doctor_checks.hpp"
#include "cli/files.hpp"
#include "cli/host.hpp"
#include "cli/image_pull.hpp"
#include "cli/install_plan.hpp"
#include "cli/resources.hpp"
#include "cli/screen.hpp"
#include "core/json_text.hpp"
#include "kube/kubeconfig.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;
using kube::text_at;
using nlohmann::json;

const kube::Resource kNamespaces{"", "v1", "namespaces"};
const kube::Resource kDeployments{"apps", "v1", "deployments"};
const kube::Resource kReviews{"authorization.k8s.io", "v1", "selfsubjectaccessreviews"};
constexpr const char* kController = "axon-controller-manager";

struct DoctorOptions {
  ClusterOptions cluster;
  std::string output = "table";
  std::string image;
};

/// Looks at one cluster, from what everything else needs to the details; stops where nothing more can be said.
class Doctor {
 public:
  Doctor(kube::Client& client, const UserConfig& config, std::string server, std::string image,
         std::vector<Check>& checks)
      : client_(client),
        config_(config),
        server_(std::move(server)),
        image_(std::move(image)),
        ns_(client.default_namespace()),
        checks_(checks) {}

  awaitable<Result<int>> look() {
    const Result<kube::ServerVersion> version = co_await client_.version();
    if (!version) co_return std::unexpected(version.error());
    checks_.push_back(check_version(*version, server_));
    const kube::Key own{"", ns_};
    const Result<json> ns = co_await client_.get(kNamespaces, own);
    if (!ns && ns.error().code == Errc::Unauthorized) co_return std::unexpected(ns.error());
    checks_.push_back(check_namespace(ns, ns_));
    const bool has_resources = co_await look_at_resources();
    co_await look_at_controller();
    co_await look_at_rights();
    co_await look_at_credential();
    if (has_resources) co_await look_at_workspace();
    if (has_resources) co_await look_at_tasks();
    if (!image_.empty()) checks_.push_back(co_await try_pull(client_, ns_, image_));
    co_return 0;
  }

 private:
  awaitable<bool> look_at_resources() {
    std::vector<std::string> missing;
    for (const char* plural : {"tasks", "workspaces", "agentconfigs", "taskspawners"}) {
      const kube::Resource resource{"axon.io", "v1alpha1", plural};
      const Result<bool> served = co_await client_.serves(resource);
      if (!served) {
        checks_.push_back(failed_check("resources", served.error()));
        co_return false;
      }
      if (!*served) missing.emplace_back(plural);
    }
    checks_.push_back(check_resources(missing));
    co_return missing.empty();
  }

  awaitable<void> look_at_controller() {
    const kube::Key controller{kSystemNamespace, kController};
    const Result<json> deployment = co_await client_.get(kDeployments, controller);
    std::string trouble;
    if (deployment && !is_rolled_out(*deployment)) trouble = co_await controller_trouble(client_);
    checks_.push_back(check_controller(deployment, trouble, AXON_VERSION));
  }

  awaitable<void> look_at_rights() {
    std::vector<Right> missing;
    for (const Right& right : needed_rights()) {
      json review = review_of(right, ns_);
      const Result<json> answer = co_await client_.create(kReviews, std::move(review));
      if (!answer) {
        checks_.push_back(failed_check("rights", answer.error()));
        co_return;
      }
      if (!answer->value("/status/allowed"_json_pointer, false)) missing.push_back(right);
    }
    checks_.push_back(check_rights(missing, ns_));
  }

  awaitable<void> look_at_credential() {
    std::optional<Result<json>> secret;
    const kube::Key key{ns_, config_.secret};
    if (!key.name.empty()) secret = co_await client_.get(resource::kSecrets, key);
    checks_.push_back(check_credential(config_, secret));
  }

  awaitable<void> look_at_workspace() {
    std::optional<Result<json>> workspace;
    std::optional<Result<json>> secret;
    const kube::Key key{ns_, config_.workspace.name};
    if (!key.name.empty()) workspace = co_await client_.get(resource::kWorkspaces, key);
    if (workspace && *workspace) {
      const kube::Key reference{ns_, text_at(**workspace, "/spec/secretRef/name")};
      if (!reference.name.empty()) secret = co_await client_.get(resource::kSecrets, reference);
    }
    checks_.push_back(check_workspace(config_, workspace, secret));
  }

  awaitable<void> look_at_tasks() {
    std::vector<json> tasks;
    kube::ListOptions here;
    here.ns = ns_;
    const auto take = [&](json task) {
      tasks.push_back(std::move(task));
      return Result<void>{};
    };
    const Result<std::string> listed = co_await client_.list(resource::kTasks, here, take, [&] { tasks.clear(); });
    if (!listed) {
      checks_.push_back(failed_check("tasks", listed.error()));
      co_return;
    }
    for (Check& check : check_tasks(tasks)) checks_.push_back(std::move(check));
  }

  kube::Client& client_;
  const UserConfig& config_;
  std::string server_;
  std::string image_;  // to be pulled; empty: none
  std::string ns_;
  std::vector<Check>& checks_;
};

awaitable<Result<int>> work(kube::Client& client, const UserConfig& config, std::string server, std::string image,
                            std::vector<Check>& checks) {
  Doctor doctor(client, config, std::move(server), std::move(image), checks);
  co_return co_await doctor.look();
}

Check bad(const std::string& name, const std::string& finding, const std::string& advice) {
  return {name, Check::Level::Bad, finding, advice};
}

/// What is found before it can go no further, in order, goes to `checks`. The exit code of a signal, else 0.
int examine(ClusterOptions options, const std::string& image, std::vector<Check>& checks) {
  const Result<UserConfig> config = read_config(options);
  if (!config) checks.push_back(bad("config", config.error().message, "mend the file; axon init makes a new one"));
  const UserConfig user = config ? *config : UserConfig{};
  if (config && !user.source.empty()) checks.push_back({"config", Check::Level::Good, user.source, ""});
  const Result<kube::Config> cluster =
      kube::load_config({options.kubeconfig, options.context, options.ns}, caller_environment());
  if (!cluster) {
    checks.push_back(
        bad("kubeconfig", cluster.error().message, "name a file by --kubeconfig or a context by --context"));
    return 0;
  }
  const std::string context = cluster->context.empty() ? "of this Pod" : "context " + cluster->context;
  checks.push_back({"kubeconfig", Check::Level::Good, context, ""});
  const Result<int> done = with_cluster(
      options, [&](kube::Client& client) { return work(client, user, cluster->cluster.server, image, checks); });
  if (!done) checks.push_back(bad("cluster", done.error().message, ""));
  return done.value_or(0);
}

Result<int> examine_and_tell(const DoctorOptions& options) {
  std::vector<Check> checks;
  if (const int signalled = examine(options.cluster, options.image, checks); signalled != 0) return signalled;
  if (options.output == "json") {
    write_line(1, json_text(to_json(checks), 2));
  } else {
    write_all(1, render_checks(checks, terminal_style(1).colour));
  }
  return std::ranges::any_of(checks, [](const Check& check) { return check.level == Check::Level::Bad; }) ? 1 : 0;
}

}  // namespace

Command add_doctor(CLI::App& program) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* app = program.add_subcommand("doctor", "Look what keeps Tasks from running, and say what to mend");
  app->footer(
      "Examples:\n  axon doctor\n  axon doctor -n team-a --context production\n"
      "  axon doctor --image me/agent:1\n\nExit code 1: something is wrong.");
  app->add_option("-o,--output", options->output, "table or json")->check(CLI::IsMember({"table", "json"}));
  app->add_option("--image", options->image, "Have a node pull this image, too, in a Pod that starts nothing of it");
  add_namespaced_options(*app, options->cluster);
  return {app, [options] { return examine_and_tell(*options); }};
}

}  // namespace axon::cli
