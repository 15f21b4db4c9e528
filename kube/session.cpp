#include "kube/session.hpp"

#include "kube/wakeup.hpp"

namespace axon::kube {

namespace asio = boost::asio;
using asio::awaitable;

Session::Session(asio::any_io_executor executor_, Config config_, Environment environment)
    : executor(std::move(executor_)),
      config(std::move(config_)),
      environment_(std::move(environment)),
      authenticator_(executor, config, environment_) {}

Result<std::unique_ptr<Session>> Session::make(asio::any_io_executor executor, Config config, Environment environment) {
  auto session = std::unique_ptr<Session>(new Session(executor, std::move(config), std::move(environment)));
  const Login nobody;  // to find a broken authority before the first request
  if (auto usable = session->use(nobody); !usable) return std::unexpected(std::move(usable).error());
  return session;
}

Result<void> Session::use(const Login& login) {
  const bool is_same_client =
      login_ && login_->certificate_pem == login.certificate_pem && login_->key_pem == login.key_pem;
  if (is_same_client && transport_) return {};
  http::ClientOptions options;
  options.environment = environment_;
  options.proxy_url = config.cluster.proxy_url;
  options.tls.ca_pem = config.cluster.ca_pem;
  options.tls.server_name = config.cluster.server_name;
  options.tls.certificate_pem = login.certificate_pem;
  options.tls.key_pem = login.key_pem;
  Result<http::Client> client = http::Client::make(executor, std::move(options));
  if (!client) return wrap("connect to " + config.cluster.server, std::move(client).error());
  transport_ = *std::move(client);
  login_ = login;
  return {};
}

namespace {

/// Counts as long as it lives.
class UnderWay {
 public:
  explicit UnderWay(int& count) : count_(count) { ++count_; }
  ~UnderWay() { --count_; }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

 private:
  int& count_;
};

}  // namespace

awaitable<Result<http::Response>> Session::send_once(const Call& call, bool& was_heard) {
  const Result<Login> login = co_await authenticator_.login();
  if (!login) co_return std::unexpected(login.error());
  if (auto usable = use(*login); !usable) co_return std::unexpected(std::move(usable).error());
  http::Request request;
  request.method = call.method;
  request.url = config.cluster.server;
  while (request.url.ends_with('/')) request.url.pop_back();
  request.url += call.path + (call.query.empty() ? "" : "?" + call.query);
  request.headers = {{"Accept", call.accept}, {"User-Agent", "axon/" AXON_VERSION}};
  if (!call.body.empty()) request.headers.push_back({"Content-Type", call.content_type});
  if (!login->authorization.empty()) {
    request.headers.push_back({"Authorization", std::string(login->authorization.reveal())});
  }
  request.body = call.body;
  request.may_repeat = call.may_repeat;
  http::BodySink sink;
  if (call.sink) {
    sink = [&](std::string_view piece) {
      was_heard = true;
      return call.sink(piece);
    };
  }
  ++request_count;
  Result<http::Response> response = co_await transport_->send(std::move(request), call.limits, std::move(sink));
  if (response && response->status == 401) authenticator_.refuse(*login);
  co_return response;
}

awaitable<Result<http::Response>> Session::send(Call call) {
  http::Request shape;
  shape.method = call.method;
  shape.may_repeat = call.may_repeat;
  const bool may_repeat = http::may_repeat(shape);
  std::optional<UnderWay> write;
  if (call.method != "GET") write.emplace(writes_under_way);
  bool was_heard = false;
  bool was_refused = false;
  for (int failures = 1;; ++failures) {
    Result<http::Response> response = co_await send_once(call, was_heard);
    if (response && response->status / 100 == 2) co_return response;
    const Failure failure = response ? decode_failure(*response, call.doing)
                                     : Failure{wrap(call.doing, std::move(response).error()).error(), 0, "", {}};
    if (failure.status == 401 && !std::exchange(was_refused, true)) continue;  // with a fresh credential
    const double random = std::uniform_real_distribution<>()(random_);
    const auto wait = retry_delay(failure, may_repeat, failures, random);
    if (!wait || was_heard || !call.is_retried || failures >= config.attempts) co_return std::unexpected(failure.error);
    co_await sleep_for(*wait);
  }
}

}  // namespace axon::kube
