// An HTTP client that keeps its connections: for a server that is asked often. Its coroutines run in the executor that
// it was made with, on one thread; sinks are called there, too.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>

#include "http/http.hpp"
#include "http/tls.hpp"

namespace axon::http {

struct ClientOptions {
  Environment environment;  // proxy and CA variables
  std::string proxy_url;    // in place of the environment's; empty: as that says
  TlsOptions tls;
  std::size_t max_idle = 16;  // connections kept for each origin; how many are in use is for the caller to bound
  std::chrono::seconds idle_for{60};  // then a connection is closed, when the next request looks
};

/// How long to wait for what; zero: for ever.
struct Limits {
  std::chrono::milliseconds connect{10'000};  // name, proxy and TLS included
  std::chrono::milliseconds answer{30'000};   // from the connection to the head of the answer
  std::chrono::milliseconds silence{30'000};  // between two pieces of the body
  std::size_t max_body = 64U << 20U;          // not of one that goes to a sink
};

class Client {
 public:
  /// Fails as make_tls_context() does.
  static Result<Client> make(boost::asio::any_io_executor executor, ClientOptions options);
  Client(Client&& other) noexcept;
  Client& operator=(Client&& other) noexcept;
  ~Client();

  /// As http::send(), without redirects. A connection that the server closed while it was idle is replaced by a new
  /// one without a word, but for a request that may have arrived and must not arrive twice. Cancelled by Asio's
  /// per-operation cancellation (awaitable operators, a slot of co_spawn): the connection is closed then.
  /// The client may go before its coroutines have ended.
  boost::asio::awaitable<Result<Response>> send(Request request, Limits limits = {}, BodySink sink = {});

  /// Connections that are kept now, for tests and metrics.
  [[nodiscard]] std::size_t idle_count() const;

 private:
  struct State;
  explicit Client(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

/// The method is safe to send twice (RFC 9110, 9.2.2), or the request says so of itself.
bool may_repeat(const Request& request);

}  // namespace axon::http
