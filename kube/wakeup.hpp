// Lets coroutines of one thread wait until another says so.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

namespace axon::kube {

class Wakeup {
  using Clock = std::chrono::steady_clock;

 public:
  explicit Wakeup(const boost::asio::any_io_executor& executor) : timer_(executor, Clock::time_point::max()) {}

  /// Until the next notify(), or without a reason: look at what is waited for before and after. Nothing is missed
  /// between the look and the wait, as no other coroutine runs there.
  boost::asio::awaitable<void> wait() { return wait_until(Clock::time_point::max()); }

  /// The same, but not longer than until `at`.
  boost::asio::awaitable<void> wait_until(Clock::time_point at);

  void notify() { timer_.cancel(); }

 private:
  boost::asio::steady_timer timer_;
};

/// Sleeps in the caller's executor.
boost::asio::awaitable<void> sleep_for(std::chrono::milliseconds duration);

/// Of `co_await boost::asio::this_coro::cancellation_state`, which does not throw there. Requests that were cancelled
/// end with an error like any other.
inline bool is_cancelled(const boost::asio::cancellation_state& state) {
  return state.cancelled() != boost::asio::cancellation_type::none;
}

}  // namespace axon::kube
