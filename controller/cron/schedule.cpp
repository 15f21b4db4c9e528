#include "controller/cron/schedule.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <string>

#include "core/letters.hpp"

namespace axon::cron {
namespace {

using namespace std::chrono;

constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kWeekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Bounds {
  std::string_view name;
  std::string_view expected;
  unsigned least;
  unsigned most;
  std::span<const std::string_view> names = {};  // of the values from `least` on
};

constexpr Bounds kMinute = {"minute", "0-59", 0, 59};
constexpr Bounds kHour = {"hour", "0-23", 0, 23};
constexpr Bounds kDay = {"day of month", "1-31", 1, 31};
constexpr Bounds kMonth = {"month", "1-12 or JAN-DEC", 1, 12, kMonths};
constexpr Bounds kWeekday = {"day of week", "0-7 or SUN-SAT", 0, 7, kWeekdays};

struct Macro {
  std::string_view name;
  std::string_view fields;
};
constexpr Macro kMacros[] = {
    {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}, {"@monthly", "0 0 1 * *"}, {"@weekly", "0 0 * * 0"},
    {"@daily", "0 0 * * *"},  {"@midnight", "0 0 * * *"}, {"@hourly", "0 * * * *"},
};

std::vector<std::string_view> split(std::string_view text, std::string_view separators, bool keep_empty) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (keep_empty || end > 0) parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (text.empty() || stop != end || problem != std::errc{}) return std::nullopt;
  return value;
}

std::optional<unsigned> value_of(std::string_view text, const Bounds& bounds) {
  const auto found = std::ranges::find(bounds.names, lower_case(text));
  if (found != bounds.names.end()) return bounds.least + static_cast<unsigned>(found - bounds.names.begin());
  const std::optional<unsigned> value = number(text);
  if (!value || *value < bounds.least || *value > bounds.most) return std::nullopt;
  return value;
}

std::unexpected<Error> refuse(std::string_view text, const std::string& why) {
  constexpr std::size_t kShown = 100;
  return fail(Errc::InvalidInput, "schedule \"" + std::string(text.substr(0, kShown)) + "\": " + why);
}

}  // namespace

struct Reader {
  std::string_view schedule;

  std::unexpected<Error> wrong(const Bounds& bounds, std::string_view part, const std::string& why) const {
    return refuse(schedule, std::string(bounds.name) + " \"" + std::string(part) + "\": " + why);
  }

  /// "*", "3", "3-9", each with "/2" behind it.
  Result<void> part(std::string_view text, const Bounds& bounds, Schedule::Field& into) const {
    const std::vector<std::string_view> halves = split(text, "/", true);
    if (halves.size() > 2) return wrong(bounds, text, "more than one \"/\"");
    const bool is_any = halves[0] == "*" || halves[0] == "?";
    // 7 is a second name of 0, so "any" ends before it.
    const unsigned highest = bounds.names.data() == kWeekdays ? 6 : bounds.most;
    unsigned first = bounds.least;
    unsigned last = highest;
    if (!is_any) {
      const std::vector<std::string_view> ends = split(halves[0], "-", true);
      const std::optional<unsigned> low = value_of(ends.front(), bounds);
      const std::optional<unsigned> high = value_of(ends.back(), bounds);
      if (ends.size() > 2 || !low || !high) {
        return wrong(bounds, text,
                     "expected " + std::string(bounds.expected) + ", *, a range, a step or a list of them");
      }
      first = *low;
      last = ends.size() == 1 && halves.size() == 2 ? std::max(highest, first) : *high;
    }
    if (first > last) return wrong(bounds, text, "the range ends before it begins");
    const std::optional<unsigned> step = halves.size() == 2 ? number(halves[1]) : 1;
    if (!step || *step == 0) return wrong(bounds, text, "expected a number above 0 behind \"/\"");
    into.is_any |= is_any && *step == 1;
    for (std::uint64_t value = first; value <= last; value += *step) into.values |= std::uint64_t(1) << value;
    return {};
  }

  Result<void> field(std::string_view text, const Bounds& bounds, Schedule::Field& into) const {
    for (const std::string_view one : split(text, ",", true)) {
      if (Result<void> read = part(one, bounds, into); !read) return read;
    }
    return {};
  }

  Result<Schedule> read(std::string_view text) const {
    const std::vector<std::string_view> fields = split(text, " \t\r\n\v\f", false);
    if (fields.size() != 5) {
      return refuse(schedule, "expected five fields (minute, hour, day of month, month, day of week), found " +
                                  std::to_string(fields.size()));
    }
    Schedule made;
    Result<void> read = field(fields[0], kMinute, made.minute_);
    if (read) read = field(fields[1], kHour, made.hour_);
    if (read) read = field(fields[2], kDay, made.day_);
    if (read) read = field(fields[3], kMonth, made.month_);
    if (read) read = field(fields[4], kWeekday, made.weekday_);
    if (!read) return std::unexpected(std::move(read).error());
    if (made.weekday_.has(7)) made.weekday_.values = (made.weekday_.values | 1) & 0x7F;
    if (!made.find(sys_days(2000y / 1 / 1))) return refuse(schedule, "no such day ever comes");
    return made;
  }
};

Result<Schedule> Schedule::parse(std::string_view text) {
  if (text.starts_with("TZ=") || text.starts_with("CRON_TZ=")) {
    return refuse(text, "time zones are not supported; give it in UTC");
  }
  const Reader reader{text};
  if (!text.starts_with('@')) return reader.read(text);
  const auto* macro = std::ranges::find(kMacros, text, &Macro::name);
  if (macro != std::end(kMacros)) return reader.read(macro->fields);
  return refuse(text, "unknown; expected five fields or @yearly, @monthly, @weekly, @daily or @hourly");
}

bool Schedule::matches(sys_days day) const {
  const year_month_day date(day);
  if (!month_.has(static_cast<unsigned>(date.month()))) return false;
  const bool of_month = day_.has(static_cast<unsigned>(date.day()));
  const bool of_week = weekday_.has(weekday(day).c_encoding());
  return day_.is_any || weekday_.is_any ? of_month && of_week : of_month || of_week;
}

/// Empty if no day matches: a 29 February comes at the latest after eight years.
std::optional<Time> Schedule::find(Time after) const {
  const Time first = floor<minutes>(after) + minutes(1);
  const sys_days from = floor<days>(first);
  for (sys_days day = from; day <= from + years(9); day += days(1)) {
    if (!matches(day)) continue;
    unsigned minute = day == from ? static_cast<unsigned>((first - day) / minutes(1)) : 0;
    for (; minute < 24 * 60; ++minute) {
      if (hour_.has(minute / 60) && minute_.has(minute % 60)) return day + minutes(minute);
    }
  }
  return std::nullopt;
}

Time Schedule::next(Time after) const { return find(after).value_or(Time::max()); }

std::vector<Time> Schedule::between(Time after, Time until, std::size_t limit) const {
  std::vector<Time> times;
  for (Time time = next(after); time <= until && times.size() < limit; time = next(time)) times.push_back(time);
  return times;
}

}  // namespace axon::cron
