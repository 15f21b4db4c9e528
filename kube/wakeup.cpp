#include "kube/wakeup.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace axon::kube {

namespace asio = boost::asio;

asio::awaitable<void> Wakeup::wait_until(Clock::time_point at) {
  // Only an earlier end is set: it wakes the others, and they must not wake each other for ever.
  if (at < timer_.expiry() || timer_.expiry() <= Clock::now()) timer_.expires_at(at);
  co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> sleep_for(std::chrono::milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace axon::kube
