// The client of http.hpp as a coroutine.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "http/http.hpp"

namespace axon::http {

/// As send(), in the caller's executor, where the sink is called too.
boost::asio::awaitable<Result<Response>> async_send(Request request, Options options, BodySink sink = {});

}  // namespace axon::http
