// One request and its answer on a connection that is open, and the clock that watches over them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>

#include "http/connection.hpp"
#include "http/http.hpp"

namespace axon::http {

/// Ends an exchange that takes too long. A limit that is zero does not hold.
class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Watchdog(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  /// From now on; takes the place of the limit before. `what` ends the message: "HOST <what> 30 ms".
  void allow(std::chrono::milliseconds limit, const char* what);

  /// Ends when the limit has passed.
  boost::asio::awaitable<void> passed();

  [[nodiscard]] Error error(const std::string& host) const;

 private:
  boost::asio::steady_timer timer_;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::chrono::milliseconds limit_{};
  const char* what_ = "";
};

struct Exchange {
  Exchange(Request sent, BodySink to, const boost::asio::any_io_executor& executor)
      : request(std::move(sent)), sink(std::move(to)), watchdog(executor) {}

  Request request;
  BodySink sink;
  Watchdog watchdog;
  std::size_t max_body = 8U << 20U;
  std::chrono::milliseconds answer{};   // until the head of the answer; zero: the limit that holds already
  std::chrono::milliseconds silence{};  // between two pieces of the body; zero: the limit that holds already

  bool was_sent = false;      // set by perform(): all bytes of the request were handed to the system
  bool was_heard = false;     // at least one byte came back
  bool can_continue = false;  // the connection is fit for another request
};

/// Writes the request and reads its answer.
boost::asio::awaitable<Result<Response>> perform(Connection& connection, Exchange& exchange, std::string text);

/// Whatever `work` gives, or the watchdog's error. `exchange` outlives it.
boost::asio::awaitable<Result<Response>> within(Exchange& exchange, boost::asio::awaitable<Result<Response>> work);

}  // namespace axon::http
