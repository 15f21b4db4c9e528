// Answers probes and Prometheus: GET only, one request a connection, bounded in size and time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace axon::controller {

struct StatusAnswer {
  int status = 200;
  std::string body;
};

using StatusPages = std::function<StatusAnswer(std::string_view path)>;

/// "HOST:PORT" or ":PORT". Fails with InvalidInput where it is no such address, and with Unavailable where the port is
/// taken. Returns only when it is cancelled.
boost::asio::awaitable<Result<void>> serve_status(std::string address, StatusPages pages);

}  // namespace axon::controller
