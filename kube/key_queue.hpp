// Which object is looked at next: each key once however often it is added, never by two workers at a time, later the
// more often it failed. Pure: the clock and randomness are arguments. The rules are client-go's work queue's.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "kube/object.hpp"

namespace axon::kube {

class KeyQueue {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// Now. A key that is being worked on comes again when that is done.
  void add(const Key& key);

  /// At that time; the earliest of several wins.
  void add_at(const Key& key, Moment at);

  /// After a wait that doubles with each failure since the last forget(): 10 ms, 20 ms, … 5 minutes.
  void add_after_failure(const Key& key, Moment now, double random);
  void forget(const Key& key);
  [[nodiscard]] int failures(const Key& key) const;

  /// The next one that is due; done() has to follow.
  std::optional<Key> take(Moment now);
  void done(const Key& key);

  /// When the first of the delayed ones is due; empty if none is.
  [[nodiscard]] std::optional<Moment> next_due() const;

  /// Waiting and due, the delayed ones left out.
  [[nodiscard]] std::size_t depth() const { return ready_.size(); }

 private:
  void admit(Moment now);

  std::deque<Key> ready_;
  std::set<Key> wanted_;   // in ready_, or to come again when done
  std::set<Key> working_;  // taken and not done
  std::map<Key, Moment> delayed_;
  std::set<std::pair<Moment, Key>> by_time_;
  std::map<Key, int> failures_;
};

}  // namespace axon::kube
