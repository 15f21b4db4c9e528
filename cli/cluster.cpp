#include "cli/cluster.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <exception>
#include <expected>

#include "cli/cluster_advice.hpp"
#include "cli/host.hpp"
#include "cli/screen.hpp"
#include "kube/run.hpp"

namespace axon::cli {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
// A person waits: about a second, for what a restart of the API server may take.
constexpr int kAttempts = 4;

using Work = std::function<awaitable<Result<int>>(kube::Client&)>;

using Ended = std::expected<Result<int>, std::exception_ptr>;

/// `||` goes on waiting for the other side where one throws.
awaitable<Ended> without_throwing(kube::Client& client, const Work& work) {
  try {
    co_return co_await work(client);
  } catch (...) {
    co_return std::unexpected(std::current_exception());
  }
}

awaitable<Result<int>> until_signal(kube::Client& client, const Work& work) {
  using namespace asio::experimental::awaitable_operators;
  asio::signal_set signals(client.executor(), SIGINT, SIGTERM);
  auto ended = co_await (without_throwing(client, work) || signals.async_wait(asio::as_tuple(asio::use_awaitable)));
  auto* result = std::get_if<0>(&ended);
  if (result == nullptr) co_return 128 + std::get<1>(std::get<1>(ended));
  if (!*result) std::rethrow_exception(result->error());
  co_return std::move(**result);
}

std::string name_of(const kube::Config& config) {
  return (config.context.empty() ? "the cluster" : "context \"" + config.context + "\"") + " (" +
         config.cluster.server + ")";
}

}  // namespace

void add_cluster_options(CLI::App& command, ClusterOptions& options) {
  command
      .add_option("--kubeconfig", options.kubeconfig, "File that says how to reach the cluster (default: KUBECONFIG)")
      ->type_name("FILE");
  command.add_option("--context", options.context, "Context of the kubeconfig (default: the current one)");
}

void add_namespaced_options(CLI::App& command, ClusterOptions& options) {
  command.add_option("-n,--namespace", options.ns, "Namespace (default: the config file's, else the context's)");
  command.add_option("--config", options.config, "Your defaults (default: AXON_CONFIG, else ~/.axon/config.yaml)")
      ->type_name("FILE");
  add_cluster_options(command, options);
}

Result<UserConfig> read_config(ClusterOptions& options) {
  Result<UserConfig> config = load_user_config(options.config, caller_environment());
  if (!config) return config;
  for (const std::string& warning : config->warnings) write_line(2, "axon: " + warning);
  if (options.ns.empty()) options.ns = config->ns;
  return config;
}

Result<int> with_cluster(const ClusterOptions& options, const Work& work) {
  const kube::ConfigOptions where{options.kubeconfig, options.context, options.ns, kAttempts};
  const Environment caller = caller_environment();
  Result<int> code =
      kube::with_client<int>(where, caller, [&](kube::Client& client) { return until_signal(client, work); });
  if (code) return code;
  const Result<kube::Config> config = kube::load_config(where, caller);
  if (!config) return code;  // which is what the error is about
  return std::unexpected(with_advice(std::move(code).error(), name_of(*config)));
}

Result<int> in_namespace(ClusterOptions options, const Work& work) {
  if (const auto config = read_config(options); !config) return std::unexpected(config.error());
  return with_cluster(options, work);
}

}  // namespace axon::cli
