// Cron schedules of five fields, in UTC, as Kubernetes' CronJob reads them (robfig/cron's ParseStandard), and 7 for
// Sunday. No clock: times are arguments.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace axon::cron {

using Time = std::chrono::sys_seconds;

class Schedule {
 public:
  /// "*/5 9-17 * JAN,JUL MON-FRI" or @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly. The error is a
  /// sentence that names the schedule, the field and what it may be; a schedule that never comes is one too.
  static Result<Schedule> parse(std::string_view text);

  /// The first minute strictly after `after` that matches.
  Time next(Time after) const;

  /// All that match in (after, until], in their order; at most `limit`, the earliest.
  std::vector<Time> between(Time after, Time until, std::size_t limit) const;

  bool operator==(const Schedule&) const = default;

 private:
  /// Bit i stands for the value i. A field that is not restricted leaves the day to the other of the two day fields;
  /// where both are restricted, either will do.
  struct Field {
    std::uint64_t values = 0;
    bool is_any = false;
    bool has(unsigned value) const { return values >> value & 1; }
    bool operator==(const Field&) const = default;
  };
  friend struct Reader;

  std::optional<Time> find(Time after) const;
  bool matches(std::chrono::sys_days day) const;

  Field minute_;
  Field hour_;
  Field day_;
  Field month_;
  Field weekday_;
};

}  // namespace axon::cron
