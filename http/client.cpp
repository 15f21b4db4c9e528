#include "http/client.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>

#include "http/exchange.hpp"

namespace axon::http {
namespace asio = boost::asio;
using asio::awaitable;
using Clock = std::chrono::steady_clock;

namespace {

struct Idle {
  std::unique_ptr<Connection> connection;
  Clock::time_point since;
};

}  // namespace

struct Client::State {
  asio::any_io_executor executor;
  ClientOptions options;
  TlsContext tls;
  std::map<std::string, std::deque<Idle>> idle;  // by origin, the longest idle first

  std::unique_ptr<Connection> take(const std::string& origin) {
    std::deque<Idle>& kept = idle[origin];
    const Clock::time_point oldest = Clock::now() - options.idle_for;
    while (!kept.empty() && kept.front().since < oldest) kept.pop_front();
    while (!kept.empty()) {
      std::unique_ptr<Connection> connection = std::move(kept.back().connection);
      kept.pop_back();
      if (connection->is_quiet()) return connection;
    }
    return nullptr;
  }

  void keep(const std::string& origin, std::unique_ptr<Connection> connection) {
    std::deque<Idle>& kept = idle[origin];
    kept.push_back({std::move(connection), Clock::now()});
    if (kept.size() > options.max_idle) kept.pop_front();
  }

  awaitable<Result<std::unique_ptr<Connection>>> open(Exchange& exchange, Route route, Limits limits) {
    auto connection = std::make_unique<Connection>(executor);
    exchange.watchdog.allow(limits.connect, "could not be connected to within");
    auto opened = co_await connection->open(route, tls);
    if (!opened) co_return std::unexpected(std::move(opened).error());
    co_return connection;
  }

  awaitable<Result<Response>> run(Exchange& exchange, Limits limits) {
    const Result<Route> route = find_route(exchange.request.url, options.environment, options.proxy_url);
    if (!route) co_return std::unexpected(route.error());
    const std::string origin = origin_of(route->url);
    const std::string text = render(exchange.request, *route, true);
    for (;;) {
      std::unique_ptr<Connection> connection = take(origin);
      const bool is_kept = connection != nullptr;
      if (!is_kept) {
        auto opened = co_await open(exchange, *route, limits);
        if (!opened) co_return std::unexpected(std::move(opened).error());
        connection = *std::move(opened);
      }
      Result<Response> response = co_await perform(*connection, exchange, text);
      if (response && exchange.can_continue) keep(origin, std::move(connection));
      const bool was_stale = !response && is_kept && !exchange.was_heard;
      if (!was_stale || (exchange.was_sent && !may_repeat(exchange.request))) co_return response;
    }
  }
};

Client::Client(std::shared_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&& other) noexcept = default;
Client& Client::operator=(Client&& other) noexcept = default;
Client::~Client() = default;

Result<Client> Client::make(asio::any_io_executor executor, ClientOptions options) {
  Result<TlsContext> tls = make_tls_context(options.tls, options.environment);
  if (!tls) return std::unexpected(std::move(tls).error());
  auto state = std::make_shared<State>();
  state->executor = std::move(executor);
  state->options = std::move(options);
  state->tls = *std::move(tls);
  return Client(std::move(state));
}

awaitable<Result<Response>> Client::send(Request request, Limits limits, BodySink sink) {
  const std::shared_ptr<State> state = state_;
  Exchange exchange(std::move(request), std::move(sink), state->executor);
  exchange.max_body = limits.max_body;
  exchange.answer = limits.answer;
  exchange.silence = limits.silence;
  co_return co_await within(exchange, state->run(exchange, limits));
}

std::size_t Client::idle_count() const {
  std::size_t count = 0;
  for (const auto& [origin, kept] : state_->idle) count += kept.size();
  return count;
}

bool may_repeat(const Request& request) {
  constexpr std::array<std::string_view, 5> kIdempotent = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return request.may_repeat || std::ranges::find(kIdempotent, request.method) != kIdempotent.end();
}

}  // namespace axon::http
