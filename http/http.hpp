// An HTTP/1.1 client: TLS that is always verified, proxies and CA bundles as the environment says, bounded in time and
// size. One request, one connection; client.hpp keeps them.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/launch.hpp"
#include "core/result.hpp"

namespace axon::http {

struct Header {
  std::string name;
  std::string value;

  bool operator==(const Header&) const = default;
};

struct Request {
  std::string method = "GET";
  std::string url;              // http or https; user information in it is not sent
  std::vector<Header> headers;  // Host, Connection and Content-Length are added
  std::string body;
  bool may_repeat = false;  // safe to send twice, as GET, HEAD, PUT and DELETE are anyway
};

struct Response {
  int status = 0;
  std::vector<Header> headers;
  std::string body;

  /// The first header of this name in any case; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct Options {
  Environment environment;                    // proxy and CA variables
  std::chrono::milliseconds timeout{30'000};  // for everything: names, proxy, TLS, redirects, body
  std::size_t max_body = 8U << 20U;
  int max_redirects = 5;  // GET only, and only within the same origin: the headers may hold a token
};

/// Takes a body piece by piece; an error of its own ends the transfer and is what the caller gets.
using BodySink = std::function<Result<void>(std::string_view piece)>;

/// Sends the request and waits. Any status is a success. Failures: Unavailable (no name, no connection, broken off),
/// TimedOut, InvalidInput (URL, proxy URL, CA bundle), Unauthorized (the server's certificate is not trusted; the
/// message says why). Messages hold no credentials. Runs an io_context of its own: not for use inside a coroutine.
///
/// With a sink, the body of a 2xx answer goes there as it comes, whatever its length, and Response::body stays empty;
/// the time-out then begins anew with each piece.
Result<Response> send(Request request, Options options, BodySink sink = {});

}  // namespace axon::http
