// One connection to a server: straight or through a proxy, plain or TLS. Only connection.cpp includes Asio's sockets.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "http/request_text.hpp"
#include "http/tls.hpp"

namespace axon::http {

class Connection {
 public:
  explicit Connection(const boost::asio::any_io_executor& executor);
  ~Connection();  // closes it; an operation that is under way fails
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Once, before anything else. `tls` is what an https server is met with.
  boost::asio::awaitable<Result<void>> open(Route route, TlsContext tls);

  boost::asio::awaitable<Result<void>> write(std::string bytes);

  /// At the end of the stream an empty string.
  boost::asio::awaitable<Result<std::string>> read();

  /// Nothing has come since the last answer, the end of the connection included: fit for another request.
  [[nodiscard]] bool is_quiet() const;

 private:
  boost::asio::awaitable<Result<void>> connect(std::string host, std::string port);
  boost::asio::awaitable<Result<void>> open_tunnel(Route route);
  boost::asio::awaitable<Result<void>> start_tls(std::string host, TlsContext tls);

  void tune();

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace axon::http
