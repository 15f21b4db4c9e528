// One request to the API server with login, retries and errors: what client.hpp is made of.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <random>

#include "http/client.hpp"
#include "kube/authenticator.hpp"
#include "kube/status.hpp"

namespace axon::kube {

struct Call {
  std::string doing;  // "get tasks demo/x", in front of errors
  std::string method = "GET";
  std::string path;
  std::string query;
  std::string accept = "application/json";
  std::string content_type = "application/json";
  std::string body;
  bool may_repeat = false;  // besides what the method allows
  bool is_retried = true;
  http::Limits limits;
  http::BodySink sink;
};

class Session {
 public:
  static Result<std::unique_ptr<Session>> make(boost::asio::any_io_executor executor, Config config,
                                               Environment environment);

  /// A 2xx answer, or an error. Once a piece of its body has come, a call with a sink is not repeated.
  boost::asio::awaitable<Result<http::Response>> send(Call call);

  const boost::asio::any_io_executor executor;
  const Config config;
  std::uint64_t request_count = 0;
  int writes_under_way = 0;

 private:
  Session(boost::asio::any_io_executor executor_, Config config_, Environment environment);
  Result<void> use(const Login& login);
  boost::asio::awaitable<Result<http::Response>> send_once(const Call& call, bool& was_heard);

  Environment environment_;
  Authenticator authenticator_;
  std::optional<Login> login_;             // whose certificate transport_ shows
  std::optional<http::Client> transport_;  // made anew with each client certificate
  std::minstd_rand random_{std::random_device()()};
};

}  // namespace axon::kube
