#include "kube/recorder.hpp"

#include "kube/clock.hpp"

namespace axon::kube {

namespace asio = boost::asio;
using asio::awaitable;
using Clock = std::chrono::steady_clock;

namespace {

const Resource kEvents{"", "v1", "events"};
constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::milliseconds kLookAgain{50};

}  // namespace

Recorder::Recorder(Client& client, std::string component, std::string instance)
    : client_(client), log_(std::move(component), std::move(instance)), noted_(client.executor()) {}

void Recorder::record(const Happening& what) {
  if (log_.note(what, now())) {
    noted_.notify();
  } else {
    ++dropped_;
  }
}

awaitable<void> Recorder::run() {
  for (;;) {
    const Clock::time_point latest = Clock::now() + kPatience;
    for (EventLog::Write& due : log_.take_due(now())) {
      while (client_.is_writing() && Clock::now() < latest) co_await sleep_for(kLookAgain);
      co_await write(std::move(due));
    }
    const std::optional<Time> next = log_.next_due();
    if (!next) {
      co_await noted_.wait();
    } else if (*next > now()) {
      co_await noted_.wait_until(std::chrono::steady_clock::now() + (*next - now()));
    }
  }
}

awaitable<void> Recorder::write(EventLog::Write write) {
  const Result<Json> written = write.is_new
                                   ? co_await client_.create(kEvents, write.body)
                                   : co_await client_.patch(kEvents, write.event, PatchType::kMerge, write.body);
  if (written) co_return;
  ++dropped_;
  log_.forget(write.what);  // it may have expired, or its namespace be on its way out
}

}  // namespace axon::kube
