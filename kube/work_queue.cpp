#include "kube/work_queue.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace axon::kube {

namespace asio = boost::asio;
using asio::awaitable;
using Clock = std::chrono::steady_clock;

WorkQueue::WorkQueue(const asio::any_io_executor& executor, Reconcile reconcile, TroubleHandler trouble)
    : reconcile_(std::move(reconcile)), trouble_(std::move(trouble)), changed_(executor) {}

void WorkQueue::add(const Key& key) {
  keys_.add(key);
  changed_.notify();
}

void WorkQueue::add_after(const Key& key, std::chrono::milliseconds delay) {
  keys_.add_at(key, Clock::now() + delay);
  changed_.notify();
}

awaitable<void> WorkQueue::run(int workers) {
  using namespace asio::experimental::awaitable_operators;
  if (workers <= 1) {
    co_await work();
  } else {
    co_await (work() && run(workers - 1));
  }
}

awaitable<Key> WorkQueue::next() {
  for (;;) {
    if (std::optional<Key> key = keys_.take(Clock::now())) co_return *std::move(key);
    if (const auto due = keys_.next_due()) {
      co_await changed_.wait_until(*due);
    } else {
      co_await changed_.wait();
    }
  }
}

awaitable<void> WorkQueue::work() {
  for (;;) {
    const Key key = co_await next();
    const Result<LookAgain> result = co_await reconcile_(key);
    const Clock::time_point now = Clock::now();
    if (result) {
      keys_.forget(key);
      if (*result) keys_.add_at(key, now + **result);
    } else {
      keys_.add_after_failure(key, now, std::uniform_real_distribution<>()(random_));
      if (trouble_) trouble_(key, result.error());
    }
    keys_.done(key);
    changed_.notify();
  }
}

}  // namespace axon::kube
