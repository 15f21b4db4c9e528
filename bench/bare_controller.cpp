// A controller without logic, to measure ours against: it watches the Tasks of one namespace and makes a Secret and a
// Job for each. Nothing is looked up, decided, remembered or written back.
//
// usage: bench-bare-controller KUBECONFIG NAMESPACE TEMPLATES
// TEMPLATES is a JSON array of a Secret and a Job in which @NAME@ and @UID@ stand for the Task's. Ends at TERM.
#include <openssl/crypto.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "kube/client.hpp"
#include "kube/informer.hpp"
#include "kube/work_queue.hpp"

namespace axon::kube {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

const Resource kTasks{"axon.io", "v1alpha1", "tasks"};
const Resource kSecrets{"", "v1", "secrets"};
const Resource kJobs{"batch", "v1", "jobs"};
constexpr int kWorkers = 16;  // as many as ours

std::string replaced(std::string text, std::string_view what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

class BareController {
 public:
  BareController(Client& client, const std::string& ns, std::string templates)
      : client_(client),
        templates_(std::move(templates)),
        queue_(
            client.executor(), [this](Key key) { return reconcile(std::move(key)); },
            [](const Key& key, const Error& error) {
              std::fprintf(stderr, "%s: %s\n", to_string(key).c_str(), error.message.c_str());
            }),
        tasks_(
            client, options(ns), [this](const Change& change) { on_task(change); },
            [](const Error& error) { std::fprintf(stderr, "watch: %s\n", error.message.c_str()); }) {}

  awaitable<void> run() {
    using namespace asio::experimental::awaitable_operators;
    co_await (tasks_.run() || queue_.run(kWorkers));
  }

 private:
  static InformerOptions options(const std::string& ns) {
    InformerOptions options;
    options.resource = kTasks;
    options.list.ns = ns;
    return options;
  }

  void on_task(const Change& change) {
    if (change.kind == Change::Kind::Added) queue_.add(change.after->key);
  }

  awaitable<Result<WorkQueue::LookAgain>> reconcile(Key key) {
    const ObjectPtr task = tasks_.cache().find(key);
    if (!task) co_return std::nullopt;
    Json objects = Json::parse(replaced(replaced(templates_, "@NAME@", key.name), "@UID@", task->uid));
    for (const bool job : {false, true}) {
      const Result<Json> made = co_await client_.create(job ? kJobs : kSecrets, std::move(objects[job ? 1 : 0]));
      if (!made && made.error().code != Errc::AlreadyExists) co_return std::unexpected(made.error());
    }
    co_return std::nullopt;
  }

  Client& client_;
  std::string templates_;
  WorkQueue queue_;
  Informer tasks_;
};

int run(const std::string& kubeconfig, const std::string& ns, const std::string& templates) {
  using namespace asio::experimental::awaitable_operators;
  std::ifstream file(templates);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  ConfigOptions where;
  where.kubeconfig = kubeconfig;
  Result<Config> config = load_config(where, {});
  if (!config) return std::fprintf(stderr, "%s\n", config.error().message.c_str()), 1;
  asio::io_context context(1);
  Result<Client> client = Client::make(context.get_executor(), *std::move(config), {});
  if (!client) return std::fprintf(stderr, "%s\n", client.error().message.c_str()), 1;
  BareController controller(*client, ns, text);
  asio::signal_set signals(context, SIGTERM, SIGINT);
  asio::co_spawn(context, controller.run(), asio::detached);
  signals.async_wait([&](const boost::system::error_code&, int) { context.stop(); });
  context.run();
  return 0;
}

}  // namespace
}  // namespace axon::kube

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s KUBECONFIG NAMESPACE TEMPLATES\n", argv[0]);
    return 2;
  }
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  return axon::kube::run(argv[1], argv[2], argv[3]);
}
