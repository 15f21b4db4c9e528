#include "controller/status_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <optional>

namespace axon::controller {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxRequest = 8192;
constexpr std::chrono::seconds kPatience{10};

Result<tcp::endpoint> parse_address(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  const std::string host = address.substr(0, colon == std::string::npos ? 0 : colon);
  std::uint16_t port = 0;
  const char* begin = address.data() + (colon == std::string::npos ? address.size() : colon + 1);
  const char* end = address.data() + address.size();
  const auto [rest, failed] = std::from_chars(begin, end, port);
  boost::system::error_code wrong;
  const auto ip = host.empty() ? asio::ip::address(asio::ip::address_v6::any()) : asio::ip::make_address(host, wrong);
  if (begin == end || failed != std::errc() || rest != end || wrong) {
    return fail(Errc::InvalidInput,
                "\"" + address + "\" is no address; expected for example :8080 or 127.0.0.1:8080, or 0 for none");
  }
  return tcp::endpoint(ip, port);
}

std::string_view path_in(std::string_view request) {
  if (!request.starts_with("GET ")) return {};
  request.remove_prefix(4);
  return request.substr(0, request.find_first_of(" ?\r\n"));
}

std::string response(const StatusAnswer& answer) {
  return "HTTP/1.1 " + std::to_string(answer.status) + (answer.status == 200 ? " OK" : " Not OK") +
         "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: " +
         std::to_string(answer.body.size()) + "\r\nConnection: close\r\n\r\n" + answer.body;
}

asio::awaitable<void> answer_one(tcp::socket& socket, const StatusPages& pages) {
  std::string request;
  const auto [failed, size] =
      co_await asio::async_read_until(socket, asio::dynamic_buffer(request, kMaxRequest), "\r\n\r\n", kToken);
  if (failed) co_return;
  const std::string_view path = path_in(request);
  const StatusAnswer answer = path.empty() ? StatusAnswer{405, "GET only\n"} : pages(path);
  const std::string text = response(answer);
  co_await asio::async_write(socket, asio::buffer(text), kToken);
}

asio::awaitable<void> serve_one(tcp::socket socket, StatusPages pages) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(socket.get_executor(), kPatience);
  co_await (answer_one(socket, pages) || timer.async_wait(kToken));
}

Result<tcp::acceptor> listen(const asio::any_io_executor& executor, const tcp::endpoint& endpoint) {
  tcp::acceptor acceptor(executor);
  boost::system::error_code failed;
  (void)acceptor.open(endpoint.protocol(), failed);
  if (!failed) (void)acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed && endpoint.address().is_v6()) (void)acceptor.set_option(boost::asio::ip::v6_only(false), failed);
  if (!failed) (void)acceptor.bind(endpoint, failed);
  if (!failed) (void)acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return fail(Errc::Unavailable, failed.message());
  return acceptor;
}

}  // namespace

asio::awaitable<Result<void>> serve_status(std::string address, StatusPages pages) {
  const Result<tcp::endpoint> endpoint = parse_address(address);
  if (!endpoint) co_return std::unexpected(endpoint.error());
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Result<tcp::acceptor> acceptor = listen(executor, *endpoint);
  // A node without IPv6 still has its probes.
  if (!acceptor && endpoint->address() == asio::ip::address_v6::any()) {
    acceptor = listen(executor, tcp::endpoint(asio::ip::address_v4::any(), endpoint->port()));
  }
  if (!acceptor) co_return wrap("listen on " + address, acceptor.error());
  while (true) {
    auto [failed, socket] = co_await acceptor->async_accept(kToken);
    if (failed == asio::error::operation_aborted) co_return Result<void>{};
    if (!failed) asio::co_spawn(executor, serve_one(std::move(socket), pages), asio::detached);
  }
}

}  // namespace axon::controller
