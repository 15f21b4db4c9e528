#include "http/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <optional>

namespace axon::http {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadSize = 16U << 10U;

std::unexpected<Error> unavailable(const std::string& doing, const error_code& why) {
  return fail(Errc::Unavailable, doing + ": " + why.message());
}

}  // namespace

struct Connection::State {
  explicit State(const asio::any_io_executor& executor) : socket(executor) {}

  tcp::socket socket;
  std::optional<asio::ssl::context> context;
  std::optional<asio::ssl::stream<tcp::socket&>> tls;
};

Connection::Connection(const asio::any_io_executor& executor) : state_(std::make_unique<State>(executor)) {}

Connection::~Connection() = default;

awaitable<Result<void>> Connection::open(Route route, TlsContext tls) {
  const Url peer = route.proxy.value_or(route.url);
  auto connected = co_await connect(peer.host, port_of(peer));
  if (!connected) co_return route.proxy ? wrap("proxy", std::move(connected).error()) : std::move(connected);
  if (route.url.scheme != "https") co_return connected;
  if (route.is_tunnelled()) {
    auto tunnel = co_await open_tunnel(route);
    if (!tunnel) co_return tunnel;
  }
  co_return co_await start_tls(tls.server_name.empty() ? route.url.host : tls.server_name, tls);
}

awaitable<Result<void>> Connection::connect(std::string host, std::string port) {
  tcp::resolver::results_type endpoints;
  error_code is_name;
  const auto address = asio::ip::make_address(host, is_name);
  if (is_name) {
    tcp::resolver resolver(state_->socket.get_executor());
    auto [unknown, found] = co_await resolver.async_resolve(host, port, kNoThrow);
    if (unknown) co_return unavailable("host " + host + " is not known", unknown);
    endpoints = std::move(found);
  } else {  // the resolver would start a thread for it
    const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(std::stoul(port)));
    endpoints = tcp::resolver::results_type::create(endpoint, host, port);
  }
  const auto [failed, endpoint] = co_await asio::async_connect(state_->socket, endpoints, kNoThrow);
  if (failed) co_return unavailable("cannot connect to " + host + ":" + port, failed);
  tune();
  co_return Result<void>();
}

void Connection::tune() {
  error_code ignored;
  (void)state_->socket.set_option(tcp::no_delay(true), ignored);
  (void)state_->socket.set_option(tcp::socket::keep_alive(true), ignored);
  // A server that is gone without a word, and a stream that says nothing for hours: found within about a minute.
  const int socket = state_->socket.native_handle();
  constexpr std::array<std::pair<int, int>, 3> kProbes = {{{TCP_KEEPIDLE, 30}, {TCP_KEEPINTVL, 10}, {TCP_KEEPCNT, 3}}};
  for (const auto& [option, value] : kProbes) {
    setsockopt(socket, IPPROTO_TCP, option, &value, sizeof value);
  }
}

/// Only the head of the answer is read: what follows belongs to TLS, which the client begins.
awaitable<Result<void>> Connection::open_tunnel(Route route) {
  std::string request = tunnel_request(route);
  if (auto sent = co_await write(std::move(request)); !sent) co_return sent;
  std::string head;
  while (!head.contains("\r\n\r\n")) {
    Result<std::string> piece = co_await read();
    if (!piece) co_return std::unexpected(std::move(piece).error());
    if (piece->empty() || head.size() > kReadSize) co_return fail(Errc::Unavailable, "the proxy gave no valid answer");
    head += *piece;
  }
  if (head.size() >= 12 && head.substr(9, 3) == "200") co_return Result<void>();
  const std::string status = head.substr(0, head.find("\r\n"));
  co_return fail(Errc::Unavailable, "the proxy " + authority_of(*route.proxy) + " refused the connection: " + status);
}

awaitable<Result<void>> Connection::start_tls(std::string host, TlsContext tls) {
  SSL_CTX_up_ref(tls.handle.get());  // the context gives its reference up
  state_->context.emplace(tls.handle.get());
  state_->tls.emplace(state_->socket, *state_->context);
  expect_name(state_->tls->native_handle(), host);
  const auto [failed] = co_await state_->tls->async_handshake(asio::ssl::stream_base::client, kNoThrow);
  if (!failed) co_return Result<void>();
  const long verified = SSL_get_verify_result(state_->tls->native_handle());
  if (verified != X509_V_OK) co_return std::unexpected(certificate_error(host, verified, tls.trusted));
  co_return unavailable("the TLS handshake with " + host + " failed", failed);
}

awaitable<Result<void>> Connection::write(std::string bytes) {
  const auto [failed, count] = state_->tls ? co_await asio::async_write(*state_->tls, asio::buffer(bytes), kNoThrow)
                                           : co_await asio::async_write(state_->socket, asio::buffer(bytes), kNoThrow);
  if (failed) co_return unavailable("the connection broke off while sending", failed);
  co_return Result<void>();
}

awaitable<Result<std::string>> Connection::read() {
  std::string bytes(kReadSize, '\0');
  const auto [failed, count] = state_->tls ? co_await state_->tls->async_read_some(asio::buffer(bytes), kNoThrow)
                                           : co_await state_->socket.async_read_some(asio::buffer(bytes), kNoThrow);
  if (failed && failed != asio::error::eof && failed != asio::ssl::error::stream_truncated) {
    co_return unavailable("the connection broke off while receiving", failed);
  }
  bytes.resize(count);
  co_return bytes;
}

bool Connection::is_quiet() const {
  char byte = 0;
  const ssize_t count = recv(state_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace axon::http
