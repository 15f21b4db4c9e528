// Keeps the token of each Workspace's GitHub App fresh in a Secret, as long as somebody works with it. The decisions
// are in standing.hpp and schedule.hpp; here they are carried out.
#pragma once

#include <functional>
#include <map>
#include <random>

#include "controller/github/standing.hpp"
#include "controller/metrics.hpp"
#include "core/launch.hpp"
#include "kube/client.hpp"
#include "kube/recorder.hpp"
#include "kube/work_queue.hpp"

namespace axon::controller::github {

/// What the keeper asks of whoever watches the API server. Keys are of Workspaces.
struct Surroundings {
  std::function<std::optional<nlohmann::json>(const kube::Key& key)> workspace;
  std::function<boost::asio::awaitable<Result<std::optional<SecretSpec>>>(kube::Key secret)> secret;
  std::function<bool(const kube::Key& key)> is_in_use;
  std::function<void(const kube::Key& key)> on_change;  // of its standing()
};

class TokenKeeper {
 public:
  /// Client, recorder and metrics outlive this. `environment` is for proxies and CAs on the way to GitHub.
  TokenKeeper(kube::Client& client, kube::Recorder& recorder, Metrics& metrics, Environment environment,
              Surroundings surroundings);

  /// Something has changed for this Workspace: its spec, its Secret, or who uses it.
  void look_at(const kube::Key& workspace) { queue_.add(workspace); }

  /// A Secret was deleted: if it was one of the keeper's, it is made anew.
  void on_deleted_secret(const kube::Key& secret);

  /// Until it is cancelled.
  boost::asio::awaitable<void> run();

  [[nodiscard]] Standing standing(const kube::Key& workspace) const;

 private:
  using Key = kube::Key;
  using LookAgain = kube::WorkQueue::LookAgain;

  boost::asio::awaitable<Result<LookAgain>> reconcile(Key key);
  boost::asio::awaitable<Result<LookAgain>> keep(Key key, nlohmann::json workspace, Source source);
  boost::asio::awaitable<Result<std::optional<SecretSpec>>> read_app_secret(Key key, std::string name) const;
  boost::asio::awaitable<Result<void>> recall(Key key);
  boost::asio::awaitable<void> renew(Key key, nlohmann::json workspace);
  boost::asio::awaitable<std::expected<InstallationToken, Refusal>> ask(Source source);
  boost::asio::awaitable<std::expected<InstallationToken, Refusal>> ask_and_write(nlohmann::json workspace,
                                                                                  Source source);
  void report(const Key& key, const std::string& uid, const std::string& trouble);
  void tell(const Key& key);
  double random() { return std::uniform_real_distribution<>()(random_); }

  kube::Client& client_;
  kube::Recorder& recorder_;
  Metrics& metrics_;
  Environment environment_;
  Surroundings surroundings_;
  std::map<Key, Kept> kept_;  // by Workspace; an entry goes only in its own reconcile()
  kube::WorkQueue queue_;
  std::minstd_rand random_{std::random_device()()};
};

}  // namespace axon::controller::github
