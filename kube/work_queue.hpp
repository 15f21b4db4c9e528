// Works through a KeyQueue with a number of coroutines.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <random>

#include "kube/key_queue.hpp"
#include "kube/wakeup.hpp"

namespace axon::kube {

class WorkQueue {
 public:
  /// When to look at the same object again; empty: when something happens to it.
  using LookAgain = std::optional<std::chrono::milliseconds>;

  /// Called with one key at a time for each worker. An error puts the key back with a growing delay.
  using Reconcile = std::function<boost::asio::awaitable<Result<LookAgain>>(Key key)>;
  using TroubleHandler = std::function<void(const Key& key, const Error& error)>;

  WorkQueue(const boost::asio::any_io_executor& executor, Reconcile reconcile, TroubleHandler trouble);

  void add(const Key& key);
  void add_after(const Key& key, std::chrono::milliseconds delay);

  /// Until it is cancelled. Keys that are being worked on then are given up where they are.
  boost::asio::awaitable<void> run(int workers);

  [[nodiscard]] std::size_t depth() const { return keys_.depth(); }

 private:
  boost::asio::awaitable<void> work();
  boost::asio::awaitable<Key> next();

  KeyQueue keys_;
  Reconcile reconcile_;
  TroubleHandler trouble_;
  Wakeup changed_;
  std::minstd_rand random_{std::random_device()()};
};

}  // namespace axon::kube
