// The only file that includes Asio's sockets. Beast, in answer.cpp, is the parser alone: its composed asynchronous
// operations take several times as long to compile.
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>

#include "core/encoding.hpp"
#include "http/answer.hpp"
#include "http/async.hpp"
#include "http/proxy.hpp"
#include "http/trust.hpp"
#include "http/url.hpp"

namespace axon::http {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadSize = 16U << 10U;

std::unexpected<Error> unavailable(const std::string& doing, const error_code& why) {
  return fail(Errc::Unavailable, doing + ": " + why.message());
}

/// One connection, plain at first; start_tls() makes it a TLS one.
class Connection {
 public:
  explicit Connection(const asio::any_io_executor& executor) : socket_(executor) {}

  awaitable<Result<void>> connect(std::string host, std::string port) {
    tcp::resolver resolver(socket_.get_executor());
    const auto [unknown, endpoints] = co_await resolver.async_resolve(host, port, kNoThrow);
    if (unknown) co_return unavailable("host " + host + " is not known", unknown);
    const auto [failed, endpoint] = co_await asio::async_connect(socket_, endpoints, kNoThrow);
    if (failed) co_return unavailable("cannot connect to " + host + ":" + port, failed);
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    co_return Result<void>();
  }

  awaitable<Result<void>> start_tls(std::string host, TrustStore trust);

  awaitable<Result<void>> write(std::string bytes) {
    const auto [failed, count] = tls_ ? co_await asio::async_write(*tls_, asio::buffer(bytes), kNoThrow)
                                      : co_await asio::async_write(socket_, asio::buffer(bytes), kNoThrow);
    if (failed) co_return unavailable("the connection broke off while sending", failed);
    co_return Result<void>();
  }

  /// At the end of the stream an empty string.
  awaitable<Result<std::string>> read() {
    std::string bytes(kReadSize, '\0');
    const auto [failed, count] = tls_ ? co_await tls_->async_read_some(asio::buffer(bytes), kNoThrow)
                                      : co_await socket_.async_read_some(asio::buffer(bytes), kNoThrow);
    if (failed && failed != asio::error::eof && failed != asio::ssl::error::stream_truncated) {
      co_return unavailable("the connection broke off while receiving", failed);
    }
    bytes.resize(count);
    co_return bytes;
  }

 private:
  tcp::socket socket_;
  std::optional<asio::ssl::context> context_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
};

Error certificate_error(const std::string& host, long verify_result, const TrustStore& trust) {
  std::string why = X509_verify_cert_error_string(verify_result);
  if (verify_result == X509_V_ERR_HOSTNAME_MISMATCH || verify_result == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    why += ", it was issued for another name";
  }
  return {Errc::Unauthorized, "the TLS certificate of " + host + " is not trusted: " + why +
                                  " (trusted authorities: " + describe(trust) + ")"};
}

void expect_name(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return;
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
  SSL_set_tlsext_host_name(ssl, host.c_str());
}

awaitable<Result<void>> Connection::start_tls(std::string host, TrustStore trust) {
  context_.emplace(asio::ssl::context::tls_client);
  SSL_CTX* context = context_->native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  if (!trust.file.empty() && SSL_CTX_load_verify_file(context, trust.file.c_str()) != 1) {
    co_return fail(Errc::InvalidInput, trust.file + " holds no certificates in PEM form");
  }
  if (!trust.directory.empty()) SSL_CTX_load_verify_dir(context, trust.directory.c_str());
  tls_.emplace(socket_, *context_);
  tls_->set_verify_mode(asio::ssl::verify_peer);
  expect_name(tls_->native_handle(), host);
  const auto [failed] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kNoThrow);
  if (!failed) co_return Result<void>();
  const long verified = SSL_get_verify_result(tls_->native_handle());
  if (verified != X509_V_OK) co_return std::unexpected(certificate_error(host, verified, trust));
  co_return unavailable("the TLS handshake with " + host + " failed", failed);
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto hex = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    if (text[i] == '%' && i + 2 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
        std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0) {
      result += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string proxy_authorization(const Url& proxy) {
  if (proxy.user.empty()) return "";
  return "Proxy-Authorization: Basic " +
         to_base64(percent_decoded(proxy.user) + ":" + percent_decoded(proxy.password)) + "\r\n";
}

/// Opens the tunnel. Only the head of the answer is read: what follows belongs to TLS, which the client begins.
awaitable<Result<void>> open_tunnel(Connection& connection, Url proxy, Url url) {
  const std::string target = (url.host.contains(':') ? "[" + url.host + "]" : url.host) + ":" + port_of(url);
  std::string request =
      "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + proxy_authorization(proxy) + "\r\n";
  if (auto sent = co_await connection.write(std::move(request)); !sent) co_return sent;
  std::string head;
  while (!head.contains("\r\n\r\n")) {
    Result<std::string> piece = co_await connection.read();
    if (!piece) co_return std::unexpected(std::move(piece).error());
    if (piece->empty() || head.size() > kReadSize) co_return fail(Errc::Unavailable, "the proxy gave no valid answer");
    head += *piece;
  }
  if (head.size() >= 12 && head.substr(9, 3) == "200") co_return Result<void>();
  const std::string status = head.substr(0, head.find("\r\n"));
  co_return fail(Errc::Unavailable, "the proxy " + authority_of(proxy) + " refused the connection: " + status);
}

/// Connects to the server, through the proxy where there is one. `relay` is set where the proxy takes whole URLs.
awaitable<Result<void>> open(Connection& connection, Url url, Options options, std::optional<Url>& relay) {
  std::optional<Url> proxy;
  if (const std::optional<std::string> text = proxy_for(url, options.environment)) {
    Result<Url> parsed = parse_url(*text);
    if (!parsed) co_return wrap("proxy", std::move(parsed).error());
    if (parsed->scheme != "http") co_return fail(Errc::InvalidInput, parsed->scheme + " proxies are not supported");
    proxy = *parsed;
  }
  const Url peer = proxy.value_or(url);
  auto connected = co_await connection.connect(peer.host, port_of(peer));
  if (!connected) co_return proxy ? wrap("proxy", std::move(connected).error()) : std::move(connected);
  if (url.scheme != "https") {
    relay = proxy;
    co_return connected;
  }
  Result<TrustStore> trust = find_trust_store(options.environment);
  if (!trust) co_return std::unexpected(std::move(trust).error());
  if (proxy) {
    auto tunnel = co_await open_tunnel(connection, *proxy, url);
    if (!tunnel) co_return tunnel;
  }
  co_return co_await connection.start_tls(url.host, *trust);
}

std::string render(const Request& request, const Url& url, const std::optional<Url>& relay) {
  std::string text = request.method + " " + (relay ? origin_of(url) : "") + url.target + " HTTP/1.1\r\n";
  text += "Host: " + authority_of(url) + "\r\nConnection: close\r\n";
  if (relay) text += proxy_authorization(*relay);
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  for (const Header& header : request.headers) text += header.name + ": " + header.value + "\r\n";
  return text + "\r\n" + request.body;
}

/// One request with all that belongs to it; `heard` is when something last came from the server.
struct Exchange {
  Request request;
  Options options;
  BodySink sink;
  Clock::time_point heard = Clock::now();
};

awaitable<Result<Response>> receive(Connection& connection, Exchange& exchange) {
  AnswerReader answer(exchange.request.method == "HEAD", exchange.options.max_body, exchange.sink);
  while (!answer.is_done()) {
    Result<std::string> piece = co_await connection.read();
    if (!piece) co_return std::unexpected(std::move(piece).error());
    if (exchange.sink) exchange.heard = Clock::now();
    const Result<void> read = piece->empty() ? answer.end() : answer.feed(*piece);
    if (!read) co_return std::unexpected(read.error());
  }
  co_return answer.take();
}

awaitable<Result<Response>> run(Exchange& exchange, Url url) {
  Connection connection(co_await asio::this_coro::executor);
  std::optional<Url> relay;
  if (auto opened = co_await open(connection, url, exchange.options, relay); !opened) {
    co_return std::unexpected(std::move(opened).error());
  }
  if (auto sent = co_await connection.write(render(exchange.request, url, relay)); !sent) {
    co_return std::unexpected(std::move(sent).error());
  }
  co_return co_await receive(connection, exchange);
}

/// The place that a redirect points to, if it lies within the same origin.
std::optional<std::string> same_origin_target(const Response& response, const Url& url) {
  if (response.status < 300 || response.status > 308 || response.status == 304) return std::nullopt;
  const std::string_view location = response.header("Location");
  if (location.starts_with('/') && !location.starts_with("//")) return origin_of(url) + std::string(location);
  const Result<Url> parsed = parse_url(location);
  if (!parsed || origin_of(*parsed) != origin_of(url)) return std::nullopt;
  return std::string(location);
}

awaitable<Result<Response>> follow(Exchange& exchange) {
  for (int redirects = 0;; ++redirects) {
    Result<Url> url = parse_url(exchange.request.url);
    if (!url) co_return std::unexpected(std::move(url).error());
    if (url->scheme != "http" && url->scheme != "https") {
      co_return fail(Errc::InvalidInput, "the URL's scheme is neither http nor https");
    }
    Result<Response> response = co_await run(exchange, *url);
    if (!response || exchange.request.method != "GET") co_return response;
    const std::optional<std::string> next = same_origin_target(*response, *url);
    if (!next) co_return response;
    if (redirects == exchange.options.max_redirects) co_return fail(Errc::Unavailable, "too many redirects");
    exchange.request.url = *next;
  }
}

/// Ends when the server was silent for the time-out.
awaitable<void> silence(const Exchange& exchange) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while (Clock::now() - exchange.heard < exchange.options.timeout) {
    timer.expires_at(exchange.heard + exchange.options.timeout);
    co_await timer.async_wait(kNoThrow);
  }
}

}  // namespace

awaitable<Result<Response>> async_send(Request request, Options options, BodySink sink) {
  using namespace asio::experimental::awaitable_operators;
  Exchange exchange{.request = std::move(request), .options = std::move(options), .sink = std::move(sink)};
  const Result<Url> url = parse_url(exchange.request.url);
  auto first = co_await (follow(exchange) || silence(exchange));
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  co_return fail(Errc::TimedOut, (url ? authority_of(*url) : "the server") +
                                     (exchange.sink ? " sent nothing for " : " gave no complete answer within ") +
                                     std::to_string(exchange.options.timeout.count()) + " ms");
}

Result<Response> send(Request request, Options options, BodySink sink) {
  asio::io_context io;
  Result<Response> result = fail(Errc::Internal, "the request did not run");
  const auto finish = [&](const std::exception_ptr& thrown, Result<Response> response) {
    if (thrown) return;  // out of memory or a fault of ours: `result` says so
    result = std::move(response);
  };
  asio::co_spawn(io, async_send(std::move(request), std::move(options), std::move(sink)), finish);
  io.run();
  return result;
}

}  // namespace axon::http
