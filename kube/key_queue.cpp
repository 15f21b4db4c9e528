#include "kube/key_queue.hpp"

#include "kube/status.hpp"

namespace axon::kube {
namespace {

constexpr Backoff kAfterFailure{.first = std::chrono::milliseconds(10), .most = std::chrono::milliseconds(300'000)};

}  // namespace

void KeyQueue::add(const Key& key) {
  if (!wanted_.insert(key).second) return;
  if (!working_.contains(key)) ready_.push_back(key);
}

void KeyQueue::add_at(const Key& key, Moment at) {
  const auto [entry, is_new] = delayed_.try_emplace(key, at);
  if (!is_new) {
    if (entry->second <= at) return;
    by_time_.erase({entry->second, key});
    entry->second = at;
  }
  by_time_.insert({at, key});
}

void KeyQueue::add_after_failure(const Key& key, Moment now, double random) {
  add_at(key, now + backoff(kAfterFailure, ++failures_[key], random));
}

void KeyQueue::forget(const Key& key) { failures_.erase(key); }

int KeyQueue::failures(const Key& key) const {
  const auto found = failures_.find(key);
  return found == failures_.end() ? 0 : found->second;
}

void KeyQueue::admit(Moment now) {
  while (!by_time_.empty() && by_time_.begin()->first <= now) {
    const Key key = by_time_.begin()->second;
    by_time_.erase(by_time_.begin());
    delayed_.erase(key);
    add(key);
  }
}

std::optional<Key> KeyQueue::take(Moment now) {
  admit(now);
  if (ready_.empty()) return std::nullopt;
  Key key = std::move(ready_.front());
  ready_.pop_front();
  wanted_.erase(key);
  working_.insert(key);
  return key;
}

void KeyQueue::done(const Key& key) {
  working_.erase(key);
  if (wanted_.contains(key)) ready_.push_back(key);
}

std::optional<KeyQueue::Moment> KeyQueue::next_due() const {
  if (by_time_.empty()) return std::nullopt;
  return by_time_.begin()->first;
}

}  // namespace axon::kube
