#include "http/exchange.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/answer.hpp"

namespace axon::http {

namespace asio = boost::asio;
using asio::awaitable;

void Watchdog::allow(std::chrono::milliseconds limit, const char* what) {
  if (limit == std::chrono::milliseconds::zero()) return;
  const Clock::time_point before = deadline_;
  deadline_ = Clock::now() + limit;
  limit_ = limit;
  what_ = what;
  if (deadline_ < before) timer_.cancel();  // a later one is seen when the earlier has passed
}

awaitable<void> Watchdog::passed() {
  while (Clock::now() < deadline_) {
    timer_.expires_at(deadline_);
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

Error Watchdog::error(const std::string& host) const {
  return {Errc::TimedOut, host + " " + what_ + " " + std::to_string(limit_.count()) + " ms"};
}

awaitable<Result<Response>> perform(Connection& connection, Exchange& exchange, std::string text) {
  exchange.was_sent = exchange.was_heard = exchange.can_continue = false;
  AnswerReader answer(exchange.request.method == "HEAD", exchange.max_body, exchange.sink);
  exchange.watchdog.allow(exchange.answer, "sent nothing for");
  if (auto sent = co_await connection.write(std::move(text)); !sent) co_return std::unexpected(std::move(sent).error());
  exchange.was_sent = true;
  while (!answer.is_done()) {
    Result<std::string> piece = co_await connection.read();
    if (!piece) co_return std::unexpected(std::move(piece).error());
    exchange.was_heard = exchange.was_heard || !piece->empty();
    const Result<void> read = piece->empty() ? answer.end() : answer.feed(*piece);
    if (!read) co_return std::unexpected(read.error());
    if (answer.has_head()) exchange.watchdog.allow(exchange.silence, "sent nothing for");
  }
  exchange.can_continue = answer.can_continue();
  co_return answer.take();
}

awaitable<Result<Response>> within(Exchange& exchange, awaitable<Result<Response>> work) {
  using namespace asio::experimental::awaitable_operators;
  const std::string url = exchange.request.url;
  auto first = co_await (std::move(work) || exchange.watchdog.passed());
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  const Result<Url> parsed = parse_url(url);
  co_return std::unexpected(exchange.watchdog.error(parsed ? authority_of(*parsed) : "the server"));
}

}  // namespace axon::http
