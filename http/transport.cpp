// One request, one connection.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include "http/async.hpp"
#include "http/exchange.hpp"

namespace axon::http {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

awaitable<Result<Response>> run(Exchange& exchange, Route route, const Environment& environment) {
  Connection connection(co_await asio::this_coro::executor);
  TlsContext tls;
  if (route.url.scheme == "https") {
    Result<TlsContext> made = make_tls_context(environment);
    if (!made) co_return std::unexpected(std::move(made).error());
    tls = *std::move(made);
  }
  if (auto opened = co_await connection.open(route, tls); !opened) co_return std::unexpected(std::move(opened).error());
  std::string text = render(exchange.request, route, false);
  co_return co_await perform(connection, exchange, std::move(text));
}

awaitable<Result<Response>> follow(Exchange& exchange, const Options& options) {
  for (int redirects = 0;; ++redirects) {
    const Result<Route> route = find_route(exchange.request.url, options.environment);
    if (!route) co_return std::unexpected(route.error());
    Result<Response> response = co_await run(exchange, *route, options.environment);
    if (!response || exchange.request.method != "GET") co_return response;
    const std::optional<std::string> next = same_origin_target(*response, route->url);
    if (!next) co_return response;
    if (redirects == options.max_redirects) co_return fail(Errc::Unavailable, "too many redirects");
    exchange.request.url = *next;
  }
}

}  // namespace

awaitable<Result<Response>> async_send(Request request, Options options, BodySink sink) {
  const bool is_stream = sink != nullptr;
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Exchange exchange(std::move(request), std::move(sink), executor);
  exchange.max_body = options.max_body;
  if (is_stream) exchange.silence = options.timeout;
  exchange.watchdog.allow(options.timeout, is_stream ? "sent nothing for" : "gave no complete answer within");
  co_return co_await within(exchange, follow(exchange, options));
}

Result<Response> send(Request request, Options options, BodySink sink) {
  asio::io_context io;
  Result<Response> result = fail(Errc::Internal, "the request did not run");
  const auto finish = [&](const std::exception_ptr& thrown, Result<Response> response) {
    if (thrown) return;  // out of memory or a fault of ours: `result` says so
    result = std::move(response);
  };
  asio::co_spawn(io, async_send(std::move(request), std::move(options), std::move(sink)), finish);
  io.run();
  return result;
}

}  // namespace axon::http
