#include "kube/recorder.hpp"

namespace axon::kube {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

const Resource kEvents{"", "v1", "events"};

Time wall_now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

}  // namespace

Recorder::Recorder(Client& client, std::string component, std::string instance)
    : client_(client), log_(std::move(component), std::move(instance)), noted_(client.executor()) {}

void Recorder::record(const Happening& what) {
  if (log_.note(what, wall_now())) {
    noted_.notify();
  } else {
    ++dropped_;
  }
}

awaitable<void> Recorder::run() {
  for (;;) {
    for (EventLog::Write& due : log_.take_due(wall_now())) co_await write(std::move(due));
    const std::optional<Time> next = log_.next_due();
    if (!next) {
      co_await noted_.wait();
    } else if (*next > wall_now()) {
      co_await noted_.wait_until(std::chrono::steady_clock::now() + (*next - wall_now()));
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
