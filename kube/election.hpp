// Which of several processes leads, by a Lease: client-go's rules, as a decision without a clock. Clocks of different
// machines are never compared: what counts is how long ago this candidate saw the Lease change.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "kube/object.hpp"

namespace axon::kube {

struct ElectionTiming {
  std::chrono::seconds lease{15};  // a leader that is silent for so long is replaced
  std::chrono::seconds renew{10};  // a leader that could not renew for so long gives up; less than `lease`
  std::chrono::seconds retry{2};   // between two attempts
};

class Election {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

  Election(Key lease, std::string identity, ElectionTiming timing);

  /// What to write, given the Lease as it was read (empty: there is none); empty where another holds it.
  std::optional<Json> claim(const std::optional<Json>& lease, Moment now, WallTime wall);

  /// What to write to let go of a Lease that we hold, so that the next one need not wait; empty where we do not.
  [[nodiscard]] std::optional<Json> let_go(const Json& lease, WallTime wall) const;

  /// Who holds it, as far as was seen.
  [[nodiscard]] const std::string& holder() const { return holder_; }

 private:
  [[nodiscard]] Json body(const std::optional<Json>& lease, WallTime wall) const;

  Key key_;
  std::string identity_;
  ElectionTiming timing_;
  std::string seen_;  // the Lease's spec when it last changed
  Moment seen_at_{};
  std::string holder_;
};

/// "2026-03-01T12:00:00.123456Z".
std::string format_micro_time(Election::WallTime time);

}  // namespace axon::kube
