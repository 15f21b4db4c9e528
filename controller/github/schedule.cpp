#include "controller/github/schedule.hpp"

#include <algorithm>

#include "kube/status.hpp"

namespace axon::controller::github {
namespace {

using std::chrono::seconds;

constexpr kube::Backoff kAfterFailure{.first = seconds(5), .most = std::chrono::minutes(5)};
constexpr seconds kLongestUse = std::chrono::minutes(30);
constexpr seconds kLongestWait = std::chrono::hours(1);

/// A part of the life, whole seconds.
seconds share(const Life& life, double part) {
  return seconds(static_cast<std::int64_t>(static_cast<double>((life.expires - life.issued).count()) * part));
}

}  // namespace

Time refresh_at(const Life& life, double random) {
  const seconds used = std::min(share(life, 0.45 + 0.1 * random), kLongestUse);
  return life.issued + std::max(used, seconds(1));
}

bool is_usable(const Life& life, Time now) { return now < life.expires - share(life, 0.1); }

bool is_running_out(const Life& life, Time now) { return now >= life.expires - share(life, 0.25); }

seconds retry_after(int failures, std::optional<seconds> asked, double random) {
  const auto own = std::chrono::ceil<seconds>(kube::backoff(kAfterFailure, failures, random));
  return std::max(own, std::min(asked.value_or(seconds(0)), kLongestWait));
}

}  // namespace axon::controller::github
