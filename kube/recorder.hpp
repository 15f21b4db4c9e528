// Writes an EventLog to the API server, beside everything else: to record never waits, an Event that cannot be written
// is left out, and for a while Events wait for what else is being written, which is what they tell of.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "kube/client.hpp"
#include "kube/event_log.hpp"
#include "kube/wakeup.hpp"

namespace axon::kube {

class Recorder {
 public:
  /// The client outlives this.
  Recorder(Client& client, std::string component, std::string instance);

  void record(const Happening& what);

  /// Until it is cancelled.
  boost::asio::awaitable<void> run();

  /// Happenings that were left out so far, for metrics.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  boost::asio::awaitable<void> write(EventLog::Write write);

  Client& client_;
  EventLog log_;
  Wakeup noted_;
  std::uint64_t dropped_ = 0;
};

}  // namespace axon::kube
