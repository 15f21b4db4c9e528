#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "http/http.hpp"

namespace axon::http {
namespace {

/// Listens on loopback and gives each connection the next answer, whatever it asks.
class Server {
 public:
  explicit Server(std::vector<std::string> answers) : answers_(std::move(answers)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    listen(listener_, 8);
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  std::string url;
  std::vector<std::string> requests;

 private:
  void serve() {
    for (const std::string& answer : answers_) {
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      std::string request;
      char buffer[4096];
      while (!request.contains("\r\n\r\n")) {
        const ssize_t count = recv(connection, buffer, sizeof buffer, 0);
        if (count <= 0) break;
        request.append(buffer, static_cast<std::size_t>(count));
      }
      requests.push_back(request);
      if (send(connection, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return;
      if (answer.empty()) recv(connection, buffer, sizeof buffer, 0);  // until the client gives up
      close(connection);
    }
  }

  std::vector<std::string> answers_;
  int listener_ = -1;
  std::thread thread_;
};

Request get(const std::string& url) {
  Request request;
  request.url = url;
  return request;
}

TEST(HttpSend, ReadsABodyOfKnownLength) {
  Server server({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello"});
  Request request = get(server.url + "/x?y=z");
  request.headers = {{"Authorization", "Bearer t"}};
  const auto response = http::send(request, {});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "hello");
  EXPECT_EQ(response->header("x-a"), "b");
  EXPECT_TRUE(server.requests.at(0).starts_with("GET /x?y=z HTTP/1.1\r\nHost: 127.0.0.1:")) << server.requests.at(0);
  EXPECT_TRUE(server.requests.at(0).contains("\r\nAuthorization: Bearer t\r\n"));
}

TEST(HttpSend, ReadsChunksAndBodiesThatEndWithTheConnection) {
  Server server({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
                 "HTTP/1.0 404 Not Found\r\n\r\nnothing"});
  EXPECT_EQ(http::send(get(server.url), {})->body, "abcde");
  const auto response = http::send(get(server.url), {});
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->body, "nothing");
}

TEST(HttpSend, AnAnswerThatBreaksOffIsAFailure) {
  Server server({"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"});
  const auto response = http::send(get(server.url), {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Errc::Unavailable);
}

TEST(HttpSend, AnAnswerMayNotBeLongerThanAllowed) {
  Server server({"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + std::string(500, 'x')});
  Options options;
  options.max_body = 100;
  const auto response = http::send(get(server.url), options);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message, "the answer is longer than 100 bytes");
}

TEST(HttpSend, ASilentServerIsGivenUp) {
  Server server({""});
  Options options;
  options.timeout = std::chrono::milliseconds(50);
  const auto response = http::send(get(server.url), options);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Errc::TimedOut);
}

TEST(HttpSend, FollowsARedirectOnTheSameServerOnly) {
  Server server({"HTTP/1.1 301 Moved\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
                 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb",
                 "HTTP/1.1 302 Found\r\nLocation: http://elsewhere.invalid/\r\nContent-Length: 0\r\n\r\n"});
  EXPECT_EQ(http::send(get(server.url + "/a"), {})->body, "b");
  EXPECT_TRUE(server.requests.at(1).starts_with("GET /b "));
  EXPECT_EQ(http::send(get(server.url + "/a"), {})->status, 302);
}

TEST(HttpSend, AProxyIsAskedForTheWholeUrlAndGetsItsCredentials) {
  Server proxy({"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"});
  Options options;
  options.environment = {{"http_proxy", "http://me:p%40ss@" + proxy.url.substr(7)}};
  EXPECT_EQ(http::send(get("http://far.invalid/x"), options)->body, "x");
  EXPECT_TRUE(proxy.requests.at(0).starts_with("GET http://far.invalid/x HTTP/1.1\r\nHost: far.invalid\r\n"));
  EXPECT_TRUE(proxy.requests.at(0).contains("Proxy-Authorization: Basic bWU6cEBzcw==\r\n"));  // me:p@ss
}

TEST(HttpSend, AProxyThatRefusesATunnelIsNamed) {
  Server proxy({"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"});
  Options options;
  options.environment = {{"https_proxy", proxy.url}};
  const auto response = http::send(get("https://far.invalid/x"), options);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message,
            "the proxy " + proxy.url.substr(7) + " refused the connection: HTTP/1.1 407 Proxy Authentication Required");
  EXPECT_TRUE(proxy.requests.at(0).starts_with("CONNECT far.invalid:443 HTTP/1.1\r\n"));
}

TEST(HttpSend, SaysWhoCouldNotBeReached) {
  const auto refused = http::send(get("http://127.0.0.1:1/"), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "cannot connect to 127.0.0.1:1: Connection refused");
  EXPECT_FALSE(http::send(get("ftp://127.0.0.1/"), {}));
}

TEST(HttpSend, PassesABodyOnPieceByPiece) {
  const std::string body(300'000, 'x');
  Server server({"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + body,
                 "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone"});
  std::string taken;
  std::size_t longest = 0;
  const BodySink sink = [&](std::string_view piece) {
    taken += piece;
    longest = std::max(longest, piece.size());
    return Result<void>();
  };
  Options options;
  options.max_body = 10;
  const auto response = http::send(get(server.url), options, sink);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "");
  EXPECT_EQ(taken, body);
  EXPECT_LE(longest, 64U << 10U);
  const auto refused = http::send(get(server.url), options, sink);
  ASSERT_TRUE(refused) << refused.error().message;
  EXPECT_EQ(refused->body, "gone");
  EXPECT_EQ(taken, body);
}

TEST(HttpSend, AFailureOfTheSinkEndsTheTransfer) {
  Server server({"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\nabc"});
  const auto response = http::send(get(server.url), {}, [](std::string_view) { return fail(Errc::NoSpace, "full"); });
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error(), (Error{Errc::NoSpace, "full"}));
}

TEST(HttpSend, AStreamThatFallsSilentIsGivenUp) {
  Server server({""});
  Options options;
  options.timeout = std::chrono::milliseconds(50);
  const auto response = http::send(get(server.url), options, [](std::string_view) { return Result<void>(); });
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message, server.url.substr(7) + " sent nothing for 50 ms");
}

}  // namespace
}  // namespace axon::http
