// Keeps a user's credential fresh: token and certificate files are read again each minute, a plugin is run again when
// what it gave expires, and all of it at once when the API server refuses it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <optional>

#include "kube/credential.hpp"
#include "kube/wakeup.hpp"

namespace axon::kube {

class Authenticator {
 public:
  Authenticator(const boost::asio::any_io_executor& executor, Config config, Environment environment);

  /// The current one. Whoever comes while it is being asked for waits for the same answer.
  boost::asio::awaitable<Result<Login>> login();

  /// It was refused: the next login() asks anew, unless that has happened since.
  void refuse(const Login& login);

 private:
  [[nodiscard]] bool is_fresh() const;
  boost::asio::awaitable<Result<Credential>> ask();
  [[nodiscard]] Result<Credential> read() const;

  Config config_;
  Environment environment_;
  std::optional<Credential> current_;
  bool is_asking_ = false;
  Wakeup answered_;
};

}  // namespace axon::kube
