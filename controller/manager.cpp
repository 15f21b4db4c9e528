#include "controller/manager.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <random>

#include "controller/log.hpp"
#include "controller/metrics.hpp"
#include "controller/status_server.hpp"
#include "controller/task/reconciler.hpp"
#include "kube/leader.hpp"
#include "kube/run.hpp"

namespace axon::controller {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

std::string identity(const Environment& environment) {
  const auto pod = environment.find("HOSTNAME");
  std::random_device random;
  return (pod == environment.end() ? std::string("axon-controller") : pod->second) + "_" + std::to_string(random());
}

class Manager {
 public:
  /// The client outlives this.
  Manager(kube::Client& client, const ManagerOptions& options, const Environment& environment)
      : options_(options),
        client_(client),
        recorder_(client_, "axon-controller", identity(environment)),
        tasks_(client_, recorder_, metrics_, options.settings, options.watch_namespace, environment),
        leader_(client_, {{options.leader_namespace, "axon-controller"}, identity(environment), {}},
                [](const Error& error) { log_warning("lease", {{"error", error.message}}); }) {}

  /// Until a signal, or a failure.
  awaitable<Result<void>> run() {
    using namespace asio::experimental::awaitable_operators;
    Result<void> result;
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    asio::signal_set signals(executor, SIGTERM, SIGINT);
    auto ended = co_await (lead() || serve("--metrics-bind-address", options_.metrics_address) ||
                           serve("--health-probe-bind-address", options_.health_address) || recorder_.run() ||
                           signals.async_wait(asio::as_tuple(asio::use_awaitable)));
    if (const auto* end = std::get_if<0>(&ended)) result = *end;
    if (const auto* end = std::get_if<1>(&ended)) result = *end;
    if (const auto* end = std::get_if<2>(&ended)) result = *end;
    if (leader_.leads()) co_await leader_.release();
    log_info("stopped");
    co_return result;
  }

 private:
  awaitable<Result<void>> lead() {
    using namespace asio::experimental::awaitable_operators;
    if (!options_.leader_elect) {
      co_await tasks_.run(options_.workers);
      co_return Result<void>{};
    }
    co_await leader_.acquire();
    log_info("leading");
    const auto ended = co_await (leader_.hold() || tasks_.run(options_.workers));
    // Whoever no longer leads must not write: to start anew is the one way that leaves nothing behind.
    if (ended.index() == 0) co_return std::unexpected(std::get<0>(ended));
    co_return Result<void>{};
  }

  awaitable<Result<void>> serve(const char* flag, std::string address) {
    if (address != "0") {
      Result<void> ended = co_await serve_status(address, [this](std::string_view path) { return page(path); });
      co_return ended ? std::move(ended) : wrap(flag, std::move(ended).error());
    }
    kube::Wakeup never(co_await asio::this_coro::executor);
    while (true) co_await never.wait();
  }

  StatusAnswer page(std::string_view path) {
    if (path == "/healthz") return {200, "ok\n"};
    if (path == "/readyz") return ready();
    if (path != "/metrics") return {404, "expected /metrics, /healthz or /readyz\n"};
    metrics_.set_total("axon_api_requests_total", static_cast<double>(client_.request_count()));
    return {200, metrics_.text()};
  }

  /// A replica that waits to lead is ready: it would else hold up a rollout.
  StatusAnswer ready() {
    const bool waiting = options_.leader_elect && !leader_.leads();
    if (waiting || tasks_.has_synced()) return {200, "ok\n"};
    return {503, "the first list of the API server's objects is not through\n"};
  }

  ManagerOptions options_;
  kube::Client& client_;
  Metrics metrics_;
  kube::Recorder recorder_;
  Tasks tasks_;
  kube::Leader leader_;
};

awaitable<Result<void>> manage(kube::Client& client, const ManagerOptions& options, const Environment& environment) {
  Manager manager(client, options, environment);
  co_return co_await manager.run();
}

}  // namespace

Result<void> run_manager(const ManagerOptions& options, const Environment& environment) {
  kube::ConfigOptions where;
  where.kubeconfig = options.kubeconfig;
  return kube::with_client<void>(where, environment,
                                 [&](kube::Client& client) { return manage(client, options, environment); });
}

}  // namespace axon::controller
