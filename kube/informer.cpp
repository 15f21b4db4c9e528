#include "kube/informer.hpp"

#include <malloc.h>

#include <random>

#include "kube/status.hpp"

namespace axon::kube {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

constexpr Backoff kAgain{.first = std::chrono::milliseconds(200), .most = std::chrono::milliseconds(30'000)};
constexpr std::chrono::seconds kLastingWatch{5};

}  // namespace

Informer::Informer(Client& client, InformerOptions options, Handler handle, TroubleHandler trouble)
    : client_(client),
      options_(std::move(options)),
      handle_(std::move(handle)),
      trouble_(std::move(trouble)),
      cache_(options_.trim, options_.indexers),
      synced_(client.executor()) {}

awaitable<void> Informer::run() {
  std::minstd_rand random{std::random_device()()};
  for (int failures = 0;;) {
    Result<void> done = resource_version_.empty() ? co_await list() : co_await watch();
    if (std::exchange(made_progress_, false)) failures = 0;
    if (done) continue;
    if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return;  // which is no trouble
    ++failures;
    const bool is_expired = done.error().code == Errc::Expired;
    if (is_expired) resource_version_.clear();
    if (is_expired && failures == 1) continue;
    if (!is_expired && trouble_) trouble_(done.error());
    co_await sleep_for(backoff(kAgain, failures, std::uniform_real_distribution<>()(random)));
  }
}

awaitable<void> Informer::synced() {
  while (!has_synced_) co_await synced_.wait();
}

void Informer::tell(const std::vector<Change>& changes) const {
  for (const Change& change : changes) handle_(change);
}

awaitable<Result<void>> Informer::list() {
  cache_.begin_list();
  const ItemSink item = [this](Json object) {
    tell(cache_.put(std::move(object)));
    return Result<void>();
  };
  const auto restart = [this] { cache_.begin_list(); };
  const Result<std::string> listed = co_await client_.list(options_.resource, options_.list, item, restart);
  if (!listed) co_return std::unexpected(listed.error());
  tell(cache_.end_list());
  resource_version_ = *listed;
  if (!std::exchange(has_synced_, true)) {
    malloc_trim(0);  // what the pages took goes back to the system
    synced_.notify();
  }
  co_return Result<void>();
}

awaitable<Result<void>> Informer::watch() {
  WatchOptions options;
  options.ns = options_.list.ns;
  options.label_selector = options_.list.label_selector;
  options.field_selector = options_.list.field_selector;
  options.metadata_only = options_.list.metadata_only;
  options.unread = options_.list.unread;
  options.resource_version = resource_version_;
  const WatchSink sink = [this](WatchEvent event) { return take(std::move(event)); };
  const auto begun = std::chrono::steady_clock::now();
  Result<void> ended = co_await client_.watch(options_.resource, options, sink);
  made_progress_ = made_progress_ || std::chrono::steady_clock::now() - begun > kLastingWatch;
  // It must not be asked for in a tight loop.
  if (ended && !made_progress_) co_return fail(Errc::Unavailable, "the watch ended as soon as it began");
  co_return ended;
}

Result<void> Informer::take(WatchEvent event) {
  const std::string version = text_at(event.object, "/metadata/resourceVersion");
  if (version.empty()) return fail(Errc::Unavailable, "the API server sent an event without a resourceVersion");
  made_progress_ = true;
  resource_version_ = version;
  switch (event.kind) {
    case WatchEvent::Kind::Added:
    case WatchEvent::Kind::Modified:
      tell(cache_.put(std::move(event.object)));
      break;
    case WatchEvent::Kind::Deleted:
      tell(cache_.remove(std::move(event.object)));
      break;
    case WatchEvent::Kind::Bookmark:
      break;
  }
  return {};
}

}  // namespace axon::kube
