#include "kube/leader.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <random>

#include "kube/wakeup.hpp"

namespace axon::kube {

namespace asio = boost::asio;
using asio::awaitable;
using Clock = std::chrono::steady_clock;

namespace {

const Resource kLeases{"coordination.k8s.io", "v1", "leases"};

Election::WallTime wall_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

Leader::Leader(Client& client, LeaderOptions options, TroubleHandler trouble)
    : client_(client),
      options_(std::move(options)),
      trouble_(std::move(trouble)),
      election_(options_.lease, options_.identity, options_.timing) {}

/// True: we lead. False: another does, or was faster just now.
awaitable<Result<bool>> Leader::attempt() {
  const Result<Json> read = co_await client_.get(kLeases, options_.lease);
  if (!read && read.error().code != Errc::NotFound) co_return std::unexpected(read.error());
  std::optional<Json> lease;
  if (read) lease = *read;
  const std::optional<Json> claim = election_.claim(lease, Clock::now(), wall_now());
  if (!claim) co_return false;
  const Result<Json> written =
      lease ? co_await client_.replace(kLeases, *claim) : co_await client_.create(kLeases, *claim);
  if (written) co_return true;
  const Errc code = written.error().code;
  if (code == Errc::Conflict || code == Errc::AlreadyExists) co_return false;
  co_return std::unexpected(written.error());
}

awaitable<Result<bool>> Leader::attempt_within(std::chrono::milliseconds limit) {
  using namespace asio::experimental::awaitable_operators;
  auto first = co_await (attempt() || sleep_for(limit));
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  co_return fail(Errc::TimedOut, "the API server gave no answer within " + std::to_string(limit.count()) + " ms");
}

awaitable<void> Leader::acquire() {
  std::minstd_rand random{std::random_device()()};
  for (;;) {
    const Result<bool> leads = co_await attempt_within(options_.timing.renew);
    if (leads && *leads) break;
    if (!leads && trouble_) trouble_(leads.error());
    const double longer = std::uniform_real_distribution<>(1.0, 2.2)(random);  // so that candidates do not collide
    co_await sleep_for(std::chrono::milliseconds(static_cast<long>(1000.0 * longer) * options_.timing.retry.count()));
  }
  leads_ = true;
}

awaitable<Error> Leader::hold() {
  Clock::time_point renewed = Clock::now();
  for (;;) {
    co_await sleep_for(options_.timing.retry);
    // Until then nobody else takes over: the Lease lasts longer than this.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(renewed + options_.timing.renew - Clock::now());
    if (left.count() <= 0) break;
    const Clock::time_point asked = Clock::now();
    const Result<bool> leads = co_await attempt_within(left);
    if (leads && *leads) {
      renewed = asked;
    } else if (leads && !election_.holder().empty() && election_.holder() != options_.identity) {
      leads_ = false;
      co_return Error{Errc::Conflict, "the lease " + to_string(options_.lease) + " is held by " + election_.holder()};
    } else if (!leads && trouble_) {
      trouble_(leads.error());
    }
  }
  leads_ = false;
  co_return Error{Errc::TimedOut, "the lease " + to_string(options_.lease) + " could not be renewed in time"};
}

awaitable<void> Leader::release() {
  if (!std::exchange(leads_, false)) co_return;
  const Result<Json> lease = co_await client_.get(kLeases, options_.lease);
  if (!lease) co_return;
  const std::optional<Json> free = election_.let_go(*lease, wall_now());
  if (!free) co_return;
  const Result<Json> written = co_await client_.replace(kLeases, *free);
  if (!written && trouble_) trouble_(written.error());
}

}  // namespace axon::kube
