// axon-controller: options and wiring.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "controller/log.hpp"
#include "controller/manager.hpp"
#include "core/credentials.hpp"
#include "http/static_program.hpp"

namespace axon::controller {
namespace {

Environment current_environment() {
  Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

void add_flags(CLI::App& command, ManagerOptions& options) {
  command.add_option("--watch-namespace", options.watch_namespace, "Only the Tasks of this namespace (default: all)");
  command.add_flag("--leader-elect", options.leader_elect, "One of several replicas works, the others wait");
  command.add_option("--leader-elect-namespace", options.leader_namespace, "Where the Lease is")->capture_default_str();
  command.add_option("--metrics-bind-address", options.metrics_address, "Prometheus metrics; 0: none")
      ->capture_default_str();
  command.add_option("--health-probe-bind-address", options.health_address, "/healthz and /readyz; 0: none")
      ->capture_default_str();
  command.add_option("--kubeconfig", options.kubeconfig, "Default: KUBECONFIG, ~/.kube/config, then the Pod's own");
  command.add_option("--workers", options.workers, "Reconciliations at a time")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  Settings& settings = options.settings;
  command.add_option("--runtime-image", settings.runtime_image, "Image of axon-entrypoint, for the init container")
      ->capture_default_str();
  command.add_option("--image-pull-policy", settings.pull_policy, "For both containers of a Task")
      ->check(CLI::IsMember({"Always", "IfNotPresent", "Never"}));
  command.add_flag("!--no-set-user", settings.set_user,
                   "Leave runAsUser and fsGroup out of Pods: the cluster chooses them (OpenShift)");
  for (auto& [type, image] : settings.images) {
    command.add_option("--" + type + "-image", image, "Image of " + type + " Tasks that name none")
        ->capture_default_str();
  }
}

int run(int argc, char** argv) {
  const std::string version = AXON_VERSION;
  ManagerOptions options;
  options.settings.runtime_image = "axon-runtime:" + version;
  for (const std::string& type : builtin_types()) options.settings.images[type] = "axon-" + type + ":" + version;
  CLI::App app("axon-controller: runs Tasks on a cluster", "axon-controller");
  app.set_version_flag("--version", "axon-controller " + version);
  app.require_subcommand(1);
  CLI::App* manager = app.add_subcommand("manager", "Reconcile Tasks");
  add_flags(*manager, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  }
  const Result<void> ended = run_manager(options, current_environment());
  if (ended) return 0;
  log_error("ended", {{"error", ended.error().message}});
  return 1;
}

}  // namespace
}  // namespace axon::controller

int main(int argc, char** argv) {
  axon::http::ignore_host_configuration();
  try {
    return axon::controller::run(argc, argv);
  } catch (const std::exception& error) {
    axon::controller::log_error("internal error", {{"error", error.what()}});
    return 70;
  }
}
