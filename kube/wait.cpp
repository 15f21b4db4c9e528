#include "kube/wait.hpp"

#include "kube/wakeup.hpp"

namespace axon::kube {
namespace {

constexpr std::chrono::milliseconds kPause{200};  // between two watches that break off at once

}  // namespace

boost::asio::awaitable<Result<void>> wait_for(Client& client, Resource resource, Key key, Condition condition) {
  bool holds = false;
  const WatchSink look = [&](WatchEvent event) -> Result<void> {
    if (event.kind == WatchEvent::Kind::Bookmark) return {};
    std::optional<Json> object;
    if (event.kind != WatchEvent::Kind::Deleted) object = std::move(event.object);
    holds = condition(object);
    if (holds) return fail(Errc::Internal, "enough");
    return {};
  };
  for (;;) {
    const Result<Json> now = co_await client.get(resource, key);
    if (!now && now.error().code != Errc::NotFound) co_return std::unexpected(now.error());
    holds = condition(now ? std::optional(*now) : std::nullopt);
    if (holds) co_return Result<void>{};
    WatchOptions options;
    options.ns = key.ns;
    options.field_selector = "metadata.name=" + key.name;
    if (now) options.resource_version = text_at(*now, "/metadata/resourceVersion");
    const Result<void> ended = co_await client.watch(resource, options, look);
    if (holds) co_return Result<void>{};
    if (!ended && ended.error().code == Errc::PermissionDenied) co_return std::unexpected(ended.error());
    co_await sleep_for(kPause);
  }
}

}  // namespace axon::kube
