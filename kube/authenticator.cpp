#include "kube/authenticator.hpp"

#include "kube/clock.hpp"
#include "kube/files.hpp"
#include "kube/run_plugin.hpp"

namespace axon::kube {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

constexpr std::chrono::seconds kReadAgain{60};  // the kubelet rotates a token long before it expires
constexpr std::chrono::seconds kEarly{10};      // an answer must not be late for the request that it is for

/// Set while a coroutine asks; cleared, with a word to those who wait, also when it is cancelled.
class Asking {
 public:
  Asking(bool& flag, Wakeup& done) : flag_(flag), done_(done) { flag_ = true; }
  ~Asking() {  // NOLINT(bugprone-exception-escape): to cancel a timer fails only where memory has run out
    flag_ = false;
    done_.notify();
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

 private:
  bool& flag_;
  Wakeup& done_;
};

}  // namespace

Authenticator::Authenticator(const asio::any_io_executor& executor, Config config, Environment environment)
    : config_(std::move(config)), environment_(std::move(environment)), answered_(executor) {}

bool Authenticator::is_fresh() const { return current_ && (!current_->until || now() + kEarly < *current_->until); }

awaitable<Result<Login>> Authenticator::login() {
  while (is_asking_) co_await answered_.wait();
  if (is_fresh()) co_return current_->login;
  const Asking asking(is_asking_, answered_);
  Result<Credential> credential = co_await ask();
  if (!credential) co_return std::unexpected(std::move(credential).error());
  current_ = *std::move(credential);
  co_return current_->login;
}

void Authenticator::refuse(const Login& login) {
  if (current_ && current_->login == login) current_.reset();
}

awaitable<Result<Credential>> Authenticator::ask() {
  if (!config_.user.exec) co_return read();
  const ExecPlugin& plugin = *config_.user.exec;
  std::string info = exec_info(plugin, config_.cluster, has_terminal());
  Result<std::string> printed = co_await run_plugin(plugin, environment_, std::move(info));
  if (!printed) co_return std::unexpected(std::move(printed).error());
  co_return parse_exec_credential(*printed, plugin);
}

Result<Credential> Authenticator::read() const {
  const User& user = config_.user;
  Credential credential;
  credential.login.certificate_pem = user.certificate_pem;
  credential.login.key_pem = user.key_pem;
  bool has_files = false;
  const auto from_file = [&](const std::string& path, const char* field, auto take) -> Result<void> {
    Result<std::string> text = read_file(path);
    if (!text) return wrap(field, std::move(text).error());
    has_files = true;
    take(*std::move(text));
    return {};
  };
  Result<void> done;
  if (!user.token_file.empty()) {
    done = from_file(user.token_file, "tokenFile", [&](auto text) { credential.login.authorization = bearer(text); });
  } else if (!user.token.empty()) {
    credential.login.authorization = bearer(user.token.reveal());
  } else if (!user.username.empty()) {
    credential.login.authorization = basic(user.username, user.password);
  }
  if (done && user.certificate_pem.empty() && !user.certificate_file.empty()) {
    done = from_file(user.certificate_file, "client-certificate",
                     [&](auto text) { credential.login.certificate_pem = std::move(text); });
  }
  if (done && user.key_pem.empty() && !user.key_file.empty()) {
    done =
        from_file(user.key_file, "client-key", [&](auto text) { credential.login.key_pem = Secret(std::move(text)); });
  }
  if (!done) return std::unexpected(done.error());
  if (has_files) credential.until = now() + kReadAgain + kEarly;
  return credential;
}

}  // namespace axon::kube
