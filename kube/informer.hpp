// Keeps a cache of a resource equal to what the API server has, and tells each change once: a list, then a watch that
// is taken up again where it broke off, and a new list where the server no longer knows that place. There is no
// resync: nothing is told that did not change.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "kube/cache.hpp"
#include "kube/client.hpp"
#include "kube/wakeup.hpp"

namespace axon::kube {

struct InformerOptions {
  Resource resource;
  ListOptions list;
  Trim trim;
  std::map<std::string, Indexer> indexers;
};

class Informer {
 public:
  using Handler = std::function<void(const Change& change)>;
  using TroubleHandler = std::function<void(const Error& error)>;

  /// `handle` is called with the change already in the cache; `trouble` with what will be tried again. The client
  /// outlives this.
  Informer(Client& client, InformerOptions options, Handler handle, TroubleHandler trouble);

  /// Until it is cancelled.
  boost::asio::awaitable<void> run();

  /// The first list is through: the cache is complete.
  [[nodiscard]] bool has_synced() const { return has_synced_; }
  boost::asio::awaitable<void> synced();

  [[nodiscard]] const Cache& cache() const { return cache_; }

 private:
  boost::asio::awaitable<Result<void>> list();
  boost::asio::awaitable<Result<void>> watch();
  Result<void> take(WatchEvent event);
  void tell(const std::vector<Change>& changes) const;

  Client& client_;
  InformerOptions options_;
  Handler handle_;
  TroubleHandler trouble_;
  Cache cache_;
  std::string resource_version_;  // empty: a list is needed
  bool has_synced_ = false;
  bool made_progress_ = false;  // a watch brought something, or lasted
  Wakeup synced_;
};

}  // namespace axon::kube
