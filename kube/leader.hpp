// Takes part in an Election over the API server.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "kube/client.hpp"
#include "kube/election.hpp"

namespace axon::kube {

struct LeaderOptions {
  Key lease;
  std::string identity;  // of this process and no other: the Pod's name and something random
  ElectionTiming timing;
};

class Leader {
 public:
  using TroubleHandler = std::function<void(const Error& error)>;

  /// The client outlives this.
  Leader(Client& client, LeaderOptions options, TroubleHandler trouble);

  /// Until this process leads.
  boost::asio::awaitable<void> acquire();

  /// Renews until that fails for longer than the time allowed or another leads; says why. The leader's work has to
  /// stop then, at once: `co_await (leader.hold() || work())`.
  boost::asio::awaitable<Error> hold();

  /// Lets go, so that another need not wait. Only when the leader's work has stopped.
  boost::asio::awaitable<void> release();

  [[nodiscard]] bool leads() const { return leads_; }
  [[nodiscard]] const std::string& holder() const { return election_.holder(); }

 private:
  boost::asio::awaitable<Result<bool>> attempt();
  boost::asio::awaitable<Result<bool>> attempt_within(std::chrono::milliseconds limit);

  Client& client_;
  LeaderOptions options_;
  TroubleHandler trouble_;
  Election election_;
  bool leads_ = false;
};

}  // namespace axon::kube
