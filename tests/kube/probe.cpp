// kube/ as a program, so that tests can hold it against a real API server from outside: kube-probe VERB …
// One JSON object a line comes out; a failure is a line, too: {"error": …, "code": …}.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "kube/informer.hpp"
#include "kube/leader.hpp"
#include "kube/recorder.hpp"
#include "kube/work_queue.hpp"

extern char** environ;

namespace axon::kube {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using Words = std::vector<std::string>;

void print(const Json& line) { std::cout << line.dump() << std::endl; }

void print_error(const Error& error) {
  constexpr std::array<const char*, 11> kNames = {"InvalidInput", "NotFound",         "AlreadyExists", "Conflict",
                                                  "Expired",      "PermissionDenied", "Unauthorized",  "Unavailable",
                                                  "TimedOut",     "NoSpace",          "Internal"};
  print({{"error", error.message}, {"code", kNames.at(static_cast<std::size_t>(error.code))}});
}

/// "apps/v1/deployments", "v1/pods".
Resource resource_of(const std::string& text) {
  const std::size_t last = text.rfind('/');
  const std::size_t first = text.rfind('/', last - 1);
  const bool is_core = first == std::string::npos;
  return {is_core ? "" : text.substr(0, first), text.substr(is_core ? 0 : first + 1, last - (is_core ? 0 : first + 1)),
          text.substr(last + 1)};
}

Json input() {
  return Json::parse(std::string((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>()));
}

/// The greatest resident memory so far, in KiB.
long peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  }
  return 0;
}

void print_result(const Result<Json>& result) { result ? print({{"result", *result}}) : print_error(result.error()); }
void print_result(const Result<void>& result) { result ? print({{"result", nullptr}}) : print_error(result.error()); }

std::string word(const Words& words, std::size_t index) { return index < words.size() ? words[index] : ""; }

awaitable<void> list(Client& client, Words words) {
  ListOptions options;
  options.ns = word(words, 2);
  options.page = std::stoi(word(words, 3));
  options.metadata_only = word(words, 4) == "metadata";
  long count = 0;
  Json last;
  const ItemSink item = [&](Json object) {
    ++count;
    last = std::move(object);
    return Result<void>();
  };
  const auto restart = [&] { count = 0; };
  const Resource resource = resource_of(words.at(1));
  const Result<std::string> listed = co_await client.list(resource, options, item, restart);
  if (!listed) co_return print_error(listed.error());
  print({{"count", count},
         {"resourceVersion", *listed},
         {"last", last},
         {"peak", peak_memory()},
         {"requests", client.request_count()}});
}

awaitable<void> inform(Client& client, Words words) {
  InformerOptions options;
  options.resource = resource_of(words.at(1));
  options.list.ns = word(words, 2);
  options.list.metadata_only = word(words, 3) == "metadata";
  const auto handle = [](const Change& change) {
    constexpr std::array<const char*, 3> kKinds = {"added", "updated", "deleted"};
    const ObjectPtr& object = change.after ? change.after : change.before;
    print({{"change", kKinds.at(static_cast<std::size_t>(change.kind))},
           {"name", object->key.name},
           {"uid", object->uid},
           {"before", change.before ? change.before->resource_version : ""},
           {"version", object->resource_version},
           {"data", object->json().value("data", Json())}});
  };
  Informer informer(client, options, handle, print_error);
  using namespace asio::experimental::awaitable_operators;
  const auto tell = [](Informer& one) -> awaitable<void> {
    co_await one.synced();
    print({{"synced", one.cache().size()}, {"peak", peak_memory()}});
  };
  co_await (informer.run() && tell(informer));
}

awaitable<void> lead(Client& client, Words words) {
  LeaderOptions options;
  options.lease = {words.at(1), words.at(2)};
  options.identity = words.at(3);
  options.timing.lease = std::chrono::seconds(std::stoi(words.at(4)));
  options.timing.renew = std::chrono::seconds(std::stoi(words.at(5)));
  options.timing.retry = std::chrono::seconds(std::stoi(words.at(6)));
  Leader leader(client, options, print_error);
  using namespace asio::experimental::awaitable_operators;
  asio::signal_set stop(client.executor(), SIGTERM);
  const auto term = [](Leader& one) -> awaitable<Error> {
    co_await one.acquire();
    print({{"leads", true}});
    co_return co_await one.hold();
  };
  auto first = co_await (term(leader) || stop.async_wait(asio::use_awaitable));
  if (first.index() == 0) print({{"lost", std::get<0>(first).message}});
  co_await leader.release();
  print({{"released", true}});
}

awaitable<void> record(Client& client, Words words) {
  Recorder recorder(client, "probe", "probe-1");
  const Happening what = {"v1", "ConfigMap", {words.at(1), words.at(2)}, words.at(3), true, "Tested", "it was tested"};
  for (int i = 0; i < std::stoi(words.at(4)); ++i) recorder.record(what);
  using namespace asio::experimental::awaitable_operators;
  asio::signal_set stop(client.executor(), SIGTERM);
  print({{"recorded", true}});
  co_await (recorder.run() || stop.async_wait(asio::use_awaitable));
  print({{"dropped", recorder.dropped()}});
}

awaitable<void> logs(Client& client, Words words) {
  LogOptions options;
  options.follow = word(words, 3) == "follow";
  const Key pod{words.at(1), words.at(2)};
  const http::BodySink sink = [](std::string_view piece) {
    print({{"piece", piece}});
    return Result<void>();
  };
  const Result<void> done = co_await client.logs(pod, options, sink);
  print_result(done);
}

/// Asks again and again, one line each, until stdin ends: for what happens to a client that lasts.
awaitable<void> ask(Client& client, Words words) {
  const Resource resource = resource_of(words.at(1));
  const Key key{words.at(2), words.at(3)};
  for (std::string line; std::getline(std::cin, line);) {
    const Result<Json> result = co_await client.get(resource, key);
    print_result(result);
  }
}

awaitable<void> write(Client& client, Words words) {
  const std::string& verb = words.at(0);
  const Resource resource = resource_of(words.at(1));
  WriteOptions options;
  options.subresource = word(words, 4);
  options.force = word(words, 5) == "force";
  if (!word(words, 6).empty()) options.field_manager = words[6];
  const Key key{word(words, 2), word(words, 3)};
  const Json object = input();
  Result<Json> result = fail(Errc::InvalidInput, "no such verb");
  if (verb == "create") result = co_await client.create(resource, object, options);
  if (verb == "replace") result = co_await client.replace(resource, object, options);
  if (verb == "apply") result = co_await client.apply(resource, object, options);
  if (verb == "merge") result = co_await client.patch(resource, key, PatchType::kMerge, object, options);
  if (verb == "patch") result = co_await client.patch(resource, key, PatchType::kJson, object, options);
  print_result(result);
}

awaitable<void> remove(Client& client, Words words) {
  DeleteOptions options;
  options.uid = word(words, 4);
  const Resource resource = resource_of(words.at(1));
  const Key key{word(words, 2), word(words, 3)};
  ListOptions which;
  which.ns = key.ns;
  const Result<void> result = key.name.empty() ? co_await client.remove_all(resource, which, options)
                                               : co_await client.remove(resource, key, options);
  print_result(result);
}

awaitable<void> discover(Client& client, Words words) {
  const Result<ServerVersion> version = co_await client.version();
  if (!version) co_return print_error(version.error());
  const Resource resource = resource_of(words.at(1));
  const Result<bool> serves = co_await client.serves(resource);
  if (!serves) co_return print_error(serves.error());
  print({{"major", version->major}, {"minor", version->minor}, {"text", version->text}, {"serves", *serves}});
}

using Verb = awaitable<void> (*)(Client&, Words);

const std::map<std::string, Verb> kVerbs = {
    {"ask", ask},     {"list", list},     {"inform", inform},     {"lead", lead},   {"record", record},
    {"logs", logs},   {"create", write},  {"replace", write},     {"apply", write}, {"merge", write},
    {"patch", write}, {"delete", remove}, {"discover", discover},
};

Environment own_environment() {
  Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) environment[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return environment;
}

int run(const Words& words) {
  const Environment environment = own_environment();
  const Result<Config> config = load_config({}, environment);
  if (!config) return print_error(config.error()), 0;
  asio::io_context io(1);
  Result<Client> client = Client::make(io.get_executor(), *config, environment);
  if (!client) return print_error(client.error()), 0;
  int code = 0;
  asio::co_spawn(io, kVerbs.at(words.at(0))(*client, words), [&](const std::exception_ptr& thrown) {
    if (thrown) code = 1;
    io.stop();
  });
  io.run();
  return code;
}

}  // namespace
}  // namespace axon::kube

int main(int argc, char** argv) { return axon::kube::run({argv + 1, argv + argc}); }
