#include "http/client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <thread>
#include <vector>

namespace axon::http {
namespace {

namespace asio = boost::asio;

using Answers = std::vector<std::string>;

const std::string kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

const std::string kClose = "close";  // no answer: the request arrives and the connection ends

/// Takes one connection after another and gives each its answers, one for each request; then it closes it. After an
/// empty answer it waits until the client has gone.
class Server {
 public:
  explicit Server(std::vector<Answers> connections) : connections_(std::move(connections)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    listen(listener_, 8);
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/x";
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  std::string url;
  std::vector<int> requests;  // by connection; read it when the server is gone or the client has its answers

 private:
  void serve() {
    for (const Answers& answers : connections_) {
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      requests.push_back(0);
      for (const std::string& answer : answers) {
        if (!read_request(connection)) break;
        ++requests.back();
        if (answer == kClose) break;
        if (send(connection, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
        if (answer.empty()) read_request(connection);
      }
      close(connection);
    }
  }

  static bool read_request(int connection) {
    std::string request;
    char buffer[4096];
    while (!request.contains("\r\n\r\n")) {
      const ssize_t count = recv(connection, buffer, sizeof buffer, 0);
      if (count <= 0) return false;
      request.append(buffer, static_cast<std::size_t>(count));
    }
    return true;
  }

  std::vector<Answers> connections_;
  int listener_ = -1;
  std::thread thread_;
};

/// A client with an io_context of its own, asked from outside.
class Asker {
 public:
  explicit Asker(ClientOptions options = {}) : client(*Client::make(io_.get_executor(), std::move(options))) {}

  Result<Response> ask(const std::string& method, const std::string& url, Limits limits = {}) {
    Request request;
    request.method = method;
    request.url = url;
    Result<Response> result = fail(Errc::Internal, "did not run");
    asio::co_spawn(io_, client.send(request, limits), [&](const std::exception_ptr& thrown, Result<Response> response) {
      if (!thrown) result = std::move(response);
    });
    io_.restart();
    io_.run();
    return result;
  }

  asio::io_context io_;
  Client client;
};

TEST(HttpClient, AsksAgainOnTheSameConnection) {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  Server server({{kHello, chunked, kHello}});
  Asker asker;
  for (int i = 0; i < 3; ++i) {
    const auto response = asker.ask("POST", server.url);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "hello");
  }
  EXPECT_EQ(server.requests, std::vector<int>({3}));
}

TEST(HttpClient, DoesNotKeepAConnectionThatTheServerCloses) {
  Server server({{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"},
                 {"HTTP/1.1 200 OK\r\n\r\nhello"},
                 {kHello + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"}});
  Asker asker;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(asker.ask("GET", server.url)->body, "hello");
    EXPECT_EQ(asker.client.idle_count(), 0U);
  }
}

TEST(HttpClient, RepeatsOnlyWhatMayArriveTwice) {
  const auto asked = [](const std::string& method) {
    Server server({{kHello, kClose}, {kHello}});
    Asker asker;
    EXPECT_EQ(asker.ask("GET", server.url)->body, "hello");
    EXPECT_EQ(asker.client.idle_count(), 1U);
    return asker.ask(method, server.url);
  };
  EXPECT_EQ(asked("GET")->body, "hello");
  EXPECT_EQ(asked("POST").error().code, Errc::Unavailable);
  Request patch;
  patch.method = "PATCH";
  EXPECT_FALSE(may_repeat(patch));
  patch.may_repeat = true;
  EXPECT_TRUE(may_repeat(patch));
}

TEST(HttpClient, AnIdleConnectionIsGivenUpAfterAWhile) {
  Server server({{kHello}, {kHello}});
  ClientOptions options;
  options.idle_for = std::chrono::seconds(-1);
  Asker asker(options);
  EXPECT_EQ(asker.ask("POST", server.url)->body, "hello");
  EXPECT_EQ(asker.ask("POST", server.url)->body, "hello");
  EXPECT_EQ(server.requests, std::vector<int>({1, 1}));
}

TEST(HttpClient, EachPhaseHasItsLimit) {
  Limits limits;
  limits.answer = std::chrono::milliseconds(50);
  Server silent({{""}});
  const std::string host = silent.url.substr(7, silent.url.size() - 9);
  EXPECT_EQ(Asker().ask("GET", silent.url, limits).error(), (Error{Errc::TimedOut, host + " sent nothing for 50 ms"}));
  Limits slow;
  slow.silence = std::chrono::milliseconds(60);
  Server halting({{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", ""}});
  EXPECT_TRUE(Asker().ask("GET", halting.url, slow).error().message.ends_with(" sent nothing for 60 ms"));
}

asio::awaitable<void> give_up(Client& client, Request request, bool& was_cancelled) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(30));
  Limits limits;
  const auto first = co_await (client.send(request, limits) || timer.async_wait(asio::use_awaitable));
  was_cancelled = first.index() == 1;
}

TEST(HttpClient, IsCancelledFromOutside) {
  Server server({{""}});
  Asker asker;
  bool was_cancelled = false;
  Request request;
  request.url = server.url;
  asio::co_spawn(asker.io_, give_up(asker.client, request, was_cancelled), [](const std::exception_ptr&) {});
  asker.io_.run();
  EXPECT_TRUE(was_cancelled);
}

TEST(HttpTls, SaysWhatIsWrongWithAPemText) {
  const auto message = [](TlsOptions options) {
    const auto made = make_tls_context(options, {});
    return made ? "" : made.error().message;
  };
  TlsOptions server;
  server.ca_pem = "x";
  EXPECT_EQ(message(server), "the certificate authority is no certificate in PEM form");
  TlsOptions client;
  client.certificate_pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_EQ(message(client), "the client certificate is no certificate in PEM form");
}

}  // namespace
}  // namespace axon::http
